using System.Globalization;
using Discord.Actors.Guilds;
using Discord.Protocol;

namespace Discord.Actors.Messages;

/// <summary>
/// Writes into the guild's audit log what a moderator did to messages: deleting others' (72), deleting many (73), pinning (74), unpinning
/// (75).
/// The deed itself is the channel's and is done when this is asked.
/// </summary>
/// <param name="Target">The messages' author; for 73 the channel.</param>
public sealed record AuditMessages(AuditLogEvent Action, Snowflake? Target, Snowflake ChannelId) : GuildCommand<bool>
{
    /// <summary>How many messages, where the action counts them.</summary>
    public int? Count { get; init; }

    /// <summary>Which message, where the action names it.</summary>
    public Snowflake? MessageId { get; init; }

    protected override bool Decide(GuildDecision guild)
    {
        Dictionary<string, string> options = [];
        if (Action != AuditLogEvent.MessageBulkDelete)
            options["channel_id"] = ChannelId.ToString();
        if (Count is { } count)
            options["count"] = count.ToString(CultureInfo.InvariantCulture);
        if (MessageId is { } message)
            options["message_id"] = message.ToString();
        guild.Audit(Action, Target, options: options);
        return true;
    }
}
