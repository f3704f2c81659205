using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Settings;

/// <summary>What a request says of a guild's settings. Absent fields stay as they are; null ones go back to their default. Images are
/// hashes of stored ones.</summary>
public sealed record GuildChanges
{
    public Optional<string> Name { get; init; }
    public Optional<string> Description { get; init; }
    public Optional<int> VerificationLevel { get; init; }
    public Optional<int> DefaultMessageNotifications { get; init; }
    public Optional<int> ExplicitContentFilter { get; init; }
    public Optional<string> PreferredLocale { get; init; }

    /// <summary>Seconds.</summary>
    public Optional<int> AfkTimeout { get; init; }

    public Optional<Snowflake> AfkChannelId { get; init; }
    public Optional<Snowflake> SystemChannelId { get; init; }
    public Optional<int> SystemChannelFlags { get; init; }
    public Optional<Snowflake> RulesChannelId { get; init; }
    public Optional<Snowflake> PublicUpdatesChannelId { get; init; }
    public Optional<Snowflake> SafetyAlertsChannelId { get; init; }
    public Optional<Snowflake> OwnerId { get; init; }
    public Optional<List<string>> Features { get; init; }
    public Optional<bool> PremiumProgressBarEnabled { get; init; }
    public Optional<string> Icon { get; init; }
    public Optional<string> Splash { get; init; }
    public Optional<string> DiscoverySplash { get; init; }
    public Optional<string> Banner { get; init; }
    public Optional<string> HomeHeader { get; init; }
}

/// <summary>Changes a guild's settings. Its owner alone gives it away, to a member that is no bot.</summary>
public sealed record ModifyGuild(GuildChanges Changes) : GuildCommand<Guild>
{
    /// <summary>Features that may be switched on and off; the others are not the guild's to change.</summary>
    private static readonly string[] s_switchable = ["COMMUNITY", "DISCOVERABLE", "INVITES_DISABLED", "RAID_ALERTS_DISABLED"];

    protected override Guild Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageGuild);
        GuildProperties before = guild.State.Properties;
        GuildChanges c = Changes;
        GuildProperties after = before with
        {
            Name = c.Name.Or(before.Name),
            Description = c.Description.Over(before.Description) is { Length: > 0 } text ? text : null,
            VerificationLevel = c.VerificationLevel.IsPresent ? c.VerificationLevel.Or(0) : before.VerificationLevel,
            DefaultMessageNotifications = c.DefaultMessageNotifications.IsPresent
                ? c.DefaultMessageNotifications.Or(0)
                : before.DefaultMessageNotifications,
            ExplicitContentFilter = c.ExplicitContentFilter.IsPresent ? c.ExplicitContentFilter.Or(0) : before.ExplicitContentFilter,
            PreferredLocale = c.PreferredLocale.IsPresent ? c.PreferredLocale.Or("en-US") : before.PreferredLocale,
            AfkTimeout = c.AfkTimeout.Or(before.AfkTimeout),
            AfkChannelId = ChannelOf(guild, "afk_channel_id", c.AfkChannelId, before.AfkChannelId, ChannelType.GuildVoice),
            SystemChannelId = ChannelOf(
                guild, "system_channel_id", c.SystemChannelId, before.SystemChannelId, ChannelType.GuildText,
                ChannelType.GuildAnnouncement),
            SystemChannelFlags = c.SystemChannelFlags.IsPresent ? c.SystemChannelFlags.Or(0) : before.SystemChannelFlags,
            RulesChannelId = ChannelOf(guild, "rules_channel_id", c.RulesChannelId, before.RulesChannelId, ChannelType.GuildText),
            PublicUpdatesChannelId = ChannelOf(
                guild, "public_updates_channel_id", c.PublicUpdatesChannelId, before.PublicUpdatesChannelId, ChannelType.GuildText),
            SafetyAlertsChannelId = ChannelOf(
                guild, "safety_alerts_channel_id", c.SafetyAlertsChannelId, before.SafetyAlertsChannelId, ChannelType.GuildText),
            OwnerId = OwnerOf(guild, before.OwnerId),
            Features = FeaturesOf(guild, before.Features),
            PremiumProgressBarEnabled = c.PremiumProgressBarEnabled.IsPresent
                ? c.PremiumProgressBarEnabled.Or(false)
                : before.PremiumProgressBarEnabled,
            Icon = c.Icon.Over(before.Icon),
            Splash = c.Splash.Over(before.Splash),
            DiscoverySplash = c.DiscoverySplash.Over(before.DiscoverySplash),
            Banner = c.Banner.Over(before.Banner),
            HomeHeader = c.HomeHeader.Over(before.HomeHeader),
        };
        if (after.Features.Contains("COMMUNITY") && (after.RulesChannelId is null || after.PublicUpdatesChannelId is null))
        {
            throw new ApiException(ApiError.InvalidFormBody, FormErrors.Of(
                "features", FormError.Invalid("A community guild needs a rules channel and a public updates channel.")));
        }
        IReadOnlyList<AuditLogChange> changes = AuditChanges.Between(before, after, PayloadJson.Wire.GuildProperties);
        if (changes.Count > 0)
        {
            guild.Put(new PropertiesChanged(after));
            guild.Audit(AuditLogEvent.GuildUpdate, guild.State.Id, changes);
        }
        return GuildPayloads.Guild(guild.State);
    }

    private static Snowflake? ChannelOf(
        GuildDecision guild, string field, Optional<Snowflake> wanted, Snowflake? current, params ReadOnlySpan<ChannelType> types)
    {
        if (!wanted.TryGet(out Snowflake id))
            return wanted.IsNull ? null : current;
        if (!guild.State.Channels.TryGetValue(id, out Channel? channel))
            throw new ApiException(
                ApiError.InvalidFormBody, FormErrors.Of(field, FormError.Invalid("There is no such channel in this guild.")));
        return types.Contains(channel.Type)
            ? id
            : throw new ApiException(
                ApiError.InvalidFormBody, FormErrors.Of(field, FormError.Invalid("The channel is of a type that cannot be used here.")));
    }

    private Snowflake OwnerOf(GuildDecision guild, Snowflake current)
    {
        if (!Changes.OwnerId.TryGet(out Snowflake owner) || owner == current)
            return current;
        if (!guild.By.System && !guild.State.IsOwner(guild.By.UserId))
            throw new ApiException(ApiError.MissingPermissions);
        return guild.Member(owner).User!.Bot == true ? throw new ApiException(ApiError.OwnershipToBot) : owner;
    }

    private IReadOnlyList<string> FeaturesOf(GuildDecision guild, IReadOnlyList<string> current)
    {
        if (!Changes.Features.TryGet(out List<string>? wanted))
            return current;
        string[] now = [.. current.Except(s_switchable).Concat(s_switchable.Where(wanted.Contains))];
        if (now.Order().SequenceEqual(current.Order()))
            return current;
        if (now.Contains("COMMUNITY") != current.Contains("COMMUNITY"))
            guild.Require(Permissions.Administrator);
        return now;
    }
}

/// <summary>Deletes the guild. Only its owner can.</summary>
public sealed record DeleteGuild : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        if (!guild.By.System && !guild.State.IsOwner(guild.By.UserId))
            throw new ApiException(ApiError.MissingPermissions);
        guild.Put(new GuildDeleted());
        return true;
    }
}
