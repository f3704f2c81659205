using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discord.Node.Ops;

// What the operator's API answers. src/Pbm compiles this same file: both sides always agree.

/// <summary>The process and what it carries.</summary>
/// <param name="Version">Version of the node.</param>
/// <param name="State">starting, ready or stopping.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="System">Operating system and processor.</param>
/// <param name="ProcessId">Process id.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="UptimeSeconds">Seconds since then.</param>
/// <param name="Address">Where clients reach it.</param>
/// <param name="PublicUrl">What clients are told.</param>
/// <param name="OpsAddress">Where operators reach it.</param>
/// <param name="DataDirectory">Where it keeps its data.</param>
/// <param name="Processors">Processors it may use.</param>
/// <param name="CpuSeconds">Processor time it has used.</param>
/// <param name="WorkingSetBytes">Resident memory.</param>
/// <param name="HeapBytes">Memory of managed objects, garbage included.</param>
/// <param name="Threads">Threads of the pool.</param>
/// <param name="Actors">Living actors.</param>
/// <param name="LogLevel">Least level that is logged.</param>
public sealed record SystemInfo(
    string Version, string State, string Runtime, string System, int ProcessId, DateTimeOffset StartedAt, double UptimeSeconds, Uri Address,
    Uri PublicUrl, Uri OpsAddress, string DataDirectory, int Processors, double CpuSeconds, long WorkingSetBytes, long HeapBytes,
    int Threads, long Actors, string LogLevel);

/// <summary>How long the node has been running.</summary>
public sealed record Uptime(DateTimeOffset StartedAt, double UptimeSeconds, string State);

/// <summary>One actor. Children follow their parent; <paramref name="Depth"/> says how deep.</summary>
public sealed record ActorRow(string Path, string Class, int MailboxDepth, int Restarts, int Children, int Depth);

/// <summary>Part of the actor hierarchy, in pre-order.</summary>
/// <param name="Actors">The actors.</param>
/// <param name="Truncated">Whether there are more than were asked for.</param>
public sealed record ActorHierarchy(IReadOnlyList<ActorRow> Actors, bool Truncated);

/// <summary>One guild in a list.</summary>
public sealed record GuildRow(string Id, string Name, string OwnerId, int Members, int Channels);

/// <summary>A page of guilds by rising id; the next one begins after the last id.</summary>
public sealed record GuildList(IReadOnlyList<GuildRow> Guilds, bool More);

/// <summary>One channel of a guild.</summary>
public sealed record ChannelRow(string Id, string Name, int Type, string? ParentId);

/// <summary>One role of a guild.</summary>
public sealed record RoleRow(string Id, string Name, int Position, string Permissions);

/// <summary>One guild in full.</summary>
public sealed record GuildDetail(
    string Id, string Name, string OwnerId, DateTimeOffset CreatedAt, int Members, IReadOnlyList<ChannelRow> Channels,
    IReadOnlyList<RoleRow> Roles);

/// <summary>One gateway session.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Username">That user's name.</param>
/// <param name="Bot">Whether that is a bot.</param>
/// <param name="Connected">Whether a socket is attached; if not it waits for a resume.</param>
/// <param name="Shard">"0/1", or null when the client does not shard.</param>
/// <param name="Sequence">The last sequence number.</param>
/// <param name="Guilds">Guilds it sees.</param>
/// <param name="OpenedAt">When it identified.</param>
public sealed record SessionRow(
    string Id, string UserId, string Username, bool Bot, bool Connected, string? Shard, long Sequence, int Guilds, DateTimeOffset OpenedAt);

/// <summary>Sessions.</summary>
public sealed record SessionList(IReadOnlyList<SessionRow> Sessions, bool Truncated);

/// <summary>A session was ended.</summary>
public sealed record SessionKicked(string Id);

/// <summary>Asks for a user account.</summary>
public sealed record CreateUser(string? Username, string? Password);

/// <summary>A new user account. The token is shown this once.</summary>
public sealed record CreatedUser(string UserId, string Username, string Token);

/// <summary>Asks for an application with a bot. The owner is a username or a user id.</summary>
public sealed record CreateBot(string? Name, string? Owner);

/// <summary>A new bot. The token is shown this once.</summary>
public sealed record CreatedBot(string ApplicationId, string BotId, string Name, string OwnerId, string Token);

/// <summary>Asks for another log level, or answers with the one in force.</summary>
public sealed record LogLevelSetting(string? Level);

/// <summary>What a developer needs to begin: see <c>pbm dev seed</c>.</summary>
public sealed record DevSeed(string UserToken, string BotToken, string ApplicationId, string GuildId, string ChannelId);

/// <summary>Why a request of the operator failed: one sentence.</summary>
public sealed record OpsError(string Error);

/// <summary>Where a running node can be found: the file <c>node.json</c> in its data directory.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Address">Where clients reach it.</param>
/// <param name="Ops">Where operators reach it.</param>
/// <param name="TokenFile">The file with the operator's token.</param>
/// <param name="StartedAt">When it started.</param>
public sealed record RunningNode(int Pid, Uri Address, Uri Ops, string TokenFile, DateTimeOffset StartedAt);

/// <summary>The JSON of the operator's API: snake_case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SystemInfo))]
[JsonSerializable(typeof(Uptime))]
[JsonSerializable(typeof(ActorHierarchy))]
[JsonSerializable(typeof(GuildList))]
[JsonSerializable(typeof(GuildDetail))]
[JsonSerializable(typeof(SessionList))]
[JsonSerializable(typeof(SessionKicked))]
[JsonSerializable(typeof(CreateUser))]
[JsonSerializable(typeof(CreatedUser))]
[JsonSerializable(typeof(CreateBot))]
[JsonSerializable(typeof(CreatedBot))]
[JsonSerializable(typeof(LogLevelSetting))]
[JsonSerializable(typeof(DevSeed))]
[JsonSerializable(typeof(OpsError))]
[JsonSerializable(typeof(RunningNode))]
[JsonSerializable(typeof(CqlTarget))]
[JsonSerializable(typeof(StartMigration))]
[JsonSerializable(typeof(TryMigration))]
[JsonSerializable(typeof(MigrationTrial))]
[JsonSerializable(typeof(VerifyMigration))]
[JsonSerializable(typeof(CutoverMigration))]
[JsonSerializable(typeof(MigrationView))]
public sealed partial class OpsJson : JsonSerializerContext
{
    /// <summary>The context that both sides use. It leaves letters and signs readable: nothing of this is embedded in HTML.</summary>
    public static OpsJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
