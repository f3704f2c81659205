using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Threads;
using Discord.Actors.Messages;
using Discord.Node.Rest.Channels;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;
using ThreadState = Discord.Actors.Guilds.ThreadState;

namespace Discord.Node.Rest.Threads;

/// <summary>Threads of a channel: archived ones in pages, and the search that forums use.</summary>
internal static class ThreadListEndpoints
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/channels/{channel_id}/threads/archived/public", call => ArchivedAsync(call, isPrivate: false));
        routes.Get("/channels/{channel_id}/threads/archived/private", call => ArchivedAsync(call, isPrivate: true));
        routes.Get("/channels/{channel_id}/users/@me/threads/archived/private", JoinedAsync);
        routes.Get("/channels/{channel_id}/threads/search", SearchAsync);
    }

    // Latest archived first.
    private static async ValueTask<RestReply> ArchivedAsync(RestCall call, bool isPrivate)
    {
        int limit = Limit(call);
        DateTimeOffset? before = call.Query.Timestamp("before");
        call.Query.ThrowIfInvalid();
        (GuildHandle guild, Channel parent) = await ChannelPlace.InGuildAsync(
            call, Permissions.ReadMessageHistory | (isPrivate ? Permissions.ManageThreads : Permissions.None));
        IEnumerable<ThreadState> threads = Archived(guild.State, parent)
            .Where(t => t.Channel.Type == ChannelType.PrivateThread == isPrivate)
            .Where(t => before is null || t.Channel.ThreadMetadata!.ArchiveTimestamp < before)
            .OrderByDescending(t => t.Channel.ThreadMetadata!.ArchiveTimestamp).ThenByDescending(t => t.Channel.Id);
        return Page(call, guild, threads, limit);
    }

    // The caller's own private ones, newest id first.
    private static async ValueTask<RestReply> JoinedAsync(RestCall call)
    {
        int limit = Limit(call);
        Snowflake? before = call.Query.Snowflake("before");
        call.Query.ThrowIfInvalid();
        (GuildHandle guild, Channel parent) = await ChannelPlace.InGuildAsync(call, Permissions.ReadMessageHistory);
        IEnumerable<ThreadState> threads = Archived(guild.State, parent)
            .Where(t => t.Channel.Type == ChannelType.PrivateThread && t.Members.ContainsKey(call.Account.Id))
            .Where(t => before is not { } id || t.Channel.Id.Value < id.Value)
            .OrderByDescending(t => t.Channel.Id);
        return Page(call, guild, threads, limit);
    }

    private static int Limit(RestCall call) => call.Query.IntOr("limit", Limits.ThreadsPage / 2, 1, Limits.ThreadsPage);

    private static IEnumerable<ThreadState> Archived(GuildState state, Channel parent) =>
        state.Threads.Values.Where(t => t.Channel.ParentId == parent.Id && t.Channel.ThreadMetadata is { Archived: true });

    private static RestReply Page(RestCall call, GuildHandle guild, IEnumerable<ThreadState> threads, int limit)
    {
        List<ThreadState> page = [.. threads.Take(limit + 1)];
        bool more = page.Count > limit;
        return RestReply.Json(ThreadLists.Of(guild, page.Take(limit), call.Account.Id, more), PayloadJson.Wire.ThreadList);
    }

    private static async ValueTask<RestReply> SearchAsync(RestCall call)
    {
        QueryReader query = call.Query;
        string? name = query.String("name", 0, Limits.ChannelName);
        query.Int("slop", 0, Limits.SearchSlop);
        Snowflake? min = query.Snowflake("min_id"), max = query.Snowflake("max_id");
        List<Snowflake> tags = query.Snowflakes("tag", Limits.ForumTags);
        bool all = query.Choice("tag_setting", ["match_all", "match_some"]) == "match_all";
        bool? archived = query.Bool("archived");
        string by = query.Choice("sort_by", ["last_message_time", "archive_time", "relevance", "creation_time"]) ?? "last_message_time";
        bool ascending = query.Choice("sort_order", ["asc", "desc"]) == "asc";
        int limit = query.IntOr("limit", Limits.SearchPage, 1, Limits.SearchPage);
        int offset = query.IntOr("offset", 0, 0, Limits.SearchOffset);
        query.ThrowIfInvalid();
        (GuildHandle guild, Channel parent) = await ChannelPlace.InGuildAsync(call, Permissions.ReadMessageHistory);
        GuildState state = guild.State;
        DateTimeOffset now = call.Services.Time.GetUtcNow();
        string[] words = name?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        ThreadState[] found =
        [
            .. state.Threads.Values.Where(t => t.Channel.ParentId == parent.Id
                && (archived is null || t.Channel.ThreadMetadata!.Archived == archived)
                && (min is not { } lowest || t.Channel.Id.Value > lowest.Value)
                    && (max is not { } highest || t.Channel.Id.Value < highest.Value)
                && Array.TrueForAll(words, w => t.Channel.Name!.Contains(w, StringComparison.OrdinalIgnoreCase))
                && (tags.Count == 0 || (all ? tags.All(Tagged(t)) : tags.Any(Tagged(t))))
                && state.PermissionsIn(t.Channel, call.Account.Id, now).Has(Permissions.ViewChannel)),
        ];
        Func<ThreadState, ulong> key = by switch
        {
            "archive_time" => t => (ulong)t.Channel.ThreadMetadata!.ArchiveTimestamp.ToUnixTimeMilliseconds(),
            "last_message_time" => t => (guild.LastMessageOf(t.Channel.Id) ?? t.Channel.Id).Value,
            _ => t => t.Channel.Id.Value,
        };
        IEnumerable<ThreadState> sorted = ascending ? found.OrderBy(key) : found.OrderByDescending(key);
        List<ThreadState> page = [.. sorted.Skip(offset).Take(limit)];
        ThreadList list = ThreadLists.Of(guild, page, call.Account.Id, offset + page.Count < found.Length);
        return RestReply.Json(
            list with { TotalResults = found.Length, FirstMessages = await FirstAsync(call, guild, page) }, PayloadJson.Wire.ThreadList);

        static Func<Snowflake, bool> Tagged(ThreadState t) => id => t.Channel.AppliedTags?.Contains(id) == true;
    }

    // Posts begin with the message that has their id; other threads' first message is in the parent.
    private static async ValueTask<IReadOnlyList<Message>> FirstAsync(RestCall call, GuildHandle guild, List<ThreadState> threads)
    {
        List<Message> first = [];
        MessageViewer viewer = await MessageRoutes.ViewerAsync(call);
        foreach (ThreadState thread in threads)
        {
            if (await call.Services.Domain.Guilds.OpenChannelAsync(guild, thread.Channel.Id) is { } channel
                && await channel.Log.FindAsync(thread.Channel.Id, call.Cancelled) is { } message)
                first.Add(channel.Log.Show(message, viewer));
        }
        return first;
    }
}
