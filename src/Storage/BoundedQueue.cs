namespace Discord.Storage;

/// <summary>
/// A bounded first-in-first-out queue between many callers and dedicated threads. A consumer takes all that waits at once, up to a limit:
/// what piles up during one commit is the next commit. Thread-safe.
/// </summary>
internal sealed class BoundedQueue<T>(int capacity)
{
    private readonly Queue<T> _items = new();
    private int _waiting;
    private bool _closed;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_items) return _items.Count;
        }
    }

    /// <summary>Adds an item.</summary>
    /// <exception cref="StorageException"><see cref="StorageError.Overloaded"/> or <see cref="StorageError.Closed"/>; the item was not
    /// added.</exception>
    public void Add(T item)
    {
        lock (_items)
        {
            if (_closed) throw new StorageException(StorageError.Closed, "the store is closed");
            if (_items.Count >= capacity)
                throw new StorageException(StorageError.Overloaded, $"the store has {capacity} operations waiting and takes no more");
            _items.Enqueue(item);
            if (_waiting > 0) Monitor.Pulse(_items);
        }
    }

    /// <summary>Waits for items and moves up to <paramref name="max"/> of them; false once the queue is closed and empty.</summary>
    public bool Take(List<T> into, int max)
    {
        lock (_items)
        {
            while (_items.Count == 0)
            {
                if (_closed) return false;
                _waiting++;
                Monitor.Wait(_items);
                _waiting--;
            }
            while (into.Count < max && _items.TryDequeue(out var item)) into.Add(item);
            return true;
        }
    }

    /// <summary>Takes no more items; those that wait are still handed out.</summary>
    public void Close()
    {
        lock (_items)
        {
            _closed = true;
            Monitor.PulseAll(_items);
        }
    }
}
