using System.Security.Cryptography;
using System.Text;

namespace Discord.Storage.Accounts;

/// <summary>What every store checks before it writes accounts, tokens and applications, and what makes two names the same.</summary>
internal static class AccountRules
{
    public const int MaxNameLength = 100;
    public const int MaxEmailLength = 320;
    public const int MaxProfileBytes = 64 * 1024;
    public const int MaxApplicationBytes = 256 * 1024;

    /// <summary>Composed and upper-cased without a culture: what looks the same and differs in case only is the same.</summary>
    public static string KeyOf(string text) => text.Normalize(NormalizationForm.FormKC).ToUpperInvariant();

    public static void Check(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentException.ThrowIfNullOrEmpty(account.Username, nameof(account));
        ArgumentException.ThrowIfNullOrEmpty(account.Discriminator, nameof(account));
        if (account.Username.Length > MaxNameLength || account.Email?.Length > MaxEmailLength || account.Profile.Length > MaxProfileBytes)
        {
            throw new ArgumentException(
                $"limits: name {MaxNameLength} characters, address {MaxEmailLength}, profile {MaxProfileBytes} bytes", nameof(account));
        }
    }

    public static void Check(ApplicationRow application)
    {
        ArgumentNullException.ThrowIfNull(application);
        if (application.Body.Length > MaxApplicationBytes)
            throw new ArgumentException($"an application's body has {application.Body.Length} bytes; the limit is {MaxApplicationBytes}",
                nameof(application));
    }

    public static void Check(TokenRow token)
    {
        ArgumentNullException.ThrowIfNull(token);
        CheckHash(token.Hash.Span);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(token.SessionIdHash.Length, MaxNameLength, nameof(token));
    }

    public static void CheckHash(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException($"a token's hash has {SHA256.HashSizeInBytes} bytes", nameof(hash));
    }
}
