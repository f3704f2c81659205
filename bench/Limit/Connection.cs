using Discord.Limit.Sockets;

namespace Discord.Limit;

/// <summary>One accepted socket: HTTP first, a WebSocket after the upgrade. Used by the thread of its loop only.</summary>
internal sealed class Connection(int fd)
{
    /// <summary>What one peer may leave unread before it is cut: 4 MiB, about 6,000 messages of 600 bytes.</summary>
    private const int MaxPending = 4 << 20;

    private byte[]? _input;
    private int _inputCount;
    private byte[]? _output;
    private int _outputStart;
    private int _outputCount;

    /// <summary>The descriptor.</summary>
    public int Fd { get; } = fd;

    /// <summary>Whether frames have taken the place of HTTP.</summary>
    public bool IsWebSocket { get; set; }

    /// <summary>The gateway session that this connection serves, once identified.</summary>
    public Session? Session { get; set; }

    /// <summary>Set when the connection is closed; nothing is sent any more.</summary>
    public bool Closed { get; set; }

    /// <summary>Whether bytes wait for the socket to take them.</summary>
    public bool HasPending => _outputCount > 0;

    /// <summary>The bytes of an unfinished request or frame followed by what has just arrived.</summary>
    public ReadOnlySpan<byte> WithLeftOver(ReadOnlySpan<byte> arrived)
    {
        if (_inputCount == 0) return arrived;
        EnsureRoom(ref _input, _inputCount, arrived.Length);
        arrived.CopyTo(_input.AsSpan(_inputCount));
        _inputCount += arrived.Length;
        return _input.AsSpan(0, _inputCount);
    }

    /// <summary>Keeps what could not be used yet, and frees the buffer when all was used.</summary>
    public void KeepLeftOver(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            _input = null;
            _inputCount = 0;
            return;
        }
        var kept = rest.ToArray();
        _input = kept;
        _inputCount = kept.Length;
    }

    /// <summary>Sends, or queues what the socket does not take.</summary>
    /// <returns>False when the connection must be closed: it failed, or its peer does not read.</returns>
    public bool Send(ReadOnlySpan<byte> bytes, Epoll epoll)
    {
        if (_outputCount == 0)
        {
            int sent = Posix.Send(Fd, bytes);
            if (sent == bytes.Length) return true;
            if (sent < 0 && sent != Posix.WouldBlock) return false;
            bytes = bytes[Math.Max(sent, 0)..];
            epoll.Change(Fd, Readiness.Readable | Readiness.Writable);
        }
        if (_outputCount + bytes.Length > MaxPending) return false;
        if (_outputStart > 0)
        {
            _output.AsSpan(_outputStart, _outputCount).CopyTo(_output);
            _outputStart = 0;
        }
        EnsureRoom(ref _output, _outputCount, bytes.Length);
        bytes.CopyTo(_output.AsSpan(_outputCount));
        _outputCount += bytes.Length;
        return true;
    }

    /// <summary>Sends on what was queued; false when the connection failed.</summary>
    public bool Flush(Epoll epoll)
    {
        while (_outputCount > 0)
        {
            int sent = Posix.Send(Fd, _output.AsSpan(_outputStart, _outputCount));
            if (sent == Posix.WouldBlock) return true;
            if (sent < 0) return false;
            _outputStart += sent;
            _outputCount -= sent;
        }
        _output = null;
        _outputStart = 0;
        epoll.Change(Fd, Readiness.Readable);
        return true;
    }

    private static void EnsureRoom(ref byte[]? buffer, int used, int more)
    {
        if (buffer is null) buffer = new byte[Math.Max(used + more, 512)];
        else if (buffer.Length < used + more) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, used + more));
    }
}
