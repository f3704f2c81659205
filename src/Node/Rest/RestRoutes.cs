namespace Discord.Node.Rest;

/// <summary>All REST routes of the node: one line for each family of endpoints.</summary>
public static class RestRoutes
{
    /// <summary>Declares them.</summary>
    public static void Map(RouteTable routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        Discovery.GatewayInfoEndpoints.Map(routes);
        Discovery.StartUpEndpoints.Map(routes);
        Discovery.InstanceEndpoints.Map(routes);
        Channels.ChannelEndpoints.Map(routes);
        Channels.MessageRoutes.Map(routes);
        Channels.AttachmentRoutes.Map(routes);
        Threads.ThreadEndpoints.Map(routes);
        Invites.InviteEndpoints.Map(routes);
        Webhooks.WebhookEndpoints.Map(routes);
        Guilds.GuildEndpoints.Map(routes);
        Guilds.GuildListEndpoints.Map(routes);
        Guilds.GuildChannelEndpoints.Map(routes);
        Guilds.AuditLogEndpoints.Map(routes);
        Guilds.EmojiEndpoints.Map(routes);
        Guilds.PruneEndpoints.Map(routes);
        Guilds.RoleEndpoints.Map(routes);
        Guilds.VoiceStateEndpoints.Map(routes);
        Guilds.BanEndpoints.Map(routes);
        Guilds.MemberEndpoints.Map(routes);
        Applications.ApplicationEndpoints.Map(routes);
        Interactions.InteractionEndpoints.Map(routes);
        OAuth2.OAuth2Endpoints.Map(routes);
        Auth.AuthEndpoints.Map(routes);
        Users.UserEndpoints.Map(routes);
        Users.OwnChannelEndpoints.Map(routes);
        Users.ReadStateEndpoints.Map(routes);
        Users.PeopleEndpoints.Map(routes);
        Users.RelationshipEndpoints.Map(routes);
        Settings.SettingsEndpoints.Map(routes);
    }
}
