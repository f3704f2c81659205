using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>Payloads made from a guild's state.</summary>
public static class GuildPayloads
{
    public static Guild Guild(GuildState state) => Copy(state.Properties) with
    {
        Roles = [.. state.Roles.Values.OrderBy(r => r.Position).ThenBy(r => r.Id)],
        Emojis = Emojis(state),
    };

    public static List<Emoji> Emojis(GuildState state) => [.. state.Emojis.Values.OrderBy(e => e.Id!.Value)];

    public static PartialGuild Partial(GuildState state, Snowflake viewer) => new()
    {
        Id = state.Id,
        Name = state.Properties.Name,
        Icon = state.Properties.Icon,
        Banner = state.Properties.Banner,
        Owner = state.IsOwner(viewer),
        Permissions = state.PermissionsOf(viewer),
        Features = state.Properties.Features,
    };

    public static InviteGuild InviteGuild(GuildState state) => new()
    {
        Id = state.Id,
        Name = state.Properties.Name,
        Splash = state.Properties.Splash,
        Banner = state.Properties.Banner,
        Description = state.Properties.Description,
        Icon = state.Properties.Icon,
        Features = state.Properties.Features,
        VerificationLevel = state.Properties.VerificationLevel,
        VanityUrlCode = state.Properties.VanityUrlCode,
        NsfwLevel = state.Properties.NsfwLevel,
        Nsfw = state.Properties.Nsfw,
        PremiumSubscriptionCount = state.Properties.PremiumSubscriptionCount,
    };

    /// <summary>An invite as anyone may see it.</summary>
    public static Invite Invite(GuildState state, InviteState invite)
    {
        Channel? channel = state.FindChannel(invite.ChannelId);
        return new Invite
        {
            Code = invite.Code,
            Guild = InviteGuild(state),
            GuildId = state.Id,
            Channel = channel is null ? null : new InviteChannel(channel.Id, channel.Name, (int)channel.Type),
            Inviter = invite.Inviter,
            TargetType = invite.TargetType,
            ExpiresAt = invite.ExpiresAt,
        };
    }

    /// <summary>An invite with its counters, for those who manage the channel.</summary>
    public static Invite InviteWithMetadata(GuildState state, InviteState invite) => Invite(state, invite) with
    {
        Uses = invite.Uses,
        MaxUses = invite.MaxUses,
        MaxAge = invite.MaxAge,
        Temporary = invite.Temporary,
        CreatedAt = invite.CreatedAt,
    };

    private static Guild Copy(GuildProperties p) => new()
    {
        Id = p.Id,
        Name = p.Name,
        Icon = p.Icon,
        Description = p.Description,
        HomeHeader = p.HomeHeader,
        Splash = p.Splash,
        DiscoverySplash = p.DiscoverySplash,
        Features = p.Features,
        Banner = p.Banner,
        OwnerId = p.OwnerId,
        ApplicationId = p.ApplicationId,
        Region = p.Region,
        AfkChannelId = p.AfkChannelId,
        AfkTimeout = p.AfkTimeout,
        SystemChannelId = p.SystemChannelId,
        SystemChannelFlags = p.SystemChannelFlags,
        WidgetEnabled = p.WidgetEnabled,
        WidgetChannelId = p.WidgetChannelId,
        VerificationLevel = p.VerificationLevel,
        DefaultMessageNotifications = p.DefaultMessageNotifications,
        MfaLevel = p.MfaLevel,
        ExplicitContentFilter = p.ExplicitContentFilter,
        MaxPresences = p.MaxPresences,
        MaxMembers = p.MaxMembers,
        MaxStageVideoChannelUsers = p.MaxStageVideoChannelUsers,
        MaxVideoChannelUsers = p.MaxVideoChannelUsers,
        VanityUrlCode = p.VanityUrlCode,
        PremiumTier = p.PremiumTier,
        PremiumSubscriptionCount = p.PremiumSubscriptionCount,
        PreferredLocale = p.PreferredLocale,
        RulesChannelId = p.RulesChannelId,
        SafetyAlertsChannelId = p.SafetyAlertsChannelId,
        PublicUpdatesChannelId = p.PublicUpdatesChannelId,
        PremiumProgressBarEnabled = p.PremiumProgressBarEnabled,
        Nsfw = p.Nsfw,
        NsfwLevel = p.NsfwLevel,
        Roles = [],
        Emojis = [],
    };
}
