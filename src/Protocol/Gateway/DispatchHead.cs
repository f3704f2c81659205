using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;

namespace Discord.Protocol.Gateway;

/// <summary>
/// The part of a dispatch that differs per session, and only that: the bytes up to and with <c>s</c>. One instance per event name, made
/// once. A delivery is <see cref="WriteJson"/> followed by the event's shared tail (<see cref="EnvelopeWriter.JsonTail"/>), or the same
/// in ETF. Immutable; thread-safe.
/// </summary>
public sealed class DispatchHead
{
    private const int MaxDigits = 20;

    private static readonly ConcurrentDictionary<string, DispatchHead> Known = new(StringComparer.Ordinal);

    private readonly byte[] _json;
    private readonly byte[] _etf;

    private DispatchHead(string name)
    {
        Name = name;
        var text = Encoding.ASCII.GetBytes(name);
        _json = [.. "{\"t\":\""u8, .. text, .. "\",\"s\":"u8];
        // 131, MAP_EXT of 4, BINARY_EXT "t", BINARY_EXT name, BINARY_EXT "s", INTEGER_EXT.
        _etf = [131, 116, 0, 0, 0, 4, 109, 0, 0, 0, 1, (byte)'t', 109, 0, 0, 0, (byte)text.Length, .. text, 109, 0, 0, 0, 1, (byte)'s', 98];
    }

    /// <summary>The event's name.</summary>
    public string Name { get; }

    /// <summary>The most bytes that <see cref="WriteJson"/> writes.</summary>
    public int MaxJsonLength => _json.Length + MaxDigits;

    /// <summary>The bytes that <see cref="WriteEtf"/> writes, always as many.</summary>
    public int EtfLength => _etf.Length + 4;

    /// <summary>The head of an event. Names come from the program, never from outside: each is kept for good.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than 64 or has other characters than A-Z, 0-9 and _.</exception>
    public static DispatchHead Of(string name) => Known.GetOrAdd(name, static name =>
        name.Length is 0 or > 64 || !name.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')
            ? throw new ArgumentException($"'{name}' is no event name.", nameof(name))
            : new DispatchHead(name));

    /// <summary>Writes <c>{"t":"NAME","s":123</c>.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteJson(long sequence, Span<byte> destination)
    {
        _json.CopyTo(destination);
        if (!Utf8Formatter.TryFormat(sequence, destination[_json.Length..], out var digits))
            throw new ArgumentException("The destination is too short.", nameof(destination));
        return _json.Length + digits;
    }

    /// <summary>Writes the ETF version, the map's head, <c>t</c> and <c>s</c>; the sequence is always a four-byte integer.</summary>
    /// <returns>Bytes written: <see cref="EtfLength"/>.</returns>
    public int WriteEtf(int sequence, Span<byte> destination)
    {
        _etf.CopyTo(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[_etf.Length..], sequence);
        return EtfLength;
    }
}
