using Discord.Protocol;

namespace Discord.Storage.DataService;

/// <summary>
/// The newest messages of a channel: all that live at and above <see cref="_floor"/>. Writes that have been acknowledged are put in one by
/// one; when a tail cannot know what a write did, it says so and is thrown away.
/// <para>
/// The one thing that a tail cannot see in itself is the grave of a deleted message: an append of an id that was deleted changes nothing.
/// So it remembers up to which id graves may lie (<see cref="_settled"/>): the newest id that the store had ever used when the tail was
/// read, and the newest since that was deleted or whose write failed with an unknown outcome. Above it an id that is not here was never
/// stored. At or below it an append of an id that is not here is a repetition of one that may have been deleted, and the tail does not
/// know. Nor does it where an id that is here is appended with another body. When the store's newest id was read before the messages
/// or after them makes no difference: too high a number only makes the tail ask more often; a number read before a message was appended
/// cannot make that message a grave.
/// </para>
/// Not thread-safe: the <see cref="HotChannel"/> guards it. Pages that were handed out never change, and need no lock.
/// </summary>
internal sealed class Tail
{
    // A row's place in the array, and the header of its body's array.
    private const int RowOverhead = 40 + 24;

    // Appends between two copies of the array.
    private const int Slack = 32;

    private readonly int _maxMessages;
    private readonly int _maxBytes;

    // Oldest first, from _start to below _end. Below _shared the slots are seen by pages that were handed out, and are never written again.
    private MessageRow[] _rows;
    private int _start;
    private int _end;
    private int _shared;

    // 0 when the tail is all there is.
    private ulong _floor;
    private ulong _settled;

    /// <summary>A tail of what the store answered, or another one was.</summary>
    public Tail(TailSnapshot snapshot, DataServiceOptions options)
    {
        (_maxMessages, _maxBytes) = (options.TailMessages, options.TailBytes);
        _rows = new MessageRow[snapshot.OldestFirst.Length + Slack];
        foreach (var row in snapshot.OldestFirst) Put(_rows, _end++, row);
        (_floor, _settled) = (snapshot.Floor, snapshot.Settled);
        Trim();
    }

    /// <summary>Memory of the rows, also of those that only wait for the next copy to go.</summary>
    public long Bytes { get; private set; }

    /// <summary>What it is now.</summary>
    public TailSnapshot Snapshot => new(_rows[_start.._end], _floor, _settled);

    /// <summary>What a row takes.</summary>
    public static int BytesOf(in MessageRow row) => row.Body.Length + RowOverhead;

    /// <summary>The page, or null when the tail does not hold all of it.</summary>
    public TailPage? Page(MessagePage page)
    {
        int from, to;
        switch (page.Kind)
        {
            case MessagePageKind.Latest:
                to = _end;
                from = to - page.Limit;
                break;
            case MessagePageKind.Before:
                to = Lower(page.Anchor.Value);
                from = to - page.Limit;
                break;
            case MessagePageKind.After:
                if (!CoversAbove(page.Anchor.Value)) return null;
                from = Upper(page.Anchor.Value);
                to = Math.Min(_end, from + page.Limit);
                break;
            default:
                var newer = page.Limit / 2;
                if (newer > 0 && !CoversAbove(page.Anchor.Value)) return null;
                var middle = Upper(page.Anchor.Value);
                to = Math.Min(_end, middle + newer);
                from = middle - (page.Limit - newer);
                break;
        }
        if (from < _start)
        {
            if (_floor != 0) return null;
            from = _start;
        }
        _shared = Math.Max(_shared, to);
        return new TailPage(_rows, from, to);
    }

    /// <summary>Whether the tail knows of an id whether it lives; then <paramref name="row"/> is the message, or null.</summary>
    public bool TryGet(Snowflake id, out MessageRow? row)
    {
        row = null;
        if (id.Value < _floor) return false;
        if (Find(id.Value) is var at and >= 0) row = _rows[at];
        return true;
    }

    /// <summary>Puts in what an acknowledged write did. False when that cannot be known: the tail is void.</summary>
    public bool Apply(in Change change)
    {
        var id = change.Row.Id.Value;
        if (id < _floor) return true;
        if (change.Kind is ChangeKind.Deleted or ChangeKind.Unknown) _settled = Math.Max(_settled, id);
        var at = Find(id);
        switch (change.Kind)
        {
            case ChangeKind.Appended when at < 0:
                if (id <= _settled) return false;
                Insert(~at, change.Row);
                Trim();
                return true;
            case ChangeKind.Appended:
                // The store has left the first one as it is, or had lost it by a deletion that was thought to have failed.
                return _rows[at].Body.Span.SequenceEqual(change.Row.Body.Span);
            case ChangeKind.Replaced or ChangeKind.Existed when at < 0:
                return false;
            case ChangeKind.Replaced:
                at = Own(at);
                Bytes -= BytesOf(_rows[at]);
                Put(_rows, at, change.Row);
                return true;
            case ChangeKind.NotFound:
                return at < 0;
            case ChangeKind.Deleted when at >= 0:
                Remove(at);
                return true;
            default:
                // What is not here cannot be deleted; what is unknown is not shown.
                return true;
        }
    }

    private bool CoversAbove(ulong id) => _floor == 0 || id >= _floor - 1;

    private void Insert(int at, in MessageRow row)
    {
        if (_end == _rows.Length) at = Renew(at);
        else at = Own(at);
        _rows.AsSpan(at, _end - at).CopyTo(_rows.AsSpan(at + 1));
        _end++;
        Put(_rows, at, row);
    }

    private void Remove(int at)
    {
        at = Own(at);
        Bytes -= BytesOf(_rows[at]);
        _rows.AsSpan(at + 1, _end - at - 1).CopyTo(_rows.AsSpan(at));
        _rows[--_end] = default;
    }

    // Makes the slots from this one on the tail's own; the slot is another afterwards.
    private int Own(int at) => at >= _shared ? at : Renew(at);

    private int Renew(int at)
    {
        var old = _rows.AsSpan(_start, _end - _start);
        _rows = new MessageRow[old.Length + Slack];
        Bytes = 0;
        for (var i = 0; i < old.Length; i++) Put(_rows, i, old[i]);
        at -= _start;
        (_start, _end, _shared) = (0, old.Length, 0);
        return at;
    }

    private void Put(MessageRow[] rows, int at, in MessageRow row)
    {
        rows[at] = row;
        Bytes += BytesOf(row);
    }

    // The newest message stays, however large it is.
    private void Trim()
    {
        var start = Math.Max(_start, _end - _maxMessages);
        long bytes = 0;
        for (var i = _end - 1; i >= start; i--)
        {
            bytes += BytesOf(_rows[i]);
            if (bytes > _maxBytes && i < _end - 1)
            {
                start = i + 1;
                break;
            }
        }
        if (start == _start) return;
        _start = start;
        _floor = _rows[start].Id.Value;
        // What was cut off waits for the next copy, but not without a bound.
        if (Bytes > 2L * _maxBytes) Renew(_start);
    }

    private int Find(ulong id)
    {
        var at = Lower(id);
        return at < _end && _rows[at].Id.Value == id ? at : ~at;
    }

    // The first row that is not below an id. Most who ask ask for the end.
    private int Lower(ulong id)
    {
        int low = _start, high = _end;
        if (high > low && _rows[high - 1].Id.Value < id) return high;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_rows[middle].Id.Value < id) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private int Upper(ulong id) => Lower(id) is var at && at < _end && _rows[at].Id.Value == id ? at + 1 : at;
}

/// <summary>What an acknowledged write did to a message.</summary>
internal enum ChangeKind
{
    /// <summary>It is stored, unless the id existed.</summary>
    Appended,

    /// <summary>It has this body now.</summary>
    Replaced,

    /// <summary>There is none.</summary>
    NotFound,

    /// <summary>It was stored once.</summary>
    Existed,

    /// <summary>It is gone, if it existed.</summary>
    Deleted,

    /// <summary>The write may have been done or not.</summary>
    Unknown,
}

/// <summary>One change of a tail.</summary>
internal readonly record struct Change(ChangeKind Kind, MessageRow Row);
