using System.Runtime.CompilerServices;
using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Execution;
using Discord.Cql.Topology;
using Microsoft.Extensions.Logging;

namespace Discord.Cql;

/// <summary>
/// A client of one cluster of Apache Cassandra or ScyllaDB: one for a program's life. Keeps connections to all hosts of the local data
/// centre, heals by itself. Thread-safe. Continuations run on the threads that read from the network: they must not block.
/// </summary>
public sealed class CqlSession : IAsyncDisposable
{
    private readonly CqlOptions _options;
    private readonly Transport _transport;
    private readonly Cluster _cluster;
    private readonly ControlConnection _control;
    private readonly PreparedCache _prepared;
    private readonly RequestExecutor _executor;
    private readonly TimestampGenerator _timestamps;
    private volatile bool _closed;

    private CqlSession(CqlOptions options)
    {
        _options = options;
        var log = options.LoggerFactory.CreateLogger("Discord.Cql");
        _transport = new Transport(options.Tls);
        _cluster = new Cluster(options, _transport, log);
        _control = new ControlConnection(_cluster, _transport, options, _cluster.Metrics, log);
        _prepared = new PreparedCache(options, _cluster.Metrics, log);
        _timestamps = new TimestampGenerator(options.Time);
        _executor = new RequestExecutor(_cluster, _prepared, _timestamps, options, log);
    }

    /// <summary>The keyspace of names without one; null for none.</summary>
    public string? Keyspace => _options.Keyspace;

    /// <summary>The cluster as it is known.</summary>
    internal Cluster Cluster => _cluster;

    /// <summary>Connects: returns once the cluster is known and a host can be asked.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    /// <exception cref="CqlNoHostAvailableException">No host could be connected to; it says why for each.</exception>
    /// <exception cref="CqlUnknownDatacenterException">The cluster has no host in the local data centre.</exception>
    public static async Task<CqlSession> ConnectAsync(CqlOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate();
        var session = new CqlSession(options);
        try
        {
            await session._control.StartAsync(cancellationToken).ConfigureAwait(false);
            await session._cluster.WaitForFirstAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Prepares a statement, or returns it from the cache.</summary>
    /// <param name="text">The statement, with <c>?</c> for values. Name the columns of a SELECT: <c>*</c> changes with the table.</param>
    /// <param name="options">How it is carried out.</param>
    /// <param name="cancellationToken">Gives up waiting; others may wait for the same statement.</param>
    public async ValueTask<PreparedStatement> PrepareAsync(
        string text, CqlStatementOptions? options = null, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        var query = await _prepared.GetAsync(
            _options.Keyspace, text, () => PrepareOnAnyAsync(text)).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new PreparedStatement(query, options ?? CqlStatementOptions.Default);
    }

    /// <summary>
    /// Executes a statement and returns the page that begins at its <see cref="CqlStatement.PagingState"/>. After a change of the schema it
    /// returns once the hosts agree on it.
    /// </summary>
    /// <exception cref="CqlException">It could not be carried out; the type says why, and whether it may have been.</exception>
    public ValueTask<RowSet> ExecuteAsync(CqlStatement statement, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        return _executor.ExecuteAsync(statement, statement.PagingState, cancellationToken);
    }

    /// <summary>Executes a text without values.</summary>
    /// <exception cref="CqlException">It could not be carried out.</exception>
    public ValueTask<RowSet> ExecuteAsync(string text, CancellationToken cancellationToken = default) =>
        ExecuteAsync(new SimpleStatement(text), cancellationToken);

    /// <summary>
    /// The pages of a statement, each fetched when the one before has been read. A page is disposed when the next is asked for.
    /// </summary>
    public async IAsyncEnumerable<RowSet> PagesAsync(
        CqlStatement statement, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var state = statement.PagingState;
        do
        {
            ThrowIfClosed();
            using var page = await _executor.ExecuteAsync(statement, state, cancellationToken).ConfigureAwait(false);
            state = page.PagingState;
            yield return page;
        }
        while (state is not null);
    }

    /// <summary>The rows of all pages of a statement, as values.</summary>
    public async IAsyncEnumerable<T> QueryAsync<T>(
        CqlStatement statement, RowReader<T> read, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in PagesAsync(statement, cancellationToken).ConfigureAwait(false))
        {
            foreach (var value in page.ToList(read)) yield return value;
        }
    }

    /// <summary>
    /// A time for writes, microseconds of 1970, later than all that this session has given before: for statements that must have the same
    /// one.
    /// </summary>
    public long NextTimestamp() => _timestamps.Next();

    /// <summary>Closes all connections. What is in flight fails.</summary>
    public ValueTask DisposeAsync()
    {
        if (_closed) return ValueTask.CompletedTask;
        _closed = true;
        _control.Dispose();
        _cluster.Dispose();
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<PreparedState> PrepareOnAnyAsync(string text)
    {
        var plan = _cluster.Plan(new SimpleStatement(text), _options.Keyspace);
        var causes = new List<(System.Net.IPEndPoint, Exception?)>();
        while (plan.Next() is { } host)
        {
            if (host.Pool.Pick(-1) is not { } connection)
            {
                causes.Add((host.Address, host.Pool.LastFailure));
                continue;
            }
            try
            {
                return await PreparedCache.PrepareAsync(connection, text, _options, CancellationToken.None).ConfigureAwait(false);
            }
            // Preparing changes nothing: another host may be asked after any trouble of this one.
            catch (CqlException reason) when (reason.IsTransient)
            {
                causes.Add((host.Address, reason));
            }
        }
        throw new CqlNoHostAvailableException(causes, sent: false);
    }

    private void ThrowIfClosed()
    {
        if (_closed) throw new CqlSessionClosedException();
    }
}
