namespace Discord.Storage.Cql;

/// <summary>Lets one at a time through for each key, in the order in which they came. Holds nothing for a key that nobody is at.
/// Thread-safe.</summary>
internal sealed class KeyedGate<TKey> where TKey : notnull
{
    private readonly Dictionary<TKey, Task> _last = [];

    /// <summary>Waits for those before; dispose of what it returns to let the next one through.</summary>
    public async ValueTask<IDisposable> EnterAsync(TKey key)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? before;
        lock (_last)
        {
            before = _last.GetValueOrDefault(key);
            _last[key] = mine.Task;
        }
        if (before is not null) await before.ConfigureAwait(false);
        return new Pass(this, key, mine);
    }

    private sealed class Pass(KeyedGate<TKey> gate, TKey key, TaskCompletionSource mine) : IDisposable
    {
        public void Dispose()
        {
            lock (gate._last)
            {
                if (gate._last.GetValueOrDefault(key) == mine.Task) gate._last.Remove(key);
            }
            mine.TrySetResult();
        }
    }
}
