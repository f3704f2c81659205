using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Auth;

public sealed class AuthEndpointsTests(NodeKit node) : IClassFixture<NodeKit>
{
    private RestClient Anonymous => new(node, Snowflake.None, "", isBot: false);

    [Fact]
    public async Task Registered_account_logs_in_by_name_and_by_address_and_out()
    {
        JsonNode made = (await Anonymous.PostAsync("/auth/register", new
        {
            username = "Ada.Lovelace",
            email = "ada@example.org",
            password = "analytical engine",
            date_of_birth = "1990-12-10",
            consent = true,
            fingerprint = (string?)null,
        })).Expect(200);
        RestClient first = new(node, Snowflake.None, (string)made["token"]!, isBot: false);
        JsonNode me = (await first.GetAsync("/users/@me")).Expect(200);
        Assert.Equal(("ada.lovelace", "ada@example.org"), ((string?)me["username"], (string?)me["email"]));

        (await Anonymous.PostAsync("/auth/login", new { login = "ADA@example.org", password = "analytical engine" })).Expect(200);
        JsonNode login = (await Anonymous.PostAsync("/auth/login", new
        {
            login = "ada.lovelace",
            password = "analytical engine",
            undelete = false,
            captcha_key = (string?)null
        })).Expect(200);
        Assert.Equal((string?)me["id"], (string?)login["user_id"]);
        Assert.Equal("en-US", (string?)login["user_settings"]!["locale"]);
        RestClient second = new(node, Snowflake.Parse((string)me["id"]!), (string)login["token"]!, isBot: false);
        await using GatewayClient kept = await (await node.ConnectAsync(first)).IdentifyAsync();
        await using GatewayClient ended = await (await node.ConnectAsync(second)).IdentifyAsync();
        (await second.PostAsync("/auth/logout")).Expect204();
        Assert.Equal(4004, await ended.ClosedAsync());
        (await second.GetAsync("/users/@me")).ExpectError(401, 0);
        (await first.GetAsync("/users/@me")).Expect(200);
        Assert.Null(kept.CloseCode);
    }

    [Theory]
    [InlineData("nobody.here", "analytical engine")]
    [InlineData("nobody@example.org", "analytical engine")]
    public async Task Wrong_login_is_told_at_both_fields(string login, string password)
    {
        JsonNode error = (await Anonymous.PostAsync("/auth/login", new { login, password })).ExpectError(400, 50035, "login");
        Assert.Equal("INVALID_LOGIN", (string?)error["errors"]!["login"]!["_errors"]![0]!["code"]);
        Assert.Equal("INVALID_LOGIN", (string?)error["errors"]!["password"]!["_errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Wrong_password_is_refused()
    {
        RestClient user = await node.UserAsync();
        string name = (string)(await user.GetAsync("/users/@me")).Expect(200)["username"]!;
        (await Anonymous.PostAsync("/auth/login", new { login = name, password = "not it" })).ExpectError(400, 50035, "password");
    }

    [Theory]
    [InlineData("a", "long enough", null, "username")]
    [InlineData("two..dots", "long enough", null, "username")]
    [InlineData("sp ace", "long enough", null, "username")]
    [InlineData("good_name", "short", null, "password")]
    [InlineData("good_name", "long enough", "no address", "email")]
    public async Task Bad_registration_names_the_field(string username, string password, string? email, string field) =>
        (await Anonymous.PostAsync("/auth/register", new { username, password, email, consent = true })).ExpectError(400, 50035, field);

    [Fact]
    public async Task Taken_name_and_address_and_refused_terms_are_form_errors()
    {
        (await Anonymous.PostAsync("/auth/register", new
        {
            username = "taken.name",
            password = "long enough",
            email = "taken@example.org",
            consent = true
        })).Expect(200);
        (await Anonymous.PostAsync("/auth/register", new { username = "taken.name", password = "long enough", consent = true }))
            .ExpectError(400, 50035, "username");
        (await Anonymous.PostAsync("/auth/register", new
        {
            username = "other.name",
            password = "long enough",
            email = "TAKEN@example.org",
            consent = true
        })).ExpectError(400, 50035, "email");
        (await Anonymous.PostAsync("/auth/register", new { username = "other.name", password = "long enough", consent = false }))
            .ExpectError(400, 50035, "consent");
        (await Anonymous.PostAsync("/auth/register", new
        {
            username = "other.name",
            password = "long enough",
            consent = true,
            invite = "nothing"
        })).ExpectError(404, 10006);
        (await Anonymous.PostAsync("/auth/mfa/totp", new { ticket = "x", code = "000000" })).ExpectError(400, 60006);
    }
}
