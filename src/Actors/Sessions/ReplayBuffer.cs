namespace Discord.Actors.Sessions;

/// <summary>
/// The dispatches that a session's client may not have yet: a ring of references to shared events. It grows on demand, shrinks to nothing
/// when all is acknowledged, and forgets the oldest beyond its bounds; a resume from before the oldest is then refused.
/// Not thread-safe: its session's lock guards it.
/// </summary>
/// <param name="maxEvents">At most this many events.</param>
/// <param name="maxBytes">At most this many bytes of encoded events, shared ones counted in full.</param>
internal struct ReplayBuffer(int maxEvents, long maxBytes)
{
    private DispatchEvent[]? _ring;
    private int _start;
    private int _count;
    private int _firstSeq = 1;
    private long _bytes;

    /// <summary>The sequence number of the oldest event kept; that of the next one when empty.</summary>
    public readonly int FirstSeq => _firstSeq;

    /// <summary>The sequence number that the next event gets.</summary>
    public readonly int NextSeq => _firstSeq + _count;

    public readonly int Count => _count;

    /// <summary>Keeps an event and gives it its number.</summary>
    public int Add(DispatchEvent dispatch)
    {
        int seq = NextSeq;
        if (_count == maxEvents)
            Drop(1);
        Reserve();
        _ring![(_start + _count++) & (_ring.Length - 1)] = dispatch;
        _bytes += dispatch.Length;
        while (_bytes > maxBytes && _count > 1)
            Drop(1);
        return seq;
    }

    /// <summary>An event is about to be kept: see <see cref="CacheHint"/>.</summary>
    public readonly void Prepare() => CacheHint.Fetch(_ring);

    /// <summary>Forgets everything up to and including <paramref name="seq"/>.</summary>
    public void Acknowledge(int seq)
    {
        int known = Math.Min(seq - _firstSeq + 1, _count);
        if (known > 0)
            Drop(known);
    }

    /// <summary>Whether everything after <paramref name="seq"/> is still here, and <paramref name="seq"/> is no number of the
    /// future.</summary>
    public readonly bool CanReplayAfter(int seq) => seq >= _firstSeq - 1 && seq < NextSeq;

    public readonly DispatchEvent this[int seq] => _ring![(_start + seq - _firstSeq) & (_ring.Length - 1)];

    private void Drop(int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref DispatchEvent slot = ref _ring![(_start + i) & (_ring.Length - 1)];
            _bytes -= slot.Length;
            slot = null!;
        }
        _start = (_start + count) & (_ring!.Length - 1);
        _firstSeq += count;
        _count -= count;
        if (_count == 0)
        {
            _ring = null;
            _start = 0;
        }
    }

    private void Reserve()
    {
        if (_ring is null)
        {
            _ring = new DispatchEvent[4];
            return;
        }
        if (_count < _ring.Length)
            return;
        var larger = new DispatchEvent[_ring.Length * 2];
        for (int i = 0; i < _count; i++)
            larger[i] = _ring[(_start + i) & (_ring.Length - 1)];
        _ring = larger;
        _start = 0;
    }
}
