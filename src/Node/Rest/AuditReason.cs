using System.Text;
using Discord.Protocol.Errors;

namespace Discord.Node.Rest;

/// <summary>Reads X-Audit-Log-Reason: URL-encoded UTF-8 ("Audit Logs" of the reference).</summary>
internal static class AuditReason
{
    public const int MaxLength = 512;

    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>The reason, or null when the header is absent or blank.</summary>
    /// <exception cref="ApiException">50035: longer than 512 characters.</exception>
    public static string? Decode(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return null;
        var text = Uri.UnescapeDataString(RawUtf8(header)).Trim();
        if (text.Length > MaxLength)
            throw RestErrors.Field("reason", FormError.BadLength(1, MaxLength));
        return text.Length == 0 ? null : text;
    }

    // Headers arrive as Latin-1. Who forgot to encode sent bare UTF-8, and then each char is one of its bytes.
    private static string RawUtf8(string header)
    {
        if (Ascii.IsValid(header))
            return header;
        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(header));
        }
        catch (DecoderFallbackException)
        {
            return header;
        }
    }
}
