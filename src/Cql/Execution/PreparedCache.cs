using System.Collections.Concurrent;
using Discord.Cql.Connections;
using Discord.Cql.Topology;
using Discord.Cql.Wire;
using Microsoft.Extensions.Logging;

namespace Discord.Cql.Execution;

/// <summary>
/// The statements that a session has prepared, by keyspace and text. Preparing the same one at once from many callers is one request; so is
/// preparing it anew at a host that has forgotten it. Thread-safe.
/// </summary>
internal sealed class PreparedCache(CqlOptions options, CqlMetrics metrics, ILogger log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Keyspace, string Text), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private readonly ConcurrentDictionary<(Host Host, PreparedQuery Query), Lazy<Task>> _repreparing = new();
    private long _epoch;

    /// <summary>The statement; <paramref name="prepare"/> is called where it is not known yet. A failure is not kept.</summary>
    public async Task<PreparedQuery> GetAsync(string? keyspace, string text, Func<Task<PreparedState>> prepare)
    {
        LinkedListNode<Entry>? node;
        lock (_lock)
        {
            if (_entries.TryGetValue((keyspace, text), out node))
            {
                _byUse.Remove(node);
            }
            else
            {
                node = new LinkedListNode<Entry>(new Entry(keyspace, text, new Lazy<Task<PreparedQuery>>(
                    async () => new PreparedQuery(keyspace, text, await prepare().ConfigureAwait(false)))));
                _entries.Add((keyspace, text), node);
                if (_entries.Count > options.MaxPrepared) Remove(_byUse.First!);
            }
            _byUse.AddLast(node);
        }
        try
        {
            return await node.Value.Query.Value.ConfigureAwait(false);
        }
        catch
        {
            lock (_lock)
            {
                if (_entries.TryGetValue((keyspace, text), out var current) && current == node) Remove(node);
            }
            throw;
        }
    }

    /// <summary>Counts what was prepared anew; what a request remembers of it says whether it was sent before or after.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>
    /// Prepares a statement anew on the connection; whoever finds that being done at the host waits for it, and whoever was sent before it
    /// was done (<paramref name="sentAt"/>, an <see cref="Epoch"/>) and is answered after has nothing to do.
    /// </summary>
    public async Task ReprepareAsync(Host host, PreparedQuery query, Connection connection, long sentAt)
    {
        var key = (host, query);
        var work = _repreparing.GetOrAdd(key, _ => new Lazy<Task>(async () =>
        {
            if (query.PreparedAt.TryGetValue(host, out var done) && done > sentAt) return;
            metrics.StatementReprepared();
            CqlLog.Reprepared(log, host.Address);
            query.State = await PrepareAsync(connection, query.Text, options, CancellationToken.None).ConfigureAwait(false);
            query.PreparedAt[host] = Interlocked.Increment(ref _epoch);
        }));
        try
        {
            await work.Value.ConfigureAwait(false);
        }
        finally
        {
            _repreparing.TryRemove(new KeyValuePair<(Host, PreparedQuery), Lazy<Task>>(key, work));
        }
    }

    public static async Task<PreparedState> PrepareAsync(
        Connection connection, string text, CqlOptions options, CancellationToken cancellationToken)
    {
        var response = await connection.SendAsync(ControlMessage.Prepare(text), default, options.RequestTimeout, cancellationToken)
            .ConfigureAwait(false);
        if (response.TakeError() is { } error)
        {
            error.Host = connection.Address;
            throw error;
        }
        return Results.ReadPrepared(response);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove((node.Value.Keyspace, node.Value.Text));
    }

    private sealed record Entry(string? Keyspace, string Text, Lazy<Task<PreparedQuery>> Query);
}
