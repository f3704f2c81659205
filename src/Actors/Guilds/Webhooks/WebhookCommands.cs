using System.Buffers.Text;
using System.Security.Cryptography;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Webhooks;

/// <summary>Makes a webhook of a channel. Needs MANAGE_WEBHOOKS there. Answers with it, token included.</summary>
/// <param name="Id">A fresh id: the avatar is stored under it before.</param>
/// <param name="ApplicationId">The application whose bot makes it.</param>
public sealed record CreateWebhook(Snowflake Id, Snowflake ChannelId, string Name, string? Avatar, Snowflake? ApplicationId, string Token)
    : GuildCommand<Webhook>
{
    /// <summary>A token that nobody guesses: 51 random bytes as 68 characters.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(51));

    protected override Webhook Decide(GuildDecision guild)
    {
        Channel channel = WebhookRules.Channel(guild, ChannelId);
        if (guild.State.Webhooks.Values.Count(w => w.ChannelId == ChannelId) >= Limits.ChannelWebhooks)
            throw new ApiException(ApiError.MaxWebhooks);
        if (guild.State.Webhooks.Count >= Limits.GuildWebhooks)
            throw new ApiException(ApiError.MaxGuildWebhooks);
        Webhook webhook = new()
        {
            Id = Id,
            Name = Name,
            Avatar = Avatar,
            ChannelId = channel.Id,
            GuildId = guild.State.Id,
            ApplicationId = ApplicationId,
            User = guild.State.Members[guild.By.UserId]?.User,
            Token = Token,
        };
        guild.Put(new WebhookPut(webhook));
        guild.Audit(AuditLogEvent.WebhookCreate, Id, WebhookRules.Changes(null, webhook));
        return webhook;
    }
}

/// <summary>
/// Changes a webhook. Needs MANAGE_WEBHOOKS in its channel, and in the one it moves to; whoever has its token acts as the system and moves
/// nothing. Answers with the webhook.
/// </summary>
public sealed record ModifyWebhook(Snowflake Id, Optional<string> Name, Optional<string> Avatar, Snowflake? ChannelId)
    : GuildCommand<Webhook>
{
    protected override Webhook Decide(GuildDecision guild)
    {
        Webhook before = WebhookRules.Existing(guild, Id);
        if (ChannelId is { } to && to != before.ChannelId)
        {
            WebhookRules.Channel(guild, to);
            if (guild.State.Webhooks.Values.Count(w => w.ChannelId == to) >= Limits.ChannelWebhooks)
                throw new ApiException(ApiError.MaxWebhooks);
        }
        Webhook after = before with
        {
            Name = Name.Or(before.Name ?? ""),
            Avatar = Avatar.Over(before.Avatar),
            ChannelId = ChannelId ?? before.ChannelId
        };
        if (after == before)
            return before;
        guild.Put(new WebhookPut(after));
        guild.Audit(AuditLogEvent.WebhookUpdate, Id, WebhookRules.Changes(before, after));
        return after;
    }
}

/// <summary>Deletes a webhook. Needs MANAGE_WEBHOOKS in its channel; whoever has its token acts as the system.</summary>
public sealed record DeleteWebhook(Snowflake Id) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        Webhook webhook = WebhookRules.Existing(guild, Id);
        guild.Put(new WebhookRemoved(Id));
        guild.Audit(AuditLogEvent.WebhookDelete, Id, WebhookRules.Changes(webhook, null));
        return true;
    }
}

internal static class WebhookRules
{
    public static Channel Channel(GuildDecision guild, Snowflake id)
    {
        Channel channel = guild.Channel(id);
        guild.Require(channel, Permissions.ManageWebhooks);
        return channel.Type.IsThread() || channel.Type is ChannelType.GuildCategory or ChannelType.GuildDirectory
            ? throw new ApiException(ApiError.CannotExecuteOnChannelType)
            : channel;
    }

    public static Webhook Existing(GuildDecision guild, Snowflake id)
    {
        if (!guild.State.Webhooks.TryGetValue(id, out Webhook? webhook))
            throw new ApiException(ApiError.UnknownWebhook);
        if (webhook.ChannelId is { } at && guild.State.FindChannel(at) is { } channel)
            guild.Require(channel, Permissions.ManageWebhooks);
        else
            guild.Require(Permissions.ManageWebhooks);
        return webhook;
    }

    // The log calls the avatar by another name than the payload does.
    public static IReadOnlyList<AuditLogChange> Changes(Webhook? before, Webhook? after) =>
        [.. AuditChanges.Between(before, after, PayloadJson.Wire.Webhook)
            .Select(c => c.Key == "avatar" ? c with { Key = "avatar_hash" } : c)];
}
