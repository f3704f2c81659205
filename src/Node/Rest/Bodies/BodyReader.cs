using System.Buffers;
using System.Text.Json;
using Discord.Protocol.Forms;
using Microsoft.AspNetCore.WebUtilities;

namespace Discord.Node.Rest.Bodies;

/// <summary>
/// Reads request bodies: application/json, application/x-www-form-urlencoded and multipart/form-data. Everything is bounded by
/// <see cref="BodyLimits"/>; what does not fit is refused with 40005. A slow body ends by Kestrel's minimum data rate. Thread-safe.
/// </summary>
internal sealed class BodyReader(string temporaryDirectory)
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = BodyLimits.JsonDepth };
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = BodyLimits.JsonDepth };
    private static readonly RestForm NoBody = new(null, null, [], isEmpty: true);

    internal ByteBudget Buffered { get; } = new(BodyLimits.BufferedBytes, "request bodies in memory");

    internal ByteBudget Temporary { get; } = new(BodyLimits.TemporaryBytes, "uploads in temporary files");

    public string TemporaryDirectory => temporaryDirectory;

    /// <summary>Reads the body. The caller disposes the form.</summary>
    /// <exception cref="Protocol.Errors.ApiException">50109, 50035 or 40005.</exception>
    public ValueTask<RestForm> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.ContentLength is 0
            || (request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding") && request.Protocol != "HTTP/2"))
            return new(NoBody);
        var type = request.ContentType;
        if (IsType(type, "application/json"))
            return JsonAsync(http);
        if (IsType(type, "multipart/form-data"))
            return MultipartAsync(http);
        if (IsType(type, "application/x-www-form-urlencoded"))
            return UrlEncodedAsync(http);
        throw RestErrors.BadContentType();
    }

    /// <summary>Parses JSON, all of whose texts can be read, that stays in <paramref name="bytes"/> as long as the document
    /// lives.</summary>
    internal static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (bytes.Length > BodyLimits.CountTokensAbove)
                RefuseTooManyTokens(bytes.Span);
            return JsonBody.IsText(bytes.Span) ? JsonDocument.Parse(bytes, JsonOptions) : throw RestErrors.BadJson();
        }
        catch (JsonException)
        {
            throw RestErrors.BadJson();
        }
    }

    /// <summary>An object of strings, as FormReader reads it; a repeated key becomes an array.</summary>
    internal static JsonDocument FromFields(IEnumerable<KeyValuePair<string, List<string>>> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (key, values) in fields)
            {
                writer.WritePropertyName(key);
                if (values.Count == 1)
                {
                    writer.WriteStringValue(values[0]);
                    continue;
                }
                writer.WriteStartArray();
                foreach (var value in values)
                    writer.WriteStringValue(value);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return JsonDocument.Parse(buffer.WrittenMemory, JsonOptions);
    }

    private static bool IsType(string? header, string type) =>
        header is not null && header.StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && (header.Length == type.Length || header[type.Length] is ';' or ' ');

    private static void RefuseTooManyTokens(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        var tokens = 0;
        while (reader.Read())
        {
            if (++tokens > BodyLimits.JsonTokens)
                throw RestErrors.TooLarge();
        }
    }

    private async ValueTask<RestForm> JsonAsync(HttpContext http)
    {
        var bytes = new PooledBytes(Buffered);
        try
        {
            await bytes.FillAsync(http.Request.Body, http.Request.ContentLength, BodyLimits.Json, CancellationToken.None);
            if (bytes.Length == 0)
            {
                bytes.Dispose();
                return NoBody;
            }
            return new RestForm(Parse(bytes.Memory), bytes, []);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private async ValueTask<RestForm> MultipartAsync(HttpContext http)
    {
        using var body = new MultipartBody(this, http);
        return await body.ReadAsync();
    }

    private async ValueTask<RestForm> UrlEncodedAsync(HttpContext http)
    {
        using var bytes = new PooledBytes(Buffered);
        await bytes.FillAsync(http.Request.Body, http.Request.ContentLength, BodyLimits.Field * 4, CancellationToken.None);
        try
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes.Memory.Span);
            using var reader = new Microsoft.AspNetCore.WebUtilities.FormReader(text) { ValueCountLimit = BodyLimits.Fields };
            var fields = reader.ReadForm().Select(pair => KeyValuePair.Create(pair.Key, pair.Value.OfType<string>().ToList()));
            return new RestForm(FromFields(fields), null, []);
        }
        catch (InvalidDataException)
        {
            throw RestErrors.BadForm("The form cannot be read.");
        }
    }
}
