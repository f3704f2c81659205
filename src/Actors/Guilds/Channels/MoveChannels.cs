using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Channels;

/// <summary>A channel's new place in <see cref="MoveChannels"/>.</summary>
/// <param name="Position">Null keeps it.</param>
/// <param name="Parent">Absent keeps it, null takes it out of its category.</param>
/// <param name="LockPermissions">Whether it takes the overwrites of its category.</param>
public sealed record ChannelMove(Snowflake Id, int? Position, Optional<Snowflake> Parent, bool LockPermissions);

/// <summary>
/// Puts channels in another order. At most one may change its category in one go (40009). Positions are taken as they are given: equal ones
/// are ordered by id.
/// </summary>
public sealed record MoveChannels(IReadOnlyList<ChannelMove> Moves) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        guild.Require(Permissions.ManageChannels);
        int reparented = 0;
        foreach (ChannelMove move in Moves)
        {
            if (!guild.State.Channels.TryGetValue(move.Id, out Channel? before))
                throw new ApiException(ApiError.UnknownChannel);
            Snowflake? parent = move.Parent.Over(before.ParentId);
            if (parent != before.ParentId)
            {
                if (++reparented > 1)
                    throw new ApiException(ApiError.OneParentChangeOnly);
                CheckParent(guild, before, parent);
            }
            Channel after = before with { Position = move.Position ?? before.Position, ParentId = parent };
            if (move.LockPermissions && parent is { } category)
                after = Synced(guild, before, after, guild.State.Channels[category]);
            IReadOnlyList<AuditLogChange> changes = AuditChanges.Between(before, after, PayloadJson.Wire.Channel);
            if (changes.Count == 0)
                continue;
            guild.Put(new ChannelPut(after));
            guild.Audit(AuditLogEvent.ChannelUpdate, move.Id, changes);
        }
        return true;
    }

    private static void CheckParent(GuildDecision guild, Channel channel, Snowflake? parent)
    {
        if (channel.Type == ChannelType.GuildCategory)
            throw ChannelRules.Wrong("parent_id", new FormError("CHANNEL_PARENT_INVALID_TYPE", "Categories cannot have subcategories"));
        guild.Require(channel, Permissions.ManageChannels);
        ChannelRules.CheckParent(guild, parent, channel.Id);
    }

    private static Channel Synced(GuildDecision guild, Channel before, Channel after, Channel category)
    {
        IReadOnlyList<Overwrite> wanted = category.PermissionOverwrites ?? [];
        if (ChannelRules.SameOverwrites(before.PermissionOverwrites, wanted))
            return after;
        guild.Require(before, Permissions.ManageRoles);
        return after with { PermissionOverwrites = ChannelRules.CheckOverwrites(guild, before, wanted) };
    }
}
