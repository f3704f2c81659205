namespace Discord.Kernel;

/// <summary>Envelopes put aside, in order; used in the cell's turns only.</summary>
internal sealed class CellStash(ActorCell cell, int capacity) : IStash
{
    private readonly Queue<Envelope> _envelopes = new();
    private Envelope? _last;
    private int _capacity = capacity;

    public int Count => _envelopes.Count;

    public int Capacity
    {
        get => _capacity;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _capacity = value;
        }
    }

    public bool Stash()
    {
        var current = cell.Current ?? throw new InvalidOperationException("there is no message to stash");
        if (ReferenceEquals(current, _last)) throw new InvalidOperationException("the message is stashed already");
        if (_envelopes.Count >= _capacity)
        {
            cell.System.PublishDeadLetter(current.Message, current.Sender, cell, DeadLetterReason.StashFull);
            return false;
        }
        _last = current;
        _envelopes.Enqueue(current);
        return true;
    }

    public void UnstashAll() => Return(_envelopes.Count);

    public void Unstash() => Return(Math.Min(1, _envelopes.Count));

    public void ToDeadLetters()
    {
        while (_envelopes.TryDequeue(out var envelope))
        {
            cell.System.PublishDeadLetter(envelope.Message, envelope.Sender, cell, DeadLetterReason.RecipientStopped);
        }
    }

    private void Return(int count)
    {
        if (count == 0) return;
        _last = null;
        var first = _envelopes.Dequeue();
        var last = first;
        for (var i = 1; i < count; i++)
        {
            last.Next = _envelopes.Dequeue();
            last = last.Next;
        }
        cell.Prepend(first, last, count);
    }
}
