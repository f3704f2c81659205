using System.Net.Sockets;
using System.Threading.Channels;
using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Microsoft.Extensions.Logging;

namespace Discord.Cql.Topology;

/// <summary>
/// The connections to one host, kept open by one loop: what is missing is opened, with waits that grow while it fails. A ScyllaDB host gets
/// a connection for each of its shards.
/// </summary>
internal sealed class HostPool : IDisposable
{
    // The ports that operating systems leave to clients (RFC 6335).
    private const int FirstLocalPort = 49152;
    private const int LastLocalPort = 65535;

    // A shard is given up for this round when so many connections came out at others.
    private const int TriesOfShard = 8;

    private readonly Endpoint _endpoint;
    private readonly string _datacenter;
    private readonly Transport _transport;
    private readonly CqlOptions _options;
    private readonly CqlMetrics _metrics;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _firstTry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private Connection?[] _slots;
    private ShardingInfo? _sharding;
    private Exception? _lastFailure;
    private uint _next;

    public HostPool(Endpoint endpoint, string datacenter, Transport transport, CqlOptions options, CqlMetrics metrics, ILogger log)
    {
        _endpoint = endpoint;
        _datacenter = datacenter;
        _transport = transport;
        _options = options;
        _metrics = metrics;
        _log = log;
        _slots = new Connection?[options.ConnectionsPerHost];
    }

    /// <summary>Done when a connection was opened, or could not be, for the first time.</summary>
    public Task FirstTry => _firstTry.Task;

    public bool IsUp => Array.Exists(Volatile.Read(ref _slots), connection => connection is { IsBroken: false });

    /// <summary>Why there is no connection, as far as known.</summary>
    public Exception? LastFailure => Volatile.Read(ref _lastFailure);

    public int Connections => Volatile.Read(ref _slots).Count(connection => connection is { IsBroken: false });

    public int InFlight => Volatile.Read(ref _slots).Sum(connection => connection?.InFlight ?? 0);

    /// <summary>The shard that owns a token; -1 where the host has none.</summary>
    public int ShardOf(long token) => Volatile.Read(ref _sharding)?.ShardOf(token) ?? -1;

    public void Start() => _ = RunAsync();

    /// <summary>Looks for missing connections now: the host is said to be up.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>
    /// A connection, that of the shard where it is open, else the one with the least in flight of two; null when none is open.
    /// </summary>
    public Connection? Pick(int shard)
    {
        var slots = Volatile.Read(ref _slots);
        if ((uint)shard < (uint)slots.Length && Volatile.Read(ref _sharding) is not null && slots[shard] is { IsBroken: false } owner)
            return owner;
        if (slots.Length == 1) return slots[0] is { IsBroken: false } only ? only : null;
        Connection? best = null;
        var start = Interlocked.Increment(ref _next);
        for (uint i = 0; i < slots.Length; i++)
        {
            if (slots[(start + i) % (uint)slots.Length] is not { IsBroken: false } candidate) continue;
            if (best is not null) return candidate.InFlight < best.InFlight ? candidate : best;
            best = candidate;
        }
        return best;
    }

    public void Close(Exception reason)
    {
        _closing.Cancel();
        Connection?[] open;
        lock (_lock)
        {
            open = _slots;
            _slots = new Connection?[open.Length];
        }
        foreach (var connection in open) connection?.Break(reason);
        _firstTry.TrySetResult();
    }

    public void Dispose()
    {
        Close(new CqlSessionClosedException());
        _closing.Dispose();
    }

    private async Task RunAsync()
    {
        var schedule = new ReconnectionSchedule(_options.ReconnectMin, _options.ReconnectMax);
        var closing = _closing.Token;
        try
        {
            while (!closing.IsCancellationRequested)
            {
                TimeSpan? wait = null;
                try
                {
                    var opened = await FillAsync(closing).ConfigureAwait(false);
                    schedule.Reset();
                    if (opened > 0) CqlLog.HostConnected(_log, _endpoint.Address, _datacenter, Connections);
                }
                catch (CqlException reason)
                {
                    Volatile.Write(ref _lastFailure, reason);
                    wait = schedule.Next();
                    CqlLog.ConnectFailed(_log, _endpoint.Address, wait.Value, reason.Message);
                }
                _firstTry.TrySetResult();
                await WaitAsync(wait, closing).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task WaitAsync(TimeSpan? most, CancellationToken closing)
    {
        using var limit = most is { } time ? new CancellationTokenSource(time, _options.Time) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, closing);
        try
        {
            await _wake.Reader.ReadAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!closing.IsCancellationRequested)
        {
            // The wait is over.
        }
    }

    // Opens what is missing, one after another: a host that has just started is not called by all at once.
    private async Task<int> FillAsync(CancellationToken closing)
    {
        var opened = 0;
        if (!IsUp)
        {
            Place(await OpenAsync(_endpoint, 0, closing).ConfigureAwait(false));
            opened++;
        }
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            for (var tries = 0; tries < TriesOfShard && _slots[slot] is not { IsBroken: false }; tries++)
            {
                Place(await OpenForSlotAsync(slot, closing).ConfigureAwait(false));
                opened++;
            }
        }
        return opened;
    }

    private async Task<Connection> OpenForSlotAsync(int slot, CancellationToken closing)
    {
        if (_sharding is not { ShardAwarePort: > 0 } sharding || !_options.UseShardAwarePort)
            return await OpenAsync(_endpoint, 0, closing).ConfigureAwait(false);
        var endpoint = _endpoint with { Address = new(_endpoint.Address.Address, sharding.ShardAwarePort) };
        var localPort = Random.Shared.Next(FirstLocalPort, LastLocalPort - sharding.Count);
        localPort += (slot - localPort % sharding.Count + sharding.Count) % sharding.Count;
        try
        {
            return await OpenAsync(endpoint, localPort, closing).ConfigureAwait(false);
        }
        catch (CqlConnectionException reason) when (
            reason.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            return await OpenAsync(_endpoint, 0, closing).ConfigureAwait(false);
        }
    }

    private async Task<Connection> OpenAsync(Endpoint endpoint, int localPort, CancellationToken closing)
    {
        var connection = await Connection.OpenAsync(
            endpoint, localPort, _transport, _options, _metrics, _log, closing).ConfigureAwait(false);
        connection.OnBroken = OnBroken;
        return connection;
    }

    // Puts a new connection where it belongs, or closes it where one is open already.
    private void Place(Connection connection)
    {
        lock (_lock)
        {
            if (!_closing.IsCancellationRequested)
            {
                var slots = _slots;
                if (connection.Sharding is { } sharding && sharding.Count != slots.Length)
                {
                    slots = new Connection?[sharding.Count];
                    foreach (var old in _slots)
                    {
                        if (old?.Sharding is { } known && known.Shard < slots.Length) slots[known.Shard] = old;
                    }
                }
                var slot = connection.Sharding?.Shard ?? Array.FindIndex(slots, open => open is not { IsBroken: false });
                if (slot >= 0 && slots[slot] is not { IsBroken: false })
                {
                    slots[slot] = connection;
                    Volatile.Write(ref _sharding, connection.Sharding);
                    Volatile.Write(ref _slots, slots);
                    // Broken before anybody listened: the loop must look again.
                    if (connection.IsBroken) Wake();
                    return;
                }
            }
        }
        connection.OnBroken = null;
        connection.Break(new CqlSessionClosedException());
    }

    private void OnBroken(Connection connection)
    {
        Volatile.Write(ref _lastFailure, connection.Reason);
        Wake();
    }
}
