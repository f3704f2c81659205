using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Discord.Node.Tests.Rest.Messages;
using Discord.Storage.Files;

namespace Discord.Node.Tests.Cdn;

public sealed class AttachmentServingTests
{
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    [Fact]
    public async Task Attachment_is_served_by_its_signed_url_and_by_no_other()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string url = await UploadAsync(node, "sound.mp3");

        using (HttpResponseMessage served = await GetAsync(url))
        {
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            Assert.Equal(s_content, await served.Content.ReadAsByteArrayAsync());
            Assert.Equal("audio/mpeg", served.Content.Headers.ContentType?.ToString());
            Assert.Equal("nosniff", Assert.Single(served.Headers.GetValues("X-Content-Type-Options")));
        }
        string expired = Expired(node, url), forged = url[..^1] + (url[^1] == '0' ? '1' : '0');
        foreach (string wrong in (string[])[Bare(url), url.Replace("sound.mp3", "sound.html"), url.Replace("ex=", "ex=1"), forged, expired])
        {
            using HttpResponseMessage refused = await GetAsync(wrong);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Attachment_is_served_in_ranges()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string url = await UploadAsync(node, "film.mp4");

        using HttpResponseMessage part = await GetAsync(url, new RangeHeaderValue(10, 19));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(s_content[10..20], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal("bytes 10-19/1000", part.Content.Headers.ContentRange?.ToString());
        using HttpResponseMessage beyond = await GetAsync(url, new RangeHeaderValue(5000, 6000));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Theory]
    [InlineData("page.html")]
    [InlineData("page.svg")]
    [InlineData("page.xhtml")]
    [InlineData("page.js")]
    [InlineData("page.pdf")]
    [InlineData("page")]
    public async Task What_a_browser_would_run_is_only_downloaded(string name)
    {
        await using MessageNode node = await MessageNode.StartAsync();
        using HttpResponseMessage served = await GetAsync(await UploadAsync(node, name));
        Assert.Equal("attachment", served.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", Assert.Single(served.Headers.GetValues("X-Content-Type-Options")));
        Assert.StartsWith("sandbox", Assert.Single(served.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expired_urls_are_refreshed_and_forged_ones_are_not()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string url = await UploadAsync(node, "a.txt");
        string expired = Expired(node, url);
        string forged = expired.Replace("hm=", "hm=00");
        string[] sent = [expired, forged, Bare(url), "nonsense", "http://elsewhere/attachments/1/2/../../x"];
        JsonObject form = new() { ["attachment_urls"] = new JsonArray([.. sent.Select(u => (JsonNode)u)]) };

        (HttpStatusCode status, JsonNode? body) = await node.SendAsync(
            HttpMethod.Post, "/api/v10/attachments/refresh-urls", json: form.ToJsonString());

        Assert.True(status == HttpStatusCode.OK, body?.ToJsonString());
        JsonArray refreshed = body!["refreshed_urls"]!.AsArray();
        Assert.Equal(sent, refreshed.Select(r => (string?)r!["original"]));
        Assert.All(refreshed.Skip(1), r => Assert.Null(r!["refreshed"]));
        using HttpResponseMessage served = await GetAsync((string)refreshed[0]!["refreshed"]!);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Forward_keeps_its_files_when_the_original_is_deleted_with_its_own()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        JsonObject original = await UploadMessageAsync(node, "a.txt");
        JsonObject forward = await node.PostAsync(
            $$"""{"message_reference":{"type":1,"message_id":"{{original["id"]}}","channel_id":"{{node.ChannelId}}"} }""");

        await node.SendAsync(HttpMethod.Delete, $"{node.Messages}/{original["id"]}");

        await WaitForAsync((string)original["attachments"]![0]!["url"]!, HttpStatusCode.NotFound);
        using HttpResponseMessage kept = await GetAsync((string)forward["message_snapshots"]![0]!["message"]!["attachments"]![0]!["url"]!);
        Assert.Equal(s_content, await kept.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Files_of_a_channel_go_with_it()
    {
        await using MessageNode node = await MessageNode.StartAsync();
        string url = await UploadAsync(node, "a.txt");
        await node.SendAsync(HttpMethod.Delete, $"/api/v10/channels/{node.ChannelId}");
        await WaitForAsync(url, HttpStatusCode.NotFound);
    }

    private static async Task WaitForAsync(string url, HttpStatusCode status)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (true)
        {
            using HttpResponseMessage answer = await GetAsync(url);
            if (answer.StatusCode == status)
                return;
            Assert.False(limit.IsCancellationRequested, $"waited for {status}, saw {answer.StatusCode}");
        }
    }

    private static async Task<HttpResponseMessage> GetAsync(string url, RangeHeaderValue? range = null)
    {
        using HttpClient http = new();
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.Range = range;
        return await http.SendAsync(request);
    }

    private static string Bare(string url) => new Uri(url).GetLeftPart(UriPartial.Path);

    private static string Expired(MessageNode node, string url)
    {
        DateTimeOffset then = node.Domain.Time.GetUtcNow().AddDays(-2);
        return $"{Bare(url)}?{node.Domain.Storage.Urls.Sign(new Uri(url).AbsolutePath, then, UrlSigner.DefaultLifetime)}";
    }

    private static async Task<string> UploadAsync(MessageNode node, string name) =>
        (string)(await UploadMessageAsync(node, name))["attachments"]![0]!["url"]!;

    private static async Task<JsonObject> UploadMessageAsync(MessageNode node, string name)
    {
        using MultipartFormDataContent body = new() { { new ByteArrayContent(s_content), "files[0]", name } };
        (HttpStatusCode status, JsonNode? created) = await node.SendAsync(HttpMethod.Post, node.Messages, node.Bot, body);
        Assert.True(status == HttpStatusCode.OK, created?.ToJsonString());
        return created!.AsObject();
    }
}
