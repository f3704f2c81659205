using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Relays;

/// <summary>
/// THREAD_LIST_SYNC: who gains a channel, or the right to manage its threads, is told the active ones. Worked out per user, but only when a
/// change can have given a channel to somebody and that channel has active threads. Who loses a channel is told nothing.
/// </summary>
internal sealed class ThreadSync
{
    private readonly GuildState _before;
    private readonly GuildState _after;
    private readonly HashSet<Snowflake> _users = [];
    private readonly HashSet<Snowflake> _channels = [];
    private bool _allUsers;
    private bool _allChannels;

    private ThreadSync(GuildState before, GuildState after)
    {
        _before = before;
        _after = after;
    }

    /// <summary>What a change may have given to whom; null when it can be nothing.</summary>
    public static ThreadSync? Of(GuildState before, GuildState after, IReadOnlyList<GuildEvent> facts)
    {
        ThreadSync sync = new(before, after);
        foreach (GuildEvent fact in facts)
            sync.Look(fact);
        if (!sync._allUsers && sync._users.Count == 0)
            return null;
        HashSet<Snowflake> parents = [];
        foreach (Guilds.ThreadState thread in after.Threads.Values)
        {
            if (thread.Channel is { ThreadMetadata.Archived: false, ParentId: { } parent }
                && (sync._allChannels || sync._channels.Contains(parent)))
                parents.Add(parent);
        }
        sync._channels.IntersectWith(parents);
        if (sync._allChannels)
            sync._channels.UnionWith(parents);
        return sync._channels.Count == 0 ? null : sync;
    }

    /// <summary>The event for a user's sessions; null when it gained nothing.</summary>
    public Relayed? For(Snowflake user, GuildHandle guild)
    {
        if ((!_allUsers && !_users.Contains(user)) || !_before.Members.TryGet(user, out Member? was)
            || !_after.Members.TryGet(user, out Member? now))
            return null;
        List<Snowflake> gained = [.. _channels.Where(id => Gained(id, was, now))];
        if (gained.Count == 0)
            return null;
        List<Guilds.ThreadState> threads =
        [
            .. _after.Threads.Values
                .Where(t => t.Channel is { ThreadMetadata.Archived: false, ParentId: { } parent } && gained.Contains(parent)
                && _after.PermissionsIn(t.Channel, now, DateTimeOffset.MinValue).Has(Permissions.ViewChannel)),
        ];
        return new Relayed(
            Json.Event(EventNames.ThreadListSync, (guild, gained, threads, user), static (w, s) =>
                Write(w, s.guild, s.gained, s.threads, s.user)),
            GatewayIntents.Guilds, Audience.User(user));
    }

    private void Look(GuildEvent fact)
    {
        switch (fact)
        {
            case MemberPut put when _before.Members.TryGet(put.Member.User!.Id, out Member? was)
                && !was.Roles.SequenceEqual(put.Member.Roles):
                _users.Add(put.Member.User.Id);
                _allChannels = true;
                break;
            case RolePut put when _before.Roles.TryGetValue(put.Role.Id, out Role? was) && was.Permissions != put.Role.Permissions:
                _allUsers = _allChannels = true;
                break;
            case ChannelPut put when _before.Channels.TryGetValue(put.Channel.Id, out Channel? was)
                && !ReferenceEquals(was.PermissionOverwrites, put.Channel.PermissionOverwrites):
                _allUsers = true;
                _channels.Add(put.Channel.Id);
                break;
            case PropertiesChanged put when put.Properties.OwnerId != _before.Properties.OwnerId:
                _users.Add(put.Properties.OwnerId);
                _allChannels = true;
                break;
        }
    }

    // Whoever comes to manage threads sees the private ones too.
    private bool Gained(Snowflake id, Member was, Member now)
    {
        if (!_before.Channels.TryGetValue(id, out Channel? before) || !_after.Channels.TryGetValue(id, out Channel? after))
            return false;
        Permissions held = _before.PermissionsIn(before, was.User!.Id, was.Roles, timedOut: false);
        Permissions holds = _after.PermissionsIn(after, now.User!.Id, now.Roles, timedOut: false);
        return holds.Has(Permissions.ViewChannel) && (!held.Has(Permissions.ViewChannel)
            || (holds.Has(Permissions.ManageThreads) && !held.Has(Permissions.ManageThreads)));
    }

    private static void Write(
        Utf8JsonWriter w, GuildHandle guild, List<Snowflake> channels, List<Guilds.ThreadState> threads, Snowflake user)
    {
        w.WriteStartObject();
        w.WriteString("guild_id", guild.Id.ToString());
        w.WriteStartArray("channel_ids");
        foreach (Snowflake id in channels)
            w.WriteStringValue(id.ToString());
        w.WriteEndArray();
        w.WriteStartArray("threads");
        foreach (Guilds.ThreadState thread in threads)
            JsonSerializer.Serialize(w, guild.WithLastMessage(thread.Channel), PayloadJson.Wire.Channel);
        w.WriteEndArray();
        w.WriteStartArray("members");
        foreach (Guilds.ThreadState thread in threads)
        {
            if (thread.Members.TryGetValue(user, out ThreadMember? member))
                JsonSerializer.Serialize(w, member, PayloadJson.Wire.ThreadMember);
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
