using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Relays;

/// <summary>
/// Sessions of a guild that see the same: their users hold the same roles, and no overwrite names one of them alone. Permissions are worked
/// out once for the class. Used by one relay at a time.
/// </summary>
internal sealed class ViewerClass(ViewerKey key, Snowflake[] roles)
{
    // Nobody, unless the class is one user's: whoever founded the class may be singled out later and leave it.
    private readonly Snowflake _userId = key.User ?? Snowflake.None;
    private readonly Dictionary<Snowflake, Permissions> _channels = [];
    private GuildState? _state;
    private Permissions _guild;

    public ViewerKey Key { get; } = key;
    public List<Session> Sessions { get; } = [];

    /// <summary>Whether the class may see what is addressed to <paramref name="audience"/>. <see cref="Audience.Only"/> and
    /// <see cref="Audience.Except"/> are not its business.</summary>
    public bool Sees(in Audience audience, GuildState state)
    {
        if (audience.Channel is null && audience.Needs == Permissions.None && audience.NeedsAny == Permissions.None)
            return true;
        Permissions held = audience.Channel is { } channel ? In(channel, state) : InGuild(state);
        if (audience.Channel is not null && !held.Has(Permissions.ViewChannel))
            return false;
        return held.Has(audience.Needs) && (audience.NeedsAny == Permissions.None || held.HasAny(audience.NeedsAny));
    }

    /// <summary>
    /// Permissions in the channel as it is in <paramref name="state"/>; none where it is not. Time-outs take nothing from what is heard.
    /// </summary>
    public Permissions In(Channel channel, GuildState state)
    {
        Renew(state);
        if (_channels.TryGetValue(channel.Id, out Permissions known))
            return known;

        // Whoever publishes may hold the channel as it was or will be; the state alone decides, for all that is published under it.
        Permissions held = state.FindChannel(channel.Id) is { } current
            ? state.PermissionsIn(current, _userId, roles, timedOut: false)
            : Permissions.None;
        _channels.Add(channel.Id, held);
        return held;
    }

    private Permissions InGuild(GuildState state)
    {
        Renew(state);
        return _guild;
    }

    // What was worked out holds as long as roles, channels, threads and the owner are the same.
    private void Renew(GuildState state)
    {
        if (ReferenceEquals(state, _state))
            return;
        if (_state is null || !ReferenceEquals(state.Roles, _state.Roles) || !ReferenceEquals(state.Channels, _state.Channels)
            || !ReferenceEquals(state.Threads, _state.Threads) || state.Properties.OwnerId != _state.Properties.OwnerId)
        {
            _channels.Clear();
            _guild = state.PermissionsOf(_userId, roles);
        }
        _state = state;
    }
}

/// <summary>What makes two members see the same: their roles as sorted text, and the user where an overwrite or ownership singles it
/// out.</summary>
internal readonly record struct ViewerKey(string Roles, Snowflake? User)
{
    /// <param name="singled">See <see cref="SingledOut"/>.</param>
    public static ViewerKey Of(Member member, HashSet<Snowflake> singled)
    {
        Snowflake user = member.User!.Id;
        string roles = member.Roles.Count == 0 ? "" : string.Join(',', member.Roles.Select(r => r.Value).Order());
        return new(roles, singled.Contains(user) ? user : null);
    }

    /// <summary>The users whom ownership or an overwrite of some channel singles out.</summary>
    public static HashSet<Snowflake> SingledOut(GuildState state)
    {
        HashSet<Snowflake> users = [state.Properties.OwnerId];
        foreach (Channel channel in state.Channels.Values)
        {
            foreach (Overwrite overwrite in channel.PermissionOverwrites ?? [])
            {
                if (overwrite.Type == OverwriteType.Member)
                    users.Add(overwrite.Id);
            }
        }
        return users;
    }
}
