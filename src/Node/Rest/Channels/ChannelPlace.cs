using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Privates;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Channels;

/// <summary>
/// A channel of any kind that the caller may see, without its messages: a guild's channel or thread, or a private channel. For what is
/// about messages see <see cref="Messages.ChannelAccess"/>.
/// </summary>
/// <param name="Guild">Null for private channels.</param>
/// <param name="Private">Null for guild channels.</param>
/// <param name="Channel">As things stood when the call began; private ones as the caller sees them.</param>
/// <param name="Permissions">The caller's, there.</param>
internal sealed record ChannelPlace(GuildHandle? Guild, PrivateHandle? Private, Channel Channel, Permissions Permissions)
{
    /// <summary>The channel named in the path.</summary>
    /// <exception cref="ApiException">10003 no such channel, 50001 the caller does not see it.</exception>
    public static ValueTask<ChannelPlace> FindAsync(RestCall call) =>
        FindAsync(call.Services.Domain, call.Account.Id, call.Id("channel_id"));

    /// <inheritdoc cref="FindAsync(RestCall)"/>
    public static async ValueTask<ChannelPlace> FindAsync(DomainServices domain, Snowflake userId, Snowflake channelId)
    {
        if (await domain.Guilds.FindByChannelAsync(channelId) is { } guild)
        {
            GuildState state = guild.State;
            Channel channel = state.FindChannel(channelId) ?? throw new ApiException(ApiError.UnknownChannel);
            Permissions held = state.PermissionsIn(channel, userId, domain.Time.GetUtcNow());
            return held.Has(Permissions.ViewChannel) ? new(guild, null, channel, held) : throw new ApiException(ApiError.MissingAccess);
        }
        PrivateHandle found = await domain.Privates.FindAsync(channelId) ?? throw new ApiException(ApiError.UnknownChannel);
        return found.State.Recipients.ContainsKey(userId)
            ? new(null, found, found.ChannelFor(userId), PrivatePayloads.Permissions)
            : throw new ApiException(ApiError.MissingAccess);
    }

    /// <summary>The guild's channel named in the path.</summary>
    /// <exception cref="ApiException">As <see cref="FindAsync(RestCall)"/>; 50003 it is a private channel; 50013 <paramref name="needs"/>
    /// is lacking.</exception>
    public static async ValueTask<(GuildHandle Guild, Channel Channel)> InGuildAsync(RestCall call, Permissions needs = Permissions.None)
    {
        ChannelPlace place = await FindAsync(call);
        if (place.Guild is null)
            throw new ApiException(ApiError.CannotExecuteOnDm);
        return place.Permissions.Has(needs) ? (place.Guild, place.Channel) : throw new ApiException(ApiError.MissingPermissions);
    }
}
