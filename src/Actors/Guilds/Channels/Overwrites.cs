using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Channels;

/// <summary>Sets one overwrite. Needs MANAGE_ROLES in the channel; only bits that the caller has can change.</summary>
/// <param name="Type">Null: as the target is.</param>
public sealed record PutOverwrite(Snowflake ChannelId, Snowflake TargetId, OverwriteType? Type, Permissions Allow, Permissions Deny)
    : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        Channel channel = OverwriteRules.Channel(guild, ChannelId);
        IReadOnlyList<Overwrite> present = channel.PermissionOverwrites ?? [];
        Overwrite before = ChannelRules.Find(present, TargetId);
        bool isNew = before.Id == Snowflake.None;
        OverwriteType type = Type
            ?? (isNew ? guild.State.Roles.ContainsKey(TargetId) ? OverwriteType.Role : OverwriteType.Member : before.Type);
        Overwrite after = new(TargetId, type, Allow & ~Deny, Deny);
        if (after == before)
            return false;
        Overwrite[] all = ChannelRules.CheckOverwrites(guild, channel, [.. present.Where(o => o.Id != TargetId), after]);
        ChannelRules.Put(guild, channel, channel with { PermissionOverwrites = all });
        OverwriteRules.Audit(guild, ChannelId, isNew ? null : before, after);
        return true;
    }
}

/// <summary>Takes one overwrite away. Needs MANAGE_ROLES in the channel.</summary>
public sealed record DeleteOverwrite(Snowflake ChannelId, Snowflake TargetId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        Channel channel = OverwriteRules.Channel(guild, ChannelId);
        IReadOnlyList<Overwrite> present = channel.PermissionOverwrites ?? [];
        Overwrite before = ChannelRules.Find(present, TargetId);
        if (before.Id == Snowflake.None)
            throw new ApiException(ApiError.UnknownPermissionOverwrite);
        Overwrite[] all = ChannelRules.CheckOverwrites(guild, channel, [.. present.Where(o => o.Id != TargetId)]);
        ChannelRules.Put(guild, channel, channel with { PermissionOverwrites = all });
        OverwriteRules.Audit(guild, ChannelId, before, null);
        return true;
    }
}

internal static class OverwriteRules
{
    public static Channel Channel(GuildDecision guild, Snowflake id)
    {
        Channel channel = guild.Channel(id);
        guild.Require(channel, Permissions.ManageRoles);
        return channel.Type.IsThread() ? throw new ApiException(ApiError.CannotExecuteOnChannelType) : channel;
    }

    /// <summary>The overwrites in which two states of a channel differ; one that is null was not there.</summary>
    public static List<(Overwrite? Before, Overwrite? After)> Changes(Channel before, Channel after)
    {
        Dictionary<Snowflake, Overwrite> old = (before.PermissionOverwrites ?? []).ToDictionary(o => o.Id);
        List<(Overwrite? Before, Overwrite? After)> changes = [];
        foreach (Overwrite now in after.PermissionOverwrites ?? [])
        {
            Overwrite? was = old.Remove(now.Id, out Overwrite known) ? known : null;
            if (was != now)
                changes.Add((was, now));
        }
        changes.AddRange(old.Values.Select(gone => ((Overwrite?)gone, (Overwrite?)null)));
        return changes;
    }

    /// <summary>Writes one overwrite's change to the audit log; one that is null was not there, or is no more.</summary>
    public static void Audit(GuildDecision guild, Snowflake channel, Overwrite? before, Overwrite? after)
    {
        AuditLogEvent action = before is null ? AuditLogEvent.ChannelOverwriteCreate
            : after is null ? AuditLogEvent.ChannelOverwriteDelete : AuditLogEvent.ChannelOverwriteUpdate;
        Overwrite target = after ?? before!.Value;
        Dictionary<string, string> options = new() { ["id"] = target.Id.ToString(), ["type"] = ((int)target.Type).ToString() };
        if (target.Type == OverwriteType.Role && guild.State.Roles.TryGetValue(target.Id, out Role? role))
            options["role_name"] = role.Name;
        List<AuditLogChange> changes = [];
        Add("allow", before?.Allow, after?.Allow);
        Add("deny", before?.Deny, after?.Deny);
        guild.Audit(action, channel, changes, options);

        void Add(string key, Permissions? was, Permissions? now)
        {
            if (was != now)
                changes.Add(new AuditLogChange(key) { OldValue = Text(was), NewValue = Text(now) });
        }

        static System.Text.Json.JsonElement? Text(Permissions? bits) => bits is { } b
            ? System.Text.Json.JsonElement.Parse($"\"{(ulong)b}\"")
            : null;
    }
}
