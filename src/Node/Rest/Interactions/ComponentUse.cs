using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Interactions;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>A user presses a button or chooses in a menu of a message: it is the application's, and has that component, enabled.</summary>
internal static class ComponentUse
{
    private const int Button = 2;

    /// <exception cref="ApiException">10008 no such message for this user, 50035 it has no such component, or not such values.</exception>
    public static async ValueTask<Invocation> ReadAsync(RestCall call, InvocationPlace place, FormReader form, FormReader data)
    {
        Snowflake? messageId = form.Snowflake("message_id", required: true);
        string? customId = data.String("custom_id", 1, Limits.ComponentCustomId, required: true);
        int? type = data.Int("component_type", required: true);
        form.ThrowIfInvalid();
        (Message message, ReadOnlyMemory<byte> json, bool isEphemeral) = await MessageAsync(call, place, messageId!.Value);
        if (OwnerOf(message) != place.ApplicationId)
            throw RestErrors.Field("application_id", FormError.Invalid("The message is another application's."));
        ResolvedData resolved = new(place);
        List<string>? values = null;
        Defined? component = Find(message.Components.Select(static c => new Defined(c)), customId!);
        if (component is not { } used)
            data.Fail("custom_id", "COMPONENT_VALIDATION_FAILED", "The message has no such component");
        else if (used.Type != type)
            data.Fail("component_type", FormError.Choices([used.Type]));
        else if (used.Flag("disabled"))
            data.Fail("custom_id", "COMPONENT_VALIDATION_FAILED", "The component is disabled");
        else if (used.Type != Button)
            values = ChosenValues.Read(data, used, resolved, files: null);
        await resolved.LoadAsync(call.Services.Domain, call.Cancelled);
        form.ThrowIfInvalid();
        return new Invocation(
            facts => facts with { SourceMessageId = message.Id, SourceIsEphemeral = isEphemeral },
            Invocation.Encode(writer =>
            {
                writer.WriteNumber("component_type"u8, type!.Value);
                writer.WriteString("custom_id"u8, customId);
                if (component!.Value.Int("id") is { } number)
                    writer.WriteNumber("id"u8, number);
                if (values is null)
                    return;
                writer.WriteStartArray("values"u8);
                values.ForEach(writer.WriteStringValue);
                writer.WriteEndArray();
                resolved.Write(writer);
            }))
        {
            Message = json,
        };
    }

    /// <summary>A message as its application is shown it.</summary>
    /// <exception cref="ApiException">10008: there is none that the user sees.</exception>
    public static async ValueTask<(Message Message, ReadOnlyMemory<byte> Json, bool IsEphemeral)> MessageAsync(
        RestCall call, InvocationPlace place, Snowflake id)
    {
        if (call.Services.Domain.Interactions.FindEphemeral(id) is { } shown)
        {
            return shown.UserId == call.Account.Id && shown.Message.ChannelId == place.Channel.Id
                ? (shown.Message, shown.Json, true)
                : throw new ApiException(ApiError.UnknownMessage);
        }
        Message message = await place.Access.Log.FindAsync(id, call.Cancelled) ?? throw new ApiException(ApiError.UnknownMessage);
        MessageViewer viewer = new(place.ApplicationId, SeesContent: true);
        ReadOnlyMemory<byte>? json = await place.Access.Log.ReadAsync(id, viewer, call.Cancelled);
        return (message, json ?? throw new ApiException(ApiError.UnknownMessage), false);
    }

    // Bots' own messages are their application's, which has the same id.
    private static Snowflake? OwnerOf(Message message) => message.ApplicationId ?? (message.WebhookId is null ? message.Author.Id : null);

    // Rows and containers hold components, a section its accessory.
    private static Defined? Find(IEnumerable<Defined> components, string customId)
    {
        foreach (Defined component in components)
        {
            if (component.CustomId == customId)
                return component;
            IEnumerable<Defined> inner = component.Items("components");
            if (component.Sub("accessory") is { } accessory)
                inner = inner.Append(accessory);
            if (Find(inner, customId) is { } found)
                return found;
        }
        return null;
    }
}
