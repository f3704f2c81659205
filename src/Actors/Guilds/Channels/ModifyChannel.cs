using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Channels;

/// <summary>Changes a guild channel that is no thread. Needs MANAGE_CHANNELS there, and MANAGE_ROLES for overwrites. Answers with the
/// channel.</summary>
public sealed record ModifyChannel(Snowflake ChannelId, ChannelSettings Settings) : GuildCommand<Channel>
{
    protected override Channel Decide(GuildDecision guild)
    {
        if (!guild.State.Channels.TryGetValue(ChannelId, out Channel? before))
            throw new ApiException(ApiError.UnknownChannel);
        guild.Require(before, Permissions.ManageChannels);
        CheckType(before.Type);
        if (Settings.ParentId.HasValue && before.Type == ChannelType.GuildCategory)
            throw ChannelRules.Wrong("parent_id", new FormError("CHANNEL_PARENT_INVALID_TYPE", "Categories cannot have subcategories"));
        if (Settings.ParentId.HasValue && Settings.ParentId.Value != before.ParentId)
            ChannelRules.CheckParent(guild, Settings.ParentId.Value, ChannelId);
        Channel after = Settings.ApplyTo(before, guild);
        if (Settings.Overwrites.IsPresent)
        {
            guild.Require(before, Permissions.ManageRoles);
            after = after with { PermissionOverwrites = ChannelRules.CheckOverwrites(guild, before, Settings.Overwrites.Or([])) };
        }
        IReadOnlyList<AuditLogChange> changes = AuditChanges.Between(
            before with { PermissionOverwrites = null }, after with { PermissionOverwrites = null }, PayloadJson.Wire.Channel);
        List<(Overwrite? Before, Overwrite? After)> overwrites = OverwriteRules.Changes(before, after);
        if (changes.Count + overwrites.Count == 0)
            return before;
        ChannelRules.Put(guild, before, after);
        if (changes.Count > 0)
            guild.Audit(AuditLogEvent.ChannelUpdate, ChannelId, changes);
        foreach ((Overwrite? was, Overwrite? now) in overwrites)
            OverwriteRules.Audit(guild, ChannelId, was, now);
        return guild.State.Channels[ChannelId];
    }

    // Text and announcement channels turn into each other; nothing else does.
    private void CheckType(ChannelType present)
    {
        if (!Settings.Type.HasValue || Settings.Type.Value == present)
            return;
        if (present is not (ChannelType.GuildText or ChannelType.GuildAnnouncement)
            || Settings.Type.Value is not (ChannelType.GuildText or ChannelType.GuildAnnouncement))
            throw ChannelRules.Wrong("type", FormError.Choices([(int)ChannelType.GuildText, (int)ChannelType.GuildAnnouncement]));
    }
}
