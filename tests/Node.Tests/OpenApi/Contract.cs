namespace Discord.Node.Tests.OpenApi;

/// <summary>The operations of the description that this server has, by method and path without the parameters' names.</summary>
internal static class Contract
{
    /// <summary>137 of the description's 242 operations.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    [
        // Applications, their emojis and commands.
        "GET /applications/@me", "PATCH /applications/@me", "GET /applications/{}", "PATCH /applications/{}",
        "GET /applications/{}/emojis", "POST /applications/{}/emojis", "GET /applications/{}/emojis/{}",
        "PATCH /applications/{}/emojis/{}", "DELETE /applications/{}/emojis/{}", "GET /applications/{}/commands",
        "POST /applications/{}/commands", "PUT /applications/{}/commands", "GET /applications/{}/commands/{}",
        "PATCH /applications/{}/commands/{}", "DELETE /applications/{}/commands/{}", "GET /applications/{}/guilds/{}/commands",
        "POST /applications/{}/guilds/{}/commands", "PUT /applications/{}/guilds/{}/commands",
        "GET /applications/{}/guilds/{}/commands/{}", "PATCH /applications/{}/guilds/{}/commands/{}",
        "DELETE /applications/{}/guilds/{}/commands/{}", "GET /applications/{}/guilds/{}/commands/permissions",
        "GET /applications/{}/guilds/{}/commands/{}/permissions", "PUT /applications/{}/guilds/{}/commands/{}/permissions",
        "GET /oauth2/@me", "GET /oauth2/applications/@me",
        // Channels, messages, reactions, pins, threads.
        "GET /channels/{}", "PATCH /channels/{}", "DELETE /channels/{}", "PUT /channels/{}/permissions/{}",
        "DELETE /channels/{}/permissions/{}", "PUT /channels/{}/recipients/{}", "DELETE /channels/{}/recipients/{}",
        "GET /channels/{}/invites", "POST /channels/{}/invites", "GET /channels/{}/webhooks", "POST /channels/{}/webhooks",
        "POST /channels/{}/typing", "GET /channels/{}/messages", "POST /channels/{}/messages",
        "POST /channels/{}/messages/bulk-delete", "GET /channels/{}/messages/{}", "PATCH /channels/{}/messages/{}",
        "DELETE /channels/{}/messages/{}", "GET /channels/{}/messages/pins", "PUT /channels/{}/messages/pins/{}",
        "DELETE /channels/{}/messages/pins/{}", "GET /channels/{}/pins", "PUT /channels/{}/pins/{}", "DELETE /channels/{}/pins/{}",
        "DELETE /channels/{}/messages/{}/reactions", "GET /channels/{}/messages/{}/reactions/{}",
        "DELETE /channels/{}/messages/{}/reactions/{}", "PUT /channels/{}/messages/{}/reactions/{}/@me",
        "DELETE /channels/{}/messages/{}/reactions/{}/@me", "DELETE /channels/{}/messages/{}/reactions/{}/{}",
        "POST /channels/{}/messages/{}/threads", "POST /channels/{}/threads", "GET /channels/{}/threads/archived/public",
        "GET /channels/{}/threads/archived/private", "GET /channels/{}/users/@me/threads/archived/private",
        "GET /channels/{}/threads/search", "GET /channels/{}/thread-members", "PUT /channels/{}/thread-members/@me",
        "DELETE /channels/{}/thread-members/@me", "GET /channels/{}/thread-members/{}", "PUT /channels/{}/thread-members/{}",
        "DELETE /channels/{}/thread-members/{}",
        // Guilds.
        "GET /guilds/{}", "PATCH /guilds/{}", "GET /guilds/{}/preview", "GET /guilds/{}/audit-logs", "GET /guilds/{}/bans",
        "GET /guilds/{}/bans/{}", "PUT /guilds/{}/bans/{}", "DELETE /guilds/{}/bans/{}", "POST /guilds/{}/bulk-ban",
        "GET /guilds/{}/channels", "POST /guilds/{}/channels", "PATCH /guilds/{}/channels", "GET /guilds/{}/emojis",
        "POST /guilds/{}/emojis", "GET /guilds/{}/emojis/{}", "PATCH /guilds/{}/emojis/{}", "DELETE /guilds/{}/emojis/{}",
        "GET /guilds/{}/invites", "GET /guilds/{}/members", "GET /guilds/{}/members/search", "PATCH /guilds/{}/members/@me",
        "GET /guilds/{}/members/{}", "PUT /guilds/{}/members/{}", "PATCH /guilds/{}/members/{}", "DELETE /guilds/{}/members/{}",
        "PUT /guilds/{}/members/{}/roles/{}", "DELETE /guilds/{}/members/{}/roles/{}", "GET /guilds/{}/prune",
        "POST /guilds/{}/prune", "GET /guilds/{}/regions", "GET /guilds/{}/roles", "POST /guilds/{}/roles", "PATCH /guilds/{}/roles",
        "GET /guilds/{}/roles/member-counts", "GET /guilds/{}/roles/{}", "PATCH /guilds/{}/roles/{}", "DELETE /guilds/{}/roles/{}",
        "GET /guilds/{}/threads/active", "GET /guilds/{}/voice-states/@me", "PATCH /guilds/{}/voice-states/@me",
        "GET /guilds/{}/voice-states/{}", "PATCH /guilds/{}/voice-states/{}", "GET /guilds/{}/webhooks",
        // Gateway, invites, interactions, users, webhooks.
        "GET /gateway", "GET /gateway/bot", "GET /voice/regions", "GET /invites/{}", "DELETE /invites/{}",
        "POST /interactions/{}/{}/callback", "GET /users/@me", "PATCH /users/@me", "GET /users/{}", "GET /users/@me/guilds",
        "DELETE /users/@me/guilds/{}", "GET /users/@me/guilds/{}/member", "POST /users/@me/channels", "GET /webhooks/{}",
        "PATCH /webhooks/{}", "DELETE /webhooks/{}", "GET /webhooks/{}/{}", "POST /webhooks/{}/{}", "PATCH /webhooks/{}/{}",
        "DELETE /webhooks/{}/{}", "GET /webhooks/{}/{}/messages/@original", "PATCH /webhooks/{}/{}/messages/@original",
        "DELETE /webhooks/{}/{}/messages/@original", "GET /webhooks/{}/{}/messages/{}", "PATCH /webhooks/{}/{}/messages/{}",
        "DELETE /webhooks/{}/{}/messages/{}",
    ];

    /// <summary>
    /// What the description leaves out: routes of user accounts, of the developer portal and of the instance's own documents.
    /// </summary>
    public static IReadOnlyList<string> Beside { get; } =
    [
        "GET /oauth2/authorize", "POST /oauth2/authorize", "GET /applications", "POST /applications", "POST /applications/{}/bot",
        "PATCH /applications/{}/bot", "POST /applications/{}/bot/reset", "GET /guilds/{}/application-command-index",
        "GET /channels/{}/application-command-index", "GET /users/@me/application-command-index",
        "GET /channels/{}/application-commands/search", "POST /interactions", "POST /auth/register", "POST /auth/login",
        "POST /auth/mfa/totp", "POST /auth/logout", "GET /auth/location-metadata", "POST /auth/fingerprint", "GET /experiments",
        "GET /apex/experiments", "POST /science", "POST /track", "GET /.well-known/spacebar", "GET /.well-known/spacebar/client",
        "GET /ping", "GET /policies/instance", "GET /policies/instance/domains", "GET /policies/instance/config",
        "GET /policies/instance/limits", "GET /policies/stats", "POST /guilds", "DELETE /guilds/{}", "POST /guilds/{}/delete",
        "PATCH /guilds/{}/members/@me/nick", "POST /invites/{}", "GET /users/@me/channels", "GET /users/@me/dms/{}",
        "GET /users/{}/profile", "GET /users/{}/relationships", "GET /users/@me/notes", "GET /users/@me/notes/{}",
        "PUT /users/@me/notes/{}", "GET /users/@me/relationships", "POST /users/@me/relationships",
        "DELETE /users/@me/relationships", "PUT /users/@me/relationships/{}", "PATCH /users/@me/relationships/{}",
        "DELETE /users/@me/relationships/{}", "PUT /users/@me/relationships/{}/ignore", "DELETE /users/@me/relationships/{}/ignore",
        "GET /users/@me/settings", "PATCH /users/@me/settings", "GET /users/@me/settings-proto/{}", "GET /users/@me/settings-proto/2/json",
        "PATCH /users/@me/settings-proto/{}", "PATCH /users/@me/guilds/settings", "PATCH /users/@me/guilds/{}/settings",
        "POST /channels/{}/messages/{}/ack", "DELETE /channels/{}/messages/ack", "POST /channels/{}/pins/ack",
        "POST /read-states/ack-bulk", "POST /attachments/refresh-urls",
    ];
}
