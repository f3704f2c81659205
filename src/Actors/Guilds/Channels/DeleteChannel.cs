using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Channels;

/// <summary>
/// Deletes a channel with its threads, webhooks and invites; a category sets its children free. Whoever is in its voice leaves, and
/// settings of the guild that named it are cleared. Answers with the channel as it was.
/// </summary>
public sealed record DeleteChannel(Snowflake ChannelId) : GuildCommand<Channel>
{
    protected override Channel Decide(GuildDecision guild)
    {
        if (!guild.State.Channels.TryGetValue(ChannelId, out Channel? channel))
            throw new ApiException(ApiError.UnknownChannel);
        guild.Require(channel, Permissions.ManageChannels);
        GuildState state = guild.State;
        GuildProperties guildSettings = state.Properties;
        if (guildSettings.Features.Contains("COMMUNITY")
            && (guildSettings.RulesChannelId == ChannelId || guildSettings.PublicUpdatesChannelId == ChannelId))
            throw new ApiException(ApiError.CannotDeleteCommunityChannel);
        foreach (VoiceState voice in state.VoiceStates.Values.Where(v => v.ChannelId == ChannelId))
            guild.Put(new VoiceStateChanged(voice with { ChannelId = null }));
        foreach (InviteState invite in state.Invites.Values.Where(i => i.ChannelId == ChannelId))
            guild.Put(new InviteRemoved(invite.Code));
        foreach (Webhook webhook in state.Webhooks.Values.Where(w => w.ChannelId == ChannelId))
            guild.Put(new WebhookRemoved(webhook.Id), silent: true);

        // Clients conclude from the channel's end that its threads are gone.
        foreach (Snowflake thread in state.Threads.Values.Where(t => t.Channel.ParentId == ChannelId).Select(t => t.Channel.Id))
            guild.Put(new ThreadRemoved(thread), silent: true);
        if (channel.Type == ChannelType.GuildCategory)
        {
            foreach (Channel child in state.Channels.Values.Where(c => c.ParentId == ChannelId).OrderBy(c => c.Position).ThenBy(c => c.Id))
                guild.Put(new ChannelPut(child with { ParentId = null }));
        }
        guild.Put(new ChannelRemoved(ChannelId));
        GuildProperties cleared = Without(guildSettings);
        if (cleared != guildSettings)
            guild.Put(new PropertiesChanged(cleared));
        guild.Audit(AuditLogEvent.ChannelDelete, ChannelId, AuditChanges.Between(channel, null, PayloadJson.Wire.Channel));
        return channel;
    }

    private GuildProperties Without(GuildProperties p) => p with
    {
        SystemChannelId = Kept(p.SystemChannelId),
        AfkChannelId = Kept(p.AfkChannelId),
        WidgetChannelId = Kept(p.WidgetChannelId),
        RulesChannelId = Kept(p.RulesChannelId),
        PublicUpdatesChannelId = Kept(p.PublicUpdatesChannelId),
        SafetyAlertsChannelId = Kept(p.SafetyAlertsChannelId),
    };

    private Snowflake? Kept(Snowflake? id) => id == ChannelId ? null : id;
}
