using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Discord.Node.Composition;
using Discord.Node.Rest;
using Discord.Node.Rest.Bodies;

namespace Discord.Node.Tests.Rest;

public sealed class BodyTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync(Routes, options => options.RateLimits.Enabled = false);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static void Routes(NodeParts parts)
    {
        parts.Routes.Post("/echo", async call => RestReply.Raw(Encoding.UTF8.GetBytes((await call.FormAsync()).Json.GetRawText())))
            .Auth(RestAuth.Public);
        parts.Routes.Put("/empty", async call => RestReply.Raw(JsonSerializer.SerializeToUtf8Bytes((await call.FormAsync()).IsEmpty)))
            .Auth(RestAuth.Public);
        parts.Routes.Post("/files", async call =>
        {
            var form = await call.FormAsync();
            var lines = new List<string> { form.Json.GetRawText() };
            foreach (var file in form.Files)
            {
                var bytes = await file.ReadAllAsync();
                using var again = new MemoryStream();
                await using (var stream = file.OpenRead())
                    await stream.CopyToAsync(again);
                Assert.Equal(bytes, again.ToArray());
                lines.Add($"{file.Field} {file.Index} {file.FileName} {file.ContentType} {file.Length} {bytes.Sum(b => (long)b)}");
            }
            return RestReply.Raw(JsonSerializer.SerializeToUtf8Bytes(lines));
        }).Auth(RestAuth.Public);
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, HttpContent? content, HttpMethod? method = null)
    {
        using var response = await _node.SendAsync(method ?? HttpMethod.Post, "/api/v10" + path, null, content);
        Assert.Equal("application/json", response.Content.Headers.GetValues("Content-Type").Single());
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static int Code(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("code").GetInt32();
    }

    private static StringContent Content(string text, string type)
    {
        var content = new StringContent(text);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON")]
    public async Task Json_is_read_with_or_without_charset(string type) =>
        Assert.Equal((HttpStatusCode.OK, """{"a":1}"""), await PostAsync("/echo", Content("""{"a":1}""", type)));

    [Fact]
    public async Task Body_absent_is_an_empty_object()
    {
        Assert.Equal((HttpStatusCode.OK, "{}"), await PostAsync("/echo", null));
        Assert.Equal((HttpStatusCode.OK, "true"), await PostAsync("/empty", null, HttpMethod.Put));
        Assert.Equal((HttpStatusCode.OK, "true"), await PostAsync("/empty", Content("", "application/json"), HttpMethod.Put));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"a\":}")]
    [InlineData("nonsense")]
    [InlineData("{\"a\":1} x")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    public async Task Json_malformed_answers_50109(string json)
    {
        var (status, body) = await PostAsync("/echo", Content(json, "application/json"));
        Assert.Equal((HttpStatusCode.BadRequest, 50109), (status, Code(body)));
    }

    [Fact]
    public async Task Json_that_is_not_utf8_answers_50109()
    {
        using ByteArrayContent content = new([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        var (status, body) = await PostAsync("/echo", content);
        Assert.Equal((HttpStatusCode.BadRequest, 50109), (status, Code(body)));
    }

    [Fact]
    public async Task Json_too_deep_answers_50109()
    {
        var (status, body) = await PostAsync("/echo", Content(new string('[', 10_000) + new string(']', 10_000), "application/json"));
        Assert.Equal((HttpStatusCode.BadRequest, 50109), (status, Code(body)));
    }

    [Fact]
    public async Task Json_of_many_tiny_tokens_answers_40005_before_it_is_parsed()
    {
        var (status, body) = await PostAsync(
            "/echo", Content("[" + string.Join(',', Enumerable.Repeat("1", BodyLimits.JsonTokens + 1)) + "]", "application/json"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 40005), (status, Code(body)));
    }

    [Fact]
    public async Task Json_too_large_answers_40005()
    {
        var (status, body) = await PostAsync("/echo", Content('"' + new string('x', BodyLimits.Json) + '"', "application/json"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 40005), (status, Code(body)));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/jsonp")]
    public async Task Content_type_other_answers_50035(string type)
    {
        var (status, body) = await PostAsync("/echo", Content("{}", type));
        Assert.Equal((HttpStatusCode.BadRequest, 50035), (status, Code(body)));
    }

    [Fact]
    public async Task Urlencoded_becomes_an_object_of_strings() => Assert.Equal(
        (HttpStatusCode.OK, """{"content":"a b","tts":"true","x":["1","2"]}"""),
        await PostAsync("/echo", Content("content=a+b&tts=true&x=1&x=2", "application/x-www-form-urlencoded")));

    [Fact]
    public async Task Multipart_carries_json_and_files_of_both_sizes()
    {
        var large = new byte[300_000];
        Array.Fill(large, (byte)1);
        using var form = new MultipartFormDataContent
        {
            { Content("""{"content":"hi"}""", "application/json"), "payload_json" },
            { new ByteArrayContent([1, 2, 3]), "files[0]", "small.bin" },
            { new ByteArrayContent(large) { Headers = { ContentType = new("image/png") } }, "files[7]", "../../etc/large.png" },
        };
        var (status, body) = await PostAsync("/files", form);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["""{"content":"hi"}""", "files[0] 0 small.bin  3 6", "files[7] 7 large.png image/png 300000 300000"],
            JsonSerializer.Deserialize<string[]>(body)!);
        Assert.Empty(Directory.GetFiles(Path.Combine(_node.DataDirectory, "tmp")));
    }

    [Fact]
    public async Task Multipart_without_payload_json_takes_plain_fields()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("hi"), "content" },
            { new ByteArrayContent([1]), "file", "a.txt" }
        };
        var (status, body) = await PostAsync("/files", form);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["""{"content":"hi"}""", "file  a.txt  1 1"], JsonSerializer.Deserialize<string[]>(body)!);
    }

    [Fact]
    public async Task File_above_its_limit_answers_40005_and_leaves_nothing()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[BodyLimits.File + 1]), "files[0]", "big" } };
        var (status, body) = await PostAsync("/files", form);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 40005), (status, Code(body)));
        Assert.Empty(Directory.GetFiles(Path.Combine(_node.DataDirectory, "tmp")));
    }

    [Fact]
    public async Task Request_above_its_limit_answers_40005()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i < 3; i++)
            form.Add(new ByteArrayContent(new byte[9 * 1024 * 1024]), $"files[{i}]", "part");
        var (status, body) = await PostAsync("/files", form);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 40005), (status, Code(body)));
    }

    [Fact]
    public async Task Files_above_their_number_answer_30015()
    {
        using var form = new MultipartFormDataContent();
        for (var i = 0; i <= BodyLimits.Files; i++)
            form.Add(new ByteArrayContent([1]), $"files[{i}]", "part");
        var (status, body) = await PostAsync("/files", form);
        Assert.Equal((HttpStatusCode.BadRequest, 30015), (status, Code(body)));
    }

    [Theory]
    [InlineData("multipart/form-data", "x")]
    [InlineData("multipart/form-data; boundary=b", "")]
    [InlineData("multipart/form-data; boundary=b", "no border at all")]
    [InlineData(
        "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a\"\r\n\r\ncut off")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\nno name\r\n--b--\r\n")]
    [InlineData(
        "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{broken\r\n--b--\r\n")]
    public async Task Multipart_broken_answers_400(string type, string text)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        // An empty body is no body, whatever its type.
        var (status, body) = await PostAsync("/files", content);
        if (text.Length == 0)
            Assert.Equal(HttpStatusCode.OK, status);
        else
            Assert.Equal((HttpStatusCode.BadRequest, true), (status, Code(body) is 50035 or 50109));
    }

    [Fact]
    public async Task Client_that_leaves_within_its_body_harms_nobody()
    {
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(_node.Host.Address.Host, _node.Host.Address.Port);
            await client.GetStream().WriteAsync(
                Encoding.ASCII.GetBytes(
                    "POST /api/v10/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{\"a\":"));
        }
        Assert.Equal((HttpStatusCode.OK, "{}"), await PostAsync("/echo", Content("{}", "application/json")));
    }

    [Fact]
    public async Task Body_that_trickles_is_cut_off_by_the_minimum_rate()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_node.Host.Address.Host, _node.Host.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /api/v10/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{\"a\":"));
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Chunked_body_is_read()
    {
        var raw = await RawHttp.SendAsync(_node.Host.Address,
            "POST /api/v10/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n");
        Assert.EndsWith("""{"a":1}""", raw, StringComparison.Ordinal);
    }
}
