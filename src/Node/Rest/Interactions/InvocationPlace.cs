using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Privates;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>Where a user turns to an application: a channel that both see, as things stood when the call began.</summary>
internal sealed class InvocationPlace
{
    private InvocationPlace(ChannelAccess access, Snowflake applicationId, Member? member, Permissions appPermissions, DateTimeOffset now)
    {
        Access = access;
        ApplicationId = applicationId;
        AppPermissions = appPermissions;
        Now = now;
        Member = member is null ? null : member with { Permissions = access.Permissions };
    }

    public ChannelAccess Access { get; }

    /// <summary>Its bot has the same id.</summary>
    public Snowflake ApplicationId { get; }

    public Permissions AppPermissions { get; }

    public DateTimeOffset Now { get; }

    /// <summary>The user as a member, with its permissions in the channel; null in a DM.</summary>
    public Member? Member { get; }

    /// <summary>Null in the DM with the bot.</summary>
    public GuildState? Guild => Access.Guild;

    public Channel Channel => Access.Channel;

    /// <summary>The channel as the application is told of it.</summary>
    public Channel ShownChannel => Guild is null
        ? Channel with { Recipients = [.. (Channel.Recipients ?? []).Where(user => user.Id != ApplicationId)] }
        : Channel with
        {
            PermissionOverwrites = null,
            Permissions = Access.Permissions,
            LastMessageId = Access.Log.LastMessageId ?? Channel.LastMessageId,
        };

    /// <exception cref="ApiException">10003, 50001, 50008 as for messages; 10002 the application is not here; 50013 the member is timed
    /// out; 50035 the guild is another.</exception>
    public static async ValueTask<InvocationPlace> OpenAsync(
        RestCall call, Snowflake applicationId, Snowflake channelId, Snowflake? guildId)
    {
        DomainServices domain = call.Services.Domain;
        ChannelAccess access = await ChannelAccess.OpenAsync(domain, call.Account.Id, channelId, Permissions.None);
        if (guildId is not null && guildId != access.Guild?.Id)
            throw RestErrors.Field("guild_id", FormError.Invalid("The channel is in another guild."));
        DateTimeOffset now = call.Services.Time.GetUtcNow();
        if (access.Guild is not { } guild)
        {
            return (access.Channel.Recipients ?? []).Any(user => user.Id == applicationId && user.Bot == true)
                ? new InvocationPlace(access, applicationId, null, PrivatePayloads.Permissions, now)
                : throw new ApiException(ApiError.UnknownApplication);
        }
        if (!guild.Members.TryGet(applicationId, out Member? bot) || bot.User!.Bot != true)
            throw new ApiException(ApiError.UnknownApplication);
        Member member = guild.Members[call.Account.Id] ?? throw new ApiException(ApiError.MissingAccess);
        if (member.CommunicationDisabledUntil > now && !access.Has(Permissions.Administrator))
            throw new ApiException(ApiError.MissingPermissions);
        return new InvocationPlace(access, applicationId, member, guild.PermissionsIn(access.Channel, bot, now), now);
    }
}
