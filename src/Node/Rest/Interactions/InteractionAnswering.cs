using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Encoders;
using Discord.Actors.Interactions;
using Discord.Node.Rest.Applications;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>An application's first answer to an interaction ("Create Interaction Response"): one, in three seconds, of a type that fits.
/// </summary>
internal static class InteractionAnswering
{
    private const int Message = 4, DeferredMessage = 5, DeferredUpdate = 6, Update = 7, Choices = 8, Modal = 9;

    // What Discord knows and this server has no use for: entitlements and activities.
    private static readonly int[] NotHere = [10, 12, 13];

    /// <summary>POST /interactions/{interaction_id}/{interaction_token}/callback.</summary>
    public static async ValueTask<RestReply> AnswerAsync(RestCall call)
    {
        InteractionRegistry registry = call.Services.Domain.Interactions;
        Interaction interaction = registry.Find(call.Id("interaction_id"), call.Text("interaction_token"))
            ?? throw new ApiException(ApiError.UnknownInteraction);
        bool withResponse = call.Query.Bool("with_response") ?? false;
        call.Query.ThrowIfInvalid();
        RestForm body = await call.FormAsync();
        FormReader form = body.Reader();
        int type = TypeOf(form, interaction.Facts);
        switch (interaction.TryBegin(call.Services.Time.GetUtcNow()))
        {
            case AnswerAdmission.AlreadyAnswered:
                throw new ApiException(ApiError.InteractionAlreadyAcknowledged);
            case AnswerAdmission.TooLate:
                throw new ApiException(ApiError.UnknownInteraction);
        }
        AnswerMessage? message;
        try
        {
            message = await CarryOutAsync(call.Services.Domain, interaction, type, form, body);
        }
        catch
        {
            registry.GiveUp(interaction);
            throw;
        }
        return withResponse ? RestReply.Raw(Response(interaction, type, message)) : RestReply.NoContent;
    }

    private static int TypeOf(FormReader form, InteractionFacts facts)
    {
        int? type = form.Int("type", required: true);
        form.ThrowIfInvalid();
        if (NotHere.Contains(type!.Value))
        {
            throw RestErrors.Field(
                "type", new FormError("FEATURE_NOT_AVAILABLE", "Premium prompts and activities are not available on this server"));
        }
        int[] allowed = facts.Type switch
        {
            InteractionType.Command => [Message, DeferredMessage, Modal],
            InteractionType.Component => [Message, DeferredMessage, DeferredUpdate, Update, Modal],
            InteractionType.ModalSubmit when facts.MayUpdateSource => [Message, DeferredMessage, DeferredUpdate, Update],
            InteractionType.ModalSubmit => [Message, DeferredMessage],
            _ => [Choices],
        };
        return allowed.Contains(type.Value) ? type.Value : throw RestErrors.Field("type", FormError.Choices(allowed));
    }

    // Does what the answer says, and tells the user. The message is the one that @original means from now on.
    private static async ValueTask<AnswerMessage?> CarryOutAsync(
        DomainServices domain, Interaction interaction, int type, FormReader form, RestForm body)
    {
        InteractionRegistry registry = domain.Interactions;
        InteractionFacts facts = interaction.Facts;
        FormReader? data = form.Sub("data", required: type is Message or Choices or Modal);
        form.ThrowIfInvalid();
        AnswerMessage? original = null;
        OpenedModal? modal = null;
        switch (type)
        {
            case Message or DeferredMessage:
                MessageForm sent = MessageForm.Read(data ?? FormReader.From(default), body.Files);
                InteractionMessages messages = await InteractionMessages.OpenAsync(domain, interaction);
                original = type == Message
                    ? await messages.AnswerAsync(sent, sent.Ephemeral)
                    : await messages.AnswerAsync(MessageForm.Empty, sent.Ephemeral, isLoading: true);
                break;
            case Update or DeferredUpdate:
                InteractionMessages sources = await InteractionMessages.OpenAsync(domain, interaction);
                Snowflake source = facts.SourceMessageId!.Value;
                original = type == Update && data is not null
                    ? await sources.EditAsync(source, await sources.ReadFormAsync(source, data, body.Files))
                    : await sources.ReadAsync(source);
                break;
            case Choices:
                JsonElement choices = CommandOptionsForm.AutocompleteChoices(data!, facts.AutocompleteType!.Value);
                interaction.Complete();
                registry.Tell(interaction, InteractionEvents.Choices(interaction, choices));
                return null;
            case Modal:
                modal = ReadModal(data!);
                Application application = await domain.Applications.ProfileAsync(facts.ApplicationId)
                    ?? throw new ApiException(ApiError.UnknownApplication);
                User? bot = await domain.Accounts.FindUserAsync(facts.ApplicationId);
                if (!registry.Open(interaction, modal))
                    throw new ApiException(ApiError.ServiceUnavailable);
                PublicApplication shown = ApplicationPayloads.Public(application) with { Bot = bot };
                registry.Tell(interaction, InteractionEvents.Modal(interaction, modal, shown));
                break;
        }
        if (modal is null)
            interaction.Complete(original?.Id, original?.IsEphemeral ?? false, isLoading: type == DeferredMessage);
        registry.Tell(interaction, InteractionEvents.Success(interaction));
        return original;
    }

    private static OpenedModal ReadModal(FormReader data)
    {
        string? customId = data.String("custom_id", 1, Limits.ComponentCustomId, required: true);
        string? title = data.String("title", 1, Limits.ModalTitle, required: true);
        return new OpenedModal(customId!, title!, ComponentForm.ReadModal(data));
    }

    private static byte[] Response(Interaction interaction, int type, AnswerMessage? message) =>
        Json.Encode((interaction, type, message), static (json, s) =>
        {
            InteractionFacts facts = s.interaction.Facts;
            json.WriteStartObject();
            json.WriteStartObject("interaction"u8);
            json.WriteString("id"u8, s.interaction.Id.ToString());
            json.WriteNumber("type"u8, (int)facts.Type);
            json.WriteString("channel_id"u8, facts.ChannelId.ToString());
            if (facts.GuildId is { } guild)
                json.WriteString("guild_id"u8, guild.ToString());
            if (s.message is { } original)
            {
                json.WriteString("response_message_id"u8, original.Id.ToString());
                json.WriteBoolean("response_message_loading"u8, s.type == DeferredMessage);
                json.WriteBoolean("response_message_ephemeral"u8, original.IsEphemeral);
            }
            json.WriteEndObject();
            if (s is { message: { } sent, type: not DeferredUpdate })
            {
                json.WriteStartObject("resource"u8);
                json.WriteNumber("type"u8, s.type);
                json.WritePropertyName("message"u8);
                json.WriteRawValue(sent.Json.Span, skipInputValidation: true);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
}
