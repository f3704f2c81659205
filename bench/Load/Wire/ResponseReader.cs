using System.Buffers.Text;
using System.Text;

namespace Discord.Load.Wire;

/// <summary>
/// Reads the answers on one keep-alive connection: the status, and the body only to step over it (Content-Length and chunked, RFC 9112, 6).
/// </summary>
internal sealed class ResponseReader
{
    private const int MaxHead = 32 * 1024;
    private const int MaxKept = 2048;

    private enum Part
    {
        Head,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
    }

    private readonly byte[] _line = new byte[256];
    private byte[]? _head;
    private int _headCount;
    private int _lineCount;
    private Part _part;
    private long _left;
    private byte[]? _kept;

    /// <summary>The status of the answer that is being read or was read last.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the server will close the connection after this answer.</summary>
    public bool CloseAfter { get; private set; }

    /// <summary>Body bytes of the answer that was read last.</summary>
    public long BodyBytes { get; private set; }

    /// <summary>The beginning of the body when the status was an error's, at most 2,048 bytes; else empty.</summary>
    public string ErrorBody => _kept is null ? "" : Encoding.UTF8.GetString(_kept);

    /// <summary>Steps through what was received.</summary>
    /// <param name="data">Advanced past what was used; what follows a whole answer is left.</param>
    /// <returns>True when an answer has ended.</returns>
    /// <exception cref="InvalidDataException">The bytes are no HTTP/1.1 answer.</exception>
    public bool Read(ref ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            switch (_part)
            {
                case Part.Head:
                    if (!ReadHead(ref data)) return false;
                    if (_part == Part.Head) return true;
                    break;
                case Part.Body or Part.Chunk:
                    int take = (int)Math.Min(_left, data.Length);
                    Keep(data[..take]);
                    data = data[take..];
                    _left -= take;
                    if (_left > 0) return false;
                    if (_part == Part.Body) return End();
                    _part = Part.ChunkEnd;
                    break;
                default:
                    if (!ReadLine(ref data, out var line)) return false;
                    if (UseLine(line)) return End();
                    break;
            }
        }
        return false;
    }

    private bool End()
    {
        _part = Part.Head;
        return true;
    }

    private bool UseLine(ReadOnlySpan<byte> line)
    {
        switch (_part)
        {
            case Part.ChunkSize:
                int end = line.IndexOf((byte)';');
                var digits = (end < 0 ? line : line[..end]).Trim((byte)' ');
                if (!Utf8Parser.TryParse(digits, out _left, out int used, 'x') || used != digits.Length)
                    throw new InvalidDataException("A chunk of the server's answer has no size.");
                _part = _left == 0 ? Part.Trailer : Part.Chunk;
                return false;
            case Part.ChunkEnd:
                if (!line.IsEmpty) throw new InvalidDataException("A chunk of the server's answer is longer than its size.");
                _part = Part.ChunkSize;
                return false;
            default:
                return line.IsEmpty;
        }
    }

    private bool ReadLine(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> line)
    {
        line = default;
        int end = data.IndexOf((byte)'\n');
        var part = end < 0 ? data : data[..end];
        if (_lineCount + part.Length > _line.Length) throw new InvalidDataException("A line between chunks is too long.");
        part.CopyTo(_line.AsSpan(_lineCount));
        _lineCount += part.Length;
        data = end < 0 ? default : data[(end + 1)..];
        if (end < 0) return false;
        line = _line.AsSpan(0, _lineCount).TrimEnd((byte)'\r');
        _lineCount = 0;
        return true;
    }

    private bool ReadHead(ref ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> head;
        if (_headCount == 0)
        {
            int end = data.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                head = data[..(end + 2)];
                data = data[(end + 4)..];
                ParseHead(head);
                return true;
            }
        }
        // The head came in pieces: gather it, and look for its end from a little before the new bytes.
        _head ??= new byte[1024];
        if (_headCount + data.Length > _head.Length) Array.Resize(ref _head, Math.Max(_head.Length * 2, _headCount + data.Length));
        data.CopyTo(_head.AsSpan(_headCount));
        int from = Math.Max(_headCount - 3, 0);
        int found = _head.AsSpan(from, _headCount + data.Length - from).IndexOf("\r\n\r\n"u8);
        if (found < 0)
        {
            _headCount += data.Length;
            data = default;
            if (_headCount > MaxHead) throw new InvalidDataException($"The head of the server's answer exceeds {MaxHead} bytes.");
            return false;
        }
        data = data[(from + found + 4 - _headCount)..];
        _headCount = 0;
        ParseHead(_head.AsSpan(0, from + found + 2));
        return true;
    }

    private void ParseHead(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head[9..12], out int status, out _))
            throw new InvalidDataException("The server's answer is not HTTP/1.1.");
        Status = status;
        BodyBytes = 0;
        CloseAfter = false;
        _kept = null;
        long length = -1;
        bool chunked = false;
        while (true)
        {
            int end = head.IndexOf("\r\n"u8);
            head = head[(end + 2)..];
            if (head.IsEmpty) break;
            int colon = head.IndexOf((byte)':');
            int stop = head.IndexOf("\r\n"u8);
            if (colon < 0 || colon > stop) throw new InvalidDataException("A header of the server's answer has no colon.");
            var name = head[..colon];
            // Told apart by length first: most headers are neither.
            if (colon == 14 && Ascii.EqualsIgnoreCase(name, "content-length"u8))
            {
                if (!Utf8Parser.TryParse(Value(head, colon, stop), out length, out _))
                    throw new InvalidDataException("Content-Length is no number.");
            }
            else if (colon == 17 && Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
            {
                chunked = Ascii.EqualsIgnoreCase(Value(head, colon, stop), "chunked"u8);
            }
            else if (colon == 10 && Ascii.EqualsIgnoreCase(name, "connection"u8))
            {
                CloseAfter = Ascii.EqualsIgnoreCase(Value(head, colon, stop), "close"u8);
            }
        }
        if (status is 204 or 304 || (length == 0 && !chunked))
        {
            _part = Part.Head;
            return;
        }
        if (chunked)
        {
            _part = Part.ChunkSize;
            return;
        }
        if (length < 0) throw new InvalidDataException($"The answer (status {status}) tells neither Content-Length nor chunked.");
        _left = length;
        _part = Part.Body;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> head, int colon, int stop) => head[(colon + 1)..stop].Trim((byte)' ');

    private void Keep(ReadOnlySpan<byte> body)
    {
        BodyBytes += body.Length;
        if (Status < 400) return;
        int kept = _kept?.Length ?? 0;
        if (kept < MaxKept) _kept = [.. _kept ?? [], .. body[..Math.Min(body.Length, MaxKept - kept)]];
    }
}
