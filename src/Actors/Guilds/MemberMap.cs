using System.Diagnostics.CodeAnalysis;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>
/// The members of a guild, ordered by user id: an immutable two-level array. A look-up is two binary searches; a change copies one chunk of
/// at most <see cref="ChunkSize"/> references and the array of chunks; a page by <c>after</c> is a slice. Costs 8 bytes a member beside the
/// member itself.
/// </summary>
public sealed class MemberMap
{
    private const int ChunkSize = 256;

    public static MemberMap Empty { get; } = new([], 0);

    private readonly Member[][] _chunks;

    private MemberMap(Member[][] chunks, int count)
    {
        _chunks = chunks;
        Count = count;
    }

    public int Count { get; }

    public static MemberMap Create(IEnumerable<Member> members)
    {
        Member[][] chunks = members.OrderBy(IdOf).Chunk(ChunkSize / 2).ToArray();
        return new(chunks, chunks.Sum(c => c.Length));
    }

    public bool TryGet(Snowflake userId, [NotNullWhen(true)] out Member? member)
    {
        (int chunk, int index) = Find(userId);
        member = index >= 0 ? _chunks[chunk][index] : null;
        return index >= 0;
    }

    public Member? this[Snowflake userId] => TryGet(userId, out Member? member) ? member : null;

    public bool Contains(Snowflake userId) => Find(userId).Index >= 0;

    /// <summary>Adds the member, or replaces the one with the same user.</summary>
    public MemberMap With(Member member)
    {
        if (_chunks.Length == 0)
            return new([[member]], 1);
        (int at, int index) = Find(IdOf(member));
        Member[] chunk = _chunks[at];
        Member[] changed;
        if (index >= 0)
        {
            changed = (Member[])chunk.Clone();
            changed[index] = member;
            return Replace(at, changed, Count);
        }
        changed = [.. chunk.AsSpan(0, ~index), member, .. chunk.AsSpan(~index)];
        return changed.Length <= ChunkSize
            ? Replace(at, changed, Count + 1)
            : new([.. _chunks.AsSpan(0, at), changed[..(ChunkSize / 2)], changed[(ChunkSize / 2)..], .. _chunks.AsSpan(at + 1)], Count + 1);
    }

    public MemberMap Without(Snowflake userId)
    {
        (int at, int index) = Find(userId);
        if (index < 0)
            return this;
        Member[] chunk = _chunks[at];
        return chunk.Length == 1
            ? new([.. _chunks.AsSpan(0, at), .. _chunks.AsSpan(at + 1)], Count - 1)
            : Replace(at, [.. chunk.AsSpan(0, index), .. chunk.AsSpan(index + 1)], Count - 1);
    }

    /// <summary>All members with a user id above <paramref name="after"/>, ascending.</summary>
    public IEnumerable<Member> After(Snowflake after)
    {
        if (_chunks.Length == 0)
            yield break;
        (int at, int index) = Find(after);
        for (index = index >= 0 ? index + 1 : ~index; at < _chunks.Length; at++, index = 0)
        {
            Member[] chunk = _chunks[at];
            for (; index < chunk.Length; index++)
                yield return chunk[index];
        }
    }

    /// <summary>All members by user id, ascending.</summary>
    public IEnumerable<Member> All => After(Snowflake.None);

    private static Snowflake IdOf(Member member) => member.User!.Id;

    private MemberMap Replace(int at, Member[] chunk, int count)
    {
        var chunks = (Member[][])_chunks.Clone();
        chunks[at] = chunk;
        return new(chunks, count);
    }

    // The chunk that holds or would hold the id; the index in it, or the complement of where it would stand.
    private (int Chunk, int Index) Find(Snowflake id)
    {
        if (_chunks.Length == 0)
            return (0, -1);
        int low = 0, high = _chunks.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (IdOf(_chunks[middle][0]).Value <= id.Value)
                low = middle;
            else
                high = middle - 1;
        }
        Member[] chunk = _chunks[low];
        int from = 0, to = chunk.Length - 1;
        while (from <= to)
        {
            int middle = (from + to) >>> 1;
            ulong found = IdOf(chunk[middle]).Value;
            if (found == id.Value)
                return (low, middle);
            if (found < id.Value)
                from = middle + 1;
            else
                to = middle - 1;
        }
        return (low, ~from);
    }
}
