using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Discord.Node.Gateway;

/// <summary>What the first bytes of a connection are.</summary>
internal enum UpgradeKind
{
    /// <summary>More bytes may still make it a gateway's upgrade.</summary>
    NeedMore,

    /// <summary>Anything else: the HTTP server's.</summary>
    Other,

    /// <summary>A well-formed upgrade to WebSocket on a path of the gateway.</summary>
    Gateway,
}

/// <summary>
/// Reads the head of an HTTP/1.1 request as far as to tell whether it opens a gateway connection (RFC 6455 section 4.2.1). Whatever is not
/// exactly that is left to the HTTP server, malformed requests included.
/// </summary>
internal static class UpgradeRequest
{
    /// <summary>Longer heads are left to the HTTP server, which has its own limit.</summary>
    public const int MaxHead = 8 << 10;

    private static ReadOnlySpan<byte> Guid => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    /// <summary>
    /// Looks at <paramref name="bytes"/>. For <see cref="UpgradeKind.Gateway"/>, <paramref name="end"/> is where the head ends,
    /// <paramref name="query"/> has no question mark and <paramref name="accept"/> is the response's Sec-WebSocket-Accept.
    /// </summary>
    public static UpgradeKind Examine(ReadOnlySequence<byte> bytes, out int end, out string query, out string accept)
    {
        end = 0;
        query = accept = "";
        var length = (int)Math.Min(bytes.Length, MaxHead);
        if (bytes.IsSingleSegment)
            return Examine(bytes.FirstSpan[..length], ref end, ref query, ref accept);
        var copy = ArrayPool<byte>.Shared.Rent(length);
        bytes.Slice(0, length).CopyTo(copy);
        var kind = Examine(copy.AsSpan(0, length), ref end, ref query, ref accept);
        ArrayPool<byte>.Shared.Return(copy);
        return kind;
    }

    /// <summary>The value of Sec-WebSocket-Accept for a client's key, or null when the key is not 16 bytes of base64.</summary>
    public static string? AcceptFor(ReadOnlySpan<byte> key)
    {
        Span<byte> text = stackalloc byte[24 + 36];
        Span<byte> decoded = stackalloc byte[18];
        if (key.Length != 24 || Base64.DecodeFromUtf8(key, decoded, out _, out var size) != OperationStatus.Done || size != 16)
            return null;
        key.CopyTo(text);
        Guid.CopyTo(text[24..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The protocol demands SHA-1; nothing secret depends on it.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static UpgradeKind Examine(ReadOnlySpan<byte> head, ref int end, ref string query, ref string accept)
    {
        if (!MayBeGateway(head))
            return UpgradeKind.Other;
        var size = head.IndexOf("\r\n\r\n"u8);
        if (size < 0)
            return head.Length >= MaxHead ? UpgradeKind.Other : UpgradeKind.NeedMore;
        end = size + 4;
        head = head[..(size + 2)];

        var line = head[..head.IndexOf("\r\n"u8)];
        head = head[(line.Length + 2)..];
        if (!line.EndsWith(" HTTP/1.1"u8))
            return UpgradeKind.Other;
        var target = line["GET ".Length..^" HTTP/1.1".Length];
        var question = target.IndexOf((byte)'?');
        var path = question < 0 ? target : target[..question];
        if (!(path.SequenceEqual("/"u8) || path.SequenceEqual("/gateway"u8) || path.SequenceEqual("/gateway/"u8)))
            return UpgradeKind.Other;

        bool websocket = false, upgrade = false, version = false;
        string? accepted = null;
        while (!head.IsEmpty)
        {
            var next = head.IndexOf("\r\n"u8);
            var header = head[..next];
            head = head[(next + 2)..];
            var colon = header.IndexOf((byte)':');
            if (colon <= 0)
                return UpgradeKind.Other;
            var value = header[(colon + 1)..].Trim(" \t"u8);
            switch (colon)
            {
                case 7 when Is(header[..colon], "upgrade"):
                    websocket |= Lists(value, "websocket");
                    break;
                case 10 when Is(header[..colon], "connection"):
                    upgrade |= Lists(value, "upgrade");
                    break;
                case 17 when Is(header[..colon], "sec-websocket-key"):
                    accepted = AcceptFor(value);
                    break;
                case 21 when Is(header[..colon], "sec-websocket-version"):
                    version = value.SequenceEqual("13"u8);
                    break;
                case 14 when Is(header[..colon], "content-length"):
                case 17 when Is(header[..colon], "transfer-encoding"):
                    return UpgradeKind.Other;
                default:
                    break;
            }
        }
        if (!websocket || !upgrade || !version || accepted is null)
            return UpgradeKind.Other;
        accept = accepted;
        query = question < 0 ? "" : Encoding.Latin1.GetString(target[(question + 1)..]);
        return UpgradeKind.Gateway;
    }

    // Tells REST requests by their first bytes, so that they never wait here for their whole head.
    private static bool MayBeGateway(ReadOnlySpan<byte> head)
    {
        var start = "GET /"u8;
        var shared = Math.Min(head.Length, start.Length);
        if (!head[..shared].SequenceEqual(start[..shared]))
            return false;
        if (head.Length <= start.Length || head[start.Length] is (byte)' ' or (byte)'?')
            return true;
        var rest = head[start.Length..];
        var name = "gateway"u8;
        shared = Math.Min(rest.Length, name.Length);
        return rest[..shared].SequenceEqual(name[..shared])
            && (rest.Length <= name.Length || rest[name.Length] is (byte)' ' or (byte)'?' or (byte)'/');
    }

    private static bool Is(ReadOnlySpan<byte> name, string lowerCase) => Ascii.EqualsIgnoreCase(name, lowerCase);

    private static bool Lists(ReadOnlySpan<byte> value, string token)
    {
        foreach (var range in value.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(value[range].Trim(" \t"u8), token))
                return true;
        }
        return false;
    }
}
