using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Privates;
using Discord.Actors.Users.ReadStates;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Users;

/// <summary>How far a user account has read its channels.</summary>
internal static class ReadStateEndpoints
{
    private const int MaxBulk = 100;

    private static readonly byte[] NoToken = "{\"token\":null}"u8.ToArray();

    public static void Map(RouteTable routes)
    {
        routes.Post("/channels/{channel_id}/messages/{message_id}/ack", AckAsync).Auth(RestAuth.User);
        routes.Delete("/channels/{channel_id}/messages/ack", ForgetAsync).Auth(RestAuth.User);
        routes.Post("/channels/{channel_id}/pins/ack", PinsAsync).Auth(RestAuth.User);
        routes.Post("/read-states/ack-bulk", BulkAsync).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> AckAsync(RestCall call)
    {
        Snowflake channel = call.Id("channel_id");
        FormReader form = (await call.FormAsync()).Reader();
        bool manual = form.Bool("manual") == true;
        Acknowledgement ack = new(channel, call.Id("message_id"))
        {
            Manual = manual,
            MentionCount = manual ? form.Int("mention_count", 0) : null,
            Flags = form.Int("flags", 0),
            LastViewed = form.Int("last_viewed", 0),
        };
        form.ThrowIfInvalid();
        await RequireVisibleAsync(call, channel);
        await call.Services.Domain.Users.RunAsync(call.Account.Id, new Acknowledge([ack]));
        return RestReply.Raw(NoToken);
    }

    private static async ValueTask<RestReply> PinsAsync(RestCall call)
    {
        Snowflake channel = call.Id("channel_id");
        Channel seen = await RequireVisibleAsync(call, channel);
        await call.Services.Domain.Users.RunAsync(
            call.Account.Id, new AcknowledgePins(channel, seen.LastPinTimestamp ?? call.Services.Time.GetUtcNow()));
        return RestReply.NoContent;
    }

    private static async ValueTask<RestReply> ForgetAsync(RestCall call)
    {
        await call.Services.Domain.Users.RunAsync(call.Account.Id, new ForgetReadState(call.Id("channel_id")));
        return RestReply.NoContent;
    }

    // Entries of channels that are gone meanwhile, and those that are about something else than channels, are passed over.
    private static async ValueTask<RestReply> BulkAsync(RestCall call)
    {
        FormReader form = (await call.FormAsync()).Reader();
        List<(Snowflake? Channel, Snowflake? Message, int Type)>? sent = form.Array(
            "read_states", MaxBulk,
            f => (f.Snowflake("channel_id", required: true), f.Snowflake("message_id", required: true), f.Int("read_state_type", 0) ?? 0),
            required: true);
        form.ThrowIfInvalid();
        List<Acknowledgement> acks = [];
        foreach ((Snowflake? channel, Snowflake? message, int type) in sent!)
        {
            if (type == 0 && await VisibleAsync(call, channel!.Value) is not null)
                acks.Add(new Acknowledgement(channel.Value, message!.Value));
        }
        if (acks.Count > 0)
            await call.Services.Domain.Users.RunAsync(call.Account.Id, new Acknowledge(acks));
        return RestReply.NoContent;
    }

    private static async ValueTask<Channel> RequireVisibleAsync(RestCall call, Snowflake channel) =>
        await VisibleAsync(call, channel) ?? throw new ApiException(ApiError.UnknownChannel);

    private static async ValueTask<Channel?> VisibleAsync(RestCall call, Snowflake id)
    {
        DomainServices domain = call.Services.Domain;
        if (await domain.Guilds.FindByChannelAsync(id) is { State: var state })
        {
            return state.FindChannel(id) is { } channel
                && state.PermissionsIn(channel, call.Account.Id, call.Services.Time.GetUtcNow()).Has(Permissions.ViewChannel)
                ? channel
                : null;
        }
        return await domain.Privates.FindAsync(id) is { } direct && direct.State.Recipients.ContainsKey(call.Account.Id)
            ? direct.ChannelFor(call.Account.Id)
            : null;
    }
}
