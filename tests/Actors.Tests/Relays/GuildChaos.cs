using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Bans;
using Discord.Actors.Guilds.Channels;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Guilds.Roles;
using Discord.Actors.Guilds.Settings;
using Discord.Actors.Guilds.Threads;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Relays;

/// <summary>Random changes of a guild: all kinds that decide who sees what. Some are refused by the guild's rules.</summary>
internal sealed class GuildChaos
{
    private static readonly Permissions[] s_bits =
    [
        Permissions.ViewChannel, Permissions.ManageChannels, Permissions.ManageThreads, Permissions.BanMembers, Permissions.ViewAuditLog,
    ];

    private readonly SnowflakeGenerator _ids;

    public GuildChaos(int seed, SnowflakeGenerator ids)
    {
        _ids = ids;
        Random = new Random(seed);
        Users =
        [
            .. Enumerable.Range(0, 9).Select(i => new User { Id = ids.Next(), Username = $"user-{i}", Bot = i % 3 == 2 ? true : null }),
        ];
    }

    public Random Random { get; }

    /// <summary>The first one makes the guild.</summary>
    public User[] Users { get; }

    public GuildCommand Next(GuildState state) => (Random.Next(24) switch
    {
        0 or 1 or 2 => (GuildCommand)new AdmitMember(Any(Users)),
        3 => Random.Next(3) switch
        {
            0 => new LeaveGuild { By = new Caller(AnyMember(state)) },
            1 when AnyMember(state) is var member && !state.IsOwner(member) => new KickMember(member),
            _ => new BanUser(Any(Users)),
        },
        4 => state.Bans.Count > 0 ? new UnbanUser(Any([.. state.Bans.Keys])) : new AdmitMember(Any(Users)),
        5 => new CreateRole(_ids.Next(), new RoleChanges { Permissions = Bits(2) }),
        6 => new ModifyRole(AnyRole(state), new RoleChanges { Permissions = Random.Next(8) == 0 ? Permissions.Administrator : Bits(2) }),
        7 => Random.Next(3) == 0
            ? new DeleteRole(AnyRole(state))
            : new MoveRoles(new Dictionary<Snowflake, int> { [AnyRole(state)] = Random.Next(4) }),
        8 or 9 or 10 => new AssignRole(AnyMember(state), AnyRole(state), Random.Next(3) > 0),
        11 or 12 => new PutOverwrite(AnyChannel(state), AnyRole(state), OverwriteType.Role, Bits(3), Bits(2)),
        13 or 14 => new PutOverwrite(AnyChannel(state), AnyMember(state), OverwriteType.Member, Bits(2), Bits(3)),
        15 => RemoveOverwrite(state),
        16 => state.Channels.Count > 9 ? new DeleteChannel(AnyChannel(state)) : NewChannel(state),
        17 => new MoveChannels([new ChannelMove(AnyChannel(state), Random.Next(5), Maybe(AnyCategory(state)), Random.Next(2) == 0)]),
        18 => Random.Next(4) == 0
            ? new ModifyGuild(new GuildChanges { OwnerId = AnyMember(state) })
            : new ModifyMember(AnyMember(state), new MemberChanges
            {
                CommunicationDisabledUntil = Random.Next(2) == 0 ? DateTimeOffset.UtcNow.AddDays(1) : Optional<DateTimeOffset>.Null,
            }),
        19 or 20 => new StartThread(_ids.Next(), AnyChannel(state), "thread")
        {
            Type = Random.Next(2) == 0 ? ChannelType.PublicThread : ChannelType.PrivateThread,
            By = new Caller(AnyMember(state)) { System = true },
        },
        21 => new AddThreadMember(AnyThread(state), AnyMember(state)),
        22 => new RemoveThreadMember(AnyThread(state), AnyMember(state)),
        _ => Random.Next(4) == 0
            ? new DeleteThread(AnyThread(state))
            : new ModifyThread(AnyThread(state)) { Archived = Random.Next(2) == 0 },
    }) is var wish && wish.By.UserId == Snowflake.None ? wish with { By = new Caller(state.Properties.OwnerId) { System = true } } : wish;

    private CreateChannel NewChannel(GuildState state) => new CreateChannel(new ChannelSettings
    {
        Name = "channel",
        Type = Random.Next(4) == 0 ? ChannelType.GuildCategory : ChannelType.GuildText,
        ParentId = Random.Next(2) == 0 ? AnyCategory(state) : Optional<Snowflake>.Absent,
        Overwrites = Random.Next(2) == 0
            ? Optional<IReadOnlyList<Overwrite>>.Absent
            : new Overwrite[]
            {
                new(state.Id, OverwriteType.Role, default, Permissions.ViewChannel),
                new(AnyMember(state), OverwriteType.Member, Permissions.ViewChannel, default),
            },
    });

    private GuildCommand RemoveOverwrite(GuildState state)
    {
        Channel[] with = [.. state.Channels.Values.Where(c => c.PermissionOverwrites is { Count: > 0 }).OrderBy(c => c.Id)];
        if (with.Length == 0)
            return NewChannel(state);
        Channel channel = Any(with);
        return new DeleteOverwrite(channel.Id, Any([.. channel.PermissionOverwrites!]).Id);
    }

    private Permissions Bits(int oneIn) =>
        s_bits.Where(_ => Random.Next(oneIn) == 0).Aggregate(Permissions.None, static (bits, bit) => bits | bit);

    private Optional<Snowflake> Maybe(Snowflake id) => Random.Next(3) == 0 ? Optional<Snowflake>.Null : id;

    private Snowflake AnyMember(GuildState state) => Any([.. state.Members.All.Select(m => m.User!.Id)]);

    private Snowflake AnyRole(GuildState state) => Any([.. state.Roles.Keys.Order()]);

    private Snowflake AnyChannel(GuildState state) => Any([.. state.Channels.Keys.Order()]);

    private Snowflake AnyCategory(GuildState state) =>
        Any([.. state.Channels.Values.Where(c => c.Type == ChannelType.GuildCategory).Select(c => c.Id).Order(), Snowflake.None]);

    private Snowflake AnyThread(GuildState state) => Any([.. state.Threads.Keys.Order(), Snowflake.None]);

    private T Any<T>(T[] among) => among[Random.Next(among.Length)];
}
