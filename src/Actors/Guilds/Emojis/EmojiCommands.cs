using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Emojis;

/// <summary>Adds an emoji whose picture is stored under its id.</summary>
/// <param name="EmojiId">A fresh id.</param>
/// <param name="Name">2 to 32 letters, digits and underscores.</param>
/// <param name="Animated">Still and moving ones are counted apart, 50 each.</param>
/// <param name="Roles">Those who may use it; empty = everyone.</param>
public sealed record CreateEmoji(Snowflake EmojiId, string Name, bool Animated, IReadOnlyList<Snowflake> Roles) : GuildCommand<Emoji>
{
    protected override Emoji Decide(GuildDecision guild)
    {
        EmojiRights.RequireCreate(guild);
        if (guild.State.Emojis.Values.Count(e => e.Animated == true == Animated) >= Limits.GuildEmojis)
            throw new ApiException(Animated ? ApiError.MaxAnimatedEmojis : ApiError.MaxEmojis);
        foreach (Snowflake role in Roles)
            guild.Role(role);
        Emoji emoji = new()
        {
            Id = EmojiId,
            Name = Name,
            Roles = Roles,
            User = guild.State.Members[guild.By.UserId]?.User,
            RequireColons = true,
            Managed = false,
            Animated = Animated,
            Available = true,
        };
        guild.Put(new EmojiPut(emoji));
        guild.Audit(AuditLogEvent.EmojiCreate, EmojiId, EmojiRights.Changes(null, emoji));
        return emoji;
    }
}

/// <summary>Renames an emoji, or changes who may use it.</summary>
public sealed record ModifyEmoji(Snowflake EmojiId, string? Name, Optional<List<Snowflake>> Roles) : GuildCommand<Emoji>
{
    protected override Emoji Decide(GuildDecision guild)
    {
        Emoji before = EmojiRights.RequireChange(guild, EmojiId);
        foreach (Snowflake role in Roles.Or([]))
            guild.Role(role);
        Emoji after = before with { Name = Name ?? before.Name, Roles = Roles.IsPresent ? Roles.Or([]) : before.Roles };
        IReadOnlyList<AuditLogChange> changes = EmojiRights.Changes(before, after);
        if (changes.Count > 0)
        {
            guild.Put(new EmojiPut(after));
            guild.Audit(AuditLogEvent.EmojiUpdate, EmojiId, changes);
        }
        return after;
    }
}

/// <summary>Removes an emoji. Its picture stays as long as messages may show it.</summary>
public sealed record DeleteEmoji(Snowflake EmojiId) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        Emoji gone = EmojiRights.RequireChange(guild, EmojiId);
        guild.Put(new EmojiRemoved(EmojiId));
        guild.Audit(AuditLogEvent.EmojiDelete, EmojiId, EmojiRights.Changes(gone, null));
        return true;
    }
}

/// <summary>CREATE_GUILD_EXPRESSIONS makes emojis and changes one's own; MANAGE_GUILD_EXPRESSIONS changes all.</summary>
public static class EmojiRights
{
    public const Permissions Any = Permissions.CreateGuildExpressions | Permissions.ManageGuildExpressions;

    internal static void RequireCreate(GuildDecision guild)
    {
        guild.Require(Permissions.None);
        if (!guild.Held.HasAny(Any))
            throw new ApiException(ApiError.MissingPermissions);
    }

    internal static Emoji RequireChange(GuildDecision guild, Snowflake id)
    {
        guild.Require(Permissions.None);
        Emoji emoji = guild.State.Emojis.GetValueOrDefault(id) ?? throw new ApiException(ApiError.UnknownEmoji);
        bool own = emoji.User?.Id == guild.By.UserId && guild.Held.Has(Permissions.CreateGuildExpressions);
        if (!own && !guild.Held.Has(Permissions.ManageGuildExpressions))
            throw new ApiException(ApiError.MissingPermissions);
        return emoji;
    }

    internal static IReadOnlyList<AuditLogChange> Changes(Emoji? before, Emoji? after) =>
        AuditChanges.Between(before is null ? null : Named(before), after is null ? null : Named(after), PayloadJson.Wire.Emoji);

    private static Emoji Named(Emoji emoji) => new() { Name = emoji.Name, Roles = emoji.Roles is { Count: > 0 } roles ? roles : null };
}
