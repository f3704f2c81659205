using System.Text.Json;
using Discord.Actors.Relays;
using Discord.Protocol;
using Discord.Protocol.Gateway;

namespace Discord.Actors.Sessions;

/// <summary>What a session is for its whole life, as IDENTIFY said. Immutable.</summary>
public sealed record SessionIdentity
{
    public required string SessionId { get; init; }
    public required Snowflake UserId { get; init; }

    /// <summary>Bots only.</summary>
    public Snowflake? ApplicationId { get; init; }

    public bool IsBot => ApplicationId is not null;
    public int ApiVersion { get; init; } = 10;

    /// <summary>
    /// What it hears of guilds. Users send no intents and hear everything but other people's memberships and presences, which they
    /// subscribe to.
    /// </summary>
    public GatewayIntents Intents { get; init; }

    public int LargeThreshold { get; init; } = 50;
    public int ShardId { get; init; }
    public int ShardCount { get; init; } = 1;
    public bool HasShard { get; init; }
    public UserCapabilities Capabilities { get; init; }
    public string? Platform { get; init; }

    /// <summary>Which log-in's token opened it (<see cref="Storage.TokenRow.SessionIdHash"/>); empty for bots.</summary>
    public string LogInHash { get; init; } = "";

    public JsonElement? Properties { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What a user's session hears of by default.</summary>
    public const GatewayIntents UserIntents = GatewayIntents.All & ~(GatewayIntents.GuildMembers | GatewayIntents.GuildPresences);

    /// <summary>Whether the guild belongs to this session's shard (the client's own sharding).</summary>
    public bool Owns(Snowflake guildId) => ShardCount <= 1 || (int)((guildId.Value >> 22) % (ulong)ShardCount) == ShardId;

    /// <summary>Private channels and everything else outside guilds go to shard 0.</summary>
    public bool OwnsPrivate => ShardId == 0;

    internal bool Wants(Relayed relayed) =>
        relayed.Intents == GatewayIntents.None || (Intents & relayed.Intents) != 0 || relayed.WithoutIntent == UserId;

    /// <summary>The event as this session may see it: without content where it lacks MESSAGE_CONTENT and is neither author nor
    /// mentioned.</summary>
    internal DispatchEvent Variant(Relayed relayed)
    {
        DispatchEvent full = relayed.Event;
        if (full.WithoutContent is null || (Intents & GatewayIntents.MessageContent) != 0)
            return full;
        foreach (Snowflake entitled in relayed.EntitledToContent)
        {
            if (entitled == UserId)
                return full;
        }
        return full.WithoutContent;
    }
}

/// <summary>What a user client says it understands; READY is written in the shapes these ask for. Unknown bits are ignored.</summary>
[Flags]
public enum UserCapabilities
{
    None = 0,
    LazyUserNotes = 1 << 0,
    NoAffineUserIds = 1 << 1,
    VersionedReadStates = 1 << 2,
    VersionedUserGuildSettings = 1 << 3,
    DedupeUserObjects = 1 << 4,
    PrioritizedReadyPayload = 1 << 5,
    MultipleGuildExperimentPopulations = 1 << 6,
    NonChannelReadStates = 1 << 7,
    AuthTokenRefresh = 1 << 8,
    UserSettingsProto = 1 << 9,
    ClientStateV2 = 1 << 10,
    PassiveGuildUpdate = 1 << 11,
    AutoCallConnect = 1 << 12,
    DebounceMessageReactions = 1 << 13,
    PassiveGuildUpdateV2 = 1 << 14,
    ChannelObfuscation = 1 << 15,
    AutoLobbyConnect = 1 << 16,
}

/// <summary>Limits of sessions.</summary>
public sealed class SessionOptions
{
    /// <summary>Dispatches kept for a resume. Default 2,048: a minute of a busy bot.</summary>
    public int MaxReplayEvents { get; set; } = 2048;

    /// <summary>Bytes of encoded events that a replay buffer may hold on to, shared bytes counted in full. Default 16 MiB.</summary>
    public long MaxReplayBytes { get; set; } = 16 << 20;

    /// <summary>How long a session without a connection can be resumed. Default 3 minutes.</summary>
    public TimeSpan ResumeWindow { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Sessions of one user account at a time (4015 beyond). Default 50.</summary>
    public int MaxSessionsPerUser { get; set; } = 50;

    /// <summary>Sessions of a node. Default 200,000; beyond it IDENTIFY is told to reconnect later.</summary>
    public int MaxSessions { get; set; } = 200_000;

    /// <summary>IDENTIFYs of a bot that may run at the same time in five seconds, keyed by <c>shard_id % max_concurrency</c>. Default
    /// 16.</summary>
    public int IdentifyConcurrency { get; set; } = 16;

    /// <summary>IDENTIFYs of a bot in a day. Default 2,000.</summary>
    public int IdentifiesPerDay { get; set; } = 2000;

    /// <summary>Guilds of one session (4011 for bots). Default 2,500.</summary>
    public int MaxGuildsPerSession { get; set; } = 2500;
}
