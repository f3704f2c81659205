using System.Diagnostics.Metrics;

namespace Discord.Node.Gateway;

/// <summary>
/// What the gateway measures, under OpenTelemetry names. Counters that every delivery touches are plain fields read by the exporter: one
/// addition per flush, nothing per event. Thread-safe.
/// </summary>
public sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "Discord.Node.Gateway";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _closes;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private long _framesIn;
    private long _framesOut;
    private long _bytesOut;
    private long _wouldBlock;
    private long _backlog;
    private int _connections;
    private int _unidentified;

    public GatewayMetrics()
    {
        _meter.CreateObservableUpDownCounter("discord.gateway.connections", () => Connections, "{connection}", "Open gateway connections.");
        _meter.CreateObservableUpDownCounter(
            "discord.gateway.connections.unidentified", () => Unidentified, "{connection}", "Open connections without a session.");
        _meter.CreateObservableCounter("discord.gateway.frames.in", () => FramesIn, "{frame}", "Messages and control frames of clients.");
        _meter.CreateObservableCounter("discord.gateway.frames.out", () => FramesOut, "{frame}", "Frames handed to sockets.");
        _meter.CreateObservableCounter("discord.gateway.bytes.out", () => BytesOut, "By", "Bytes handed to sockets, framing included.");
        _meter.CreateObservableCounter(
            "discord.gateway.sends.would_block", () => WouldBlock, "{send}", "Sends that the socket did not take whole.");
        _meter.CreateObservableUpDownCounter("discord.gateway.backlog", () => Backlog, "By", "Bytes that wait for slow clients.");
        _closes = _meter.CreateCounter<long>("discord.gateway.closes", "{connection}", "Connections ended, by code and who said it.");
        _refused = _meter.CreateCounter<long>(
            "discord.gateway.refused", "{connection}", "Connections refused before they began, by reason.");
        _dropped = _meter.CreateCounter<long>("discord.gateway.presence.dropped", "{frame}", "Presence updates beyond the limit.");
    }

    /// <summary>Open connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Open connections without a session.</summary>
    public int Unidentified => Volatile.Read(ref _unidentified);

    public long FramesIn => Volatile.Read(ref _framesIn);
    public long FramesOut => Volatile.Read(ref _framesOut);
    public long BytesOut => Volatile.Read(ref _bytesOut);

    /// <summary>Sends that the socket did not take whole.</summary>
    public long WouldBlock => Volatile.Read(ref _wouldBlock);

    /// <summary>Bytes that wait for all slow clients together.</summary>
    public long Backlog => Volatile.Read(ref _backlog);

    public void Dispose() => _meter.Dispose();

    internal void Received() => Interlocked.Increment(ref _framesIn);

    internal void Sent(int frames, int bytes)
    {
        Interlocked.Add(ref _framesOut, frames);
        Interlocked.Add(ref _bytesOut, bytes);
    }

    internal void Blocked() => Interlocked.Increment(ref _wouldBlock);

    internal void BacklogChanged(int bytes) => Interlocked.Add(ref _backlog, bytes);

    internal void ConnectionsAre(int all, int unidentified)
    {
        Volatile.Write(ref _connections, all);
        Volatile.Write(ref _unidentified, unidentified);
    }

    internal void PresenceDropped() => _dropped.Add(1);

    internal void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    // A client may send any code: those that nobody defined are counted together, so that the label stays bounded.
    internal void Closed(int code, bool byServer) => _closes.Add(
        1,
        new KeyValuePair<string, object?>("code", code is (>= 1000 and <= 1015) or (>= 4000 and <= 4015) || byServer ? code : 0),
        new KeyValuePair<string, object?>("by", byServer ? "server" : "client"));
}
