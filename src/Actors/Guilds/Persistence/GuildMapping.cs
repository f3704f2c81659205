using System.Collections.Immutable;
using Discord.Actors.Persistence;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Persistence;

/// <summary>The messages of guild.proto and the records they hold. What is made for one receiver or answer is not stored.</summary>
internal static class GuildMapping
{
    public static Wire.Snapshot ToWire(this GuildState state) => new()
    {
        Properties = state.Properties.ToWire(),
        Roles = { state.Roles.Values.Select(ToWire) },
        Channels = { state.Channels.Values.Select(ToWire) },
        Threads =
        {
            state.Threads.Values.Select(
                t => new Wire.Thread { Channel = t.Channel.ToWire(), Members = { t.Members.Values.Select(ToWire) } }),
        },
        Members = { state.Members.All.Select(ToWire) },
        Bans = { state.Bans.Values.Select(ToWire) },
        Invites = { state.Invites.Values.Select(ToWire) },
        Webhooks = { state.Webhooks.Values.Select(ToWire) },
        Emojis = { state.Emojis.Values.Select(e => e.ToWire()) },
        Commands = { state.Commands.Values.Select(c => c.ToWire()) },
        CommandPermissions = { state.CommandPermissions.Values.Select(ToWire) },
        Deleted = state.Deleted,
    };

    public static GuildState FromWire(this Wire.Snapshot wire) => new()
    {
        Properties = wire.Properties.FromWire(),
        Roles = wire.Roles.Select(FromWire).ToImmutableDictionary(r => r.Id),
        Channels = wire.Channels.Select(FromWire).ToImmutableDictionary(c => c.Id),
        Threads = wire.Threads.Select(FromWire).ToImmutableDictionary(t => t.Channel.Id),
        Members = MemberMap.Create(wire.Members.Select(FromWire)),
        Bans = wire.Bans.Select(FromWire).ToImmutableDictionary(b => b.User.Id),
        Invites = wire.Invites.Select(FromWire).ToImmutableDictionary(i => i.Code),
        Webhooks = wire.Webhooks.Select(FromWire).ToImmutableDictionary(w => w.Id),
        Emojis = wire.Emojis.Select(e => e.FromWire()).ToImmutableDictionary(e => e.Id!.Value),
        Commands = wire.Commands.Select(c => c.FromWire()).ToImmutableDictionary(c => c.Id),
        CommandPermissions = wire.CommandPermissions.Select(FromWire).ToImmutableDictionary(p => p.Id),
        Deleted = wire.Deleted,
    };

    public static Wire.Properties ToWire(this GuildProperties guild)
    {
        Wire.Properties wire = new()
        {
            Id = guild.Id.Value,
            Name = guild.Name,
            Features = { guild.Features },
            OwnerId = guild.OwnerId.Value,
            Region = guild.Region,
            AfkTimeout = guild.AfkTimeout,
            SystemChannelFlags = guild.SystemChannelFlags,
            WidgetEnabled = guild.WidgetEnabled,
            VerificationLevel = guild.VerificationLevel,
            DefaultMessageNotifications = guild.DefaultMessageNotifications,
            MfaLevel = guild.MfaLevel,
            ExplicitContentFilter = guild.ExplicitContentFilter,
            MaxMembers = guild.MaxMembers,
            MaxStageVideoChannelUsers = guild.MaxStageVideoChannelUsers,
            MaxVideoChannelUsers = guild.MaxVideoChannelUsers,
            PremiumTier = guild.PremiumTier,
            PremiumSubscriptionCount = guild.PremiumSubscriptionCount,
            PreferredLocale = guild.PreferredLocale,
            PremiumProgressBarEnabled = guild.PremiumProgressBarEnabled,
            Nsfw = guild.Nsfw,
            NsfwLevel = guild.NsfwLevel,
        };
        if (guild.Icon is { } icon) wire.Icon = icon;
        if (guild.Description is { } description) wire.Description = description;
        if (guild.HomeHeader is { } homeHeader) wire.HomeHeader = homeHeader;
        if (guild.Splash is { } splash) wire.Splash = splash;
        if (guild.DiscoverySplash is { } discoverySplash) wire.DiscoverySplash = discoverySplash;
        if (guild.Banner is { } banner) wire.Banner = banner;
        if (guild.ApplicationId is { } applicationId) wire.ApplicationId = applicationId.Value;
        if (guild.AfkChannelId is { } afkChannelId) wire.AfkChannelId = afkChannelId.Value;
        if (guild.SystemChannelId is { } systemChannelId) wire.SystemChannelId = systemChannelId.Value;
        if (guild.WidgetChannelId is { } widgetChannelId) wire.WidgetChannelId = widgetChannelId.Value;
        if (guild.MaxPresences is { } maxPresences) wire.MaxPresences = maxPresences;
        if (guild.VanityUrlCode is { } vanityUrlCode) wire.VanityUrlCode = vanityUrlCode;
        if (guild.RulesChannelId is { } rulesChannelId) wire.RulesChannelId = rulesChannelId.Value;
        if (guild.SafetyAlertsChannelId is { } safetyAlertsChannelId) wire.SafetyAlertsChannelId = safetyAlertsChannelId.Value;
        if (guild.PublicUpdatesChannelId is { } publicUpdatesChannelId) wire.PublicUpdatesChannelId = publicUpdatesChannelId.Value;
        return wire;
    }

    public static GuildProperties FromWire(this Wire.Properties wire) => new()
    {
        Id = new(wire.Id),
        Name = wire.Name,
        Icon = wire.HasIcon ? wire.Icon : null,
        Description = wire.HasDescription ? wire.Description : null,
        HomeHeader = wire.HasHomeHeader ? wire.HomeHeader : null,
        Splash = wire.HasSplash ? wire.Splash : null,
        DiscoverySplash = wire.HasDiscoverySplash ? wire.DiscoverySplash : null,
        Features = wire.Features.ToArray(),
        Banner = wire.HasBanner ? wire.Banner : null,
        OwnerId = new(wire.OwnerId),
        ApplicationId = wire.HasApplicationId ? new(wire.ApplicationId) : null,
        Region = wire.Region,
        AfkChannelId = wire.HasAfkChannelId ? new(wire.AfkChannelId) : null,
        AfkTimeout = wire.AfkTimeout,
        SystemChannelId = wire.HasSystemChannelId ? new(wire.SystemChannelId) : null,
        SystemChannelFlags = wire.SystemChannelFlags,
        WidgetEnabled = wire.WidgetEnabled,
        WidgetChannelId = wire.HasWidgetChannelId ? new(wire.WidgetChannelId) : null,
        VerificationLevel = wire.VerificationLevel,
        DefaultMessageNotifications = wire.DefaultMessageNotifications,
        MfaLevel = wire.MfaLevel,
        ExplicitContentFilter = wire.ExplicitContentFilter,
        MaxPresences = wire.HasMaxPresences ? wire.MaxPresences : null,
        MaxMembers = wire.MaxMembers,
        MaxStageVideoChannelUsers = wire.MaxStageVideoChannelUsers,
        MaxVideoChannelUsers = wire.MaxVideoChannelUsers,
        VanityUrlCode = wire.HasVanityUrlCode ? wire.VanityUrlCode : null,
        PremiumTier = wire.PremiumTier,
        PremiumSubscriptionCount = wire.PremiumSubscriptionCount,
        PreferredLocale = wire.PreferredLocale,
        RulesChannelId = wire.HasRulesChannelId ? new(wire.RulesChannelId) : null,
        SafetyAlertsChannelId = wire.HasSafetyAlertsChannelId ? new(wire.SafetyAlertsChannelId) : null,
        PublicUpdatesChannelId = wire.HasPublicUpdatesChannelId ? new(wire.PublicUpdatesChannelId) : null,
        PremiumProgressBarEnabled = wire.PremiumProgressBarEnabled,
        Nsfw = wire.Nsfw,
        NsfwLevel = wire.NsfwLevel,
    };

    public static Wire.Role ToWire(this Role role)
    {
        Wire.Role wire = new()
        {
            Id = role.Id.Value,
            Name = role.Name,
            Permissions = (ulong)role.Permissions,
            Position = role.Position,
            Color = role.Color,
            Colors = new() { Primary = role.Colors.PrimaryColor },
            Hoist = role.Hoist,
            Managed = role.Managed,
            Mentionable = role.Mentionable,
            Flags = role.Flags,
        };
        if (role.Colors.SecondaryColor is { } secondary) wire.Colors.Secondary = secondary;
        if (role.Colors.TertiaryColor is { } tertiary) wire.Colors.Tertiary = tertiary;
        if (role.Icon is { } icon) wire.Icon = icon;
        if (role.UnicodeEmoji is { } unicodeEmoji) wire.UnicodeEmoji = unicodeEmoji;
        if (role.Tags is { } tags)
        {
            wire.Tags = new();
            if (tags.BotId is { } botId) wire.Tags.BotId = botId.Value;
            if (tags.IntegrationId is { } integrationId) wire.Tags.IntegrationId = integrationId.Value;
        }
        return wire;
    }

    public static Role FromWire(this Wire.Role wire) => new()
    {
        Id = new(wire.Id),
        Name = wire.Name,
        Permissions = (Permissions)wire.Permissions,
        Position = wire.Position,
        Color = wire.Color,
        Colors = new(
            wire.Colors.Primary,
            wire.Colors.HasSecondary ? wire.Colors.Secondary : null,
            wire.Colors.HasTertiary ? wire.Colors.Tertiary : null),
        Hoist = wire.Hoist,
        Managed = wire.Managed,
        Mentionable = wire.Mentionable,
        Icon = wire.HasIcon ? wire.Icon : null,
        UnicodeEmoji = wire.HasUnicodeEmoji ? wire.UnicodeEmoji : null,
        Flags = wire.Flags,
        Tags = wire.Tags is { } tags
            ? new()
            {
                BotId = tags.HasBotId ? new(tags.BotId) : null,
                IntegrationId = tags.HasIntegrationId ? new(tags.IntegrationId) : null,
            }
            : null,
    };

    public static Wire.Channel ToWire(this Channel channel)
    {
        Wire.Channel wire = new()
        {
            Id = channel.Id.Value,
            Type = (int)channel.Type,
            Flags = channel.Flags,
            PermissionOverwrites = channel.PermissionOverwrites?.ToWire(),
            AvailableTags = channel.AvailableTags is { } tags ? new() { Values = { tags.Select(ToWire) } } : null,
            DefaultReactionEmoji = channel.DefaultReactionEmoji?.ToWire(),
            ThreadMetadata = channel.ThreadMetadata?.ToWire(),
            AppliedTags = channel.AppliedTags?.ToWireIds(),
        };
        if (channel.GuildId is { } guildId) wire.GuildId = guildId.Value;
        if (channel.Name is { } name) wire.Name = name;
        if (channel.LastMessageId is { } lastMessageId) wire.LastMessageId = lastMessageId.Value;
        if (channel.LastPinTimestamp is { } lastPinTimestamp) wire.LastPinTimestamp = lastPinTimestamp.ToWire();
        if (channel.ParentId is { } parentId) wire.ParentId = parentId.Value;
        if (channel.Position is { } position) wire.Position = position;
        if (channel.Topic is { } topic) wire.Topic = topic;
        if (channel.Nsfw is { } nsfw) wire.Nsfw = nsfw;
        if (channel.RateLimitPerUser is { } rateLimit) wire.RateLimitPerUser = rateLimit;
        if (channel.DefaultAutoArchiveDuration is { } autoArchive) wire.DefaultAutoArchiveDuration = autoArchive;
        if (channel.DefaultThreadRateLimitPerUser is { } threadRateLimit) wire.DefaultThreadRateLimitPerUser = threadRateLimit;
        if (channel.Bitrate is { } bitrate) wire.Bitrate = bitrate;
        if (channel.UserLimit is { } userLimit) wire.UserLimit = userLimit;
        if (channel.RtcRegion is { } rtcRegion) wire.RtcRegion = rtcRegion;
        if (channel.VideoQualityMode is { } videoQualityMode) wire.VideoQualityMode = videoQualityMode;
        if (channel.DefaultSortOrder is { } sortOrder) wire.DefaultSortOrder = sortOrder;
        if (channel.DefaultForumLayout is { } forumLayout) wire.DefaultForumLayout = forumLayout;
        if (channel.DefaultTagSetting is { } tagSetting) wire.DefaultTagSetting = tagSetting;
        if (channel.OwnerId is { } ownerId) wire.OwnerId = ownerId.Value;
        if (channel.MemberCount is { } memberCount) wire.MemberCount = memberCount;
        if (channel.MessageCount is { } messageCount) wire.MessageCount = messageCount;
        if (channel.TotalMessageSent is { } totalMessageSent) wire.TotalMessageSent = totalMessageSent;
        return wire;
    }

    public static Channel FromWire(this Wire.Channel wire) => new()
    {
        Id = new(wire.Id),
        Type = (ChannelType)wire.Type,
        GuildId = wire.HasGuildId ? new(wire.GuildId) : null,
        Name = wire.HasName ? wire.Name : null,
        LastMessageId = wire.HasLastMessageId ? new(wire.LastMessageId) : null,
        LastPinTimestamp = wire.HasLastPinTimestamp ? wire.LastPinTimestamp.FromWireTime() : null,
        Flags = wire.Flags,
        ParentId = wire.HasParentId ? new(wire.ParentId) : null,
        Position = wire.HasPosition ? wire.Position : null,
        PermissionOverwrites = wire.PermissionOverwrites?.FromWire(),
        Topic = wire.HasTopic ? wire.Topic : null,
        Nsfw = wire.HasNsfw ? wire.Nsfw : null,
        RateLimitPerUser = wire.HasRateLimitPerUser ? wire.RateLimitPerUser : null,
        DefaultAutoArchiveDuration = wire.HasDefaultAutoArchiveDuration ? wire.DefaultAutoArchiveDuration : null,
        DefaultThreadRateLimitPerUser = wire.HasDefaultThreadRateLimitPerUser ? wire.DefaultThreadRateLimitPerUser : null,
        Bitrate = wire.HasBitrate ? wire.Bitrate : null,
        UserLimit = wire.HasUserLimit ? wire.UserLimit : null,
        RtcRegion = wire.HasRtcRegion ? wire.RtcRegion : null,
        VideoQualityMode = wire.HasVideoQualityMode ? wire.VideoQualityMode : null,
        AvailableTags = wire.AvailableTags?.Values.ToArray(FromWire),
        DefaultReactionEmoji = wire.DefaultReactionEmoji?.FromWire(),
        DefaultSortOrder = wire.HasDefaultSortOrder ? wire.DefaultSortOrder : null,
        DefaultForumLayout = wire.HasDefaultForumLayout ? wire.DefaultForumLayout : null,
        DefaultTagSetting = wire.HasDefaultTagSetting ? wire.DefaultTagSetting : null,
        OwnerId = wire.HasOwnerId ? new(wire.OwnerId) : null,
        ThreadMetadata = wire.ThreadMetadata?.FromWire(),
        MemberCount = wire.HasMemberCount ? wire.MemberCount : null,
        MessageCount = wire.HasMessageCount ? wire.MessageCount : null,
        TotalMessageSent = wire.HasTotalMessageSent ? wire.TotalMessageSent : null,
        AppliedTags = wire.AppliedTags?.Values.FromWire(),
    };

    private static Wire.ForumTag ToWire(this ForumTag tag)
    {
        Wire.ForumTag wire = new() { Id = tag.Id.Value, Name = tag.Name, Moderated = tag.Moderated };
        if (tag.EmojiId is { } emojiId) wire.EmojiId = emojiId.Value;
        if (tag.EmojiName is { } emojiName) wire.EmojiName = emojiName;
        return wire;
    }

    private static ForumTag FromWire(this Wire.ForumTag wire) => new()
    {
        Id = new(wire.Id),
        Name = wire.Name,
        Moderated = wire.Moderated,
        EmojiId = wire.HasEmojiId ? new(wire.EmojiId) : null,
        EmojiName = wire.HasEmojiName ? wire.EmojiName : null,
    };

    private static Wire.DefaultReaction ToWire(this DefaultReaction reaction)
    {
        Wire.DefaultReaction wire = new();
        if (reaction.EmojiId is { } emojiId) wire.EmojiId = emojiId.Value;
        if (reaction.EmojiName is { } emojiName) wire.EmojiName = emojiName;
        return wire;
    }

    private static DefaultReaction FromWire(this Wire.DefaultReaction wire) =>
        new(wire.HasEmojiId ? new(wire.EmojiId) : null, wire.HasEmojiName ? wire.EmojiName : null);

    private static Wire.ThreadMetadata ToWire(this ThreadMetadata metadata)
    {
        Wire.ThreadMetadata wire = new()
        {
            Archived = metadata.Archived,
            AutoArchiveDuration = metadata.AutoArchiveDuration,
            ArchiveTimestamp = metadata.ArchiveTimestamp.ToWire(),
            Locked = metadata.Locked,
        };
        if (metadata.Invitable is { } invitable) wire.Invitable = invitable;
        if (metadata.CreateTimestamp is { } createTimestamp) wire.CreateTimestamp = createTimestamp.ToWire();
        return wire;
    }

    private static ThreadMetadata FromWire(this Wire.ThreadMetadata wire) => new()
    {
        Archived = wire.Archived,
        AutoArchiveDuration = wire.AutoArchiveDuration,
        ArchiveTimestamp = wire.ArchiveTimestamp.FromWireTime(),
        Locked = wire.Locked,
        Invitable = wire.HasInvitable ? wire.Invitable : null,
        CreateTimestamp = wire.HasCreateTimestamp ? wire.CreateTimestamp.FromWireTime() : null,
    };

    private static ThreadState FromWire(this Wire.Thread wire) =>
        new(wire.Channel.FromWire()) { Members = wire.Members.Select(FromWire).ToImmutableDictionary(m => m.UserId) };

    public static Wire.ThreadMember ToWire(this ThreadMember member) => new()
    {
        ThreadId = member.Id.Value,
        UserId = member.UserId.Value,
        JoinTimestamp = member.JoinTimestamp.ToWire(),
        Flags = member.Flags,
    };

    public static ThreadMember FromWire(this Wire.ThreadMember wire) => new()
    {
        Id = new(wire.ThreadId),
        UserId = new(wire.UserId),
        JoinTimestamp = wire.JoinTimestamp.FromWireTime(),
        Flags = wire.Flags,
    };

    public static Wire.Member ToWire(this Member member)
    {
        Wire.Member wire = new()
        {
            User = member.User!.ToWire(),
            Roles = { member.Roles.ToWire() },
            JoinedAt = member.JoinedAt.ToWire(),
            Deaf = member.Deaf,
            Mute = member.Mute,
            Flags = member.Flags,
            Pending = member.Pending,
            IsTemporary = member.IsTemporary,
        };
        if (member.Nick is { } nick) wire.Nick = nick;
        if (member.Avatar is { } avatar) wire.Avatar = avatar;
        if (member.Banner is { } banner) wire.Banner = banner;
        if (member.PremiumSince is { } premiumSince) wire.PremiumSince = premiumSince.ToWire();
        if (member.CommunicationDisabledUntil is { } until) wire.CommunicationDisabledUntil = until.ToWire();
        return wire;
    }

    public static Member FromWire(this Wire.Member wire) => new()
    {
        User = wire.User.FromWire(),
        Nick = wire.HasNick ? wire.Nick : null,
        Avatar = wire.HasAvatar ? wire.Avatar : null,
        Banner = wire.HasBanner ? wire.Banner : null,
        Roles = wire.Roles.FromWire(),
        JoinedAt = wire.JoinedAt.FromWireTime(),
        PremiumSince = wire.HasPremiumSince ? wire.PremiumSince.FromWireTime() : null,
        Deaf = wire.Deaf,
        Mute = wire.Mute,
        Flags = wire.Flags,
        Pending = wire.Pending,
        CommunicationDisabledUntil = wire.HasCommunicationDisabledUntil ? wire.CommunicationDisabledUntil.FromWireTime() : null,
        IsTemporary = wire.IsTemporary,
    };

    public static Wire.Ban ToWire(this Ban ban)
    {
        Wire.Ban wire = new() { User = ban.User.ToWire() };
        if (ban.Reason is { } reason) wire.Reason = reason;
        return wire;
    }

    public static Ban FromWire(this Wire.Ban wire) => new(wire.HasReason ? wire.Reason : null, wire.User.FromWire());

    public static Wire.Invite ToWire(this InviteState invite)
    {
        Wire.Invite wire = new()
        {
            Code = invite.Code,
            ChannelId = invite.ChannelId.Value,
            Inviter = invite.Inviter?.ToWire(),
            MaxAge = invite.MaxAge,
            MaxUses = invite.MaxUses,
            Uses = invite.Uses,
            Temporary = invite.Temporary,
            CreatedAt = invite.CreatedAt.ToWire(),
            RoleIds = { invite.RoleIds.ToWire() },
        };
        if (invite.TargetType is { } targetType) wire.TargetType = targetType;
        if (invite.TargetUserId is { } targetUserId) wire.TargetUserId = targetUserId.Value;
        if (invite.TargetApplicationId is { } targetApplicationId) wire.TargetApplicationId = targetApplicationId.Value;
        return wire;
    }

    public static InviteState FromWire(this Wire.Invite wire) => new()
    {
        Code = wire.Code,
        ChannelId = new(wire.ChannelId),
        Inviter = wire.Inviter?.FromWire(),
        MaxAge = wire.MaxAge,
        MaxUses = wire.MaxUses,
        Uses = wire.Uses,
        Temporary = wire.Temporary,
        CreatedAt = wire.CreatedAt.FromWireTime(),
        TargetType = wire.HasTargetType ? wire.TargetType : null,
        TargetUserId = wire.HasTargetUserId ? new(wire.TargetUserId) : null,
        TargetApplicationId = wire.HasTargetApplicationId ? new(wire.TargetApplicationId) : null,
        RoleIds = wire.RoleIds.FromWire(),
    };

    /// <summary>Without the URL, which follows from id, token and the server's public address.</summary>
    public static Wire.Webhook ToWire(this Webhook webhook)
    {
        Wire.Webhook wire = new() { Id = webhook.Id.Value, Type = webhook.Type, User = webhook.User?.ToWire() };
        if (webhook.Name is { } name) wire.Name = name;
        if (webhook.Avatar is { } avatar) wire.Avatar = avatar;
        if (webhook.ChannelId is { } channelId) wire.ChannelId = channelId.Value;
        if (webhook.GuildId is { } guildId) wire.GuildId = guildId.Value;
        if (webhook.ApplicationId is { } applicationId) wire.ApplicationId = applicationId.Value;
        if (webhook.Token is { } token) wire.Token = token;
        return wire;
    }

    public static Webhook FromWire(this Wire.Webhook wire) => new()
    {
        Id = new(wire.Id),
        Type = wire.Type,
        Name = wire.HasName ? wire.Name : null,
        Avatar = wire.HasAvatar ? wire.Avatar : null,
        ChannelId = wire.HasChannelId ? new(wire.ChannelId) : null,
        GuildId = wire.HasGuildId ? new(wire.GuildId) : null,
        ApplicationId = wire.HasApplicationId ? new(wire.ApplicationId) : null,
        User = wire.User?.FromWire(),
        Token = wire.HasToken ? wire.Token : null,
    };

    public static Wire.CommandPermissions ToWire(this CommandPermissions permissions) => new()
    {
        Id = permissions.Id.Value,
        ApplicationId = permissions.ApplicationId.Value,
        GuildId = permissions.GuildId.Value,
        Permissions =
        {
            permissions.Permissions.Select(p => new Wire.CommandPermission { Id = p.Id.Value, Type = p.Type, Permission = p.Permission }),
        },
    };

    public static CommandPermissions FromWire(this Wire.CommandPermissions wire) => new(
        new(wire.Id),
        new(wire.ApplicationId),
        new(wire.GuildId),
        wire.Permissions.ToArray(p => new CommandPermission(new(p.Id), p.Type, p.Permission)));
}
