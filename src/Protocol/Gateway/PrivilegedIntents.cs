namespace Discord.Protocol.Gateway;

/// <summary>Which privileged intents an application may identify with.</summary>
public static class PrivilegedIntents
{
    /// <summary>The privileged intents that the application's flags allow; asking for others closes with 4014.</summary>
    public static GatewayIntents AllowedIntents(this ApplicationFlags flags)
    {
        var allowed = GatewayIntents.None;
        if ((flags & (ApplicationFlags.GatewayPresence | ApplicationFlags.GatewayPresenceLimited)) != 0)
            allowed |= GatewayIntents.GuildPresences;
        if ((flags & (ApplicationFlags.GatewayGuildMembers | ApplicationFlags.GatewayGuildMembersLimited)) != 0)
            allowed |= GatewayIntents.GuildMembers;
        if ((flags & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) != 0)
            allowed |= GatewayIntents.MessageContent;
        return allowed;
    }
}
