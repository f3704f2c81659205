using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Interactions;

/// <summary>
/// What a user gave for a command's options, checked against their definition: subcommands and groups one in the other, then values. With
/// autocomplete exactly one value is being typed; it may be anything, and the others may still be incomplete.
/// </summary>
internal sealed class CommandArguments
{
    private const int Sub = 1, Group = 2, Text = 3, Integer = 4, Boolean = 5, User = 6, Channel = 7, Role = 8, Mentionable = 9, Number = 10,
        AttachmentFile = 11;

    private const int MaxText = 6000;
    private const long MaxInteger = 1L << 53;

    private readonly ResolvedData _resolved;
    private readonly GivenFiles _files;
    private readonly bool _autocomplete;
    private readonly List<string> _path = [];
    private List<Argument> _arguments = [];
    private int _focused;

    private CommandArguments(ResolvedData resolved, GivenFiles files, bool autocomplete)
    {
        _resolved = resolved;
        _files = files;
        _autocomplete = autocomplete;
    }

    /// <summary>Group and subcommand.</summary>
    public IReadOnlyList<string> Path => _path;

    /// <summary>The type of the option that is being typed; null without autocomplete.</summary>
    public int? FocusedType { get; private set; }

    /// <param name="data">The interaction's <c>data</c>.</param>
    public static CommandArguments Read(
        FormReader data, IEnumerable<Defined> definitions, ResolvedData resolved, GivenFiles files, bool autocomplete)
    {
        CommandArguments read = new(resolved, files, autocomplete);
        read._arguments = read.Level(data, [.. definitions]);
        if (autocomplete && read._focused != 1)
            data.Fail("options", "INTERACTION_AUTOCOMPLETE_FOCUS_INVALID", "Exactly one option must be focused");
        return read;
    }

    /// <summary>Writes <c>options</c>, unless there are none. Files must be stored by then.</summary>
    public void Write(Utf8JsonWriter json) => Write(json, _arguments);

    private List<Argument> Level(FormReader form, List<Defined> definitions)
    {
        List<Argument> given = [];
        HashSet<string> names = [];
        form.Array("options", Limits.CommandOptions, item =>
        {
            string name = item.String("name", 1, Limits.CommandName, required: true) ?? "";
            int type = item.Int("type") ?? 0;
            if (name.Length == 0)
                return 0;
            int at = definitions.FindIndex(d => d.Name == name);
            if (at < 0)
                item.Fail("name", "INTERACTION_OPTION_UNKNOWN", "The command has no such option");
            else if (type != 0 && type != definitions[at].Type)
                item.Fail("type", FormError.Choices([definitions[at].Type]));
            else if (!names.Add(name))
                item.Fail("name", FormError.Duplicate);
            else
                given.Add(One(item, definitions[at]));
            return 0;
        });
        bool nested = definitions.Count > 0 && definitions[0].Type is Sub or Group;
        if (nested && names.Count != 1)
            form.Fail("options", "INTERACTION_SUBCOMMAND_REQUIRED", "Exactly one subcommand must be given");
        foreach (Defined definition in definitions.Where(d => !_autocomplete && d.Flag("required") && !names.Contains(d.Name)))
            form.Fail("options", FormError.Required.Code, $"The option {definition.Name} is required");
        return given;
    }

    private Argument One(FormReader form, Defined definition)
    {
        if (definition.Type is Sub or Group)
        {
            _path.Add(definition.Name);
            return new Argument(definition.Name, definition.Type) { Inner = Level(form, [.. definition.Items("options")]) };
        }
        if (!_autocomplete || form.Bool("focused") != true)
            return new Argument(definition.Name, definition.Type) { Value = Value(form, definition) };
        _focused++;
        FocusedType = definition.Type;
        if (!definition.Flag("autocomplete"))
            form.Fail("focused", "INTERACTION_AUTOCOMPLETE_NOT_ENABLED", "The option has no autocomplete");
        return new Argument(definition.Name, definition.Type) { Value = form.String("value", 0, MaxText) ?? "", IsFocused = true };
    }

    private object? Value(FormReader form, Defined definition)
    {
        bool free = _autocomplete;
        switch (definition.Type)
        {
            case Text:
                string? text = form.String("value", free ? 0 : definition.Int("min_length") ?? 0,
                    free ? MaxText : definition.Int("max_length") ?? MaxText, required: true);
                if (text is not null)
                    Chosen(form, definition, choice => choice.Text("value") == text);
                return text;
            case Integer:
                long? whole = form.Long("value", free ? -MaxInteger : definition.Long("min_value") ?? -MaxInteger,
                    free ? MaxInteger : definition.Long("max_value") ?? MaxInteger, required: true);
                if (whole is not null)
                    Chosen(form, definition, choice => choice.Long("value") == whole);
                return whole;
            case Number:
                double? real = form.Double("value", free ? -MaxInteger : definition.Double("min_value") ?? -MaxInteger,
                    free ? MaxInteger : definition.Double("max_value") ?? MaxInteger, required: true);
                if (real is not null)
                    Chosen(form, definition, choice => choice.Double("value") == real);
                return real;
            case Boolean:
                return form.Bool("value", required: true);
            case AttachmentFile:
                return form.Snowflake("value", required: true) is { } number && _files.Has(form, "value", number.Value)
                    ? new FileNumber(number.Value)
                    : null;
        }
        if (form.Snowflake("value", required: true) is not { } id)
            return null;
        switch (definition.Type)
        {
            case User:
                _resolved.User(form, "value", id);
                break;
            case Channel:
                _resolved.Channel(form, "value", id, definition.Numbers("channel_types"));
                break;
            case Role:
                _resolved.Role(form, "value", id);
                break;
            case Mentionable:
                _resolved.Mentionable(form, "value", id);
                break;
        }
        return id;
    }

    private static void Chosen(FormReader form, Defined definition, Func<Defined, bool> isIt)
    {
        IEnumerable<Defined> choices = definition.Items("choices");
        if (choices.Any() && !choices.Any(isIt))
            form.Fail("value", FormError.Choices(choices.Select(choice => choice.Name)));
    }

    private void Write(Utf8JsonWriter json, List<Argument> arguments)
    {
        if (arguments.Count == 0)
            return;
        json.WriteStartArray("options"u8);
        foreach (Argument argument in arguments)
        {
            json.WriteStartObject();
            json.WriteNumber("type"u8, argument.Type);
            json.WriteString("name"u8, argument.Name);
            switch (argument.Value)
            {
                case string text:
                    json.WriteString("value"u8, text);
                    break;
                case long whole:
                    json.WriteNumber("value"u8, whole);
                    break;
                case double real:
                    json.WriteNumber("value"u8, real);
                    break;
                case bool flag:
                    json.WriteBoolean("value"u8, flag);
                    break;
                case Snowflake id:
                    json.WriteString("value"u8, id.ToString());
                    break;
                case FileNumber file:
                    json.WriteString("value"u8, _files[file.Number].Id.ToString());
                    break;
            }
            if (argument.IsFocused)
                json.WriteBoolean("focused"u8, true);
            if (argument.Inner is { } inner)
                Write(json, inner);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private sealed record Argument(string Name, int Type)
    {
        public object? Value { get; init; }
        public List<Argument>? Inner { get; init; }
        public bool IsFocused { get; init; }
    }

    private readonly record struct FileNumber(ulong Number);
}
