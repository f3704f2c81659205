using System.Text;
using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;
using Discord.Node.Tests.Rest.Guilds;

namespace Discord.Node.Tests.OpenApi;

/// <summary>Messages with all that they may carry, reactions, pins.</summary>
internal static class MessageCalls
{
    public static async Task RunAsync(ContractRun run)
    {
        SeededGuild guild = await run.Node.SeedAsync();
        await using GatewayClient heard = await (await run.Node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string channel = $"/channels/{guild.ChannelId}", messages = $"{channel}/messages";
        string plain = await run.CreateAsync(guild.Owner, messages, new { content = $"<@{guild.Bot.Id}> <@&{guild.Id}>", nonce = "once" });
        run.Event("MESSAGE_CREATE", await heard.NextAsync("MESSAGE_CREATE"), "MessageResponse");
        await run.PostAsync(guild.Bot, messages, new { content = "rich", embeds = new[] { Embed() }, components = Rows(), tts = true });
        await run.PostAsync(guild.Bot, messages, new { flags = 1 << 15, components = Layout() });
        using (MultipartFormDataContent upload = Upload("""{"content":"file","attachments":[{"id":0,"description":"a picture"}]}"""))
            await run.PostAsync(guild.Bot, messages, upload);
        string shown = """
            {"flags":32768,"components":[{"type":13,"file":{"url":"attachment://dot.png"}},
            {"type":12,"items":[{"media":{"url":"attachment://dot.png"}}]}]}
            """;
        using (MultipartFormDataContent upload = Upload(shown))
        {
            JsonNode file = (await run.PostAsync(guild.Bot, messages, upload))["components"]![0]!;
            Assert.Equal(("dot.png", 1), ((string?)file["name"], (int?)file["file"]!["width"]));
        }
        JsonNode reply = await run.PostAsync(guild.Bot, messages, new { content = "re", message_reference = new { message_id = plain } });
        JsonNode told = run.Event("MESSAGE_CREATE", await heard.NextAsync("MESSAGE_CREATE", e => (int)e["type"]! == 19), "MessageResponse");
        Assert.Equal(plain, (string?)told["referenced_message"]!["id"]);
        await run.PostAsync(guild.Bot, messages, new
        {
            message_reference = new { type = 1, message_id = plain, channel_id = guild.ChannelId.ToString() },
        });
        string id = (string)reply["id"]!;
        await run.PatchAsync(guild.Bot, $"{messages}/{id}", new { content = "edited" });
        run.Event("MESSAGE_UPDATE", await heard.NextAsync("MESSAGE_UPDATE"), "MessageResponse");
        await run.GetAsync(guild.Bot, $"{messages}/{id}");
        await ReactionsAsync(run, guild, heard, $"{messages}/{id}");
        await PinsAsync(run, guild, heard, plain);
        await run.DeleteAsync(guild.Bot, $"{messages}/{plain}");
        await run.GetAsync(guild.Bot, $"{messages}?limit=100");
        string[] two =
        [
            await run.CreateAsync(guild.Bot, messages, new { content = "1" }),
            await run.CreateAsync(guild.Bot, messages, new { content = "2" }),
        ];
        await run.PostAsync(guild.Bot, $"{messages}/bulk-delete", new { messages = two }, 204);
    }

    private static async Task ReactionsAsync(ContractRun run, SeededGuild guild, GatewayClient heard, string message)
    {
        string emoji = await run.CreateAsync(guild.Bot, $"/guilds/{guild.Id}/emojis", new { name = "blob", image = Pictures.Gif }, 201);
        string thumb = $"{message}/reactions/%F0%9F%91%8D", blob = $"{message}/reactions/blob:{emoji}";
        await run.PutAsync(guild.Bot, $"{thumb}/@me");
        await heard.NextAsync("MESSAGE_REACTION_ADD");
        await run.PutAsync(guild.Owner, $"{thumb}/@me");
        await run.PutAsync(guild.Bot, $"{blob}/@me");
        await run.GetAsync(guild.Bot, thumb);
        await run.GetAsync(guild.Bot, message);
        await run.DeleteAsync(guild.Bot, $"{thumb}/@me");
        await run.DeleteAsync(guild.Bot, $"{thumb}/{guild.Owner.Id}");
        await run.DeleteAsync(guild.Bot, blob);
        await run.DeleteAsync(guild.Bot, $"{message}/reactions");
    }

    private static async Task PinsAsync(ContractRun run, SeededGuild guild, GatewayClient heard, string message)
    {
        string channel = $"/channels/{guild.ChannelId}";
        await run.PutAsync(guild.Bot, $"{channel}/messages/pins/{message}");
        run.Event("MESSAGE_CREATE", await heard.NextAsync("MESSAGE_CREATE", e => (int)e["type"]! == 6), "MessageResponse");
        await run.GetAsync(guild.Bot, $"{channel}/messages/pins");
        await run.DeleteAsync(guild.Bot, $"{channel}/messages/pins/{message}");
        await run.PutAsync(guild.Bot, $"{channel}/pins/{message}");
        await run.GetAsync(guild.Bot, $"{channel}/pins");
        await run.DeleteAsync(guild.Bot, $"{channel}/pins/{message}");
    }

    /// <summary>A picture beside <paramref name="payload"/>.</summary>
    public static MultipartFormDataContent Upload(string payload) => new()
    {
        { new StringContent(payload, Encoding.UTF8, "application/json"), "payload_json" },
        { new ByteArrayContent(Convert.FromBase64String(Pictures.Png.Split(',')[1])), "files[0]", "dot.png" },
    };

    /// <summary>An embed with every part that one may have.</summary>
    public static object Embed() => new
    {
        title = "title",
        description = "description",
        url = "https://example.org",
        timestamp = "2026-01-02T03:04:05Z",
        color = 0xff0000,
        footer = new { text = "footer", icon_url = "https://example.org/f.png" },
        image = new { url = "https://example.org/i.png" },
        thumbnail = new { url = "https://example.org/t.png" },
        author = new { name = "author", url = "https://example.org", icon_url = "https://example.org/a.png" },
        fields = new[] { new { name = "n", value = "v", inline = true }, new { name = "n2", value = "v2", inline = false } },
    };

    /// <summary>Buttons and every kind of select.</summary>
    public static object[] Rows() =>
    [
        Row(
            new { type = 2, style = 1, custom_id = "b", label = "press" },
            new { type = 2, style = 5, url = "https://example.org", label = "go" },
            new { type = 2, style = 4, custom_id = "d", emoji = new { name = "\U0001F525" }, disabled = true }),
        Row(new
        {
            type = 3,
            custom_id = "s",
            placeholder = "p",
            min_values = 0,
            max_values = 1,
            options = new[] { new { label = "l", value = "v", @default = true } },
        }),
        Row(new { type = 5, custom_id = "u" }),
        Row(new { type = 6, custom_id = "r" }),
        Row(new { type = 8, custom_id = "c", channel_types = new[] { 0 } }),
    ];

    /// <summary>Every component of the newer kind.</summary>
    public static object[] Layout() =>
    [
        new { type = 10, content = "text" },
        new { type = 14, divider = true, spacing = 2 },
        new
        {
            type = 9,
            components = new[] { new { type = 10, content = "section" } },
            accessory = new { type = 11, media = new { url = "https://example.org/t.png" }, description = "d" },
        },
        new { type = 12, items = new[] { new { media = new { url = "https://example.org/i.png" }, spoiler = true } } },
        new
        {
            type = 17,
            accent_color = 255,
            components = new[] { new { type = 10, content = "inner" }, Row(new { type = 2, style = 2, custom_id = "x", label = "x" }) },
        },
    ];

    private static object Row(params object[] components) => new { type = 1, components };
}
