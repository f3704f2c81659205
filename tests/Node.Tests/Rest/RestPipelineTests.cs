using System.Net;
using System.Text;
using System.Text.Json;
using Discord.Kernel.Persistence;
using Discord.Node.Composition;
using Discord.Node.Rest;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Tests.Rest;

public sealed class RestPipelineTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync(Routes);

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static void Routes(NodeParts parts)
    {
        var routes = parts.Routes;
        routes.Get("/channels/{channel_id}", call => Text($"channel {call.Id("channel_id")} v{call.ApiVersion}"));
        routes.Delete("/channels/{channel_id}", _ => new(RestReply.NoContent));
        routes.Get("/users/@me", call => Text($"me {call.Account.Id} {call.Account.Kind}"));
        routes.Get("/users/{user_id}", call => Text($"user {call.Id("user_id")}"));
        routes.Get("/users/@me/guilds", _ => Text("my guilds"));
        routes.Get("/users/{user_id}/profile", call => Text($"profile {call.Text("user_id")}"));
        routes.Get("/reactions/{emoji}", call => Text(call.Text("emoji")));
        routes.Get("/public", call => Text(call.AccountOrNull is null ? "nobody" : "somebody")).Auth(RestAuth.Public);
        routes.Get("/optional", call => Text(call.AccountOrNull is null ? "nobody" : "somebody")).Auth(RestAuth.Optional);
        routes.Get("/bots", _ => Text("bots")).Auth(RestAuth.Bot);
        routes.Get("/people", _ => Text("people")).Auth(RestAuth.User);
        routes.Get("/oauth2/@me", _ => Text("token")).Auth(RestAuth.Bearer, "identify");
        routes.Get("/oauth2/guilds", _ => Text("token")).Auth(RestAuth.Bearer, "guilds");
        routes.Get("/query", call => Text($"{call.Query.Int("limit")} {call.Query.Bool("with")}"));
        routes.Get("/reason", call => Text(call.AuditReason ?? "none"));
        routes.Get("/typed", _ => new(RestReply.Json(new List<VoiceRegion>(), PayloadJson.Wire.ListVoiceRegion, 202)));
        routes.Get("/crash", _ => throw new InvalidOperationException("secret detail"));
        routes.Get("/busy", _ => throw new OverloadedException("full", 3));
        routes.Get("/late", _ => throw new TimeoutException());
        routes.Get("/full", _ => throw new PersistenceFailedException("guild-1", new StorageException(StorageError.DiskFull, "full")));
        routes.Get("/said", _ => throw new ApiException(ApiError.ServiceUnavailable));
        routes.Get("/refused", _ => throw new ApiException(ApiError.UnknownChannel));
    }

    private static ValueTask<RestReply> Text(string text) => new(RestReply.Raw(JsonSerializer.SerializeToUtf8Bytes(text)));

    private static async Task<string> Read(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.GetValues("Content-Type").Single());
        return await response.Content.ReadAsStringAsync();
    }

    private async Task Expect(string path, HttpStatusCode status, string body, string? token = "Bot bot")
    {
        using var response = await _node.GetAsync(path, token);
        var text = await Read(response);
        Assert.Equal((status, body), (response.StatusCode, text));
    }

    [Theory]
    [InlineData("/api/v10/channels/41771983423143937", "v10")]
    [InlineData("/api/v9/channels/41771983423143937", "v9")]
    [InlineData("/api/channels/41771983423143937", "v9")]
    [InlineData("/api/v10/channels/41771983423143937/", "v10")]
    public Task Route_in_any_version_reaches_its_handler(string path, string version) =>
        Expect(path, HttpStatusCode.OK, $"\"channel 41771983423143937 {version}\"");

    [Theory]
    [InlineData("/api/v10/users/@me/guilds", "\"my guilds\"")]
    [InlineData("/api/v10/users/@me/profile", "\"profile @me\"")]
    [InlineData("/api/v10/users/1/profile", "\"profile 1\"")]
    public Task Literal_beside_parameter_wins_and_falls_back(string path, string body) => Expect(path, HttpStatusCode.OK, body);

    [Theory]
    [InlineData("/api/v10/nothing")]
    [InlineData("/api/v10")]
    [InlineData("/api")]
    [InlineData("/api/v10/")]
    [InlineData("/api/v10/channels")]
    [InlineData("/api/v10/channels/")]
    [InlineData("/api/v10//channels/1")]
    [InlineData("/api/v10/channels//1")]
    [InlineData("/api/v10/channels/1//")]
    [InlineData("/api/v10/channels/1/2/3/4/5/6/7/8/9/10")]
    [InlineData("/api/v10/CHANNELS/1")]
    public Task Path_unknown_answers_404_code_0(string path) =>
        Expect(path, HttpStatusCode.NotFound, """{"message":"404: Not Found","code":0}""");

    [Fact]
    public async Task Method_wrong_answers_405_code_0()
    {
        using var response = await _node.SendAsync(HttpMethod.Post, "/api/v10/channels/1");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("""{"message":"405: Method Not Allowed","code":0}""", await Read(response));
    }

    [Fact]
    public Task Version_not_served_answers_50041() =>
        Expect("/api/v7/users/@me", HttpStatusCode.BadRequest, """{"message":"Invalid API version","code":50041}""");

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task Id_not_a_snowflake_answers_50035(string id)
    {
        using var response = await _node.GetAsync($"/api/v10/channels/{id}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var json = JsonDocument.Parse(await Read(response));
        Assert.Equal(50035, json.RootElement.GetProperty("code").GetInt32());
        var error = json.RootElement.GetProperty("errors").GetProperty("channel_id").GetProperty("_errors")[0];
        Assert.Equal("NUMBER_TYPE_COERCE", error.GetProperty("code").GetString());
    }

    [Fact]
    public Task Text_parameter_is_decoded() =>
        Expect("/api/v10/reactions/%F0%9F%94%A5%2Fx", HttpStatusCode.OK, JsonSerializer.Serialize("🔥/x"));

    [Theory]
    [InlineData("/api/v10/channels/../users/@me")]
    [InlineData("/api/v10/channels/%2e%2e/users/@me")]
    public async Task Path_with_dots_is_normalised_by_the_server(string path)
    {
        var raw = await RawHttp.SendAsync(
            _node.Host.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bot bot\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", raw, StringComparison.Ordinal);
        Assert.EndsWith($"\"me {TestNode.BotId} Bot\"", raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("Bot wrong")]
    [InlineData("Bot user")]
    [InlineData("Bearer bearer")]
    [InlineData("Basic dXNlcg==")]
    [InlineData("Bot")]
    public Task Token_missing_or_wrong_answers_401_code_0(string? token) =>
        Expect("/api/v10/users/@me", HttpStatusCode.Unauthorized, """{"message":"401: Unauthorized","code":0}""", token);

    [Fact]
    public async Task Callers_of_a_route_are_told_apart()
    {
        await Expect("/api/v10/users/@me", HttpStatusCode.OK, $"\"me {TestNode.UserId} User\"", "user");
        await Expect("/api/v10/users/@me", HttpStatusCode.OK, $"\"me {TestNode.BotId} Bot\"", "bot bot");
        await Expect("/api/v10/bots", HttpStatusCode.Forbidden, """{"message":"Only bots can use this endpoint","code":20002}""", "user");
        await Expect("/api/v10/people", HttpStatusCode.Forbidden, """{"message":"Bots cannot use this endpoint","code":20001}""");
        await Expect("/api/v10/oauth2/@me", HttpStatusCode.OK, "\"token\"", "Bearer bearer");
        await Expect(
            "/api/v10/oauth2/guilds", HttpStatusCode.Forbidden,
            """{"message":"Missing required OAuth2 scope","code":50026}""", "Bearer bearer");
        await Expect("/api/v10/public", HttpStatusCode.OK, "\"nobody\"");
        await Expect("/api/v10/optional", HttpStatusCode.OK, "\"somebody\"");
        await Expect("/api/v10/optional", HttpStatusCode.OK, "\"nobody\"", "wrong");
    }

    [Fact]
    public async Task Handler_that_throws_answers_500_and_says_nothing_of_it()
    {
        using var response = await _node.GetAsync("/api/v10/crash");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("""{"message":"500: Internal Server Error","code":0}""", await Read(response));
        Assert.Equal(12, response.Headers.GetValues("X-Error-Id").Single().Length);
    }

    [Theory]
    [InlineData("/api/v10/busy", "3")]
    [InlineData("/api/v10/late", "1")]
    [InlineData("/api/v10/full", "1")]
    [InlineData("/api/v10/said", "1")]
    public async Task Fault_that_passes_answers_503_with_retry_after(string path, string retryAfter)
    {
        using var response = await _node.GetAsync(path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(retryAfter, response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("""{"message":"503: Service Unavailable","code":0}""", await Read(response));
    }

    [Fact]
    public Task Api_exception_answers_its_status_and_code() =>
        Expect("/api/v10/refused", HttpStatusCode.NotFound, """{"message":"Unknown Channel","code":10003}""");

    [Fact]
    public async Task No_content_has_neither_body_nor_type()
    {
        using var response = await _node.SendAsync(HttpMethod.Delete, "/api/v10/channels/1");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Null(response.Content.Headers.ContentType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public Task Typed_reply_is_encoded_with_its_status() => Expect("/api/v10/typed", HttpStatusCode.Accepted, "[]");

    [Fact]
    public Task Query_is_read() => Expect("/api/v10/query?limit=50&with=True", HttpStatusCode.OK, "\"50 True\"");

    [Theory]
    [InlineData("spam%20%F0%9F%94%A5", "spam 🔥")]
    [InlineData("%20", "none")]
    [InlineData("plain", "plain")]
    public async Task Audit_reason_is_url_decoded(string header, string expected)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v10/reason");
        request.Headers.TryAddWithoutValidation("Authorization", "Bot bot");
        request.Headers.TryAddWithoutValidation("X-Audit-Log-Reason", header);
        using var response = await _node.Client.SendAsync(request);
        Assert.Equal(expected, JsonSerializer.Deserialize<string>(await Read(response)));
    }

    [Fact]
    public async Task Audit_reason_in_bare_utf8_is_understood()
    {
        var raw = await RawHttp.SendAsync(_node.Host.Address,
            "GET /api/v10/reason HTTP/1.1\r\nHost: x\r\nAuthorization: Bot bot\r\nX-Audit-Log-Reason: grün\r\nConnection: close\r\n\r\n");
        Assert.EndsWith(JsonSerializer.Serialize("grün"), raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_reason_too_long_answers_50035()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v10/reason");
        request.Headers.TryAddWithoutValidation("Authorization", "Bot bot");
        request.Headers.TryAddWithoutValidation("X-Audit-Log-Reason", new string('x', 513));
        using var response = await _node.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("50035", await Read(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preflight_of_a_browser_is_answered_for_any_origin()
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v10/channels/1");
        request.Headers.Add("Origin", "https://client.example");
        request.Headers.Add("Access-Control-Request-Method", "PATCH");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,x-super-properties");
        using var response = await _node.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("https://client.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("PATCH", response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Equal("authorization,x-super-properties", string.Join(',', response.Headers.GetValues("Access-Control-Allow-Headers")));
    }

    [Fact]
    public async Task Error_to_a_browser_carries_cors_headers()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v10/nothing");
        request.Headers.Add("Origin", "https://client.example");
        using var response = await _node.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("https://client.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains(
            "X-RateLimit-Remaining",
            string.Join(',', response.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
    }
}
