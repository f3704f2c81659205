using System.Diagnostics.CodeAnalysis;

namespace Discord.Storage.Cql;

/// <summary>
/// What this process knows of keys, in two generations of half the capacity each: when the younger is full it becomes the older, and what
/// was not used since is forgotten. Forgetting must cost no more than asking again. Thread-safe.
/// </summary>
internal sealed class RecentMap<TKey, TValue>(int capacity) where TKey : notnull
{
    private readonly Lock _lock = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out value)) return true;
            if (!_old.TryGetValue(key, out value)) return false;
            Put(key, value);
            return true;
        }
    }

    public void Set(TKey key, TValue value)
    {
        lock (_lock) Put(key, value);
    }

    public void Remove(TKey key)
    {
        lock (_lock)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void Put(TKey key, TValue value)
    {
        if (_young.Count >= Math.Max(1, capacity / 2)) (_old, _young) = (_young, []);
        _young[key] = value;
    }
}

/// <summary>What this process knows to be written already; forgetting costs a write that was not needed. Thread-safe.</summary>
internal sealed class KnownSet<T>(int capacity) where T : notnull
{
    private readonly RecentMap<T, bool> _items = new(capacity);

    public bool Contains(T item) => _items.TryGet(item, out _);

    public void Add(T item) => _items.Set(item, true);
}
