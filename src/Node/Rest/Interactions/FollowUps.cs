using Discord.Actors;
using Discord.Actors.Interactions;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Messages;
using Discord.Node.Rest.Webhooks;
using Discord.Protocol;
using Discord.Protocol.Errors;

namespace Discord.Node.Rest.Interactions;

/// <summary>Resolves <c>/webhooks/{application_id}/{interaction_token}</c>: what an application does after its first answer.</summary>
internal sealed class InteractionTokens(DomainServices domain) : IWebhookTokens
{
    /// <exception cref="ApiException">50027: it was an interaction's token and its time is over, or it is another application's. 10015: the
    /// application has not answered yet.</exception>
    public ValueTask<IWebhookTarget?> FindAsync(Snowflake id, string token)
    {
        if (!InteractionToken.HasForm(token))
            return new((IWebhookTarget?)null);
        Interaction interaction = domain.Interactions.FindByToken(id, token) ?? throw new ApiException(ApiError.InvalidWebhookToken);
        return interaction.Stage == InteractionStage.Answered
            ? new(new FollowUps(domain, interaction))
            : throw new ApiException(ApiError.UnknownWebhook);
    }
}

/// <summary>The messages of an interaction that was answered, until its token ends.</summary>
internal sealed class FollowUps(DomainServices domain, Interaction interaction) : IWebhookTarget
{
    // The first follow-up of a deferred answer is its content; whether it is ephemeral was decided when it was deferred.
    public async ValueTask<RestReply> ExecuteAsync(RestCall call)
    {
        MessageForm form = MessageForm.Read(await call.FormAsync());
        InteractionMessages messages = await InteractionMessages.OpenAsync(domain, interaction);
        if (interaction.OriginalId is { } original && interaction.TryFill())
        {
            try
            {
                return RestReply.Raw((await FillAsync(messages, original, form)).Json);
            }
            catch (ApiException e) when (e.Error == ApiError.UnknownMessage)
            {
                // Somebody deleted what was deferred: a message of its own takes its place.
            }
            catch
            {
                interaction.Unfill();
                throw;
            }
        }
        return RestReply.Raw((await messages.FollowUpAsync(form)).Json);
    }

    public async ValueTask<RestReply> GetMessageAsync(RestCall call, Snowflake? messageId)
    {
        InteractionMessages messages = await InteractionMessages.OpenAsync(domain, interaction);
        return RestReply.Raw((await messages.ReadAsync(IdOf(messageId))).Json);
    }

    public async ValueTask<RestReply> EditMessageAsync(RestCall call, Snowflake? messageId)
    {
        RestForm body = await call.FormAsync();
        InteractionMessages messages = await InteractionMessages.OpenAsync(domain, interaction);
        Snowflake id = IdOf(messageId);
        MessageForm form = await messages.ReadFormAsync(id, body.Reader(), body.Files);
        AnswerMessage edited = await messages.EditAsync(id, form);
        if (id == interaction.OriginalId && form.HasContent)
            interaction.TryFill();
        return RestReply.Raw(edited.Json);
    }

    public async ValueTask<RestReply> DeleteMessageAsync(RestCall call, Snowflake? messageId)
    {
        InteractionMessages messages = await InteractionMessages.OpenAsync(domain, interaction);
        Snowflake id = IdOf(messageId);
        await messages.DeleteAsync(id);
        if (id == interaction.OriginalId)
            interaction.TryFill();
        return RestReply.NoContent;
    }

    private static ValueTask<AnswerMessage> FillAsync(InteractionMessages messages, Snowflake original, MessageForm form) =>
        form.HasContent ? messages.EditAsync(original, form) : throw new ApiException(ApiError.CannotSendEmptyMessage);

    private Snowflake IdOf(Snowflake? messageId) => messageId ?? interaction.OriginalId ?? throw new ApiException(ApiError.UnknownMessage);
}
