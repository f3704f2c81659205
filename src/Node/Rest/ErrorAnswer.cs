using System.Buffers;
using System.Text.Json;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol.Errors;

namespace Discord.Node.Rest;

/// <summary>Writes error answers: always JSON, always <c>{"message", "code"}</c>.</summary>
internal static class ErrorAnswer
{
    public static void Api(HttpContext http, ApiError error, FormErrors? form = null) =>
        ReplyWriter.WriteBytes(http.Response, error.HttpStatus, ErrorPayload.ToBytes(error, form));

    public static void Unavailable(HttpContext http, int retryAfterSeconds)
    {
        http.Response.Headers.RetryAfter = retryAfterSeconds.ToString();
        Api(http, ApiError.ServiceUnavailable);
    }

    public static void RateLimited(
        HttpContext http, long retryAfterMs, RateLimitScope scope, int code = 0, string message = "You are being rate limited.")
    {
        RateLimitHeaders.WriteRefusal(http.Response.Headers, retryAfterMs, scope);
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("message"u8, message);
            writer.WriteNumber("retry_after"u8, Math.Max(0.001m, retryAfterMs / 1000m));
            writer.WriteBoolean("global"u8, scope == RateLimitScope.Global);
            if (code != 0)
                writer.WriteNumber("code"u8, code);
            writer.WriteEndObject();
        }
        ReplyWriter.WriteBytes(http.Response, StatusCodes.Status429TooManyRequests, buffer.WrittenSpan);
    }
}
