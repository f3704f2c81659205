using System.Buffers.Text;
using System.Text;

namespace Discord.Limit;

/// <summary>One HTTP/1.1 request, read where it lies in the receive buffer.</summary>
internal ref struct Request
{
    /// <summary>The largest head that is accepted.</summary>
    public const int MaxHead = 16 * 1024;

    /// <summary>The largest body that is accepted.</summary>
    public const int MaxBody = 1 << 20;

    /// <summary>The method, in capitals.</summary>
    public ReadOnlySpan<byte> Method;

    /// <summary>The path without the query, without the leading <c>/api/v10</c>.</summary>
    public ReadOnlySpan<byte> Path;

    /// <summary>The bearer of the Authorization header, without a <c>Bot</c> prefix.</summary>
    public ReadOnlySpan<byte> Token;

    /// <summary>Sec-WebSocket-Key, empty when it is not an upgrade.</summary>
    public ReadOnlySpan<byte> WebSocketKey;

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body;

    /// <summary>Reads one request from the start of the bytes.</summary>
    /// <returns>The bytes it took, 0 when it is not whole yet, -1 when it can never be one.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out Request request)
    {
        request = default;
        int head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0) return bytes.Length > MaxHead ? -1 : 0;
        var lines = bytes[..head];
        int lineEnd = lines.IndexOf("\r\n"u8);
        var first = lineEnd < 0 ? lines : lines[..lineEnd];
        int space = first.IndexOf((byte)' ');
        if (space < 0) return -1;
        request.Method = first[..space];
        var target = first[(space + 1)..];
        int end = target.IndexOf((byte)' ');
        if (end < 0) return -1;
        target = target[..end];
        int query = target.IndexOf((byte)'?');
        if (query >= 0) target = target[..query];
        request.Path = target.StartsWith("/api/v10"u8) ? target["/api/v10".Length..] : target;

        int length = 0;
        while (lineEnd >= 0)
        {
            lines = lines[(lineEnd + 2)..];
            lineEnd = lines.IndexOf("\r\n"u8);
            var line = lineEnd < 0 ? lines : lines[..lineEnd];
            int colon = line.IndexOf((byte)':');
            if (colon < 0) return -1;
            var name = line[..colon];
            var value = line[(colon + 1)..].Trim((byte)' ');
            if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
            {
                if (!Utf8Parser.TryParse(value, out length, out _) || length is < 0 or > MaxBody) return -1;
            }
            else if (Ascii.EqualsIgnoreCase(name, "authorization"u8))
            {
                request.Token = value.StartsWith("Bot "u8) ? value[4..] : value;
            }
            else if (Ascii.EqualsIgnoreCase(name, "sec-websocket-key"u8))
            {
                request.WebSocketKey = value;
            }
            else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
            {
                return -1;
            }
        }
        int total = head + 4 + length;
        if (bytes.Length < total) return 0;
        request.Body = bytes.Slice(head + 4, length);
        return total;
    }
}
