using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Interactions;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>A user submits a modal that the application has shown to it: its fields as they were defined, and no others.</summary>
internal sealed class ModalSubmission
{
    private const int Row = 1, TextInput = 4, TextDisplay = 10, Label = 18, FileUpload = 19, Radio = 21, Checkbox = 23;

    private readonly Dictionary<string, FormReader> _given = [];
    private readonly Dictionary<string, object> _values = [];
    private readonly ResolvedData _resolved;
    private readonly GivenFiles _files;

    private ModalSubmission(ResolvedData resolved, GivenFiles files)
    {
        _resolved = resolved;
        _files = files;
    }

    /// <exception cref="ApiException">10062 no such modal was shown, or too long ago; 50035 it is not filled in as it must be.</exception>
    public static async ValueTask<Invocation> ReadAsync(
        RestCall call, InvocationPlace place, FormReader form, FormReader data, RestForm body)
    {
        DomainServices domain = call.Services.Domain;
        Snowflake? id = data.Snowflake("id") ?? form.Snowflake("id");
        string? customId = data.String("custom_id", 1, Limits.ComponentCustomId, required: true);
        form.ThrowIfInvalid();
        Interaction? opener = domain.Interactions.FindModal(call.Account.Id, place.ApplicationId, id, customId!);
        if (opener is not { Modal: { } modal } || opener.Facts.ChannelId != place.Channel.Id)
            throw new ApiException(ApiError.UnknownInteraction);

        ResolvedData resolved = new(place);
        ModalSubmission read = new(resolved, GivenFiles.Read(data, body.Files));
        Defined[] fields = [.. modal.Components.EnumerateArray().Select(static c => new Defined(c))];
        read.Read(data, fields);
        await resolved.LoadAsync(domain, call.Cancelled);
        form.ThrowIfInvalid();
        ReadOnlyMemory<byte> source = default;
        InteractionFacts opened = opener.Facts;
        if (opened.SourceMessageId is { } message)
            (_, source, _) = await ComponentUse.MessageAsync(call, place, message);
        await read._files.StoreAsync(domain, place.Channel.Id, resolved, call.Cancelled);
        return new Invocation(
            facts => facts with
            {
                CommandName = opened.CommandName,
                CommandType = opened.CommandType,
                SourceMessageId = opened.SourceMessageId,
                SourceIsEphemeral = opened.SourceIsEphemeral,
                Triggering = opener.Metadata(),
                Files = read._files.Stored,
            },
            Invocation.Encode(json =>
            {
                json.WriteString("custom_id"u8, customId);
                json.WriteStartArray("components"u8);
                foreach (Defined field in fields)
                    read.Write(json, field);
                json.WriteEndArray();
                resolved.Write(json);
            }))
        {
            Message = source,
        };
    }

    private void Read(FormReader data, Defined[] fields)
    {
        data.Array("components", Limits.ModalComponents, item =>
        {
            switch (item.Int("type", required: true))
            {
                case Row:
                    item.Array("components", 1, Take, required: true);
                    break;
                case Label:
                    if (item.Sub("component", required: true) is { } inner)
                        Take(inner);
                    break;
            }
            return 0;
        }, required: true);
        foreach (Defined component in fields.Select(InputOf).OfType<Defined>())
        {
            if (_given.Remove(component.CustomId!, out FormReader? given))
                _values[component.CustomId!] = ValueOf(given, component);
            else if (component.Type != Checkbox && component.Flag("required", fallback: true))
                data.Fail("components", FormError.Required.Code, $"The field {component.CustomId} is required");
        }
        foreach (FormReader unknown in _given.Values)
            unknown.Fail("custom_id", "COMPONENT_VALIDATION_FAILED", "The modal has no such field");
    }

    private int Take(FormReader item)
    {
        if (item.String("custom_id", 1, Limits.ComponentCustomId, required: true) is { } id && !_given.TryAdd(id, item))
            item.Fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
        return 0;
    }

    private object ValueOf(FormReader given, Defined component)
    {
        if (given.Int("type") is { } type && type != component.Type)
            given.Fail("type", FormError.Choices([component.Type]));
        bool required = component.Flag("required", fallback: true);
        if (component.Type == Checkbox)
            return given.Bool("value") ?? false;
        if (ChosenValues.Has(component.Type))
            return ChosenValues.Read(given, component, _resolved, _files, required);
        string text = given.String("value", 0, component.Int("max_length") ?? Limits.TextInputValue) ?? "";
        if (component.Type == Radio && text.Length > 0 && !component.Items("options").Any(option => option.Text("value") == text))
            given.Fail("value", "COMPONENT_VALIDATION_FAILED", "The component has no such option");
        int least = Math.Max(component.Int("min_length") ?? 0, required ? 1 : 0);
        if ((required || text.Length > 0) && text.EnumerateRunes().Count() < least)
            given.Fail("value", least == 1 && text.Length == 0 ? FormError.Required : FormError.MinLength(least));
        return text;
    }

    private static Defined? InputOf(Defined field) => field.Type switch
    {
        Row => field.Items("components").First(),
        Label => field.Sub("component"),
        _ => null,
    };

    private void Write(Utf8JsonWriter json, Defined field)
    {
        json.WriteStartObject();
        json.WriteNumber("type"u8, field.Type);
        json.WriteNumber("id"u8, field.Int("id") ?? 0);
        switch (field.Type)
        {
            case Row:
                json.WriteStartArray("components"u8);
                Write(json, field.Items("components").First());
                json.WriteEndArray();
                break;
            case Label:
                json.WritePropertyName("component"u8);
                Write(json, field.Sub("component")!.Value);
                break;
            case not TextDisplay:
                json.WriteString("custom_id"u8, field.CustomId);
                WriteValue(json, field);
                break;
        }
        json.WriteEndObject();
    }

    // What may be left out and was is empty.
    private void WriteValue(Utf8JsonWriter json, Defined field)
    {
        object? value = _values.GetValueOrDefault(field.CustomId!);
        switch (field.Type)
        {
            case TextInput:
                json.WriteString("value"u8, value as string ?? "");
                break;
            case Radio:
                json.WriteString("value"u8, value is string { Length: > 0 } chosenOne ? chosenOne : null);
                break;
            case Checkbox:
                json.WriteBoolean("value"u8, value is true);
                break;
            default:
                json.WriteStartArray("values"u8);
                foreach (string chosen in value as List<string> ?? [])
                    json.WriteStringValue(field.Type == FileUpload ? _files[ulong.Parse(chosen)].Id.ToString() : chosen);
                json.WriteEndArray();
                break;
        }
    }
}
