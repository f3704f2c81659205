using System.Collections;

namespace Discord.Storage.DataService;

/// <summary>A page of a <see cref="Tail"/>, newest first: a view of its rows, which copies none of them. Immutable.</summary>
internal sealed class TailPage(MessageRow[] oldestFirst, int from, int to) : IReadOnlyList<MessageRow>
{
    public int Count => to - from;

    public MessageRow this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return oldestFirst[to - 1 - index];
        }
    }

    public IEnumerator<MessageRow> GetEnumerator()
    {
        for (var i = to - 1; i >= from; i--) yield return oldestFirst[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
