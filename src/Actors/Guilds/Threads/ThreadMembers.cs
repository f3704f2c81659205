using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Threads;

/// <summary>
/// A member joins a thread, or is added by another: then the caller must be able to send there, and private threads whose members may not
/// invite need their owner or MANAGE_THREADS. Whoever is in stays as he is.
/// </summary>
public sealed record AddThreadMember(Snowflake ThreadId, Snowflake UserId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        ThreadState thread = ThreadRules.Open(guild, ThreadId);
        Channel channel = thread.Channel;
        if (UserId != guild.By.UserId)
        {
            guild.Require(channel, Permissions.SendMessages);
            bool manages = guild.State.PermissionsIn(channel, guild.By.UserId, guild.Now).Has(Permissions.ManageThreads);
            if (channel.ThreadMetadata is { Invitable: false } && !manages && channel.OwnerId != guild.By.UserId)
                throw new ApiException(ApiError.MissingPermissions);
            Member added = guild.Member(UserId);
            Channel parent = guild.Channel(channel.ParentId!.Value);
            if (!guild.State.PermissionsIn(parent, added, guild.Now).Has(Permissions.ViewChannel))
                throw new ApiException(ApiError.MissingAccess);
        }
        else
            guild.Require(channel, Permissions.ViewChannel);
        if (thread.Members.ContainsKey(UserId))
            return false;
        if (thread.Members.Count >= Limits.ThreadMembers)
            throw new ApiException(ApiError.MaxThreadMembers);
        guild.Put(new ThreadMemberPut(new ThreadMember { Id = ThreadId, UserId = UserId, JoinTimestamp = guild.Now }));
        return true;
    }
}

/// <summary>A member leaves a thread, or is removed: by MANAGE_THREADS, or the owner of a private thread.</summary>
public sealed record RemoveThreadMember(Snowflake ThreadId, Snowflake UserId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        ThreadState thread = ThreadRules.Open(guild, ThreadId);
        Channel channel = thread.Channel;
        guild.Require(channel, Permissions.ViewChannel);
        if (UserId != guild.By.UserId)
        {
            bool owns = channel.Type == ChannelType.PrivateThread && channel.OwnerId == guild.By.UserId;
            if (!owns)
                guild.Require(channel, Permissions.ManageThreads);
        }
        if (!thread.Members.ContainsKey(UserId))
            return UserId == guild.By.UserId ? false : throw new ApiException(ApiError.UnknownMember);
        guild.Put(new ThreadMemberRemoved(ThreadId, UserId));
        return true;
    }
}

internal static class ThreadRules
{
    // Archived threads change no members.
    public static ThreadState Open(GuildDecision guild, Snowflake id)
    {
        if (!guild.State.Threads.TryGetValue(id, out ThreadState? thread))
            throw new ApiException(guild.State.Channels.ContainsKey(id) ? ApiError.CannotExecuteOnChannelType : ApiError.UnknownChannel);
        guild.Require(thread.Channel, Permissions.ViewChannel);
        return thread.Channel.ThreadMetadata is { Archived: true } ? throw new ApiException(ApiError.ThreadArchived) : thread;
    }
}
