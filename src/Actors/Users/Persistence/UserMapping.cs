using System.Collections.Immutable;
using Discord.Actors.Persistence;
using Discord.Protocol;

namespace Discord.Actors.Users.Persistence;

/// <summary>The messages of user.proto and the records they hold.</summary>
internal static class UserMapping
{
    public static Wire.Snapshot ToWire(this UserState state) => new()
    {
        Settings = state.Settings.ToWire(),
        SettingsProtos = { state.SettingsProtos.Values.Select(ToWire) },
        Status = state.Status.ToWire(),
        ReadStates = { state.ReadStates.Values.Select(ToWire) },
        ReadStateVersion = state.ReadStateVersion,
        GuildSettings = { state.GuildSettings.Values.Select(ToWire) },
        Notes = { state.Notes.Select(n => new Wire.Note { UserId = n.Key.Value, Text = n.Value }) },
        Relationships = { state.Relationships.Values.Select(ToWire) },
        PrivateChannels = { state.PrivateChannels.ToWire() },
    };

    public static UserState FromWire(this Wire.Snapshot wire) => new()
    {
        Settings = wire.Settings.FromWire(),
        SettingsProtos = wire.SettingsProtos.Select(FromWire).ToImmutableDictionary(s => s.Type),
        Status = wire.Status.FromWire(),
        ReadStates = wire.ReadStates.Select(FromWire).ToImmutableDictionary(r => r.ChannelId),
        ReadStateVersion = wire.ReadStateVersion,
        GuildSettings = wire.GuildSettings.Select(FromWire).ToImmutableDictionary(s => s.GuildId ?? Snowflake.None),
        Notes = wire.Notes.ToImmutableDictionary(n => new Snowflake(n.UserId), n => n.Text),
        Relationships = wire.Relationships.Select(FromWire).ToImmutableDictionary(r => r.Id),
        PrivateChannels = [.. wire.PrivateChannels.FromWire()],
    };

    public static Wire.Settings ToWire(this UserSettings settings) => new() { Json = settings.Json.ToWire(), Version = settings.Version };

    public static UserSettings FromWire(this Wire.Settings wire) => new(wire.Json.ToByteArray(), wire.Version);

    public static Wire.SettingsProto ToWire(this SettingsProto settings) =>
        new() { Type = settings.Type, Message = settings.Bytes.ToWire(), DataVersion = settings.DataVersion };

    public static SettingsProto FromWire(this Wire.SettingsProto wire) => new(wire.Type, wire.Message.ToByteArray(), wire.DataVersion);

    public static Wire.Status ToWire(this StoredStatus status)
    {
        Wire.Status wire = new() { Status_ = status.Status };
        if (status.Custom is { } custom)
        {
            wire.Custom = new();
            if (custom.Text is { } text) wire.Custom.Text = text;
            if (custom.EmojiId is { } emojiId) wire.Custom.EmojiId = emojiId.Value;
            if (custom.EmojiName is { } emojiName) wire.Custom.EmojiName = emojiName;
            if (custom.ExpiresAt is { } expiresAt) wire.Custom.ExpiresAt = expiresAt.ToWire();
        }
        return wire;
    }

    public static StoredStatus FromWire(this Wire.Status wire) => new(wire.Status_, wire.Custom is { } custom
        ? new CustomStatus
        {
            Text = custom.HasText ? custom.Text : null,
            EmojiId = custom.HasEmojiId ? new(custom.EmojiId) : null,
            EmojiName = custom.HasEmojiName ? custom.EmojiName : null,
            ExpiresAt = custom.HasExpiresAt ? custom.ExpiresAt.FromWireTime() : null,
        }
        : null);

    public static Wire.ReadState ToWire(this ReadState state)
    {
        Wire.ReadState wire = new() { ChannelId = state.ChannelId.Value, MentionCount = state.MentionCount, Flags = state.Flags };
        if (state.LastMessageId is { } lastMessageId) wire.LastMessageId = lastMessageId.Value;
        if (state.LastPinTimestamp is { } lastPinTimestamp) wire.LastPinTimestamp = lastPinTimestamp.ToWire();
        if (state.LastViewed is { } lastViewed) wire.LastViewed = lastViewed;
        return wire;
    }

    public static ReadState FromWire(this Wire.ReadState wire) => new()
    {
        ChannelId = new(wire.ChannelId),
        LastMessageId = wire.HasLastMessageId ? new(wire.LastMessageId) : null,
        MentionCount = wire.MentionCount,
        LastPinTimestamp = wire.HasLastPinTimestamp ? wire.LastPinTimestamp.FromWireTime() : null,
        Flags = wire.Flags,
        LastViewed = wire.HasLastViewed ? wire.LastViewed : null,
    };

    public static Wire.GuildSettings ToWire(this UserGuildSettings settings)
    {
        Wire.GuildSettings wire = new() { Json = settings.Json.ToWire(), Version = settings.Version };
        if (settings.GuildId is { } guildId) wire.GuildId = guildId.Value;
        return wire;
    }

    public static UserGuildSettings FromWire(this Wire.GuildSettings wire) =>
        new(wire.HasGuildId ? new(wire.GuildId) : null, wire.Json.ToByteArray(), wire.Version);

    public static Wire.Relationship ToWire(this Relationship relationship)
    {
        Wire.Relationship wire = new() { UserId = relationship.Id.Value, Type = (int)relationship.Type, Ignored = relationship.Ignored };
        if (relationship.Nickname is { } nickname) wire.Nickname = nickname;
        if (relationship.Since is { } since) wire.Since = since.ToWire();
        return wire;
    }

    public static Relationship FromWire(this Wire.Relationship wire) => new()
    {
        Id = new(wire.UserId),
        Type = (RelationshipType)wire.Type,
        Nickname = wire.HasNickname ? wire.Nickname : null,
        Since = wire.HasSince ? wire.Since.FromWireTime() : null,
        Ignored = wire.Ignored,
    };

    public static Wire.Profile ToWire(this UserProfile profile)
    {
        Wire.Profile wire = new()
        {
            Id = profile.Id.Value,
            Username = profile.Username,
            Discriminator = profile.Discriminator,
            PublicFlags = profile.PublicFlags,
            Flags = profile.Flags,
            Bot = profile.Bot,
            System = profile.System,
            MfaEnabled = profile.MfaEnabled,
            Verified = profile.Verified,
            Locale = profile.Locale,
            PremiumType = profile.PremiumType,
            Bio = profile.Bio,
            Pronouns = profile.Pronouns,
            NsfwAllowed = profile.NsfwAllowed,
            Desktop = profile.Desktop,
            Mobile = profile.Mobile,
        };
        if (profile.GlobalName is { } globalName) wire.GlobalName = globalName;
        if (profile.Avatar is { } avatar) wire.Avatar = avatar;
        if (profile.Banner is { } banner) wire.Banner = banner;
        if (profile.AccentColor is { } accentColor) wire.AccentColor = accentColor;
        if (profile.Email is { } email) wire.Email = email;
        if (profile.Phone is { } phone) wire.Phone = phone;
        return wire;
    }

    public static UserProfile FromWire(this Wire.Profile wire) => new()
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
        Bot = wire.Bot,
        System = wire.System,
        MfaEnabled = wire.MfaEnabled,
        Verified = wire.Verified,
        Locale = wire.Locale,
        Email = wire.HasEmail ? wire.Email : null,
        PremiumType = wire.PremiumType,
        Bio = wire.Bio,
        Pronouns = wire.Pronouns,
        NsfwAllowed = wire.NsfwAllowed,
        Desktop = wire.Desktop,
        Mobile = wire.Mobile,
        Phone = wire.HasPhone ? wire.Phone : null,
    };
}
