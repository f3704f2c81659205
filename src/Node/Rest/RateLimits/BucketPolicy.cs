namespace Discord.Node.Rest.RateLimits;

/// <summary>So many requests in so long, counted for each account and major parameter (channel, guild, webhook).</summary>
/// <param name="Name">Routes with the same name share one bucket; null gives each route a bucket of its own.</param>
/// <param name="Limit">Requests in one window.</param>
/// <param name="Window">Length of the window, which opens with the first request.</param>
public sealed record BucketPolicy(string? Name, int Limit, TimeSpan Window);

/// <summary>
/// The table of limits. The numbers are at least as generous as those seen at Discord: bots written for it do not notice them, loops that
/// run away do.
/// docs/operations.md lists them. A route without one of these has <see cref="Default"/>.
/// </summary>
public static class Buckets
{
    /// <summary>Every route that says nothing else, each with a bucket of its own.</summary>
    public static readonly BucketPolicy Default = new(null, 50, TimeSpan.FromSeconds(5));

    /// <summary>Creating messages, per channel.</summary>
    public static readonly BucketPolicy MessageCreate = new("message-create", 10, TimeSpan.FromSeconds(5));

    /// <summary>Editing messages, per channel.</summary>
    public static readonly BucketPolicy MessageEdit = new("message-edit", 10, TimeSpan.FromSeconds(5));

    /// <summary>Deleting single messages, per channel.</summary>
    public static readonly BucketPolicy MessageDelete = new("message-delete", 10, TimeSpan.FromSeconds(2));

    /// <summary>Bulk deletes, per channel.</summary>
    public static readonly BucketPolicy BulkDelete = new("bulk-delete", 5, TimeSpan.FromSeconds(5));

    /// <summary>Adding and removing reactions, per channel.</summary>
    public static readonly BucketPolicy Reactions = new("reactions", 8, TimeSpan.FromSeconds(2));

    /// <summary>Typing, per channel.</summary>
    public static readonly BucketPolicy Typing = new("typing", 10, TimeSpan.FromSeconds(10));

    /// <summary>Pins, per channel.</summary>
    public static readonly BucketPolicy Pins = new("pins", 10, TimeSpan.FromSeconds(5));

    /// <summary>Executing a webhook, per webhook and token, whoever calls.</summary>
    public static readonly BucketPolicy WebhookExecute = new("webhook-execute", 10, TimeSpan.FromSeconds(2));

    /// <summary>Creating and changing emojis, per guild.</summary>
    public static readonly BucketPolicy Emojis = new("emojis", 50, TimeSpan.FromMinutes(1));

    /// <summary>Changing members and their roles, per guild.</summary>
    public static readonly BucketPolicy Members = new("members", 20, TimeSpan.FromSeconds(10));

    /// <summary>Creating guilds.</summary>
    public static readonly BucketPolicy GuildCreate = new("guild-create", 10, TimeSpan.FromMinutes(1));

    /// <summary>Registering and logging in, per address: password hashing costs CPU.</summary>
    public static readonly BucketPolicy Credentials = new("credentials", 20, TimeSpan.FromMinutes(1));

    /// <summary>Sub-limit of changing a channel's name or topic, per channel.</summary>
    public static readonly BucketPolicy ChannelName = new("channel-name", 10, TimeSpan.FromMinutes(10));

    /// <summary>Creating commands, per application and scope (all guilds, or one).</summary>
    public static readonly BucketPolicy CommandCreate = new("command-create", 200, TimeSpan.FromDays(1));

    /// <summary>All policies of the table by name, for the documentation and its test.</summary>
    public static IReadOnlyList<BucketPolicy> All { get; } =
    [
        Default, MessageCreate, MessageEdit, MessageDelete, BulkDelete, Reactions, Typing, Pins, WebhookExecute, Emojis, Members,
        GuildCreate, Credentials, ChannelName, CommandCreate,
    ];
}
