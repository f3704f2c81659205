using System.Collections.Immutable;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>
/// Everything a guild owns, as one immutable value. The guild actor replaces it; channel actors, relays and REST reads use the value they
/// hold without asking. Records of <see cref="Payloads"/> are the state as well as the wire form, so nothing is mapped on the way out.
/// </summary>
public sealed record GuildState
{
    public static GuildState None { get; } = new() { Properties = new GuildProperties { Id = default, Name = "", OwnerId = default } };

    public required GuildProperties Properties { get; init; }
    public ImmutableDictionary<Snowflake, Role> Roles { get; init; } = ImmutableDictionary<Snowflake, Role>.Empty;
    public ImmutableDictionary<Snowflake, Channel> Channels { get; init; } = ImmutableDictionary<Snowflake, Channel>.Empty;
    public ImmutableDictionary<Snowflake, ThreadState> Threads { get; init; } = ImmutableDictionary<Snowflake, ThreadState>.Empty;
    public MemberMap Members { get; init; } = MemberMap.Empty;
    public ImmutableDictionary<Snowflake, Ban> Bans { get; init; } = ImmutableDictionary<Snowflake, Ban>.Empty;
    public ImmutableDictionary<string, InviteState> Invites { get; init; } = ImmutableDictionary<string, InviteState>.Empty;
    public ImmutableDictionary<Snowflake, Webhook> Webhooks { get; init; } = ImmutableDictionary<Snowflake, Webhook>.Empty;
    public ImmutableDictionary<Snowflake, Emoji> Emojis { get; init; } = ImmutableDictionary<Snowflake, Emoji>.Empty;
    public ImmutableDictionary<Snowflake, ApplicationCommand> Commands { get; init; } =
        ImmutableDictionary<Snowflake, ApplicationCommand>.Empty;

    /// <summary>By command id, or application id for all of an application's commands.</summary>
    public ImmutableDictionary<Snowflake, CommandPermissions> CommandPermissions { get; init; } =
        ImmutableDictionary<Snowflake, CommandPermissions>.Empty;

    /// <summary>Not journaled: a restart empties the voice channels.</summary>
    public ImmutableDictionary<Snowflake, VoiceState> VoiceStates { get; init; } = ImmutableDictionary<Snowflake, VoiceState>.Empty;

    public bool Deleted { get; init; }

    public Snowflake Id => Properties.Id;
    public bool Exists => Id.Value != 0 && !Deleted;
    public Role Everyone => Roles[Id];

    /// <summary>The channel or thread with this id.</summary>
    public Channel? FindChannel(Snowflake id) =>
        Channels.TryGetValue(id, out Channel? channel) ? channel : Threads.TryGetValue(id, out ThreadState? thread) ? thread.Channel : null;

    public IEnumerable<Role> RolesOf(Member member)
    {
        foreach (Snowflake id in member.Roles)
        {
            if (Roles.TryGetValue(id, out Role? role))
                yield return role;
        }
    }

    /// <summary>The member's highest role; @everyone when it has none.</summary>
    public RoleRank RankOf(Member member)
    {
        RoleRank highest = new(0, Id);
        foreach (Role role in RolesOf(member))
        {
            RoleRank rank = new(role.Position, role.Id);
            if (rank > highest)
                highest = rank;
        }
        return highest;
    }

    public bool IsOwner(Snowflake userId) => Properties.OwnerId == userId;

    /// <summary>Guild-level permissions; none for those who are no members.</summary>
    public Permissions PermissionsOf(Snowflake userId) =>
        Members.TryGet(userId, out Member? member) ? PermissionsOf(member) : Permissions.None;

    public Permissions PermissionsOf(Member member) => PermissionsOf(member.User!.Id, member.Roles);

    public Permissions PermissionsOf(Snowflake userId, IReadOnlyList<Snowflake> roles)
    {
        Span<Permissions> bits = roles.Count <= 64 ? stackalloc Permissions[roles.Count] : new Permissions[roles.Count];
        int count = 0;
        for (int i = 0; i < roles.Count; i++)
        {
            if (Roles.TryGetValue(roles[i], out Role? role))
                bits[count++] = role.Permissions;
        }
        return PermissionCalculator.InGuild(IsOwner(userId), Everyone.Permissions, bits[..count]);
    }

    /// <summary>Permissions in a channel or thread, with everything that is implied; none for those who are no members.</summary>
    public Permissions PermissionsIn(Channel channel, Snowflake userId, DateTimeOffset now) =>
        Members.TryGet(userId, out Member? member) ? PermissionsIn(channel, member, now) : Permissions.None;

    public Permissions PermissionsIn(Channel channel, Member member, DateTimeOffset now) =>
        PermissionsIn(channel, member.User!.Id, member.Roles, member.CommunicationDisabledUntil > now);

    public Permissions PermissionsIn(Channel channel, Snowflake userId, IReadOnlyList<Snowflake> roles, bool timedOut)
    {
        Permissions guild = PermissionsOf(userId, roles);
        ReadOnlySpan<Snowflake> held = roles as Snowflake[] ?? [.. roles];
        if (channel.ThreadMetadata is null)
            return PermissionCalculator.InChannel(guild, Id, userId, held, Overwrites(channel), channel.Type, timedOut);
        Channel? parent = channel.ParentId is { } id ? Channels.GetValueOrDefault(id) : null;
        bool inThread = Threads.TryGetValue(channel.Id, out ThreadState? thread) && thread.Members.ContainsKey(userId);
        return parent is null
            ? Permissions.None
            : PermissionCalculator.InThread(
                guild, Id, userId, held, Overwrites(parent), channel.Type == ChannelType.PrivateThread, inThread, timedOut);
    }

    private static ReadOnlySpan<Overwrite> Overwrites(Channel channel) =>
        channel.PermissionOverwrites is null ? [] : channel.PermissionOverwrites as Overwrite[] ?? [.. channel.PermissionOverwrites];
}

/// <summary>A thread with its members.</summary>
public sealed record ThreadState(Channel Channel)
{
    public ImmutableDictionary<Snowflake, ThreadMember> Members { get; init; } = ImmutableDictionary<Snowflake, ThreadMember>.Empty;

    /// <summary>With <c>member_count</c> as the members are; it stops at 50.</summary>
    internal ThreadState Counted()
    {
        int count = Math.Min(Members.Count, Limits.ThreadMemberCountShown);
        return Channel.MemberCount == count ? this : this with { Channel = Channel with { MemberCount = count } };
    }
}

public sealed record InviteState
{
    public required string Code { get; init; }
    public required Snowflake ChannelId { get; init; }
    public User? Inviter { get; init; }

    /// <summary>Seconds; 0 = for ever.</summary>
    public int MaxAge { get; init; }

    /// <summary>0 = no limit.</summary>
    public int MaxUses { get; init; }

    public int Uses { get; init; }
    public bool Temporary { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public int? TargetType { get; init; }
    public Snowflake? TargetUserId { get; init; }
    public Snowflake? TargetApplicationId { get; init; }

    /// <summary>Roles granted to those who join by it.</summary>
    public IReadOnlyList<Snowflake> RoleIds { get; init; } = [];

    public DateTimeOffset? ExpiresAt => MaxAge == 0 ? null : CreatedAt.AddSeconds(MaxAge);

    public bool IsValid(DateTimeOffset now) => (ExpiresAt is null || ExpiresAt > now) && (MaxUses == 0 || Uses < MaxUses);
}
