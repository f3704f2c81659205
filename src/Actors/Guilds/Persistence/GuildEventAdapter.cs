using Discord.Actors.Persistence;
using Discord.Kernel.Persistence;
using Google.Protobuf;
using Kind = Discord.Actors.Guilds.Persistence.Wire.Stored.ValueOneofCase;

namespace Discord.Actors.Guilds.Persistence;

/// <summary>
/// The bytes of a guild's facts (<see cref="GuildEvent"/>) and snapshots (<see cref="GuildState"/>), as guild.proto draws them. Voice
/// states are not stored: the fact throws <see cref="ArgumentException"/>, and a snapshot comes back without them. Bytes of an unknown kind
/// throw <see cref="InvalidDataException"/>, damaged ones <see cref="InvalidProtocolBufferException"/>. Stateless.
/// </summary>
public sealed class GuildEventAdapter : IEventAdapter
{
    public ReadOnlyMemory<byte> ToBytes(object value) => ToWire(value).ToByteArray();

    public object FromBytes(ReadOnlyMemory<byte> bytes) => FromWire(Wire.Stored.Parser.ParseFrom(bytes.Span));

    private static Wire.Stored ToWire(object value) => value switch
    {
        PropertiesChanged e => new() { PropertiesChanged = new() { Properties = e.Properties.ToWire() } },
        GuildDeleted => new() { GuildDeleted = new() },
        RolePut e => new() { RolePut = new() { Role = e.Role.ToWire() } },
        RoleRemoved e => new() { RoleRemoved = new() { RoleId = e.RoleId.Value } },
        ChannelPut e => new() { ChannelPut = new() { Channel = e.Channel.ToWire() } },
        ChannelRemoved e => new() { ChannelRemoved = new() { ChannelId = e.ChannelId.Value } },
        ThreadPut e => new() { ThreadPut = new() { Thread = e.Thread.ToWire() } },
        ThreadRemoved e => new() { ThreadRemoved = new() { ThreadId = e.ThreadId.Value } },
        ThreadMemberPut e => new() { ThreadMemberPut = new() { Member = e.Member.ToWire() } },
        ThreadMemberRemoved e => new() { ThreadMemberRemoved = new() { ThreadId = e.ThreadId.Value, UserId = e.UserId.Value } },
        MemberPut e => new() { MemberPut = new() { Member = e.Member.ToWire() } },
        MemberRemoved e => new() { MemberRemoved = new() { UserId = e.UserId.Value } },
        BanPut e => new() { BanPut = new() { Ban = e.Ban.ToWire() } },
        BanRemoved e => new() { BanRemoved = new() { UserId = e.UserId.Value } },
        InvitePut e => new() { InvitePut = new() { Invite = e.Invite.ToWire() } },
        InviteRemoved e => new() { InviteRemoved = new() { Code = e.Code } },
        WebhookPut e => new() { WebhookPut = new() { Webhook = e.Webhook.ToWire() } },
        WebhookRemoved e => new() { WebhookRemoved = new() { WebhookId = e.WebhookId.Value } },
        EmojiPut e => new() { EmojiPut = new() { Emoji = e.Emoji.ToWire() } },
        EmojiRemoved e => new() { EmojiRemoved = new() { EmojiId = e.EmojiId.Value } },
        CommandPut e => new() { CommandPut = new() { Command = e.Command.ToWire() } },
        CommandRemoved e => new() { CommandRemoved = new() { CommandId = e.CommandId.Value } },
        CommandPermissionsPut e => new() { CommandPermissionsPut = new() { Permissions = e.Permissions.ToWire() } },
        GuildState state => new() { Snapshot = state.ToWire() },
        _ => throw WireValues.NotStored(value),
    };

    private static object FromWire(Wire.Stored wire) => wire.ValueCase switch
    {
        Kind.PropertiesChanged => new PropertiesChanged(wire.PropertiesChanged.Properties.FromWire()),
        Kind.GuildDeleted => new GuildDeleted(),
        Kind.RolePut => new RolePut(wire.RolePut.Role.FromWire()),
        Kind.RoleRemoved => new RoleRemoved(new(wire.RoleRemoved.RoleId)),
        Kind.ChannelPut => new ChannelPut(wire.ChannelPut.Channel.FromWire()),
        Kind.ChannelRemoved => new ChannelRemoved(new(wire.ChannelRemoved.ChannelId)),
        Kind.ThreadPut => new ThreadPut(wire.ThreadPut.Thread.FromWire()),
        Kind.ThreadRemoved => new ThreadRemoved(new(wire.ThreadRemoved.ThreadId)),
        Kind.ThreadMemberPut => new ThreadMemberPut(wire.ThreadMemberPut.Member.FromWire()),
        Kind.ThreadMemberRemoved =>
            new ThreadMemberRemoved(new(wire.ThreadMemberRemoved.ThreadId), new(wire.ThreadMemberRemoved.UserId)),
        Kind.MemberPut => new MemberPut(wire.MemberPut.Member.FromWire()),
        Kind.MemberRemoved => new MemberRemoved(new(wire.MemberRemoved.UserId)),
        Kind.BanPut => new BanPut(wire.BanPut.Ban.FromWire()),
        Kind.BanRemoved => new BanRemoved(new(wire.BanRemoved.UserId)),
        Kind.InvitePut => new InvitePut(wire.InvitePut.Invite.FromWire()),
        Kind.InviteRemoved => new InviteRemoved(wire.InviteRemoved.Code),
        Kind.WebhookPut => new WebhookPut(wire.WebhookPut.Webhook.FromWire()),
        Kind.WebhookRemoved => new WebhookRemoved(new(wire.WebhookRemoved.WebhookId)),
        Kind.EmojiPut => new EmojiPut(wire.EmojiPut.Emoji.FromWire()),
        Kind.EmojiRemoved => new EmojiRemoved(new(wire.EmojiRemoved.EmojiId)),
        Kind.CommandPut => new CommandPut(wire.CommandPut.Command.FromWire()),
        Kind.CommandRemoved => new CommandRemoved(new(wire.CommandRemoved.CommandId)),
        Kind.CommandPermissionsPut => new CommandPermissionsPut(wire.CommandPermissionsPut.Permissions.FromWire()),
        Kind.Snapshot => wire.Snapshot.FromWire(),
        _ => throw WireValues.Unknown("guild"),
    };
}
