using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Persistence;

/// <summary>The messages of common.proto and the payloads they hold.</summary>
internal static class CommonMapping
{
    /// <summary>What others may know of the user. The member that a mention carries is not stored.</summary>
    public static Wire.User ToWire(this User user)
    {
        Wire.User wire = new()
        {
            Id = user.Id.Value,
            Username = user.Username,
            Discriminator = user.Discriminator,
            PublicFlags = user.PublicFlags,
            Flags = user.Flags,
        };
        if (user.GlobalName is { } globalName) wire.GlobalName = globalName;
        if (user.Avatar is { } avatar) wire.Avatar = avatar;
        if (user.Banner is { } banner) wire.Banner = banner;
        if (user.AccentColor is { } accentColor) wire.AccentColor = accentColor;
        if (user.Bot is { } bot) wire.Bot = bot;
        if (user.System is { } system) wire.System = system;
        return wire;
    }

    public static User FromWire(this Wire.User wire) => new()
    {
        Id = new(wire.Id),
        Username = wire.Username,
        Discriminator = wire.Discriminator,
        GlobalName = wire.HasGlobalName ? wire.GlobalName : null,
        Avatar = wire.HasAvatar ? wire.Avatar : null,
        Banner = wire.HasBanner ? wire.Banner : null,
        AccentColor = wire.HasAccentColor ? wire.AccentColor : null,
        PublicFlags = wire.PublicFlags,
        Flags = wire.Flags,
        Bot = wire.HasBot ? wire.Bot : null,
        System = wire.HasSystem ? wire.System : null,
    };

    public static Wire.Emoji ToWire(this Emoji emoji)
    {
        Wire.Emoji wire = new() { Roles = emoji.Roles?.ToWireIds(), User = emoji.User?.ToWire() };
        if (emoji.Id is { } id) wire.Id = id.Value;
        if (emoji.Name is { } name) wire.Name = name;
        if (emoji.RequireColons is { } requireColons) wire.RequireColons = requireColons;
        if (emoji.Managed is { } managed) wire.Managed = managed;
        if (emoji.Animated is { } animated) wire.Animated = animated;
        if (emoji.Available is { } available) wire.Available = available;
        return wire;
    }

    public static Emoji FromWire(this Wire.Emoji wire) => new()
    {
        Id = wire.HasId ? new(wire.Id) : null,
        Name = wire.HasName ? wire.Name : null,
        Roles = wire.Roles?.Values.FromWire(),
        User = wire.User?.FromWire(),
        RequireColons = wire.HasRequireColons ? wire.RequireColons : null,
        Managed = wire.HasManaged ? wire.Managed : null,
        Animated = wire.HasAnimated ? wire.Animated : null,
        Available = wire.HasAvailable ? wire.Available : null,
    };

    public static Wire.Ids ToWireIds(this IEnumerable<Snowflake> ids) => new() { Values = { ids.ToWire() } };

    public static Wire.Overwrites ToWire(this IEnumerable<Overwrite> overwrites) => new()
    {
        Values =
        {
            overwrites.Select(
                o => new Wire.Overwrite { Id = o.Id.Value, Type = (int)o.Type, Allow = (ulong)o.Allow, Deny = (ulong)o.Deny }),
        },
    };

    public static Overwrite[] FromWire(this Wire.Overwrites wire) =>
        wire.Values.ToArray(o => new Overwrite(new(o.Id), (OverwriteType)o.Type, (Permissions)o.Allow, (Permissions)o.Deny));

    public static Wire.Command ToWire(this ApplicationCommand command)
    {
        Wire.Command wire = new()
        {
            Id = command.Id.Value,
            ApplicationId = command.ApplicationId.Value,
            Version = command.Version.Value,
            Type = command.Type,
            Name = command.Name,
            NameLocalizations = command.NameLocalizations?.ToWire(),
            Description = command.Description,
            DescriptionLocalizations = command.DescriptionLocalizations?.ToWire(),
            Options = command.Options is { } options ? new() { Values = { options.Select(o => o.ToWire()) } } : null,
            Contexts = command.Contexts is { } contexts ? new() { Values = { contexts } } : null,
            IntegrationTypes = { command.IntegrationTypes },
            Nsfw = command.Nsfw,
            DefaultPermission = command.DefaultPermission,
        };
        if (command.GuildId is { } guildId) wire.GuildId = guildId.Value;
        if (command.DefaultMemberPermissions is { } permissions) wire.DefaultMemberPermissions = (ulong)permissions;
        if (command.DmPermission is { } dmPermission) wire.DmPermission = dmPermission;
        return wire;
    }

    public static ApplicationCommand FromWire(this Wire.Command wire) => new()
    {
        Id = new(wire.Id),
        ApplicationId = new(wire.ApplicationId),
        GuildId = wire.HasGuildId ? new(wire.GuildId) : null,
        Version = new(wire.Version),
        Type = wire.Type,
        Name = wire.Name,
        NameLocalizations = wire.NameLocalizations?.FromWire(),
        Description = wire.Description,
        DescriptionLocalizations = wire.DescriptionLocalizations?.FromWire(),
        Options = wire.Options?.Values.ToArray(o => o.FromWireJson()),
        DefaultMemberPermissions = wire.HasDefaultMemberPermissions ? (Permissions)wire.DefaultMemberPermissions : null,
        DmPermission = wire.HasDmPermission ? wire.DmPermission : null,
        Contexts = wire.Contexts?.Values.ToArray(),
        IntegrationTypes = wire.IntegrationTypes.ToArray(),
        Nsfw = wire.Nsfw,
        DefaultPermission = wire.DefaultPermission,
    };

    private static Wire.Localizations ToWire(this IReadOnlyDictionary<string, string> byLocale)
    {
        Wire.Localizations wire = new();
        foreach ((string locale, string text) in byLocale)
            wire.ByLocale.Add(locale, text);
        return wire;
    }

    private static Dictionary<string, string> FromWire(this Wire.Localizations wire) => new(wire.ByLocale);
}
