using System.Buffers.Binary;
using System.Net;
using System.Text;
using Discord.Cql.Errors;

namespace Discord.Cql.Wire;

/// <summary>
/// Reads the protocol's notations (v4, section 3) from a body. It knows where it stands, so that a body cut short says where.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    public int Position { get; private set; }

    public readonly int Remaining => _body.Length - Position;

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
            throw new CqlProtocolException($"a body of {_body.Length} bytes ends at {Position}, where {(uint)count} more are needed");
        var taken = _body.Slice(Position, count);
        Position += count;
        return taken;
    }

    public byte Byte() => Take(1)[0];

    public ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid Uuid() => new(Take(16), bigEndian: true);

    /// <summary>A count of things that take at least <paramref name="leastEach"/> bytes each: never more than can be there.</summary>
    public int Count(int leastEach)
    {
        var count = Int();
        if (count < 0 || (long)count * leastEach > Remaining)
            throw new CqlProtocolException($"{(uint)count} entries cannot stand in the {Remaining} bytes that follow");
        return count;
    }

    /// <summary>As <see cref="Count"/>, of a [short].</summary>
    public int ShortCount(int leastEach)
    {
        var count = Short();
        return count * leastEach <= Remaining
            ? count
            : throw new CqlProtocolException($"{count} entries cannot stand in the {Remaining} bytes that follow");
    }

    /// <summary>[bytes]; a negative length is null.</summary>
    public bool TryBytes(out ReadOnlySpan<byte> bytes)
    {
        var length = Int();
        bytes = length < 0 ? default : Take(length);
        return length >= 0;
    }

    public ReadOnlySpan<byte> ShortBytes() => Take(Short());

    public string String() => Encoding.UTF8.GetString(Take(Short()));

    public string[] StringList()
    {
        var list = new string[ShortCount(2)];
        for (var i = 0; i < list.Length; i++) list[i] = String();
        return list;
    }

    public Dictionary<string, string[]> StringMultimap()
    {
        var count = ShortCount(4);
        var map = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++) map[String()] = StringList();
        return map;
    }

    /// <summary>[inet]: an address and a port.</summary>
    public IPEndPoint Inet()
    {
        var length = Byte();
        if (length is not (4 or 16)) throw new CqlProtocolException($"an address of {length} bytes");
        var address = new IPAddress(Take(length));
        var port = Int();
        if (port is < 0 or > 65535) throw new CqlProtocolException($"{port} is no port");
        return new IPEndPoint(address, port);
    }
}
