using System.Collections.Concurrent;
using Discord.Protocol;
using Discord.Storage;

namespace Discord.Node.Rest;

/// <summary>
/// Remembers what an Authorization header resolved to, so that a request costs one dictionary look-up. Bounded; thread-safe.
/// Whoever revokes a token (password change, token reset, account deletion) must call <see cref="Forget"/>; the life of an entry only
/// bounds
/// what a revocation on another node may miss.
/// </summary>
public sealed class TokenCache(ITokenAuthenticator authenticator, TimeProvider time)
{
    /// <summary>
    /// Entries kept. About 300 B each: 16 MiB at most. When full, all go and the busy ones come back at one look-up each.
    /// </summary>
    public const int Capacity = 50_000;

    /// <summary>How long an entry is believed.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long it is while the store cannot answer, so that what is in memory is read on. A revocation needs the store as well; one that
    /// was made elsewhere is late by this much at most.
    /// </summary>
    public static readonly TimeSpan LifeWithoutStore = TimeSpan.FromMinutes(15);

    /// <summary>How often the store is asked again meanwhile.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>Longer headers are no tokens of ours.</summary>
    public const int MaxHeaderLength = 512;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    // Counted here: ConcurrentDictionary.Count takes every lock.
    private int _count;

    /// <param name="Account">Whose token it is.</param>
    /// <param name="KnownSince">When the store said so.</param>
    /// <param name="Until">How long after that it is believed.</param>
    private readonly record struct Entry(RestAccount Account, long KnownSince, TimeSpan Until);

    /// <summary>The account an Authorization header stands for; null when there is none, or the header makes no sense.</summary>
    public ValueTask<RestAccount?> ResolveAsync(string? header, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(header) || header.Length > MaxHeaderLength)
            return new((RestAccount?)null);
        if (_entries.TryGetValue(header, out var entry) && time.GetElapsedTime(entry.KnownSince) < entry.Until)
            return new(entry.Account);
        return MissAsync(header, cancellation);
    }

    /// <summary>Drops every entry of an account: its tokens are looked up again at their next use.</summary>
    public void Forget(Snowflake account)
    {
        foreach (var (header, entry) in _entries)
        {
            if (entry.Account.Id == account)
                Drop(header);
        }
    }

    private void Drop(string header)
    {
        if (_entries.TryRemove(header, out _))
            Interlocked.Decrement(ref _count);
    }

    private async ValueTask<RestAccount?> MissAsync(string header, CancellationToken cancellation)
    {
        var (kind, token) = Split(header);
        if (token.Length == 0)
            return null;
        // The time is taken before the look-up: an entry never outlives what it was read from by more than its life.
        var since = time.GetTimestamp();
        RestAccount? account;
        try
        {
            account = await authenticator.AuthenticateAsync(kind, token, cancellation);
        }
        catch (StorageException e) when (e.IsTransient && _entries.TryGetValue(header, out var old)
            && time.GetElapsedTime(old.KnownSince) is var age && age < LifeWithoutStore)
        {
            // Not where it was forgotten meanwhile.
            _entries.TryUpdate(header, old with { Until = age + AskAgainAfter }, old);
            return old.Account;
        }
        // Wrong tokens are not kept: a flood of them would push the right ones out. One that was right is not believed without the store.
        if (account is null)
        {
            Drop(header);
            return null;
        }
        if (Volatile.Read(ref _count) >= Capacity)
        {
            _entries.Clear();
            Volatile.Write(ref _count, 0);
        }
        var entry = new Entry(account, since, Life);
        if (_entries.TryAdd(header, entry))
            Interlocked.Increment(ref _count);
        else
            _entries[header] = entry;
        return account;
    }

    /// <summary>Splits <c>Bot X</c>, <c>Bearer X</c> and <c>X</c>.</summary>
    internal static (TokenKind Kind, string Token) Split(string header)
    {
        var text = header.AsSpan().Trim();
        if (text.StartsWith("Bot ", StringComparison.OrdinalIgnoreCase))
            return (TokenKind.Bot, text[4..].Trim().ToString());
        if (text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return (TokenKind.Bearer, text[7..].Trim().ToString());
        return (TokenKind.User, text.Contains(' ') ? "" : text.ToString());
    }
}
