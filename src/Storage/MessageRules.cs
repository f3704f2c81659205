using Discord.Protocol;

namespace Discord.Storage;

/// <summary>What every store checks before it writes or looks for messages.</summary>
internal static class MessageRules
{
    /// <summary>Ids of one call.</summary>
    public const int MaxIds = 1_000;

    /// <summary>Pins or users of one answer.</summary>
    public const int MaxListed = 1_000;

    private const int MaxNonceLength = 100;
    private const int MaxEmojiLength = 200;

    public static void Check(in MessageRow row)
    {
        // The columns are signed: an id above would sort before all others.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(row.Id.Value, (ulong)long.MaxValue, nameof(row));
        if (row.Body.Length > MessageRow.MaxBodyBytes)
            throw new StorageException(StorageError.TooLarge,
                $"a message's body has {row.Body.Length} bytes; the limit is {MessageRow.MaxBodyBytes}");
    }

    public static void CheckIds(IReadOnlyList<Snowflake> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxIds, nameof(ids));
    }

    public static void CheckNonce(string nonce)
    {
        ArgumentException.ThrowIfNullOrEmpty(nonce);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nonce.Length, MaxNonceLength, nameof(nonce));
    }

    public static void CheckEmoji(string emoji)
    {
        ArgumentException.ThrowIfNullOrEmpty(emoji);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(emoji.Length, MaxEmojiLength, nameof(emoji));
    }

    public static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
    }
}
