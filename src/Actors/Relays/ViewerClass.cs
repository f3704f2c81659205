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

    /// <summary>Whether the class may see what is addressed to <paramref name="audience"/>. <see cref="Audience.Only"/> and <see cref="Audience.Except"/> are not its business.</summary>
    public bool Sees(in Audience audience, GuildState state)
    {
        if (audience.Channel is null && audience.Needs == Permissions.None && audience.NeedsAny == Permissions.None)
            return true;
        Permissions held = audience.Channel is { } channel ? In(channel, state) : InGuild(state);
        if (audience.Channel is not null && !held.Has(Permissions.ViewChannel))
            return false;
        return held.Has(audience.Needs) && (audience.NeedsAny == Permissions.None || held.HasAny(audience.NeedsAny));
    }

    public Permissions In(Channel channel, GuildState state)
    {
        Renew(state);
        if (_channels.TryGetValue(channel.Id, out Permissions known))
            return known;
        Permissions held = state.PermissionsIn(channel, _userId, roles, timedOut: false);
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

/// <summary>What makes two members see the same: their roles as sorted text, and the user where an overwrite or ownership singles it out.</summary>
internal readonly record struct ViewerKey(string Roles, Snowflake? User)
{
    public static ViewerKey Of(GuildState state, Member member)
    {
        Snowflake user = member.User!.Id;
        bool singled = state.IsOwner(user) || state.Channels.Values.Any(c => HasOverwriteFor(c, user));
        string roles = member.Roles.Count == 0 ? "" : string.Join(',', member.Roles.Select(r => r.Value).Order());
        return new(roles, singled ? user : null);
    }

    private static bool HasOverwriteFor(Channel channel, Snowflake user)
    {
        foreach (Overwrite overwrite in channel.PermissionOverwrites ?? [])
        {
            if (overwrite.Type == OverwriteType.Member && overwrite.Id == user)
                return true;
        }
        return false;
    }
}
