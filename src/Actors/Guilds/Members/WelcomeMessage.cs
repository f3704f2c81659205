using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>The message of type 7 in the system channel when somebody joins, unless the guild has switched it off.</summary>
internal static class WelcomeMessage
{
    private const int SuppressJoinNotifications = 1 << 0;

    /// <summary>Sends it once the join is stored and told. Whom the server itself lets in joins in silence.</summary>
    public static void Send(GuildDecision guild, User user)
    {
        GuildProperties settings = guild.State.Properties;
        if (guild.By.System || settings.SystemChannelId is not { } channel
            || (settings.SystemChannelFlags & SuppressJoinNotifications) != 0)
            return;
        MessageDraft draft = new() { Author = user, Type = MessageType.UserJoin, BypassSlowmode = true };
        guild.Then(handle => handle.Actor.Tell(new ToChannel(channel, new CreateMessage(draft))));
    }
}
