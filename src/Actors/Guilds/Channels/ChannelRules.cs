using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Channels;

/// <summary>What holds for guild channels whoever changes them: names, parents, overwrites, and categories that their children
/// follow.</summary>
public static class ChannelRules
{
    /// <summary>Text channels have no capitals and no spaces; the others keep their names.</summary>
    public static string NameFor(ChannelType type, string name)
    {
        name = name.Trim();
        if (type is not (ChannelType.GuildText or ChannelType.GuildAnnouncement or ChannelType.GuildForum or ChannelType.GuildMedia))
            return name;
        return string.Join('-', name.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The parent must be a category with room.</summary>
    /// <exception cref="ApiException">50035.</exception>
    public static void CheckParent(GuildDecision guild, Snowflake? parentId, Snowflake channelId)
    {
        if (parentId is not { } id)
            return;
        if (!guild.State.Channels.TryGetValue(id, out Channel? parent))
            throw Wrong("parent_id", new FormError("CHANNEL_PARENT_INVALID", "Category does not exist"));
        if (parent.Type != ChannelType.GuildCategory)
            throw Wrong("parent_id", new FormError("CHANNEL_PARENT_INVALID_TYPE", "Not a category"));
        if (guild.State.Channels.Values.Count(c => c.ParentId == id && c.Id != channelId) >= Limits.CategoryChannels)
            throw Wrong("parent_id", new FormError(
                "CHANNEL_PARENT_MAX_CHANNELS", $"Maximum number of channels in category reached ({Limits.CategoryChannels})"));
    }

    /// <summary>
    /// What overwrites become: each target once, those without bits kept. Nobody changes bits that he does not have, in the guild or in the
    /// channel; targets must exist unless they stood there before.
    /// </summary>
    /// <exception cref="ApiException">50013, 10009, 30060.</exception>
    public static Overwrite[] CheckOverwrites(GuildDecision guild, Channel channel, IReadOnlyList<Overwrite> wanted)
    {
        IReadOnlyList<Overwrite> present = channel.PermissionOverwrites ?? [];
        Overwrite[] all = [.. wanted.GroupBy(o => o.Id).Select(g => g.Last())];
        if (all.Length > Limits.ChannelOverwrites)
            throw new ApiException(ApiError.MaxOverwrites);
        Permissions changed = Permissions.None;
        foreach (Overwrite overwrite in all)
        {
            Overwrite before = Find(present, overwrite.Id);
            changed |= (before.Allow ^ overwrite.Allow) | (before.Deny ^ overwrite.Deny);
            if (before.Id == Snowflake.None && !Exists(guild.State, overwrite))
                throw new ApiException(ApiError.UnknownPermissionOverwrite);
        }
        foreach (Overwrite gone in present)
        {
            if (Find(all, gone.Id).Id == Snowflake.None)
                changed |= gone.Allow | gone.Deny;
        }
        RequireMayGrant(guild, channel, changed);
        return all;
    }

    /// <exception cref="ApiException">50013: the caller has not all of <paramref name="bits"/>, neither in the guild nor in the
    /// channel.</exception>
    public static void RequireMayGrant(GuildDecision guild, Channel channel, Permissions bits)
    {
        if (guild.By.System)
            return;
        Permissions held = guild.Held | guild.State.PermissionsIn(channel, guild.By.UserId, guild.Now);
        if (!held.Has(bits & Permissions.All))
            throw new ApiException(ApiError.MissingPermissions);
    }

    /// <summary>
    /// Puts a changed channel. When a category's overwrites change, children that had the very same ones follow: that is all that
    /// "synced" means.
    /// </summary>
    public static void Put(GuildDecision guild, Channel before, Channel after)
    {
        guild.Put(new ChannelPut(after));
        if (after.Type != ChannelType.GuildCategory || SameOverwrites(before.PermissionOverwrites, after.PermissionOverwrites))
            return;
        foreach (Channel child in guild.State.Channels.Values.Where(c => c.ParentId == after.Id).OrderBy(c => c.Position)
            .ThenBy(c => c.Id).ToArray())
        {
            if (SameOverwrites(child.PermissionOverwrites, before.PermissionOverwrites))
                guild.Put(new ChannelPut(child with { PermissionOverwrites = after.PermissionOverwrites }));
        }
    }

    /// <summary>The same overwrites, in whatever order. Those without bits say nothing and count for nothing.</summary>
    public static bool SameOverwrites(IReadOnlyList<Overwrite>? a, IReadOnlyList<Overwrite>? b) =>
        ReferenceEquals(a, b) || Meaningful(a).SetEquals(Meaningful(b));

    internal static Overwrite Find(IReadOnlyList<Overwrite> overwrites, Snowflake id) => overwrites.FirstOrDefault(o => o.Id == id);

    internal static ApiException Wrong(string field, FormError error) => new(ApiError.InvalidFormBody, FormErrors.Of(field, error));

    internal static bool Exists(GuildState state, Overwrite overwrite) =>
        overwrite.Type == OverwriteType.Role ? state.Roles.ContainsKey(overwrite.Id) : state.Members.Contains(overwrite.Id);

    private static HashSet<Overwrite> Meaningful(IReadOnlyList<Overwrite>? overwrites) =>
        [.. (overwrites ?? []).Where(o => o.Allow != Permissions.None || o.Deny != Permissions.None)];
}
