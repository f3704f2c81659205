using System.Net;
using Discord.Actors.Sessions;
using Discord.Protocol.Gateway;

namespace Discord.Node.Gateway;

/// <summary>
/// All gateway connections of a node: who may come in, the one clock that looks after them, and their end at shutdown. Thread-safe.
/// </summary>
public sealed class GatewayServer : IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long _epoch;
    private readonly ITimer _ticker;
    private readonly HelloQueue _hellos;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _unidentifiedOf = [];
    private readonly Stack<int> _freeSlots = new();
    private GatewayConnection?[] _slots = new GatewayConnection?[64];
    private int _usedSlots;
    private int _count;
    private int _unidentified;
    private bool _draining;
    private Task? _drained;
    private TaskCompletionSource? _emptied;

    /// <summary>Starts the clock; connections come through <see cref="GatewayEndpoints"/>.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public GatewayServer(
        GatewayOptions options, IGatewaySessions sessions, GatewayMetrics metrics, ILogger<GatewayServer> logger, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        Sessions = sessions;
        Metrics = metrics;
        Log = logger;
        _time = time ?? TimeProvider.System;
        _epoch = _time.GetTimestamp();
        Limits = new Durations(
            (long)(options.HeartbeatInterval.TotalMilliseconds * 1.5),
            (long)options.IdentifyTimeout.TotalMilliseconds,
            (long)options.CloseTimeout.TotalMilliseconds);
        HelloPayload = EnvelopeWriter.HelloData((int)options.HeartbeatInterval.TotalMilliseconds);
        _hellos = new HelloQueue(_time, options.HelloDelay, this);
        _ticker = _time.CreateTimer(static state => ((GatewayServer)state!).Tick(), this, TickEvery, TickEvery);
    }

    /// <summary>The limits of <see cref="KeepAlive"/> in milliseconds: heartbeat (with its grace), identify, close.</summary>
    internal sealed record Durations(long Beat, long Identify, long Close);

    /// <summary>The options; not to be changed any more.</summary>
    public GatewayOptions Options { get; }

    /// <summary>What is measured.</summary>
    public GatewayMetrics Metrics { get; }

    /// <summary>Open connections.</summary>
    public int Count => Volatile.Read(ref _count);

    internal IGatewaySessions Sessions { get; }
    internal ILogger Log { get; }
    internal Durations Limits { get; }

    /// <summary>The <c>d</c> of HELLO.</summary>
    internal byte[] HelloPayload { get; }

    /// <summary>Milliseconds since the server was made.</summary>
    internal long Now => (long)_time.GetElapsedTime(_epoch).TotalMilliseconds;

    /// <summary>
    /// Ends all connections: refuses new ones, tells clients to reconnect (op 7), closes after a fifth of <paramref name="limit"/> those
    /// that did not go by themselves (4000, which all clients answer by resuming) and cuts what is left at the limit. A second call waits
    /// for the first.
    /// </summary>
    public Task DrainAsync(TimeSpan limit)
    {
        lock (_gate)
            return _drained ??= DrainCoreAsync(limit);
    }

    public void Dispose()
    {
        _ticker.Dispose();
        _hellos.Dispose();
    }

    /// <summary>Whether one more connection from <paramref name="address"/> fits; if so it is counted and must be
    /// <see cref="Remove"/>d.</summary>
    internal bool TryAdmit(GatewayConnection connection, IPAddress? address, out int closeCode, out string reason)
    {
        var limited = address is not null && !IPAddress.IsLoopback(address) && !Exempt(address);
        lock (_gate)
        {
            (closeCode, reason) = (0, "");
            if (_draining)
                (closeCode, reason) = ((int)GatewayCloseCode.GoingAway, "The server is going away.");
            else if (_count >= Options.MaxConnections)
                (closeCode, reason) = (TryAgainLater, "Too many connections.");
            else if (_unidentified >= Options.MaxUnidentified)
                (closeCode, reason) = (TryAgainLater, "Too many connections are waiting to identify.");
            else if (limited && _unidentifiedOf.GetValueOrDefault(address!) >= Options.MaxUnidentifiedPerAddress)
                (closeCode, reason) = (TryAgainLater, "Too many connections from this address are waiting to identify.");
            if (closeCode != 0)
                return false;

            _count++;
            _unidentified++;
            if (limited)
            {
                _unidentifiedOf[address!] = _unidentifiedOf.GetValueOrDefault(address!) + 1;
                connection.CountedAddress = address;
            }
            connection.CountedUnidentified = true;
            if (!_freeSlots.TryPop(out connection.Slot))
            {
                if (_usedSlots == _slots.Length)
                    Array.Resize(ref _slots, _slots.Length * 2);
                connection.Slot = _usedSlots++;
            }
            _slots[connection.Slot] = connection;
            Metrics.ConnectionsAre(_count, _unidentified);
            return true;
        }
    }

    /// <summary>The connection has a session now, or is gone: it counts as half-open no more.</summary>
    internal void Identified(GatewayConnection connection)
    {
        lock (_gate)
        {
            CountIdentified(connection);
            Metrics.ConnectionsAre(_count, _unidentified);
        }
    }

    internal void Remove(GatewayConnection connection)
    {
        TaskCompletionSource? emptied = null;
        lock (_gate)
        {
            CountIdentified(connection);
            _slots[connection.Slot] = null;
            _freeSlots.Push(connection.Slot);
            if (--_count == 0)
                emptied = _emptied;
            Metrics.ConnectionsAre(_count, _unidentified);
        }
        emptied?.TrySetResult();
    }

    /// <summary>Sends HELLO on the connection after the delay.</summary>
    internal void ScheduleHello(GatewayConnection connection) => _hellos.Add(connection);

    // RFC 6455's registry: the server is overloaded, try again later.
    private const int TryAgainLater = 1013;

    private bool Exempt(IPAddress address)
    {
        foreach (var network in Options.TrustedProxies)
        {
            if (network.Contains(address))
                return true;
        }
        return false;
    }

    private void CountIdentified(GatewayConnection connection)
    {
        if (!connection.CountedUnidentified)
            return;
        connection.CountedUnidentified = false;
        _unidentified--;
        if (connection.CountedAddress is not { } address)
            return;
        connection.CountedAddress = null;
        if (--_unidentifiedOf[address] == 0)
            _unidentifiedOf.Remove(address);
    }

    private void Tick()
    {
        var now = Now;
        // A connection that comes or goes meanwhile is seen or not; the next tick is a second away.
        foreach (var connection in SlotsNow())
            connection?.Tick(now);
    }

    private ReadOnlySpan<GatewayConnection?> SlotsNow()
    {
        lock (_gate)
            return _slots.AsSpan(0, _usedSlots);
    }

    private async Task DrainCoreAsync(TimeSpan limit)
    {
        var emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _draining = true;
            _emptied = emptied;
            if (_count == 0)
                emptied.SetResult();
        }
        // Not under the caller's hands: DrainAsync holds the lock.
        await Task.Yield();
        if (emptied.Task.IsCompleted)
            return;
        GatewayLog.Draining(Log, Count);
        foreach (var connection in SlotsNow())
            connection?.SayReconnect();
        if (await EmptiedWithin(limit / 5))
            return;
        foreach (var connection in SlotsNow())
            connection?.Close((int)GatewayCloseCode.UnknownError, "The server restarts; reconnect and resume.");
        if (await EmptiedWithin(limit - (limit / 5)))
            return;
        GatewayLog.DrainCut(Log, Count);
        foreach (var connection in SlotsNow())
            connection?.Cut();

        async Task<bool> EmptiedWithin(TimeSpan time)
        {
            try
            {
                await emptied.Task.WaitAsync(time, _time);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }
}
