using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Roles;

/// <summary>What a request says of a role. Absent fields stay as they are; null ones go back to their default.</summary>
public sealed record RoleChanges
{
    /// <summary>At most 100 characters.</summary>
    public Optional<string> Name { get; init; }

    public Optional<Permissions> Permissions { get; init; }

    /// <summary>The older form of <see cref="Colors"/>, which wins where both are given.</summary>
    public Optional<int> Color { get; init; }

    public Optional<RoleColors> Colors { get; init; }
    public Optional<bool> Hoist { get; init; }
    public Optional<bool> Mentionable { get; init; }

    /// <summary>Hash of a stored icon.</summary>
    public Optional<string> Icon { get; init; }

    public Optional<string> UnicodeEmoji { get; init; }

    internal Role Over(Role role) => role with
    {
        Name = Name.IsPresent ? Name.Or("new role") : role.Name,
        Permissions = Permissions.IsPresent ? Permissions.Or(Protocol.Permissions.None) : role.Permissions,
        Colors = ColorsOver(role.Colors),
        Color = ColorsOver(role.Colors).PrimaryColor,
        Hoist = Hoist.IsPresent ? Hoist.Or(false) : role.Hoist,
        Mentionable = Mentionable.IsPresent ? Mentionable.Or(false) : role.Mentionable,
        Icon = Icon.Over(role.Icon),
        UnicodeEmoji = UnicodeEmoji.Over(role.UnicodeEmoji),
    };

    private RoleColors ColorsOver(RoleColors current)
    {
        if (Colors.IsPresent)
            return Colors.Or(new RoleColors(0, null, null));
        return Color.IsPresent ? new RoleColors(Color.Or(0), null, null) : current;
    }
}
