using System.Runtime.InteropServices;
using Discord.Protocol;

namespace Discord.Storage.DataService;

/// <summary>
/// What is known of one channel while it is used: its tail, the queries in flight, the answers that still hold, and the writes under way.
/// The protocol that keeps all this coherent is told at <see cref="DataServiceMessageStore"/>. Thread-safe; nothing waits under its lock.
/// </summary>
internal sealed class HotChannel(Snowflake id, HotChannels owner, DataServiceOptions options)
{
    // The object itself, with its dictionaries.
    private const int Overhead = 600;

    // Answers kept beside the tail: a page or two of older messages with their reactions, and the pins.
    private const int MaxKept = 16;

    // Writes that may end while a tail is being read: more than a slow query sees, and few enough to hold.
    private const int MaxMissed = 4_096;

    // A failed write of a cluster can still be carried out by a replica that had not answered. No store's own limit is as long as this.
    private static readonly TimeSpan DoubtLasts = TimeSpan.FromSeconds(10);

    // While the store fails, one reader in this time asks it again; the others are answered from what is there.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Read, Flight> _flights = [];
    private readonly Queue<Flight> _kept = [];
    private readonly Dictionary<Snowflake, Writing> _writing = [];

    private int _users;
    private bool _retired;
    private bool _sealed;
    private long _bytes = Overhead;

    // Writes of unknown extent under way, and how often one has begun or ended.
    private int _sweeps;
    private long _sweepStamp;

    private Tail? _tail;

    // The query in flight whose answer will be the tail, and what was written since it began; null when that is too much or unclear.
    private Flight? _filling;
    private DateTimeOffset _fillingSince;
    private List<Change>? _missed;

    private DateTimeOffset? _doubtedAt;
    private bool _storeFails;
    private DateTimeOffset _askAgainAt;

    public Snowflake Id => id;

    /// <summary>
    /// Read from memory since the hand passed. Not by the read that filled the memory: those who look at everything once push nobody out.
    /// </summary>
    public bool IsUsed { get; set; }

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Holds the channel while an operation is under way; false when it has been given up and another one must be taken.</summary>
    public bool TryRent()
    {
        lock (_gate)
        {
            if (_retired) return false;
            _users++;
            return true;
        }
    }

    public void Return()
    {
        lock (_gate) _users--;
    }

    /// <summary>Gives everything up, unless an operation is under way.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            if (_users > 0 || _retired || _sealed) return false;
            _retired = true;
            _tail = null;
            Resize(-_bytes);
            return true;
        }
    }

    /// <summary>Refuses writes from now on. Its tail, when that is all that the store holds; else null.</summary>
    public TailSnapshot? Seal()
    {
        lock (_gate)
        {
            _sealed = true;
            return _tail is { } tail && _doubtedAt is null && _writing.Count == 0 && _sweeps == 0 ? tail.Snapshot : null;
        }
    }

    /// <summary>Takes a tail over, before anything is written.</summary>
    public void Restore(TailSnapshot snapshot)
    {
        lock (_gate) SetTail(new Tail(snapshot, options));
    }

    /// <summary>A page from memory, or null.</summary>
    /// <param name="page">Which.</param>
    /// <param name="lastResort">The store has just failed: what is in doubt is better than nothing.</param>
    public TailPage? TryPage(MessagePage page, bool lastResort = false)
    {
        lock (_gate) return _tail is { } tail && IsGood(lastResort) ? tail.Page(page) : null;
    }

    /// <summary>Whether a message is known to exist or not, from memory.</summary>
    public bool TryGet(Snowflake message, out MessageRow? row, bool lastResort = false)
    {
        row = null;
        lock (_gate) return _tail is { } tail && IsGood(lastResort) && tail.TryGet(message, out row);
    }

    /// <summary>
    /// The flight that answers a question: one that is under way and began late enough, one whose answer still holds, or a new one, which
    /// the caller must carry out.
    /// </summary>
    public Flight<T> Join<T>(Read<T> read, out bool isNew)
    {
        lock (_gate)
        {
            isNew = true;
            if (!options.Coalesce) return new Flight<T>(read, options.AnswerInline);
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_flights, read, out _);
            if (known is not null && !known.IsStale)
            {
                IsUsed = true;
                isNew = false;
                return (Flight<T>)known;
            }
            var flight = new Flight<T>(read, options.AnswerInline) { Behind = known };
            known = flight;
            return flight;
        }
    }

    /// <summary>The query begins now: who comes after the next write's end must not be given its answer.</summary>
    public void Depart(Flight flight)
    {
        lock (_gate)
        {
            flight.Departed = true;
            flight.Behind = null;
            if (_storeFails) _askAgainAt = options.Time.GetUtcNow() + AskAgainAfter;
            if (flight.Question is not NewestRead || _filling is not null) return;
            _filling = flight;
            _fillingSince = options.Time.GetUtcNow();
            _missed = [];
        }
    }

    /// <summary>The answer has come: it is kept if nothing it depends on was written meanwhile.</summary>
    public void Land<T>(Flight<T> flight, T answer)
    {
        lock (_gate)
        {
            // A server that had stopped carries out what it had taken when it goes on.
            if (_storeFails && _doubtedAt is not null) _doubtedAt = options.Time.GetUtcNow();
            _storeFails = false;
            if (_filling == flight) Fill((Newest)(object)answer!);
            var size = options.CacheBytes > 0 && !flight.IsStale ? flight.Question.SizeOf(answer) : null;
            if (size is not { } bytes || bytes > options.TailBytes || !IsListed(flight))
            {
                Unlist(flight);
                return;
            }
            flight.Bytes = bytes + 200;
            Resize(flight.Bytes);
            _kept.Enqueue(flight);
            if (_kept.Count > MaxKept) Forget(_kept.Dequeue());
        }
    }

    /// <summary>The query failed.</summary>
    public void Crash(Flight flight, Exception error)
    {
        lock (_gate)
        {
            Unlist(flight);
            if (_filling == flight) (_filling, _missed) = (null, null);
            if (error is not StorageException { IsTransient: true }) return;
            _storeFails = true;
            _askAgainAt = options.Time.GetUtcNow() + AskAgainAfter;
        }
    }

    /// <summary>A write of a message begins; what it returns goes to the write's end.</summary>
    public long Begin(Snowflake message)
    {
        lock (_gate)
        {
            ThrowIfSealed();
            Enter(message);
            return _sweepStamp;
        }
    }

    /// <inheritdoc cref="Begin(Snowflake)"/>
    public long Begin(Snowflake[] messages)
    {
        lock (_gate)
        {
            ThrowIfSealed();
            foreach (var message in messages) Enter(message);
            return _sweepStamp;
        }
    }

    /// <summary>A write begins whose messages are not known.</summary>
    public void BeginSweep()
    {
        lock (_gate)
        {
            ThrowIfSealed();
            _sweeps++;
            _sweepStamp++;
            // With the channel its graves go: what has been noted could not be told from what the sweep takes away.
            _missed = null;
        }
    }

    /// <summary>A write of a message is acknowledged; this is before its caller hears of it.</summary>
    public void End(ChangeKind kind, in MessageRow row, long stamp)
    {
        lock (_gate)
        {
            Written(Touched.Messages, row.Id);
            if (Exit(row.Id, stamp)) Apply(new Change(kind, row));
            else Lose();
        }
    }

    /// <inheritdoc cref="End(ChangeKind, in MessageRow, long)"/>
    public void EndDelete(Snowflake[] messages, long stamp)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                Written(Touched.All, message);
                if (!Exit(message, stamp)) Lose();
                else Apply(new Change(ChangeKind.Deleted, new MessageRow(id, message, default, default)));
            }
        }
    }

    /// <summary>A write of a message's pin or reactions has ended, in whatever way.</summary>
    public void EndMark(Touched what, Snowflake message)
    {
        lock (_gate) Written(what, message);
    }

    /// <summary>A write ends that was refused before anything was written.</summary>
    public void EndRefused(ReadOnlySpan<Snowflake> messages, long stamp)
    {
        lock (_gate)
        {
            foreach (var message in messages) Exit(message, stamp);
        }
    }

    /// <summary>
    /// An append ends whose nonce was known: the message under that nonce is what is acknowledged, whatever became of its own append.
    /// </summary>
    public void EndKnown(Snowflake message, Snowflake stored, long stamp)
    {
        lock (_gate)
        {
            Exit(message, stamp);
            Written(Touched.Messages, stored);
            Apply(new Change(ChangeKind.Existed, new MessageRow(id, stored, default, default)));
        }
    }

    /// <summary>A write failed, and may have been done all the same.</summary>
    public void EndUnknown(ReadOnlySpan<Snowflake> messages, long stamp, Touched what)
    {
        lock (_gate)
        {
            foreach (var message in messages)
            {
                Written(what, message);
                Exit(message, stamp);
                Apply(new Change(ChangeKind.Unknown, new MessageRow(id, message, default, default)));
            }
            Doubt();
        }
    }

    /// <summary>A write ends whose messages are not known.</summary>
    public void EndSweep(bool succeeded)
    {
        lock (_gate)
        {
            _sweeps--;
            _sweepStamp++;
            Written(Touched.All);
            if (succeeded) Lose();
            else Doubt();
        }
    }

    private void ThrowIfSealed()
    {
        if (_sealed) throw new StorageException(StorageError.Closed, "the store is being closed");
    }

    // Under _gate, as all that follows. Whether the tail may answer: always, unless a write's outcome is unknown; then the store is asked
    // first, and the tail is the answer of those who come while it fails.
    private bool IsGood(bool lastResort)
    {
        if (!IsUsed) IsUsed = true;
        return _doubtedAt is null || lastResort || (_storeFails && options.Time.GetUtcNow() < _askAgainAt);
    }

    private void Fill(Newest newest)
    {
        _filling = null;
        if (_missed is not { } missed) return;
        _missed = null;
        var tail = new Tail(newest.Tail(options.TailMessages), options);
        foreach (var change in missed)
        {
            if (!tail.Apply(change)) return;
        }
        SetTail(tail);
        if (_doubtedAt is { } doubted && _fillingSince >= doubted + DoubtLasts) _doubtedAt = null;
    }

    private void Apply(in Change change)
    {
        if (_missed is { Count: < MaxMissed }) _missed.Add(change);
        else _missed = null;
        if (_tail is not { } tail) return;
        var before = tail.Bytes;
        if (tail.Apply(change)) Resize(tail.Bytes - before);
        else
        {
            Resize(-before);
            _tail = null;
        }
    }

    // What the store holds cannot be told from what has been seen.
    private void Lose()
    {
        SetTail(null);
        _missed = null;
    }

    private void Doubt()
    {
        _doubtedAt = options.Time.GetUtcNow();
        _missed = null;
    }

    private void SetTail(Tail? tail)
    {
        Resize((tail?.Bytes ?? 0) - (_tail?.Bytes ?? 0));
        _tail = tail;
    }

    // A write has ended, in whatever way: who asks from now on must not be given answers that may be without it.
    private void Written(Touched what, Snowflake? message = null)
    {
        foreach (var flight in _flights.Values)
        {
            var question = flight.Question;
            if (!flight.Departed || (question.DependsOn & what) == 0 || (message is { } one && !question.Concerns(one))) continue;
            flight.IsStale = true;
        }
        for (var i = _kept.Count; i > 0; i--)
        {
            var flight = _kept.Dequeue();
            if (flight.IsStale) Forget(flight);
            else _kept.Enqueue(flight);
        }
    }

    private void Forget(Flight flight)
    {
        Unlist(flight);
        Resize(-flight.Bytes);
    }

    private bool IsListed(Flight flight) => _flights.TryGetValue(flight.Question, out var listed) && listed == flight;

    private void Unlist(Flight flight)
    {
        if (IsListed(flight)) _flights.Remove(flight.Question);
    }

    private void Enter(Snowflake message)
    {
        ref var writing = ref CollectionsMarshal.GetValueRefOrAddDefault(_writing, message, out _);
        writing.Count++;
        writing.Overlapped |= writing.Count > 1;
    }

    // False when another write of the message, or one of unknown extent, was under way at the same time: which was first is not known.
    private bool Exit(Snowflake message, long stamp)
    {
        ref var writing = ref CollectionsMarshal.GetValueRefOrNullRef(_writing, message);
        var alone = !writing.Overlapped && _sweeps == 0 && stamp == _sweepStamp;
        if (--writing.Count == 0) _writing.Remove(message);
        return alone;
    }

    private void Resize(long by)
    {
        _bytes += by;
        owner.Resize(by);
    }

    // Writes of one message under way. Overlapped stays set until none is.
    private struct Writing
    {
        public int Count;
        public bool Overlapped;
    }
}
