using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Hostile;

/// <summary>At the loudest level the log says what happened, and neither with which token nor what was written.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task Log_at_trace_has_no_token_no_password_and_no_content()
    {
        StringWriter log = new();
        List<string> secrets = [];
        NodeKit node = await NodeKit.StartAsync(
            options => options.Telemetry.LogLevel = LogLevel.Trace, parts => parts.LogOutput = TextWriter.Synchronized(log));
        await using (node)
        {
            SeededGuild guild = await node.SeedAsync();
            secrets.AddRange([guild.Owner.Token, guild.Bot.Token]);
            string channel = $"/channels/{guild.ChannelId}";
            await guild.Owner.PostAsync(channel + "/messages", new { content = Secret("message"), nonce = "n" });
            await guild.Owner.PostAsync(channel + "/messages", $$"""{"content":"{{Secret("broken")}}""");
            await guild.Owner.PostAsync(channel + "/messages",
                new { content = new string('x', 5_000) + Secret("long"), embeds = Secret("embeds") });
            var webhook = (await guild.Owner.PostAsync(channel + "/webhooks", new { name = Secret("hook") })).Expect(200);
            string hook = $"/webhooks/{webhook["id"]}/{webhook["token"]}";
            secrets.Add((string)webhook["token"]!);
            await guild.Owner.PostAsync(hook, new { content = Secret("hooked") }, reason: Secret("reason"));
            await guild.Owner.GetAsync(hook + "x");
            await guild.Owner.GetAsync($"/no/such/{Secret("path")}?q={Secret("query")}");
            await guild.Owner.GetAsync($"/guilds/{guild.Id}/members/search?query={Secret("search")}");
            await guild.Owner.PostAsync($"/interactions/1/{Secret("interaction")}/callback", new { type = 4 });
            await guild.Owner.PostAsync("/auth/register",
                new { username = "a_name_of_mine", password = Secret("password"), email = $"{Secret("mail")}@x.org" });
            await guild.Owner.PostAsync("/auth/login", new { login = Secret("login"), password = Secret("wrong") });
            await new RestClient(node, guild.Bot.Id, Secret("token"), isBot: true).GetAsync("/users/@me");
            const string head = "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
            await RawHttp.SendAsync(node.Host.Address, $"GET {hook}\u0001{Secret("raw")} {head}\r\n");
            await RawHttp.SendAsync(node.Host.Address, $"GET /api/v10{hook} {head}X-{Secret("header")} : 1\r\n\r\n");
            using HttpResponseMessage unknown = await node.Http.GetAsync(new Uri(node.Host.Address,
                $"/{Secret("outside")}?{Secret("outsidequery")}"));

            await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
            object[] activities = [new { name = Secret("activity"), type = 0 }];
            await bot.SendAsync(3, new { status = "online", since = 0, afk = false, activities });
            await bot.SendAsync(8, new { guild_id = guild.Id.ToString(), query = Secret("memberquery"), limit = 1 });
            await bot.NextAsync("GUILD_MEMBERS_CHUNK");
            await bot.SendAsync(99, new { x = Secret("opcode") });
            await bot.ClosedAsync();
            await using GatewayClient wrong = await node.ConnectAsync(guild.Bot, $"?v=10&encoding=json&x={Secret("gatewayquery")}");
            await wrong.SendAsync(2, new { token = Secret("identify"), intents = 0, properties = new { os = Secret("properties") } });
            await wrong.ClosedAsync();
        }
        string text = log.ToString();
        Assert.Contains("[1000]", text);
        Assert.All(secrets, secret => Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase),
            $"The log has {secret}:\n{Around(text, secret)}"));

        string Secret(string what)
        {
            string secret = $"s3cr3t{what}";
            secrets.Add(secret);
            return secret;
        }
    }

    private static string Around(string text, string secret)
    {
        int at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
        return text[Math.Max(0, at - 300)..Math.Min(text.Length, at + 100)];
    }
}
