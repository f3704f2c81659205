using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Relays;

/// <summary>
/// CHANNEL_CREATE for whoever gains sight of a channel that was there before. GUILD_CREATE lists the channels that a session sees, so
/// without it a client would hear messages from a channel it does not know. Worked out once for each pair of viewer classes before and
/// after, and only when a change can have given a channel to somebody. Who loses a channel is told nothing.
/// </summary>
internal sealed class GainedChannels
{
    private readonly GuildState _before;
    private readonly GuildState _after;
    private readonly GuildHandle _guild;
    private readonly HashSet<Snowflake> _users = [];
    private readonly HashSet<Snowflake> _channels = [];
    private readonly Dictionary<(ViewerClass Was, ViewerClass Now), List<Relayed>> _told = [];
    private readonly Dictionary<Snowflake, Relayed> _events = [];
    private bool _allUsers;
    private bool _allChannels;

    private GainedChannels(GuildHandle guild, GuildState before, GuildState after)
    {
        _guild = guild;
        _before = before;
        _after = after;
    }

    /// <summary>What a change may have given to whom; null when it can be nothing.</summary>
    public static GainedChannels? Of(GuildHandle guild, GuildState before, GuildState after, IReadOnlyList<GuildEvent> facts)
    {
        GainedChannels gained = new(guild, before, after);
        foreach (GuildEvent fact in facts)
            gained.Look(fact);
        return gained._allUsers || gained._users.Count > 0 ? gained : null;
    }

    /// <summary>The classes of those sessions that may gain something, as they stand: to be taken before anyone changes class.</summary>
    public List<(Session Session, ViewerClass Was)> Origins(IReadOnlyDictionary<Session, ViewerClass> homes, SessionRegistry sessions)
    {
        if (_allUsers)
            return [.. homes.Select(h => (h.Key, h.Value))];
        List<(Session, ViewerClass)> origins = [];
        foreach (Snowflake user in _users)
        {
            foreach (Session session in sessions.Of(user))
            {
                if (homes.TryGetValue(session, out ViewerClass? was))
                    origins.Add((session, was));
            }
        }
        return origins;
    }

    /// <summary>What sessions that went from one class to the other, or stayed, have gained: categories first.</summary>
    public List<Relayed> For(ViewerClass was, ViewerClass now)
    {
        if (_told.TryGetValue((was, now), out List<Relayed>? known))
            return known;
        // All of the state before first: a class keeps what it worked out for one state at a time.
        List<Snowflake> hidden = [];
        foreach (Snowflake id in _allChannels ? _before.Channels.Keys : _channels)
        {
            if (_after.Channels.ContainsKey(id) && !was.In(_before.Channels[id], _before).Has(Permissions.ViewChannel))
                hidden.Add(id);
        }
        List<Relayed> told =
        [
            .. hidden.Select(id => _after.Channels[id])
                .Where(c => now.In(c, _after).Has(Permissions.ViewChannel))
                .OrderBy(c => c.Type != ChannelType.GuildCategory).ThenBy(c => c.Position).ThenBy(c => c.Id)
                .Select(EventOf),
        ];
        _told.Add((was, now), told);
        return told;
    }

    private Relayed EventOf(Channel channel)
    {
        if (_events.TryGetValue(channel.Id, out Relayed? made))
            return made;
        made = new Relayed(
            Json.Event(EventNames.ChannelCreate, _guild.WithLastMessage(channel), PayloadJson.Wire.Channel), GatewayIntents.Guilds,
            Audience.Viewers(channel));
        _events.Add(channel.Id, made);
        return made;
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
}
