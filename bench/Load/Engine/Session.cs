using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using Discord.Load.Measure;
using Discord.Load.Wire;

namespace Discord.Load.Engine;

/// <summary>Where a session stands.</summary>
internal enum SessionState
{
    /// <summary>No connection.</summary>
    Down,

    /// <summary>The upgrade has been asked for.</summary>
    Upgrading,

    /// <summary>HELLO is awaited.</summary>
    Greeting,

    /// <summary>READY, or RESUMED, is awaited.</summary>
    Starting,

    /// <summary>GUILD_CREATEs are awaited.</summary>
    Filling,

    /// <summary>Messages are counted.</summary>
    Live,
}

/// <summary>What a group of sessions is told; called on loop threads.</summary>
internal interface ISessionEvents
{
    /// <summary>The last GUILD_CREATE, or RESUMED, has arrived.</summary>
    void OnLive(Session session);

    /// <summary>The session was lost or could not be started.</summary>
    void OnFailed(Session session, string reason);
}

/// <summary>How a session introduces itself.</summary>
/// <param name="Gateway">Where the gateway listens.</param>
/// <param name="Host">The Host header.</param>
/// <param name="Path">Path and query of the upgrade.</param>
/// <param name="Intents">The intents, null to send none (user accounts).</param>
/// <param name="Compressed">Whether the transport is compressed, so that payloads cannot be read.</param>
/// <param name="ExpectedGuilds">GUILD_CREATEs to wait for when READY cannot be read.</param>
internal sealed record SessionSettings(
    IPEndPoint Gateway, string Host, string Path, long? Intents, bool Compressed, int ExpectedGuilds);

/// <summary>
/// A gateway session of a client that counts. Until it is live it looks for event names in the payloads; from then on only frame headers
/// are read: a data message of at least <see cref="DispatchBytes"/> is a dispatch, a shorter one a heartbeat's answer or another control
/// message.
/// </summary>
internal sealed class Session(EventLoop loop, SessionSettings settings, string token, ISessionEvents events) : Peer(loop)
{
    /// <summary>
    /// The least size of a dispatch. A MESSAGE_CREATE has over 300 bytes, a heartbeat's answer about 40, RESUMED about 50.
    /// </summary>
    private const int DispatchBytes = 128;

    /// <summary>The largest message that is gathered to be looked at.</summary>
    private const int MaxGathered = 64 << 20;

    private const uint ZlibEnd = 0x0000FFFF;

    private FrameReader _frames;
    private byte[]? _partial;
    private int _partialCount;
    private byte[]? _control;
    private long _messageBytes;
    private uint _zlibEnd;
    private int _compressedMessages;
    private long _heartbeat;
    private long _nextBeat;
    private bool _resuming;
    private int _guildsToCome;

    /// <summary>The token, as IDENTIFY and RESUME carry it.</summary>
    public string Token { get; } = token;

    /// <summary>Where it stands.</summary>
    public SessionState State { get; private set; }

    /// <summary>The number of the last dispatch; exact while the server leaves no gap.</summary>
    public long Sequence { get; private set; }

    /// <summary>The id that READY told.</summary>
    public string? Id { get; private set; }

    /// <summary>When the current connection was begun (<see cref="Clock"/>).</summary>
    public long StartedAt { get; private set; }

    /// <summary>When it became live (<see cref="Clock"/>).</summary>
    public long LiveAt { get; private set; }

    /// <summary>Connects and identifies.</summary>
    public void Start()
    {
        _resuming = false;
        Open();
    }

    /// <summary>Cuts the TCP connection, as a lost network does; the server keeps the session.</summary>
    public void Cut()
    {
        Close();
        State = SessionState.Down;
    }

    /// <summary>Connects and resumes.</summary>
    /// <exception cref="InvalidOperationException">It has never been live, or its transport is compressed.</exception>
    public void Resume()
    {
        if (Id is null) throw new InvalidOperationException("A session without READY cannot be resumed.");
        _resuming = true;
        Open();
    }

    /// <summary>Ends the session on the server too.</summary>
    public void End()
    {
        if (State > SessionState.Upgrading) Send(ClientFrames.CloseNormally);
        Cut();
    }

    /// <summary>Called by the loop when a heartbeat is due; one that belongs to an earlier connection is left out.</summary>
    public void Beat(long due, long now)
    {
        if (due != _nextBeat || Fd < 0) return;
        Send(ClientFrames.Text(Sequence == 0 ? """{"op":1,"d":null}""" : $$"""{"op":1,"d":{{Sequence}}}"""));
        _nextBeat = now + _heartbeat;
        Loop.BeatAt(this, _nextBeat);
    }

    private void Open()
    {
        _frames = default;
        _partial = null;
        _partialCount = 0;
        _control = null;
        _messageBytes = 0;
        _zlibEnd = 0;
        _compressedMessages = 0;
        _nextBeat = 0;
        StartedAt = Clock.Now;
        State = SessionState.Upgrading;
        Connect(settings.Gateway);
    }

    protected override void OnConnected() => Send(Encoding.ASCII.GetBytes(
        $"GET {settings.Path} HTTP/1.1\r\nHost: {settings.Host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));

    protected override void OnLost(string reason)
    {
        var state = State;
        State = SessionState.Down;
        events.OnFailed(this, $"{reason} ({state switch
        {
            SessionState.Upgrading => "before the WebSocket upgrade was answered",
            SessionState.Greeting => "before HELLO",
            SessionState.Starting => _resuming ? "before RESUMED" : "before READY",
            SessionState.Filling => $"with {_guildsToCome} GUILD_CREATE to come",
            _ => "while live",
        }})");
    }

    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
        if (State == SessionState.Upgrading && !ReadUpgrade(ref bytes)) return;
        int counted = 0;
        long countedBytes = 0;
        while (Fd >= 0 && _frames.Next(ref bytes, out var piece, out bool ended))
        {
            if (_frames.Opcode >= 8)
            {
                if (ended && _control is null) OnControl(piece);
                else if (GatherControl(piece, ended) is { } control) OnControl(control);
                continue;
            }
            bool live = State == SessionState.Live;
            bool whole = ended && _frames.Final;
            if (ended) _messageBytes += (long)_frames.Length;
            if (!live && settings.Compressed) RememberEnd(piece);
            else if (!live) Gather(piece, whole);
            if (!whole) continue;
            long length = _messageBytes;
            _messageBytes = 0;
            if (live)
            {
                if (length < DispatchBytes && !settings.Compressed)
                {
                    // Small ones are rare; the pieces were not kept, so an order to reconnect is seen as the close that follows it.
                    continue;
                }
                Sequence++;
                counted++;
                countedBytes += length;
            }
            else if (settings.Compressed)
            {
                OnCompressed();
            }
            else
            {
                var message = _partialCount > 0 ? _partial.AsSpan(0, _partialCount) : piece;
                _partialCount = 0;
                if (OnMessage(message))
                {
                    counted++;
                    countedBytes += length;
                }
                if (_partial?.Length > 4096 || State == SessionState.Live) _partial = null;
            }
        }
        if (counted > 0) Loop.Deliveries.Received(counted, countedBytes);
    }

    // Keeps a piece unless the message lies whole in this read.
    private void Gather(ReadOnlySpan<byte> piece, bool ended)
    {
        if (ended && _partialCount == 0) return;
        if (_partialCount + piece.Length > MaxGathered)
            throw new InvalidDataException($"The server sent a message of more than {MaxGathered} bytes.");
        int needed = _partialCount + piece.Length;
        if (_partial is null) _partial = new byte[Math.Max(needed, 1024)];
        else if (_partial.Length < needed) Array.Resize(ref _partial, Math.Max(_partial.Length * 2, needed));
        piece.CopyTo(_partial.AsSpan(_partialCount));
        _partialCount += piece.Length;
    }

    private byte[]? GatherControl(ReadOnlySpan<byte> piece, bool ended)
    {
        _control = [.. _control ?? [], .. piece];
        if (!ended) return null;
        var whole = _control;
        _control = null;
        return whole;
    }

    private void OnControl(ReadOnlySpan<byte> payload)
    {
        switch (_frames.Opcode)
        {
            case 8:
                int code = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 1005;
                string reason = payload.Length > 2 ? $" ({Encoding.UTF8.GetString(payload[2..])})" : "";
                Lose($"The server closed the session with {code}{reason}{Explain(code)}.");
                break;
            case 9:
                Send(ClientFrames.Pong(payload));
                break;
        }
    }

    private static string Explain(int code) => code switch
    {
        4004 => ", the token is not valid: a --state file of another server or data directory?",
        4008 => ", a rate limit: start the server with its rate limits off",
        4013 or 4014 => ", the intents are not allowed: pass --intents 513 or allow the application its privileged intents",
        _ => "",
    };

    private bool ReadUpgrade(ref ReadOnlySpan<byte> bytes)
    {
        if (_partialCount + bytes.Length > 64 * 1024) throw new InvalidDataException("The answer to the upgrade does not end.");
        int from = Math.Max(_partialCount - 3, 0);
        int before = _partialCount;
        _partial ??= new byte[512];
        if (_partial.Length < before + bytes.Length) Array.Resize(ref _partial, before + bytes.Length);
        bytes.CopyTo(_partial.AsSpan(before));
        _partialCount += bytes.Length;
        int end = _partial.AsSpan(from, _partialCount - from).IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        if (!_partial.AsSpan().StartsWith("HTTP/1.1 101"u8))
        {
            string answer = Encoding.UTF8.GetString(_partial.AsSpan(0, Math.Min(_partialCount, 1024)));
            throw new InvalidDataException($"The server refused the upgrade: {answer}");
        }
        bytes = bytes[(from + end + 4 - before)..];
        _partialCount = 0;
        _partial = null;
        State = SessionState.Greeting;
        return true;
    }

    // True when the message is one to be counted as a delivery: replayed before RESUMED.
    private bool OnMessage(ReadOnlySpan<byte> message)
    {
        switch (State)
        {
            case SessionState.Greeting:
                OnHello(message);
                return false;
            case SessionState.Starting when _resuming:
                if (message.IndexOf("\"RESUMED\""u8) >= 0)
                {
                    Sequence++;
                    GoLive();
                    return false;
                }
                if (message.Length < DispatchBytes)
                {
                    CheckRefusal(message);
                    return false;
                }
                Sequence++;
                return true;
            case SessionState.Starting:
                if (message.IndexOf("\"READY\""u8) >= 0) OnReadyEvent(message);
                else CheckRefusal(message);
                return false;
            default:
                if (message.Length < DispatchBytes)
                {
                    CheckRefusal(message);
                    return false;
                }
                Sequence++;
                if (message.IndexOf("\"GUILD_CREATE\""u8) >= 0 && --_guildsToCome == 0) GoLive();
                return false;
        }
    }

    private void OnHello(ReadOnlySpan<byte> message)
    {
        using var json = Parse(message);
        if (!json.RootElement.TryGetProperty("d", out var d) || d.ValueKind != JsonValueKind.Object
            || !d.TryGetProperty("heartbeat_interval", out var interval))
            throw new InvalidDataException($"HELLO was expected, not {Encoding.UTF8.GetString(message[..Math.Min(message.Length, 200)])}");
        Greet(interval.GetInt64());
    }

    private void Greet(long heartbeatMilliseconds)
    {
        _heartbeat = heartbeatMilliseconds * 1_000_000;
        // The first beat is spread over the interval, as the documentation asks, so that thousands do not beat in step.
        _nextBeat = Clock.Now + (long)(_heartbeat * Random.Shared.NextDouble());
        Loop.BeatAt(this, _nextBeat);
        State = SessionState.Starting;
        if (_resuming)
        {
            Send(ClientFrames.Text($$$"""{"op":6,"d":{"token":"{{{Token}}}","session_id":"{{{Id}}}","seq":{{{Sequence}}} }}"""));
            return;
        }
        Sequence = 0;
        string intents = settings.Intents is { } bits ? $"\"intents\":{bits}," : "";
        Send(ClientFrames.Text(
            $$$"""{"op":2,"d":{"token":"{{{Token}}}",{{{intents}}}"properties":{"os":"linux","browser":"load","device":"load"} } }"""));
    }

    private void OnReadyEvent(ReadOnlySpan<byte> message)
    {
        using var json = Parse(message);
        var d = json.RootElement.GetProperty("d");
        Id = d.GetProperty("session_id").GetString();
        Sequence = 1;
        _guildsToCome = 0;
        foreach (var guild in d.GetProperty("guilds").EnumerateArray())
        {
            if (guild.TryGetProperty("unavailable", out var unavailable) && unavailable.ValueKind == JsonValueKind.True) _guildsToCome++;
        }
        State = SessionState.Filling;
        if (_guildsToCome == 0) GoLive();
    }

    // The transport cannot be read without inflating it: HELLO, READY and the guilds are counted. A deflate message ends with 00 00 FF FF.
    private void OnCompressed()
    {
        if (_zlibEnd != ZlibEnd && settings.Path.Contains("zlib", StringComparison.Ordinal)) return;
        _compressedMessages++;
        if (_compressedMessages == 1) Greet(30_000);
        if (_compressedMessages == 2 + settings.ExpectedGuilds) GoLive();
    }

    private void RememberEnd(ReadOnlySpan<byte> piece)
    {
        foreach (byte b in piece.Length > 4 ? piece[^4..] : piece) _zlibEnd = (_zlibEnd << 8) | b;
    }

    private void GoLive()
    {
        State = SessionState.Live;
        LiveAt = Clock.Now;
        events.OnLive(this);
    }

    private void CheckRefusal(ReadOnlySpan<byte> message)
    {
        if (message.Length > 1024) return;
        using var json = Parse(message);
        if (json.RootElement.TryGetProperty("op", out var op) && op.ValueKind == JsonValueKind.Number && op.GetInt32() is 9 or 7)
        {
            string what = _resuming ? "resumable" : "accepted";
            throw new InvalidDataException($"The server answered op {op.GetInt32()}: the session is not {what}.");
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message.ToArray());
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The server sent what is no JSON: {e.Message}", e);
        }
    }
}
