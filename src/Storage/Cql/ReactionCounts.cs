using System.Buffers.Binary;
using System.Text;

namespace Discord.Storage.Cql;

/// <summary>
/// A message's emojis in the order of first use with their counts, as one value: for each a length and the emoji's UTF-8, then count and
/// burst count, all numbers of 32 bits, most significant byte first. An emoji that nobody uses any more is not in it, and comes last when
/// it comes again. Not thread-safe.
/// </summary>
internal sealed class ReactionCounts
{
    private readonly List<ReactionCount> _counts = [];

    public bool IsEmpty => _counts.Count == 0;

    public IEnumerable<string> Emojis => _counts.Select(each => each.Emoji);

    /// <exception cref="StorageException">The bytes are not what <see cref="ToBytes"/> makes.</exception>
    public static ReactionCounts Read(ReadOnlySpan<byte> bytes)
    {
        var counts = new ReactionCounts();
        while (bytes.Length > 0)
        {
            if (bytes.Length < 4 || BinaryPrimitives.ReadInt32BigEndian(bytes) is var length && (length < 0 || length > bytes.Length - 12))
                throw new StorageException(StorageError.Corrupt, "the counts of a message's reactions are cut off");
            counts._counts.Add(new ReactionCount(
                Encoding.UTF8.GetString(bytes.Slice(4, length)), BinaryPrimitives.ReadInt32BigEndian(bytes[(4 + length)..]),
                BinaryPrimitives.ReadInt32BigEndian(bytes[(8 + length)..]), false, false));
            bytes = bytes[(12 + length)..];
        }
        return counts;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[_counts.Sum(each => 12 + Encoding.UTF8.GetByteCount(each.Emoji))];
        var rest = bytes.AsSpan();
        foreach (var each in _counts)
        {
            var length = Encoding.UTF8.GetBytes(each.Emoji, rest[4..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, length);
            BinaryPrimitives.WriteInt32BigEndian(rest[(4 + length)..], each.Count);
            BinaryPrimitives.WriteInt32BigEndian(rest[(8 + length)..], each.BurstCount);
            rest = rest[(12 + length)..];
        }
        return bytes;
    }

    public IReadOnlyList<ReactionCount> Ordered() => _counts;

    public void Add(string emoji, bool burst) => Change(emoji, 1, burst ? 1 : 0);

    public void Remove(string emoji, bool burst) => Change(emoji, -1, burst ? -1 : 0);

    /// <summary>Takes an emoji out; how many reactions it had.</summary>
    public int Clear(string emoji)
    {
        var index = _counts.FindIndex(each => each.Emoji == emoji);
        if (index < 0) return 0;
        var count = _counts[index].Count;
        _counts.RemoveAt(index);
        return count;
    }

    private void Change(string emoji, int count, int burst)
    {
        var index = _counts.FindIndex(each => each.Emoji == emoji);
        if (index < 0)
        {
            if (count > 0) _counts.Add(new ReactionCount(emoji, count, burst, false, false));
            return;
        }
        var changed = _counts[index] with { Count = _counts[index].Count + count, BurstCount = _counts[index].BurstCount + burst };
        if (changed.Count > 0) _counts[index] = changed;
        else _counts.RemoveAt(index);
    }
}
