using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Discord.Protocol;

namespace Discord.Actors.Interactions;

/// <summary>
/// Tokens of interactions: base64url of <c>interaction:ID:SECRET</c> with 36 random bytes as the secret. The id finds the interaction, the
/// whole token is then compared in constant time.
/// </summary>
public static class InteractionToken
{
    private const string Head = "interaction:";

    // Base64 of the head, which is a multiple of three bytes long.
    private static readonly string EncodedHead = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Head));

    /// <summary>No token is longer.</summary>
    public const int MaxLength = 200;

    /// <summary>Whether a text has the form of an interaction's token; webhooks' tokens have not.</summary>
    public static bool HasForm([NotNullWhen(true)] string? text) =>
        text is { Length: <= MaxLength } && text.StartsWith(EncodedHead, StringComparison.Ordinal);

    internal static string Issue(Snowflake interaction) => Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes($"{Head}{interaction}:{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(36))}"));

    /// <summary>The interaction that a token claims to be of. Proves nothing.</summary>
    internal static bool TryReadId(string text, out Snowflake id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!HasForm(text) || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out int length))
            return false;
        ReadOnlySpan<byte> rest = bytes[Head.Length..length];
        int colon = rest.IndexOf((byte)':');
        return colon > 0 && Snowflake.TryParse(rest[..colon], out id);
    }

    internal static bool Equal(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
