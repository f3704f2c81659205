namespace Discord.Storage.Accounts;

/// <summary>
/// Tokens that were resolved, in two generations of half the capacity each: when the younger is full it becomes the older, and what was not
/// used since is forgotten. Thread-safe.
/// <para>
/// A revocation must not lose against a read that began before it and ends after it. So a reader takes <see cref="Epoch"/> before it asks
/// the database and may <see cref="Add"/> only while the epoch is the same; a revocation raises it after its commit, before it is
/// acknowledged.
/// </para>
/// </summary>
internal sealed class TokenCache(int capacity)
{
    private readonly Lock _lock = new();
    private Dictionary<Key, TokenRow> _young = [];
    private Dictionary<Key, TokenRow> _old = [];
    private long _epoch;

    public long Epoch => Interlocked.Read(ref _epoch);

    public TokenRow? Find(ReadOnlySpan<byte> hash)
    {
        var key = new Key(hash);
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var row)) return row;
            if (!_old.Remove(key, out row)) return null;
            Put(key, row);
            return row;
        }
    }

    public void Add(TokenRow row, long epoch)
    {
        lock (_lock)
        {
            if (epoch == _epoch) Put(new Key(row.Hash.Span), row);
        }
    }

    /// <summary>Forgets the tokens that a revocation took.</summary>
    public void Forget(IReadOnlyList<byte[]> hashes)
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _epoch);
            foreach (var hash in hashes)
            {
                var key = new Key(hash);
                _young.Remove(key);
                _old.Remove(key);
            }
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _epoch);
            _young.Clear();
            _old.Clear();
        }
    }

    private void Put(Key key, TokenRow row)
    {
        if (_young.Count >= Math.Max(1, capacity / 2)) (_old, _young) = (_young, []);
        _young[key] = row;
    }

    /// <summary>A SHA-256; it is random, so any of its bits are a hash code.</summary>
    private readonly record struct Key
    {
        private readonly UInt128 _a;
        private readonly UInt128 _b;

        public Key(ReadOnlySpan<byte> hash)
        {
            _a = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
            _b = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash[16..]);
        }

        public override int GetHashCode() => unchecked((int)(ulong)_a);
    }
}
