using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Actors.Privates;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Messages;

/// <summary>A channel that the caller can see, with what it may do there, as things stood when the call began.</summary>
internal sealed class ChannelAccess
{
    // What every recipient of a private channel may do in it.
    private const Permissions InPrivate = Permissions.ViewChannel | Permissions.SendMessages | Permissions.ReadMessageHistory
        | Permissions.EmbedLinks | Permissions.AttachFiles | Permissions.AddReactions | Permissions.UseExternalEmojis
        | Permissions.UseExternalStickers | Permissions.SendTtsMessages | Permissions.SendVoiceMessages | Permissions.PinMessages;

    private ChannelAccess(ChannelHandle handle, Channel channel, GuildState? guild, User user, Permissions permissions)
    {
        Handle = handle;
        Channel = channel;
        Guild = guild;
        User = user;
        Permissions = permissions;
    }

    public ChannelHandle Handle { get; }

    public Channel Channel { get; }

    /// <summary>Null for private channels.</summary>
    public GuildState? Guild { get; }

    /// <summary>The caller as others see it.</summary>
    public User User { get; }

    public Permissions Permissions { get; }

    public ChannelLog Log => Handle.Log;

    /// <summary>Opens the channel named in the path.</summary>
    /// <exception cref="ApiException">10003 no such channel, 50001 the caller does not see it, 50013 it lacks one of
    /// <paramref name="needs"/>, 50008 it holds no messages.</exception>
    public static ValueTask<ChannelAccess> OpenAsync(RestCall call, Permissions needs = Permissions.None) =>
        OpenAsync(call.Services.Domain, call.Account.Id, call.Id("channel_id"), needs);

    /// <inheritdoc cref="OpenAsync(RestCall, Permissions)"/>
    public static async ValueTask<ChannelAccess> OpenAsync(DomainServices domain, Snowflake userId, Snowflake channelId, Permissions needs)
    {
        if (await domain.Guilds.FindByChannelAsync(channelId) is not { } guild)
            return await OpenPrivateAsync(domain, userId, channelId, needs);
        GuildState state = guild.State;
        Channel channel = state.FindChannel(channelId) ?? throw new ApiException(ApiError.UnknownChannel);
        if (!state.Members.TryGet(userId, out Member? member))
            throw new ApiException(ApiError.MissingAccess);
        Permissions permissions = state.PermissionsIn(channel, member, domain.Time.GetUtcNow());
        if (!permissions.Has(Permissions.ViewChannel))
            throw new ApiException(ApiError.MissingAccess);
        if (!permissions.Has(needs))
            throw new ApiException(ApiError.MissingPermissions);
        if (!channel.Type.HoldsMessages())
            throw new ApiException(channel.Type.IsThreadOnly() ? ApiError.CannotSendInForum : ApiError.CannotSendInNonTextChannel);
        ChannelHandle handle = await domain.Guilds.OpenChannelAsync(guild, channelId) ?? throw new ApiException(ApiError.UnknownChannel);
        return new ChannelAccess(handle, channel, state, member.User!, permissions);
    }

    private static async ValueTask<ChannelAccess> OpenPrivateAsync(DomainServices domain, Snowflake userId, Snowflake channelId,
        Permissions needs)
    {
        PrivateHandle channel = await domain.Privates.FindAsync(channelId) ?? throw new ApiException(ApiError.UnknownChannel);
        if (!channel.State.Recipients.TryGetValue(userId, out User? user))
            throw new ApiException(ApiError.MissingAccess);
        if (!InPrivate.Has(needs))
            throw new ApiException(needs.Has(Permissions.ManageMessages) ? ApiError.CannotExecuteOnDm : ApiError.MissingPermissions);
        ChannelHandle handle = await domain.Privates.OpenChannelAsync(channel) ?? throw new ApiException(ApiError.UnknownChannel);
        Channel shown = handle.Host.Channel ?? throw new ApiException(ApiError.UnknownChannel);
        return new ChannelAccess(handle, shown, null, user, InPrivate);
    }

    public bool Has(Permissions wanted) => Permissions.Has(wanted);

    /// <exception cref="ApiException">50013: one is lacking; 50003: nobody has it in a private channel.</exception>
    public void Require(Permissions wanted)
    {
        if (!Permissions.Has(wanted))
            throw new ApiException(Guild is null ? ApiError.CannotExecuteOnDm : ApiError.MissingPermissions);
    }
}
