using System.Buffers.Binary;
using Discord.Protocol;

namespace Discord.Storage.DataService;

/// <summary>A <see cref="Tail"/> as it can be carried elsewhere.</summary>
/// <param name="OldestFirst">Its messages.</param>
/// <param name="Floor">All messages at and above this id are here; 0: all there are.</param>
/// <param name="Settled">Up to this id deleted messages may lie.</param>
internal sealed record TailSnapshot(MessageRow[] OldestFirst, ulong Floor, ulong Settled)
{
    // version 1 | floor 8 | settled 8 | for each row: id 8 | author 8 | length 4 | body
    private const byte Version = 1;
    private const int HeadBytes = 1 + 8 + 8;
    private const int RowBytes = 8 + 8 + 4;

    /// <summary>As bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[HeadBytes + OldestFirst.Sum(row => RowBytes + row.Body.Length)];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), Floor);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(9), Settled);
        var rest = bytes.AsSpan(HeadBytes);
        foreach (var row in OldestFirst)
        {
            BinaryPrimitives.WriteUInt64BigEndian(rest, row.Id.Value);
            BinaryPrimitives.WriteUInt64BigEndian(rest[8..], row.AuthorId.Value);
            BinaryPrimitives.WriteInt32BigEndian(rest[16..], row.Body.Length);
            row.Body.Span.CopyTo(rest[RowBytes..]);
            rest = rest[(RowBytes + row.Body.Length)..];
        }
        return bytes;
    }

    /// <summary>From bytes that are known to be what <see cref="Encode"/> made; null when another version made them.</summary>
    public static TailSnapshot? Decode(Snowflake channel, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadBytes || bytes[0] != Version) return null;
        var floor = BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]);
        var settled = BinaryPrimitives.ReadUInt64BigEndian(bytes[9..]);
        var rows = new List<MessageRow>();
        for (var rest = bytes[HeadBytes..]; rest.Length > 0;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest[16..]);
            rows.Add(new MessageRow(
                channel, new Snowflake(BinaryPrimitives.ReadUInt64BigEndian(rest)),
                new Snowflake(BinaryPrimitives.ReadUInt64BigEndian(rest[8..])),
                rest.Slice(RowBytes, length).ToArray()));
            rest = rest[(RowBytes + length)..];
        }
        return new TailSnapshot([.. rows], floor, settled);
    }
}
