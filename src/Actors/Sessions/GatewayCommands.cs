using System.Text.Json;
using Discord.Protocol;

namespace Discord.Actors.Sessions;

/// <summary>A decoded frame of a client, sent to its session. Ids and sizes are checked by the decoder, rights are not.</summary>
public abstract record GatewayCommand;

/// <summary>Op 2. <see cref="Token"/> has no <c>Bot </c> prefix any more. <see cref="Intents"/> is null for users that send none
/// (everything).</summary>
public sealed record IdentifyCommand(string Token) : GatewayCommand
{
    public int ApiVersion { get; init; } = 10;
    public long? Intents { get; init; }

    /// <summary>50 to 250; null when absent (50 for bots, 250 for users).</summary>
    public int? LargeThreshold { get; init; }

    public int ShardId { get; init; }
    public int ShardCount { get; init; } = 1;

    /// <summary>Whether <c>shard</c> was sent; READY repeats it only then.</summary>
    public bool HasShard { get; init; }

    public PresenceCommand? Presence { get; init; }

    /// <summary>User clients' capability bits; 0 when absent.</summary>
    public int Capabilities { get; init; }

    /// <summary>Free-form; a copy that outlives the frame.</summary>
    public JsonElement? Properties { get; init; }

    public JsonElement? ClientState { get; init; }
}

/// <summary>Op 6.</summary>
public sealed record ResumeCommand(string Token, string SessionId, int Seq) : GatewayCommand;

/// <summary>Op 3, and the <c>presence</c> of IDENTIFY. <see cref="Activities"/> is a JSON array (a copy), or null.</summary>
public sealed record PresenceCommand(string Status, long? Since, bool Afk, JsonElement? Activities) : GatewayCommand;

/// <summary>Op 4. A null <see cref="ChannelId"/> leaves; a null <see cref="GuildId"/> is a private call.</summary>
public sealed record VoiceStateCommand(
    Snowflake? GuildId, Snowflake? ChannelId, bool SelfMute, bool SelfDeaf, bool SelfVideo) : GatewayCommand;

/// <summary>
/// Op 8. Either <see cref="Query"/> with <see cref="Limit"/> or <see cref="UserIds"/> (at most 100). <see cref="Nonce"/> is null when
/// absent or longer than 32 bytes. Users may name several guilds.
/// </summary>
public sealed record RequestMembersCommand(IReadOnlyList<Snowflake> GuildIds) : GatewayCommand
{
    public string? Query { get; init; }
    public int Limit { get; init; }
    public IReadOnlyList<Snowflake>? UserIds { get; init; }
    public bool Presences { get; init; }
    public string? Nonce { get; init; }
}

/// <summary>An opcode that is known but not served yet (14, 31, 34–41, 43 …): accepted in silence, as user clients expect.</summary>
public sealed record IgnoredCommand(int Opcode) : GatewayCommand;
