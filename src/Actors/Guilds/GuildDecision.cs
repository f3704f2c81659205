using System.Text.Json.Serialization.Metadata;
using Discord.Actors.Encoders;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>
/// One command's decision in the making: the state it sees, the rights it asks for, and what it decides. Facts apply to <see cref="State"/>
/// at once, so that what follows sees them; the actor stores them, and only then anyone is told. When a decision throws, nothing of it
/// remains.
/// </summary>
public sealed class GuildDecision(GuildState before, Caller by, DateTimeOffset now, SnowflakeGenerator ids)
{
    private readonly List<DecidedFact> _facts = [];
    private readonly List<AuditLogEntry> _audit = [];
    private readonly List<Relayed> _extra = [];
    private readonly List<ILookupWrite> _lookups = [];
    private readonly List<Action<GuildHandle>> _afterwards = [];

    /// <summary>The guild before the command.</summary>
    public GuildState Before { get; } = before;

    /// <summary>The guild with the facts decided so far.</summary>
    public GuildState State { get; private set; } = before;

    public Caller By { get; } = by;
    public DateTimeOffset Now { get; } = now;

    internal IReadOnlyList<DecidedFact> Facts => _facts;
    internal IReadOnlyList<AuditLogEntry> AuditEntries => _audit;
    internal IReadOnlyList<Relayed> Extra => _extra;
    internal IReadOnlyList<ILookupWrite> Lookups => _lookups;
    internal IReadOnlyList<Action<GuildHandle>> Afterwards => _afterwards;

    public Snowflake NewId() => ids.Next();

    /// <summary>Adds a fact. A <paramref name="silent"/> one has no event of its own: clients conclude it from another.</summary>
    public void Put(GuildEvent fact, bool silent = false)
    {
        GuildState before = State;
        State = fact.Apply(before);
        _facts.Add(new DecidedFact(before, fact, State, silent));
    }

    /// <summary>Adds a row that is written with the facts.</summary>
    public void Write(ILookupWrite lookup) => _lookups.Add(lookup);

    /// <summary>Adds an event that does not follow from the facts.</summary>
    public void Tell<T>(EventName name, T payload, JsonTypeInfo<T> type, GatewayIntents intents, Audience audience) =>
        _extra.Add(new Relayed(Json.Event(name, payload, type), intents, audience) { State = State });

    /// <summary>Adds an event that does not follow from the facts.</summary>
    public void Tell(Relayed relayed) => _extra.Add(relayed);

    /// <summary>Runs once the facts are stored and told, in the guild actor's turn. Must not block or throw.</summary>
    public void Then(Action<GuildHandle> action) => _afterwards.Add(action);

    /// <summary>Adds an audit log entry by the caller, with its reason.</summary>
    public void Audit(
        AuditLogEvent action, Snowflake? target, IReadOnlyList<AuditLogChange>? changes = null,
        IReadOnlyDictionary<string, string>? options = null) =>
        _audit.Add(new AuditLogEntry
        {
            Id = NewId(),
            UserId = By.UserId,
            TargetId = target,
            ActionType = (int)action,
            Changes = changes is { Count: > 0 } ? changes : null,
            Options = options,
            Reason = By.Reason,
        });

    // Rights.

    /// <summary>The caller's guild-level permissions.</summary>
    public Permissions Held => By.System ? Permissions.All : State.PermissionsOf(By.UserId);

    /// <exception cref="ApiException">10004 when the caller is no member, 50013 when it lacks one of <paramref name="wanted"/>.</exception>
    public void Require(Permissions wanted)
    {
        if (By.System)
            return;
        if (!State.Members.TryGet(By.UserId, out Member? member))
            throw new ApiException(ApiError.MissingAccess);
        if (!State.PermissionsOf(member).Has(wanted) || (member.CommunicationDisabledUntil > Now && !IsExempt))
            throw new ApiException(ApiError.MissingPermissions);
    }

    /// <exception cref="ApiException">50001 when the caller cannot see the channel, 50013 when it lacks one of <paramref name="wanted"/>
    /// there.</exception>
    public void Require(Channel channel, Permissions wanted)
    {
        if (By.System)
            return;
        Permissions held = State.PermissionsIn(channel, By.UserId, Now);
        if (!held.Has(Permissions.ViewChannel))
            throw new ApiException(ApiError.MissingAccess);
        if (!held.Has(wanted))
            throw new ApiException(ApiError.MissingPermissions);
    }

    /// <summary>The caller acts on a role: it must rank below the caller's highest.</summary>
    public void RequireAbove(Role role)
    {
        if (!Outranks(new RoleRank(role.Position, role.Id)))
            throw new ApiException(ApiError.MissingPermissions);
    }

    /// <summary>The caller acts on a member: all its roles must rank below the caller's highest; nobody acts on the owner.</summary>
    public void RequireAbove(Member member)
    {
        if (By.System)
            return;
        if (State.IsOwner(member.User!.Id) || !Outranks(State.RankOf(member)))
            throw new ApiException(ApiError.MissingPermissions);
    }

    /// <summary>Nobody grants what he does not have.</summary>
    public void RequireMayGrant(Permissions bits)
    {
        if (!Held.Has(bits))
            throw new ApiException(ApiError.MissingPermissions);
    }

    public bool Outranks(RoleRank rank) =>
        By.System || State.IsOwner(By.UserId) || (State.Members.TryGet(By.UserId, out Member? caller) && State.RankOf(caller) > rank);

    private bool IsExempt => State.IsOwner(By.UserId) || Held.Has(Permissions.Administrator);

    // Look-ups that answer with the protocol's errors.

    public Channel Channel(Snowflake id) => State.FindChannel(id) ?? throw new ApiException(ApiError.UnknownChannel);

    public Role Role(Snowflake id) => State.Roles.GetValueOrDefault(id) ?? throw new ApiException(ApiError.UnknownRole);

    public Member Member(Snowflake userId) => State.Members[userId] ?? throw new ApiException(ApiError.UnknownMember);
}

/// <summary>A fact between the states it connects.</summary>
internal readonly record struct DecidedFact(GuildState Before, GuildEvent Fact, GuildState After, bool Silent);
