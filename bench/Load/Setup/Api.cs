using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Discord.Load.Engine;

namespace Discord.Load.Setup;

/// <summary>The ordinary API calls that a set-up needs. Slow and simple: nothing here is measured.</summary>
internal sealed class Api : IDisposable
{
    private const int MaxRetries = 20;

    private readonly HttpClient _client;
    private readonly string _unique = Guid.NewGuid().ToString("N")[..8];
    private int _names;

    /// <param name="url">The server, without <c>/api</c>.</param>
    public Api(Uri url) => _client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
    {
        BaseAddress = new Uri(url, "/api/v10/"),
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Registers a user; returns its token.</summary>
    public async Task<string> RegisterAsync() => await TextAsync("token", HttpMethod.Post, "auth/register", null,
        new { username = $"load_{_unique}_{Interlocked.Increment(ref _names)}", password = $"load-{_unique}-secret", consent = true });

    /// <summary>Creates a guild; returns its id.</summary>
    public Task<string> CreateGuildAsync(string token) => TextAsync("id", HttpMethod.Post, "guilds", token, new { name = "load" });

    /// <summary>Creates a text channel; returns its id.</summary>
    public Task<string> CreateChannelAsync(string token, string guild) => TextAsync("id",
        HttpMethod.Post, $"guilds/{guild}/channels", token, new { name = $"load-{Interlocked.Increment(ref _names)}", type = 0 });

    /// <summary>Creates an invite that does not expire; returns its code.</summary>
    public Task<string> CreateInviteAsync(string token, string channel) =>
        TextAsync("code", HttpMethod.Post, $"channels/{channel}/invites", token, new { max_age = 0, max_uses = 0 });

    /// <summary>Joins by an invite.</summary>
    public Task JoinAsync(string token, string code) => SendAsync(HttpMethod.Post, $"invites/{code}", token, new { });

    /// <summary>Posts a message.</summary>
    public Task PostAsync(string token, string channel, string content) =>
        SendAsync(HttpMethod.Post, $"channels/{channel}/messages", token, new { content });

    /// <summary>The gateway's address.</summary>
    public async Task<Uri> GatewayAsync() => new(await TextAsync("url", HttpMethod.Get, "gateway", null, null));

    /// <summary>
    /// Creates an application with a bot, as the developer portal does; returns its id and token, null where there is no such
    /// route.
    /// </summary>
    public async Task<(string Id, string Token)?> TryCreateBotAsync(string token)
    {
        var name = new { name = $"load {Interlocked.Increment(ref _names)}" };
        using var made = await RequestAsync(HttpMethod.Post, "applications", token, name);
        if (made.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed) return null;
        string id = Text(await ReadAsync(made, "POST applications"), "id");
        string bot = await TextAsync("token", HttpMethod.Post, $"applications/{id}/bot", token, new { });
        // GATEWAY_MESSAGE_CONTENT_LIMITED: what an unverified bot needs for the MESSAGE_CONTENT intent.
        await SendAsync(HttpMethod.Patch, $"applications/{id}", token, new { flags = 1 << 19 });
        return (id, bot);
    }

    /// <summary>Adds a bot to a guild, as its owner does in the authorization page.</summary>
    public Task AuthorizeAsync(string token, string application, string guild) => SendAsync(HttpMethod.Post,
        $"oauth2/authorize?client_id={application}&scope=bot&permissions=0", token,
        new { client_id = application, guild_id = guild, permissions = "0", authorize = true });

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task SendAsync(HttpMethod method, string path, string? token, object? body)
    {
        using var answer = await RequestAsync(method, path, token, body);
        await ReadAsync(answer, $"{method} {path}");
    }

    private async Task<string> TextAsync(string key, HttpMethod method, string path, string? token, object? body)
    {
        using var answer = await RequestAsync(method, path, token, body);
        return Text(await ReadAsync(answer, $"{method} {path}"), key);
    }

    private async Task<HttpResponseMessage> RequestAsync(HttpMethod method, string path, string? token, object? body)
    {
        for (int attempt = 0; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path);
            if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }
            HttpResponseMessage answer;
            try
            {
                answer = await _client.SendAsync(request);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                throw new LoadException($"{method} {_client.BaseAddress}{path} got no answer: {e.Message} Does the server run there?", e);
            }
            // 503 with a time: a server that hashes no more passwords at once than it can.
            bool later = answer.StatusCode == HttpStatusCode.TooManyRequests
                || (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter is not null);
            if (!later || attempt == MaxRetries) return answer;
            var wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1);
            answer.Dispose();
            await Task.Delay(wait < TimeSpan.FromSeconds(10) ? wait : TimeSpan.FromSeconds(10));
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage answer, string what)
    {
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        if (answer.IsSuccessStatusCode) return body;
        string text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 1000)));
        string hint = answer.StatusCode == HttpStatusCode.TooManyRequests ? " Start the server with its rate limits off." : "";
        throw new LoadException($"{what} was answered {(int)answer.StatusCode}: {text}{hint}");
    }

    private static string Text(byte[] json, string key)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String)
                return value.GetString()!;
        }
        catch (JsonException e)
        {
            throw new LoadException($"The server's answer is no JSON: {e.Message}", e);
        }
        string start = Encoding.UTF8.GetString(json.AsSpan(0, Math.Min(json.Length, 500)));
        throw new LoadException($"The server's answer has no '{key}': {start}");
    }
}
