using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Voice;

/// <summary>
/// Who speaks on a stage. One's own suppression can be set by anyone and lifted with MUTE_MEMBERS, another's changed with MUTE_MEMBERS;
/// asking to speak needs REQUEST_TO_SPEAK, withdrawing it nothing.
/// </summary>
/// <param name="UserId">Whose voice state.</param>
/// <param name="ChannelId">Where it must be; null = where it is.</param>
public sealed record SetStageSpeaking(
    Snowflake UserId, Snowflake? ChannelId, bool? Suppress, Optional<DateTimeOffset> RequestToSpeak) : GuildCommand<bool>
{
    protected override bool Decide(GuildDecision guild)
    {
        guild.Require(Permissions.None);
        if (!guild.State.VoiceStates.TryGetValue(UserId, out VoiceState? before))
            throw new ApiException(ApiError.UnknownVoiceState);
        if (ChannelId is { } wanted && wanted != before.ChannelId)
            throw new ApiException(guild.State.Channels.ContainsKey(wanted) ? ApiError.UnknownVoiceState : ApiError.UnknownChannel);
        Channel channel = guild.Channel(before.ChannelId!.Value);
        if (channel.Type != ChannelType.GuildStageVoice)
            throw new ApiException(ApiError.CannotExecuteOnChannelType);
        bool own = UserId == guild.By.UserId;
        VoiceState after = before;
        if (Suppress is { } suppress && suppress != before.Suppress)
        {
            if (!own || !suppress)
                guild.Require(channel, Permissions.MuteMembers);
            after = after with { Suppress = suppress, RequestToSpeakTimestamp = null };
        }
        if (own && RequestToSpeak.IsPresent)
        {
            if (RequestToSpeak.HasValue)
                guild.Require(channel, Permissions.RequestToSpeak);
            after = after with { RequestToSpeakTimestamp = RequestToSpeak.OrNull() };
        }
        if (after != before)
            guild.Put(new VoiceStateChanged(after));
        return after != before;
    }
}
