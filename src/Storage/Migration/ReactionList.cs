using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Discord.Storage.Migration;

/// <summary>
/// A message's reactions as one value: for each emoji, in the order of first use, its name and its users in rising order, with 1 for a
/// burst. The same reactions always give the same bytes. All numbers are little-endian: 4 bytes of length, the UTF-8, 4 bytes of count,
/// then 8 and 1 for each user.
/// </summary>
internal static class ReactionList
{
    public static byte[] ToBytes(IEnumerable<(string Emoji, IReadOnlyList<(long User, bool Burst)> Users)> reactions)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (emoji, users) in reactions)
        {
            var length = Encoding.UTF8.GetByteCount(emoji);
            var size = 8 + length + users.Count * 9;
            var span = output.GetSpan(size);
            BinaryPrimitives.WriteInt32LittleEndian(span, length);
            Encoding.UTF8.GetBytes(emoji, span[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(span[(4 + length)..], users.Count);
            span = span[(8 + length)..];
            foreach (var (user, burst) in users.OrderBy(each => each.User))
            {
                BinaryPrimitives.WriteInt64LittleEndian(span, user);
                span[8] = burst ? (byte)1 : (byte)0;
                span = span[9..];
            }
            output.Advance(size);
        }
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static List<(string Emoji, List<(long User, bool Burst)> Users)> Read(ReadOnlySpan<byte> bytes)
    {
        var reactions = new List<(string Emoji, List<(long User, bool Burst)> Users)>();
        while (!bytes.IsEmpty)
        {
            var emoji = Encoding.UTF8.GetString(Take(ref bytes, Count(ref bytes, 1)));
            var users = new List<(long User, bool Burst)>();
            for (var left = Count(ref bytes, 9); left > 0; left--)
            {
                var user = Take(ref bytes, 9);
                users.Add((BinaryPrimitives.ReadInt64LittleEndian(user), user[8] != 0));
            }
            reactions.Add((emoji, users));
        }
        return reactions;
    }

    private static int Count(ref ReadOnlySpan<byte> bytes, int size)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(ref bytes, 4));
        return count >= 0 && (long)count * size <= bytes.Length ? count : throw new FormatException("the bytes are no reactions");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length) throw new FormatException("the bytes are no reactions");
        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
