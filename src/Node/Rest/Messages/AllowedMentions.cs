using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Messages;

/// <summary>Whom a message may mention ("Allowed Mentions Object").</summary>
public sealed record AllowedMentions
{
    /// <summary>Messages of users and bots that say nothing: everyone they name, and whom they reply to.</summary>
    public static AllowedMentions All { get; } = new() { Users = true, Roles = true, Everyone = true, RepliedUser = true };

    /// <summary>Webhooks and interaction responses that say nothing: users.</summary>
    public static AllowedMentions UsersOnly { get; } = new() { Users = true, RepliedUser = true };

    /// <summary>All users that the content names.</summary>
    public bool Users { get; init; }

    /// <summary>All roles that the content names.</summary>
    public bool Roles { get; init; }

    public bool Everyone { get; init; }

    /// <summary>The author of the message that is replied to.</summary>
    public bool RepliedUser { get; init; }

    /// <summary>These users, if the content names them.</summary>
    public IReadOnlyList<Snowflake> UserIds { get; init; } = [];

    /// <summary>These roles, if the content names them.</summary>
    public IReadOnlyList<Snowflake> RoleIds { get; init; } = [];

    public bool AllowsUser(Snowflake id) => Users || UserIds.Contains(id);

    public bool AllowsRole(Snowflake id) => Roles || RoleIds.Contains(id);

    internal static AllowedMentions Read(FormReader form)
    {
        List<string> parse = form.StringArray("parse", 3) ?? [];
        for (int i = 0; i < parse.Count; i++)
        {
            if (parse[i] is not ("users" or "roles" or "everyone"))
                form.Fail(FormErrors.Join("parse", i), FormError.Choices(["users", "roles", "everyone"]));
        }
        List<Snowflake> users = form.SnowflakeSet("users", Limits.AllowedMentions) ?? [];
        List<Snowflake> roles = form.SnowflakeSet("roles", Limits.AllowedMentions) ?? [];
        Exclusive(form, parse, "users", users);
        Exclusive(form, parse, "roles", roles);
        return new AllowedMentions
        {
            Users = parse.Contains("users"),
            Roles = parse.Contains("roles"),
            Everyone = parse.Contains("everyone"),
            RepliedUser = form.Bool("replied_user") ?? false,
            UserIds = users,
            RoleIds = roles,
        };
    }

    private static void Exclusive(FormReader form, List<string> parse, string what, List<Snowflake> ids)
    {
        if (ids.Count > 0 && parse.Contains(what))
            form.Fail("", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                $"parse:[\"{what}\"] and {what}: [ids...] are mutually exclusive.");
    }
}
