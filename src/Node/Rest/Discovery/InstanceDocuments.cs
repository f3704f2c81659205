using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Node.Composition;
using Discord.Protocol;

namespace Discord.Node.Rest.Discovery;

/// <summary>
/// What this server tells clients that can be pointed at any server: its addresses, its limits, what registering asks for. The forms are
/// those of the Spacebar clients (<c>/.well-known/spacebar</c> in both versions, <c>/policies/instance/…</c>, <c>/ping</c>).
/// </summary>
internal static class InstanceDocuments
{
    private const string Name = "Discord.Akka", Description = "A self-hosted server that speaks the Discord API.";

    /// <summary>Version 2: everything in one document.</summary>
    public static byte[] WellKnownClient(NodeServices services) => Object(services, static (w, node) =>
    {
        w.WriteStartObject("api");
        w.WriteString("baseUrl", node.Domain.Options.PublicUrl);
        w.WriteStartObject("apiVersions");
        w.WriteString("default", "9");
        w.WriteStartArray("active");
        w.WriteStringValue("9");
        w.WriteStringValue("10");
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteStartObject("cdn");
        w.WriteString("baseUrl", node.Domain.Options.PublicUrl);
        w.WriteEndObject();
        w.WriteStartObject("gateway");
        w.WriteString("baseUrl", node.Domain.Options.GatewayUrl);
        w.WriteStartArray("encoding");
        w.WriteStringValue("json");
        w.WriteStringValue("etf");
        w.WriteEndArray();
        w.WriteStartArray("compression");
        w.WriteStringValue("zlib-stream");
        w.WriteStringValue("zstd-stream");
        w.WriteEndArray();
        w.WriteEndObject();
    });

    /// <summary>Version 1: where the API is; <see cref="Domains"/> has the rest.</summary>
    public static byte[] WellKnown(NodeServices services) =>
        Object(services, static (w, node) => w.WriteString("api", node.Domain.Options.PublicUrl + "/api"));

    public static byte[] Domains(NodeServices services) => Object(services, static (w, node) =>
    {
        w.WriteString("cdn", node.Domain.Options.PublicUrl);
        w.WriteString("gateway", node.Domain.Options.GatewayUrl);
        w.WriteString("defaultApiVersion", "9");
        w.WriteString("apiEndpoint", node.Domain.Options.PublicUrl + "/api");
        w.WriteString("api", node.Domain.Options.PublicUrl + "/api");
    });

    public static byte[] Instance(NodeServices services) => Object(services, static (w, node) =>
    {
        w.WriteString("instanceName", Name);
        w.WriteString("instanceDescription", Description);
        w.WriteNull("frontPage");
        w.WriteNull("tosPage");
        w.WriteNull("correspondenceEmail");
        w.WriteNull("correspondenceUserID");
        w.WriteNull("image");
        w.WriteNull("instanceId");
    });

    public static byte[] Ping(NodeServices services) => Object(services, static (w, node) =>
    {
        w.WriteString("ping", "pong! this is " + Name);
        w.WriteStartObject("instance");
        w.WriteString("id", Name);
        w.WriteString("name", Name);
        w.WriteString("description", Description);
        w.WriteNull("image");
        w.WriteNull("correspondenceEmail");
        w.WriteNull("correspondenceUserID");
        w.WriteNull("frontPage");
        w.WriteNull("tosPage");
        w.WriteEndObject();
    });

    /// <summary>Flat keys, as that route has them.</summary>
    public static byte[] Config(NodeServices services) => Object(services, static (w, node) =>
    {
        foreach ((string group, string key, int value) in Limited)
            w.WriteNumber($"limits_{group}_{key}", value);
        w.WriteBoolean("register_allowNewRegistration", true);
        w.WriteBoolean("register_allowGuests", false);
        w.WriteBoolean("register_allowMultipleAccounts", true);
        w.WriteBoolean("register_requireInvite", false);
        w.WriteBoolean("register_requireCaptcha", false);
        w.WriteBoolean("register_email_required", false);
        w.WriteBoolean("register_dateOfBirth_required", false);
        w.WriteBoolean("register_password_required", true);
        w.WriteNumber("register_password_minLength", Auth.AccountForms.PasswordMin);
        w.WriteBoolean("register_disabled", false);
    });

    public static byte[] Limits(NodeServices services) => Object(services, static (w, node) =>
    {
        foreach (IGrouping<string, (string Group, string Key, int Value)> group in Limited.GroupBy(l => l.Group))
        {
            w.WriteStartObject(group.Key);
            foreach ((string _, string key, int value) in group)
                w.WriteNumber(key, value);
            w.WriteEndObject();
        }
    });

    /// <summary>What is in memory: sessions, guilds that are in use, and their members. Numbers of the whole server cost a walk through the
    /// store.</summary>
    public static byte[] Stats(NodeServices services) => Object(services, static (w, node) =>
    {
        int guilds = 0, members = 0;
        foreach (GuildHandle guild in node.Domain.Guilds.Loaded)
        {
            guilds++;
            members += guild.State.Members.Count;
        }
        w.WriteStartObject("counts");
        w.WriteNumber("user", node.Domain.Sessions.Count);
        w.WriteNumber("guild", guilds);
        w.WriteNumber("message", 0);
        w.WriteNumber("members", members);
        w.WriteEndObject();
    });

    private static readonly (string Group, string Key, int Value)[] Limited =
    [
        ("user", "maxGuilds", Protocol.Limits.UserGuilds), ("user", "maxUsername", Protocol.Limits.Username), ("user", "maxFriends", 1000),
        ("user", "maxBio", 190),
        ("guild", "maxRoles", Protocol.Limits.GuildRoles), ("guild", "maxEmojis", Protocol.Limits.GuildEmojis),
        ("guild", "maxMembers", 1_000_000), ("guild", "maxChannels", Protocol.Limits.GuildChannels),
        ("guild", "maxBulkBanUsers", Protocol.Limits.BulkBanUsers),
        ("message", "maxCharacters", Protocol.Limits.MessageContent), ("message", "maxTTSCharacters", Protocol.Limits.MessageContent),
        ("message", "maxReactions", Protocol.Limits.ReactionEmojis), ("message", "maxAttachmentSize", Protocol.Limits.AttachmentBytes),
        ("message", "maxBulkDelete", Protocol.Limits.BulkDeleteMax), ("message", "maxEmbedDownloadSize", 0),
        ("channel", "maxPins", Protocol.Limits.Pins), ("channel", "maxTopic", Protocol.Limits.ChannelTopic),
        ("channel", "maxWebhooks", Protocol.Limits.ChannelWebhooks),
    ];

    private static byte[] Object(NodeServices services, Action<Utf8JsonWriter, NodeServices> write) =>
        Json.Encode((services, write), static (w, s) =>
        {
            w.WriteStartObject();
            s.write(w, s.services);
            w.WriteEndObject();
        });
}
