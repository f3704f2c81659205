namespace Discord.Storage.DataService;

/// <summary>
/// A cache outside of the process. Nobody relies on it: it may forget, answer late, not at all, or with what others put there. Thread-safe.
/// </summary>
public interface ISharedCache : IAsyncDisposable
{
    /// <summary>Puts a value for a time.</summary>
    Task SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime);

    /// <summary>The value's first bytes up to a limit; empty when there is none.</summary>
    Task<ReadOnlyMemory<byte>> GetAsync(string key, int maxBytes);
}
