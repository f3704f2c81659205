using Discord.Actors;
using Discord.Actors.Interactions;
using Discord.Actors.Users.Settings;
using Discord.Node.Rest.Bodies;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>
/// Interactions: what users do with applications, and what applications answer. The application hears of it over the gateway; see
/// docs/architecture.md, "An interaction's life".
/// </summary>
internal static class InteractionEndpoints
{
    // Our own are 32 characters.
    private const int MaxSessionId = 128;

    private static readonly InteractionType[] ByUsers =
        [InteractionType.Command, InteractionType.Component, InteractionType.Autocomplete, InteractionType.ModalSubmit];

    public static void Map(RouteTable routes)
    {
        routes.Post("/interactions", InvokeAsync).Auth(RestAuth.User);
        routes.Post("/interactions/{interaction_id}/{interaction_token}/callback", InteractionAnswering.AnswerAsync)
            .Auth(RestAuth.Public).OutsideGlobalLimit();
    }

    private static async ValueTask<RestReply> InvokeAsync(RestCall call)
    {
        DomainServices domain = call.Services.Domain;
        RestForm body = await call.FormAsync();
        FormReader form = body.Reader();
        InteractionType? type = form.Enum<InteractionType>("type", ByUsers, required: true);
        Snowflake? application = form.Snowflake("application_id", required: true);
        Snowflake? channel = form.Snowflake("channel_id", required: true);
        Snowflake? guild = form.Snowflake("guild_id");
        string? session = form.String("session_id", 0, MaxSessionId);
        string? nonce = form.String("nonce", 0, Limits.MessageNonce);
        FormReader? data = form.Sub("data", required: true);
        form.ThrowIfInvalid();
        string locale = (string?)SettingsDocument.Whole((await domain.Users.StateOfAsync(call.Account.Id)).Settings)["locale"] ?? "en-US";
        InvocationPlace place = await InvocationPlace.OpenAsync(call, application!.Value, channel!.Value, guild);
        Invocation invocation = type switch
        {
            InteractionType.Component => await ComponentUse.ReadAsync(call, place, form, data!),
            InteractionType.ModalSubmit => await ModalSubmission.ReadAsync(call, place, form, data!, body),
            _ => await CommandInvocation.ReadAsync(call, place, data!, body, type == InteractionType.Autocomplete),
        };
        InteractionFacts facts = invocation.Facts(new InteractionFacts
        {
            Type = type!.Value,
            ApplicationId = place.ApplicationId,
            User = place.Access.User,
            ChannelId = place.Channel.Id,
            GuildId = place.Guild?.Id,
            SessionId = session,
            Nonce = nonce,
            AppPermissions = place.AppPermissions,
        });
        Begin(domain.Interactions, facts, new InteractionCreate
        {
            Data = invocation.Data,
            Channel = place.ShownChannel,
            Guild = place.Guild,
            Member = place.Member,
            Locale = locale,
            Message = invocation.Message,
        });
        return RestReply.NoContent;
    }

    private static void Begin(InteractionRegistry registry, InteractionFacts facts, InteractionCreate request)
    {
        Interaction interaction = registry.Add(facts) ?? throw new ApiException(ApiError.ServiceUnavailable);
        registry.Tell(interaction, InteractionEvents.Created(interaction));
        if (registry.TellApplication(interaction, request.For(interaction)))
            registry.Watch(interaction);
        else
            registry.Fail(interaction);
    }
}
