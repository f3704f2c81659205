using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Channels;

/// <summary>
/// Makes a guild channel that is no thread. Needs MANAGE_CHANNELS, in the category too if it is to stand in one. Without overwrites of its
/// own it has its category's.
/// </summary>
/// <param name="Settings">With a name.</param>
public sealed record CreateChannel(ChannelSettings Settings) : GuildCommand<Channel>
{
    private static readonly ChannelType[] s_types =
    [
        ChannelType.GuildText, ChannelType.GuildVoice, ChannelType.GuildCategory, ChannelType.GuildAnnouncement,
        ChannelType.GuildStageVoice, ChannelType.GuildForum, ChannelType.GuildMedia,
    ];

    protected override Channel Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageChannels);
        ChannelType type = Settings.Type.Or(ChannelType.GuildText);
        if (!s_types.Contains(type))
            throw ChannelRules.Wrong("type", FormError.Choices(s_types.Select(t => (int)t)));
        if (guild.State.Channels.Count >= Limits.GuildChannels)
            throw new ApiException(ApiError.MaxChannels);
        Channel blank = new()
        {
            Id = guild.NewId(),
            Type = type,
            GuildId = guild.State.Id,
            Position = guild.State.Channels.Values.Where(c => Group(c.Type) == Group(type)).Max(c => c.Position) + 1 ?? 0,
            PermissionOverwrites = Array.Empty<Overwrite>(),
        };
        Channel channel = Settings.ApplyTo(blank, guild) with { PermissionOverwrites = Overwrites(guild, blank) };
        guild.Put(new ChannelPut(channel));
        guild.Audit(AuditLogEvent.ChannelCreate, channel.Id, AuditChanges.Between(null, channel, PayloadJson.Wire.Channel));
        return channel;
    }

    private IReadOnlyList<Overwrite> Overwrites(GuildDecision guild, Channel blank)
    {
        Channel? parent = null;
        if (Settings.ParentId.TryGet(out Snowflake parentId))
        {
            if (blank.Type == ChannelType.GuildCategory)
                throw ChannelRules.Wrong("parent_id", new FormError("CHANNEL_PARENT_INVALID_TYPE", "Categories cannot have subcategories"));
            ChannelRules.CheckParent(guild, parentId, blank.Id);
            parent = guild.State.Channels[parentId];
            guild.Require(parent, Permissions.ManageChannels);
        }
        if (!Settings.Overwrites.TryGet(out IReadOnlyList<Overwrite>? wanted))
            return parent?.PermissionOverwrites ?? [];

        // Who could hand on MANAGE_ROLES in a channel of his own could hand on everything in it.
        if (wanted.Any(o => (o.Allow | o.Deny).Has(Permissions.ManageRoles)) && !guild.Held.Has(Permissions.Administrator))
            throw new ApiException(ApiError.MissingPermissions);
        return ChannelRules.CheckOverwrites(guild, blank, wanted);
    }

    // Clients sort categories, texts and voices apart.
    private static int Group(ChannelType type) => type == ChannelType.GuildCategory ? 0 : type.IsVoice() ? 1 : 2;
}
