using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>
/// What posting in a thread does to it: an archived one is opened again (50083 when it is locked and the poster does not manage threads),
/// and
/// the poster becomes a member. True when something changed.
/// </summary>
public sealed record EnterThread(Snowflake ThreadId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        if (!guild.State.Threads.TryGetValue(ThreadId, out Guilds.ThreadState? thread))
            throw new ApiException(ApiError.UnknownChannel);
        Channel channel = thread.Channel;
        guild.Require(channel, Permissions.SendMessages);
        bool changed = false;
        if (channel.ThreadMetadata is { Archived: true } metadata)
        {
            if (metadata.Locked && !guild.By.System
                && !guild.State.PermissionsIn(channel, guild.By.UserId, guild.Now).Has(Permissions.ManageThreads))
                throw new ApiException(ApiError.ThreadArchived);
            guild.Put(new ThreadPut(channel with { ThreadMetadata = metadata with { Archived = false, ArchiveTimestamp = guild.Now } }));
            changed = true;
        }
        if (thread.Members.ContainsKey(guild.By.UserId) || !guild.State.Members.Contains(guild.By.UserId))
            return changed;
        guild.Put(new ThreadMemberPut(new ThreadMember { Id = ThreadId, UserId = guild.By.UserId, JoinTimestamp = guild.Now }));
        return true;
    }
}
