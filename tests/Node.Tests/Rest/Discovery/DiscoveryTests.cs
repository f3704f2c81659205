using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Discovery;

/// <summary>What clients ask before they have an account.</summary>
public sealed class DiscoveryTests(NodeKit node) : IClassFixture<NodeKit>
{
    private RestClient Anonymous => new(node, Snowflake.None, "", isBot: false);

    [Theory]
    [InlineData("")]
    [InlineData("/api/v9")]
    [InlineData("/api")]
    public async Task Instance_documents_lie_at_the_root_and_below_the_api(string prefix)
    {
        string origin = node.Host.Address.ToString().TrimEnd('/');
        Assert.Equal(origin + "/api", (string?)(await ReadAsync(prefix + "/.well-known/spacebar"))["api"]);
        JsonNode client = await ReadAsync(prefix + "/.well-known/spacebar/client");
        Assert.Equal((origin, origin), ((string?)client["api"]!["baseUrl"], (string?)client["cdn"]!["baseUrl"]));
        Assert.StartsWith("ws://", (string)client["gateway"]!["baseUrl"]!);
        Assert.Equal("9", (string?)client["api"]!["apiVersions"]!["default"]);
        JsonNode domains = await ReadAsync(prefix + "/policies/instance/domains");
        Assert.Equal(
            (origin + "/api", origin, "9"),
            ((string?)domains["apiEndpoint"], (string?)domains["cdn"], (string?)domains["defaultApiVersion"]));
        Assert.NotNull((await ReadAsync(prefix + "/ping"))["instance"]!["name"]);
        Assert.NotNull((await ReadAsync(prefix + "/policies/instance"))["instanceName"]);
        JsonNode config = await ReadAsync(prefix + "/policies/instance/config");
        Assert.Equal(2000, (int)config["limits_message_maxCharacters"]!);
        Assert.Equal(8, (int)config["register_password_minLength"]!);
        Assert.Equal(2000, (int)(await ReadAsync(prefix + "/policies/instance/limits"))["message"]!["maxCharacters"]!);
        Assert.NotNull((await ReadAsync(prefix + "/policies/stats"))["counts"]!["guild"]);
    }

    [Fact]
    public async Task Browsers_of_any_origin_may_read_the_root_documents()
    {
        using HttpRequestMessage request = new(HttpMethod.Options, new Uri(node.Host.Address, "/.well-known/spacebar/client"));
        request.Headers.Add("Origin", "https://client.example");
        using HttpResponseMessage response = await node.Http.SendAsync(request);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("https://client.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Start_up_routes_answer_without_an_account()
    {
        JsonNode experiments = (await Anonymous.GetAsync("/experiments")).Expect(200);
        Assert.Empty(experiments["assignments"]!.AsArray());
        Assert.Empty(experiments["guild_experiments"]!.AsArray());
        Assert.NotNull(experiments["fingerprint"]);
        Assert.Null((await (await node.UserAsync()).GetAsync("/experiments")).Expect(200)["fingerprint"]);
        Assert.Empty((await Anonymous.GetAsync("/apex/experiments?surface=2")).Expect(200)["assignments"]!.AsArray());
        Assert.NotNull((await Anonymous.PostAsync("/auth/fingerprint", new { })).Expect(200)["fingerprint"]);
        Assert.False((bool)(await Anonymous.GetAsync("/auth/location-metadata")).Expect(200)["consent_required"]!);
        (await Anonymous.PostAsync("/science", new { events = Array.Empty<int>() })).Expect204();
        (await Anonymous.PostAsync("/track", new { })).Expect204();
    }

    private async Task<JsonNode> ReadAsync(string path)
    {
        using HttpResponseMessage response = await node.Http.GetAsync(new Uri(node.Host.Address, path));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
