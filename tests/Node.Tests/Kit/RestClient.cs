using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Protocol;

namespace Discord.Node.Tests.Kit;

/// <summary>An account that calls the API. Bodies are anonymous objects or JSON text.</summary>
public sealed class RestClient(NodeKit node, Snowflake id, string token, bool isBot)
{
    public Snowflake Id { get; } = id;

    /// <summary>Without prefix, as the gateway wants it.</summary>
    public string Token { get; } = token;

    public bool IsBot { get; } = isBot;

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Reply> PostAsync(string path, object? body = null, string? reason = null) => SendAsync(HttpMethod.Post, path, body, reason);

    public Task<Reply> PutAsync(string path, object? body = null, string? reason = null) => SendAsync(HttpMethod.Put, path, body, reason);

    public Task<Reply> PatchAsync(string path, object? body = null, string? reason = null) =>
        SendAsync(HttpMethod.Patch, path, body, reason);

    public Task<Reply> DeleteAsync(string path, object? body = null, string? reason = null) =>
        SendAsync(HttpMethod.Delete, path, body, reason);

    /// <param name="path">Below the version: <c>/guilds/1</c>.</param>
    /// <param name="body">Serialised as JSON; a text is sent as it is; an <see cref="HttpContent"/> too.</param>
    public async Task<Reply> SendAsync(HttpMethod method, string path, object? body = null, string? reason = null)
    {
        using HttpRequestMessage request = new(method, new Uri(node.Host.Address, "/api/v10" + path));
        request.Headers.TryAddWithoutValidation("Authorization", IsBot ? "Bot " + Token : Token);
        if (reason is not null)
            request.Headers.Add("X-Audit-Log-Reason", Uri.EscapeDataString(reason));
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => Json(text),
            _ => Json(JsonSerializer.Serialize(body)),
        };
        using HttpResponseMessage response = await node.Http.SendAsync(request);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        return new Reply((int)response.StatusCode, bytes.Length == 0 ? null : JsonNode.Parse(bytes), response.Headers)
        {
            ContentType = response.Content.Headers.TryGetValues("Content-Type", out IEnumerable<string>? types) ? types.Single() : null,
        };
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

/// <summary>An answer of the API.</summary>
public sealed record Reply(int Status, JsonNode? Body, HttpResponseHeaders Headers)
{
    /// <summary>The header as it was sent; null when there was none.</summary>
    public string? ContentType { get; init; }

    public void Deconstruct(out int status, out JsonNode? body) => (status, body) = (Status, Body);

    /// <summary>The body of an answer that must have this status; what was answered instead is in the failure.</summary>
    public JsonNode Expect(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {Status}: {Body?.ToJsonString()}");
        return Body!;
    }

    /// <summary>204, without a body.</summary>
    public void Expect204()
    {
        Assert.True(Status == 204, $"Expected 204, got {Status}: {Body?.ToJsonString()}");
        Assert.Null(Body);
    }

    /// <summary>An error with this status and code, and, of a form, at this place (<c>"roles.0"</c>).</summary>
    public JsonNode ExpectError(int status, int code, string? field = null)
    {
        JsonNode body = Expect(status);
        Assert.Equal(code, (int)body["code"]!);
        if (field is not null)
        {
            JsonNode? place = body["errors"];
            foreach (string key in field.Split('.', StringSplitOptions.RemoveEmptyEntries))
                place = place?[key];
            Assert.True(place?["_errors"] is not null, $"No error at {field}: {body.ToJsonString()}");
        }
        return body;
    }
}
