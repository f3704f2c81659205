using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>
/// A fact in a guild's journal. Facts carry the whole new value of what changed, so that replay needs no rules; what clients are told
/// follows from the states before and after (<see cref="GuildDispatches"/>).
/// </summary>
public abstract record GuildEvent
{
    /// <summary>The state after this fact.</summary>
    public abstract GuildState Apply(GuildState state);
}

/// <summary>The guild was made, or its settings changed.</summary>
public sealed record PropertiesChanged(GuildProperties Properties) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Properties = Properties };
}

public sealed record GuildDeleted : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Deleted = true };
}

public sealed record RolePut(Role Role) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Roles = state.Roles.SetItem(Role.Id, Role) };
}

/// <summary>The role is gone; members and overwrites that named it are changed by facts of their own.</summary>
public sealed record RoleRemoved(Snowflake RoleId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Roles = state.Roles.Remove(RoleId) };
}

public sealed record ChannelPut(Channel Channel) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Channels = state.Channels.SetItem(Channel.Id, Channel) };
}

public sealed record ChannelRemoved(Snowflake ChannelId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Channels = state.Channels.Remove(ChannelId) };
}

/// <summary>A thread was made or changed; its members stay.</summary>
public sealed record ThreadPut(Channel Thread) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with
    {
        Threads = state.Threads.SetItem(
            Thread.Id,
            (state.Threads.TryGetValue(Thread.Id, out ThreadState? known) ? known with { Channel = Thread } : new ThreadState(Thread))
                .Counted()),
    };
}

public sealed record ThreadRemoved(Snowflake ThreadId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Threads = state.Threads.Remove(ThreadId) };
}

public sealed record ThreadMemberPut(ThreadMember Member) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state.Threads.TryGetValue(Member.Id, out ThreadState? thread)
        ? state with
        {
            Threads = state.Threads.SetItem(Member.Id, (thread with { Members = thread.Members.SetItem(Member.UserId, Member) }).Counted())
        }
        : state;
}

public sealed record ThreadMemberRemoved(Snowflake ThreadId, Snowflake UserId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state.Threads.TryGetValue(ThreadId, out ThreadState? thread)
        ? state with { Threads = state.Threads.SetItem(ThreadId, (thread with { Members = thread.Members.Remove(UserId) }).Counted()) }
        : state;
}

/// <summary>A member joined or changed. <see cref="Payloads.Member.User"/> is set and is the user as last known.</summary>
public sealed record MemberPut(Member Member) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Members = state.Members.With(Member) };
}

public sealed record MemberRemoved(Snowflake UserId) : GuildEvent
{
    /// <summary>Whoever leaves the guild leaves its threads.</summary>
    public override GuildState Apply(GuildState state)
    {
        GuildState left = state with { Members = state.Members.Without(UserId) };
        foreach (ThreadState thread in state.Threads.Values.Where(t => t.Members.ContainsKey(UserId)))
        {
            ThreadState without = (thread with { Members = thread.Members.Remove(UserId) }).Counted();
            left = left with { Threads = left.Threads.SetItem(without.Channel.Id, without) };
        }
        return left;
    }
}

public sealed record BanPut(Ban Ban) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Bans = state.Bans.SetItem(Ban.User.Id, Ban) };
}

public sealed record BanRemoved(Snowflake UserId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Bans = state.Bans.Remove(UserId) };
}

/// <summary>An invite was made, or used.</summary>
public sealed record InvitePut(InviteState Invite) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Invites = state.Invites.SetItem(Invite.Code, Invite) };
}

public sealed record InviteRemoved(string Code) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Invites = state.Invites.Remove(Code) };
}

/// <summary>The payload holds token and creator.</summary>
public sealed record WebhookPut(Webhook Webhook) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Webhooks = state.Webhooks.SetItem(Webhook.Id, Webhook) };
}

public sealed record WebhookRemoved(Snowflake WebhookId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Webhooks = state.Webhooks.Remove(WebhookId) };
}

public sealed record EmojiPut(Emoji Emoji) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Emojis = state.Emojis.SetItem(Emoji.Id!.Value, Emoji) };
}

public sealed record EmojiRemoved(Snowflake EmojiId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Emojis = state.Emojis.Remove(EmojiId) };
}

public sealed record CommandPut(ApplicationCommand Command) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with { Commands = state.Commands.SetItem(Command.Id, Command) };
}

public sealed record CommandRemoved(Snowflake CommandId) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with
    {
        Commands = state.Commands.Remove(CommandId),
        CommandPermissions = state.CommandPermissions.Remove(CommandId),
    };
}

public sealed record CommandPermissionsPut(CommandPermissions Permissions) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with
    {
        CommandPermissions = Permissions.Permissions.Count == 0
            ? state.CommandPermissions.Remove(Permissions.Id)
            : state.CommandPermissions.SetItem(Permissions.Id, Permissions),
    };
}

/// <summary>A voice state; the only fact that is not journaled. A null channel removes it.</summary>
public sealed record VoiceStateChanged(VoiceState State) : GuildEvent
{
    public override GuildState Apply(GuildState state) => state with
    {
        VoiceStates = State.ChannelId is null ? state.VoiceStates.Remove(State.UserId) : state.VoiceStates.SetItem(State.UserId, State),
    };
}
