using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Discord.Node.Ops;

namespace Discord.Pbm;

/// <summary>Talks to the operator's API. Every failure becomes one sentence.</summary>
internal sealed class OpsClient : IDisposable
{
    private readonly NodeLocation _node;
    private readonly HttpClient _http;

    public OpsClient(NodeLocation node)
    {
        _node = node;
        _http = new HttpClient { BaseAddress = new Uri(node.Address, "/ops/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", node.Token);
    }

    /// <summary>How long the node may take for an answer. Seeding hashes passwords and waits for the disk; all else is faster.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Asks and gives back the JSON text of the answer.</summary>
    public async Task<string> SendAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellation, TimeSpan? limit = null)
    {
        var time = limit ?? Patience;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(time);
        try
        {
            using var response = await OpenAsync(method, path, body, patience.Token);
            return await response.Content.ReadAsStringAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PbmException($"The node at {_node.Address} did not answer within {time.TotalSeconds:0} s.", ExitCode.Unreachable);
        }
    }

    /// <summary>Asks and gives back the lines of the answer as they come.</summary>
    public async IAsyncEnumerable<string> LinesAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await OpenAsync(HttpMethod.Get, path, null, cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await NextAsync(reader, cancellation) is { } line)
            yield return line;
    }

    /// <summary>A JSON body.</summary>
    public static HttpContent Body<T>(T value, JsonTypeInfo<T> type) =>
        new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type)) { Headers = { ContentType = new("application/json") } };

    public void Dispose() => _http.Dispose();

    // A node that stops ends the stream in whatever way; for the reader that is its end.
    private static async Task<string?> NextAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new PbmException($"No node answers at {_node.Address} ({_node.Found}): {e.Message}", ExitCode.Unreachable);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellation);
            var code = response.StatusCode == HttpStatusCode.Unauthorized ? ExitCode.Unreachable : ExitCode.Refused;
            throw new PbmException(Sentence(text) ?? $"The node at {_node.Address} answered {(int)response.StatusCode}.", code);
        }
    }

    private static string? Sentence(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, OpsJson.Wire.OpsError)?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
