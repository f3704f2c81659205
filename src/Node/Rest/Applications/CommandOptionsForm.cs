using System.Buffers;
using System.Text.Json;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Applications;

/// <summary>
/// Reads a command's options: subcommands and groups, or values with choices and bounds. What is read is written anew, so that only known
/// keys are kept. See "Application Command Option Structure".
/// </summary>
internal sealed class CommandOptionsForm
{
    private const int Sub = 1, Group = 2, Text = 3, Integer = 4, Channel = 7, Number = 10, Last = 11;
    private const int MaxText = 6000;
    private const long MaxInteger = 1L << 53;

    private CommandOptionsForm() { }

    /// <summary>Null where the request says null.</summary>
    public Optional<JsonElement[]> Elements { get; private set; }

    /// <summary>Characters over all names, descriptions and values, of translations the longest.</summary>
    public int Length { get; private set; }

    /// <summary>Reads <c>options</c> of a command of this type.</summary>
    public static CommandOptionsForm Read(FormReader form, int commandType)
    {
        CommandOptionsForm read = new();
        if (form.IsNull("options"))
            read.Elements = Optional<JsonElement[]>.Null;
        if (form.Raw("options") is not { ValueKind: not JsonValueKind.Null } given)
            return read;
        if (commandType != 1)
        {
            if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() > 0)
                form.Fail("options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID", "Context menu commands cannot have options");
            return read;
        }
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        read.List(form, json, parent: 0);
        json.WriteEndArray();
        if (form.IsValid)
        {
            json.Flush();
            read.Elements = JsonElement.Parse(buffer.WrittenSpan).EnumerateArray().ToArray();
        }
        return read;
    }

    private void List(FormReader form, Utf8JsonWriter json, int parent)
    {
        HashSet<string> names = [];
        bool optional = false;
        int kinds = 0;
        form.Array("options", Limits.CommandOptions, option =>
        {
            (string? name, int type, bool required) = Option(option, json, parent);
            if (name is not null && !names.Add(name))
                option.Fail("name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists");
            if (required && optional)
            {
                option.Fail(
                    "", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options");
            }
            optional |= !required;
            kinds |= type is Sub or Group ? 1 : 2;
            return true;
        });
        if (kinds == 3)
            form.Fail(
                "options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                "Sub-commands and sub-command groups cannot stand beside other options");
    }

    private (string? Name, int Type, bool Required) Option(FormReader form, Utf8JsonWriter json, int parent)
    {
        int type = form.Int("type", Sub, Last, required: true) ?? 0;
        bool fits = parent switch { 0 => true, Group => type == Sub, _ => type is not (Sub or Group) };
        if (!fits && type != 0)
            form.Fail("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option type is invalid here");
        string? name = form.String("name", 1, Limits.CommandName, required: true);
        if (name is not null && !CommandForm.IsSlashName(name))
            form.Fail("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        string? description = form.String("description", 1, Limits.CommandDescription, required: true);
        Optional<Dictionary<string, string>> names = CommandForm.Names(form, 1);
        Optional<Dictionary<string, string>> descriptions = CommandForm.Descriptions(form);
        Length += CommandForm.Longest(name ?? "", names) + CommandForm.Longest(description ?? "", descriptions);
        json.WriteStartObject();
        json.WriteNumber("type"u8, type);
        json.WriteString("name"u8, name);
        Translations(json, "name_localizations"u8, names);
        json.WriteString("description"u8, description);
        Translations(json, "description_localizations"u8, descriptions);
        bool required = false;
        if (type is Sub or Group)
        {
            json.WriteStartArray("options"u8);
            if (fits)
                List(form, json, type);
            json.WriteEndArray();
        }
        else if (type != 0)
        {
            required = form.Bool("required") ?? false;
            json.WriteBoolean("required"u8, required);
            Value(form, json, type);
        }
        json.WriteEndObject();
        return (name, type, required);
    }

    private void Value(FormReader form, Utf8JsonWriter json, int type)
    {
        bool autocomplete = form.Bool("autocomplete") ?? false;
        bool hasChoices = form.Raw("choices") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0;
        if (autocomplete && hasChoices)
            form.Fail(
                "choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_WITH_AUTOCOMPLETE", "Choices cannot be set together with autocomplete");
        if ((autocomplete || hasChoices) && type is not (Text or Integer or Number))
            form.Fail("type", "APPLICATION_COMMAND_OPTION_TYPE_NO_CHOICES", "Options of this type have neither choices nor autocomplete");
        if (autocomplete)
            json.WriteBoolean("autocomplete"u8, true);
        if (hasChoices && type is Text or Integer or Number)
            Choices(form, json, type);
        switch (type)
        {
            case Text:
                int? shortest = form.Int("min_length", 0, MaxText);
                int? longest = form.Int("max_length", 1, MaxText);
                if (shortest > longest)
                    form.Fail("min_length", FormError.NumberMax(longest.Value));
                Written(json, "min_length"u8, shortest);
                Written(json, "max_length"u8, longest);
                break;
            case Integer:
                long? least = form.Long("min_value", -MaxInteger, MaxInteger);
                long? most = form.Long("max_value", -MaxInteger, MaxInteger);
                if (least > most)
                    form.Fail("min_value", FormError.NumberMax(most.Value));
                Written(json, "min_value"u8, least);
                Written(json, "max_value"u8, most);
                break;
            case Number:
                double? lower = form.Double("min_value", -MaxInteger, MaxInteger);
                double? upper = form.Double("max_value", -MaxInteger, MaxInteger);
                if (lower > upper)
                    form.Fail("min_value", FormError.NumberMax(upper.Value));
                Written(json, "min_value"u8, lower);
                Written(json, "max_value"u8, upper);
                break;
            case Channel when form.IntArray("channel_types", 20, 0, 16) is { } types:
                json.WriteStartArray("channel_types"u8);
                foreach (int allowed in types.Distinct())
                    json.WriteNumberValue(allowed);
                json.WriteEndArray();
                break;
        }
    }

    private void Choices(FormReader form, Utf8JsonWriter json, int type)
    {
        HashSet<string> names = [];
        json.WriteStartArray("choices"u8);
        form.Array("choices", Limits.CommandChoices, choice =>
        {
            string? name = Choice(choice, json, type);
            if (name is not null && !names.Add(name))
                choice.Fail("name", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Option choice name already exists");
            return true;
        });
        json.WriteEndArray();
    }

    /// <summary>One choice, of a command or of an autocomplete answer: read and written.</summary>
    internal string? Choice(FormReader form, Utf8JsonWriter json, int type)
    {
        string? name = form.String("name", 1, Limits.CommandChoiceName, required: true);
        Optional<Dictionary<string, string>> names =
            form.OptionalStringMap("name_localizations", 1, Limits.CommandChoiceName, keys: CommandForm.Locales);
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        Translations(json, "name_localizations"u8, names);
        Length += CommandForm.Longest(name ?? "", names);
        switch (type)
        {
            case Text when form.Raw("value") is not { ValueKind: JsonValueKind.Number }:
                string? text = form.String("value", 0, MaxText, required: true);
                Length += text?.Length ?? 0;
                json.WriteString("value"u8, text);
                break;
            case Text:
                form.Fail("value", FormError.NotAString("number"));
                break;
            case Integer:
                json.WriteNumber("value"u8, form.Long("value", -MaxInteger, MaxInteger, required: true) ?? 0);
                break;
            default:
                json.WriteNumber("value"u8, form.Double("value", -MaxInteger, MaxInteger, required: true) ?? 0);
                break;
        }
        json.WriteEndObject();
        return name;
    }

    /// <summary>The choices of an autocomplete answer for an option of this type, at most 25.</summary>
    internal static JsonElement AutocompleteChoices(FormReader form, int type)
    {
        CommandOptionsForm read = new();
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        form.Array("choices", Limits.AutocompleteChoices, choice => read.Choice(choice, json, type), required: true);
        json.WriteEndArray();
        form.ThrowIfInvalid();
        json.Flush();
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Translations(Utf8JsonWriter json, ReadOnlySpan<byte> name, Optional<Dictionary<string, string>> translations)
    {
        if (!translations.HasValue)
            return;
        json.WriteStartObject(name);
        foreach ((string locale, string text) in translations.Value)
            json.WriteString(locale, text);
        json.WriteEndObject();
    }

    private static void Written(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Written(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Written(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
