using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Threads;

/// <summary>Threads as answers show them.</summary>
public static class ThreadLists
{
    /// <summary>The thread with its counts and newest message as of now, and <paramref name="viewer"/>'s membership if it is in.</summary>
    public static Channel Show(GuildHandle guild, ThreadState thread, Snowflake viewer) => guild.WithLastMessage(thread.Channel) with
    {
        Member = thread.Members.GetValueOrDefault(viewer),
    };

    /// <summary>A list of threads, with the viewer's memberships among them.</summary>
    public static ThreadList Of(GuildHandle guild, IEnumerable<ThreadState> threads, Snowflake viewer, bool hasMore = false)
    {
        List<Channel> shown = [];
        List<ThreadMember> members = [];
        foreach (ThreadState thread in threads)
        {
            shown.Add(guild.WithLastMessage(thread.Channel));
            if (thread.Members.TryGetValue(viewer, out ThreadMember? member))
                members.Add(member);
        }
        return new ThreadList { Threads = shown, Members = members, HasMore = hasMore };
    }

    /// <summary>All active threads of the guild that <paramref name="viewer"/> sees, newest first.</summary>
    public static ThreadList Active(GuildHandle guild, Snowflake viewer, DateTimeOffset now)
    {
        GuildState state = guild.State;
        return Of(
            guild,
            state.Threads.Values
                .Where(t => t.Channel.ThreadMetadata is { Archived: false } && state.PermissionsIn(t.Channel, viewer, now)
                    .Has(Permissions.ViewChannel))
                .OrderByDescending(t => t.Channel.Id),
            viewer);
    }
}
