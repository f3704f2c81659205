using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Discord.Clients.Kit;

/// <summary>A message as the server has it.</summary>
public sealed record StoredMessage(ulong Id, string Content);

/// <summary>An account over plain HTTP, without a client library: nothing is retried or queued behind a test's back.</summary>
public sealed class Poster(NodeProcess node, string token) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
    { Timeout = NodeProcess.Patience };

    /// <summary>How often the server could not tell whether a message was created.</summary>
    public int Refusals { get; private set; }

    /// <summary>Creates a message that is created once however often it is sent.</summary>
    /// <returns>Its id; null when the server was gone before it answered, or could not tell: it may be stored or not.</returns>
    public async Task<ulong?> TryPostAsync(string channelId, string content, string nonce)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, $"/channels/{channelId}/messages");
        request.Content = JsonContent.Create(new { content, nonce, enforce_nonce = true });
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request);
            string body = await answer.Content.ReadAsStringAsync();
            if (node.MayAskAgain((int)answer.StatusCode))
            {
                Refusals++;
                return null;
            }
            Assert.True(answer.IsSuccessStatusCode, $"{content}: {(int)answer.StatusCode} {body}\n{node.Output}");
            return Id(JsonNode.Parse(body)!);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Any request, below the version.</summary>
    /// <returns>Status and body; null when the server was gone before it answered: it may be done or not.</returns>
    public async Task<(int Status, JsonNode? Body)?> TrySendAsync(HttpMethod method, string path, object? body = null)
    {
        using HttpRequestMessage request = Request(method, path);
        request.Content = body is HttpContent content ? content : body is null ? null : JsonContent.Create(body);
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>A request that must succeed: its body.</summary>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body = null)
    {
        (int status, JsonNode? answer) = await TrySendAsync(method, path, body) ?? throw new InvalidOperationException("The node is gone.");
        Assert.True(status is >= 200 and < 300, $"{method} {path}: {status} {answer?.ToJsonString()}\n{node.Output}");
        return answer ?? new JsonObject();
    }

    /// <summary>The whole channel, oldest first.</summary>
    public async Task<List<StoredMessage>> HistoryAsync(string channelId)
    {
        List<StoredMessage> messages = [];
        while (true)
        {
            string before = messages.Count == 0 ? "" : $"&before={messages[^1].Id}";
            using HttpRequestMessage request = Request(HttpMethod.Get, $"/channels/{channelId}/messages?limit=100{before}");
            using HttpResponseMessage answer = await _http.SendAsync(request);
            JsonArray page = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!.AsArray();
            messages.AddRange(page.Select(message => new StoredMessage(Id(message!), (string)message!["content"]!)));
            if (page.Count < 100)
                break;
        }
        messages.Reverse();
        return messages;
    }

    /// <summary>A plain message, and its id.</summary>
    public async Task<ulong> PostAsync(string channelId, string content)
    {
        string nonce = Guid.NewGuid().ToString("N")[..25];
        ulong? id = null;
        await NodeProcess.UntilAsync($"{content} is created", async () =>
        {
            int refusals = Refusals;
            id = await TryPostAsync(channelId, content, nonce);
            return id is not null || (Refusals == refusals ? throw new InvalidOperationException("The node is gone.") : false);
        });
        return id!.Value;
    }

    public void Dispose() => _http.Dispose();

    private static ulong Id(JsonNode message) => ulong.Parse((string)message["id"]!, CultureInfo.InvariantCulture);

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        HttpRequestMessage request = new(method, $"{node.Url}/api/v10{path}");
        request.Headers.TryAddWithoutValidation("Authorization", token);
        return request;
    }
}
