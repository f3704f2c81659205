using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Threads;

/// <summary>
/// What time does to a guild, asked for by its own actor now and then: threads without activity are archived, expired invites end.
/// Answers with how much there was to do.
/// </summary>
/// <param name="LastMessages">The newest message of each thread that has any.</param>
/// <param name="Counts">Messages of threads, where they are known; kept with the archived thread.</param>
internal sealed record TidyGuild(
    IReadOnlyDictionary<Snowflake, Snowflake> LastMessages, IReadOnlyDictionary<Snowflake, ThreadCount> Counts) : GuildCommand<int>
{
    protected override int Decide(GuildDecision guild)
    {
        int done = 0;
        foreach (ThreadState thread in guild.State.Threads.Values)
        {
            if (thread.Channel.ThreadMetadata is not { Archived: false } metadata
                || ArchivedAt(thread.Channel, metadata, LastMessages) > guild.Now)
                continue;
            Channel archived = thread.Channel with { ThreadMetadata = metadata with { Archived = true, ArchiveTimestamp = guild.Now } };
            if (Counts.TryGetValue(archived.Id, out ThreadCount count))
            {
                archived = archived with
                {
                    MessageCount = count.Present,
                    TotalMessageSent = Math.Max(count.Sent, archived.TotalMessageSent ?? 0),
                };
            }
            guild.Put(new ThreadPut(archived));
            done++;
        }
        foreach (InviteState invite in guild.State.Invites.Values.Where(i => !i.IsValid(guild.Now)))
        {
            guild.Put(new InviteRemoved(invite.Code));
            done++;
        }
        return done;
    }

    /// <summary>When time will do something to this guild; null while there is nothing to do.</summary>
    public static DateTimeOffset? Due(GuildState state, IReadOnlyDictionary<Snowflake, Snowflake> lastMessages)
    {
        DateTimeOffset? due = null;
        foreach (ThreadState thread in state.Threads.Values)
        {
            if (thread.Channel.ThreadMetadata is { Archived: false } metadata
                && ArchivedAt(thread.Channel, metadata, lastMessages) is var at && !(due <= at))
                due = at;
        }
        foreach (InviteState invite in state.Invites.Values)
        {
            if (invite.ExpiresAt is { } at && !(due <= at))
                due = at;
        }
        return due;
    }

    // Activity is a message, being made, or being opened again.
    private static DateTimeOffset ArchivedAt(
        Channel thread, ThreadMetadata metadata, IReadOnlyDictionary<Snowflake, Snowflake> lastMessages)
    {
        DateTimeOffset last = metadata.ArchiveTimestamp;
        if (lastMessages.TryGetValue(thread.Id, out Snowflake message) && message.Timestamp > last)
            last = message.Timestamp;
        return last.AddMinutes(metadata.AutoArchiveDuration);
    }
}
