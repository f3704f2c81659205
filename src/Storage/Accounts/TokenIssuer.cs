using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Discord.Protocol;

namespace Discord.Storage.Accounts;

/// <summary>
/// Makes and reads tokens in Discord's form: base64url of the account id's decimal digits, base64url of the issue time, 27 random bytes in
/// base64url, joined by dots. Libraries read the first part. The store knows the token's SHA-256 only, so a stolen database logs nobody in;
/// a slow hash is not needed, for nobody guesses 216 random bits.
/// </summary>
public static class TokenIssuer
{
    /// <summary>No token is longer.</summary>
    public const int MaxLength = 100;

    private const int SecretBytes = 27;

    /// <summary>A new token, and the row that makes it valid once it is stored. The token itself is kept nowhere.</summary>
    public static (string Token, TokenRow Row) Issue(Snowflake account, DateTimeOffset now, string sessionIdHash = "")
    {
        Span<byte> time = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(time, (uint)now.ToUnixTimeSeconds());
        var token = string.Join('.', Base64Url.EncodeToString(Encoding.ASCII.GetBytes(account.ToString())), Base64Url.EncodeToString(time),
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));
        return (token, new TokenRow(Hash(token), account, now, sessionIdHash));
    }

    /// <summary>What the store keeps of a token.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>The account a token claims to be of; false when the text has not the form of a token. Proves nothing.</summary>
    public static bool TryReadAccount(ReadOnlySpan<char> token, out Snowflake account)
    {
        account = default;
        if (token.Length > MaxLength) return false;
        var dot = token.IndexOf('.');
        if (dot is < 1 or > 28) return false;
        var rest = token[(dot + 1)..];
        var second = rest.IndexOf('.');
        if (second < 1 || second == rest.Length - 1 || rest[(second + 1)..].Contains('.')) return false;
        Span<byte> digits = stackalloc byte[24];
        return Base64Url.IsValid(token[..dot], out var length) && length <= Snowflake.MaxDigits
            && Base64Url.TryDecodeFromChars(token[..dot], digits, out var written)
            && Snowflake.TryParse(digits[..written], out account);
    }
}
