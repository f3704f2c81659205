using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Messages;

// Modals: labels with one input each, texts between them, and rows of a text input as they were before labels.
internal sealed partial class ComponentForm
{
    private const int TextInput = 4, Label = 18, FileUpload = 19, RadioGroup = 21, CheckboxGroup = 22, Checkbox = 23;

    private const int GroupOptions = 10, UploadedFiles = 10;

    private static readonly int[] ModalTop = [Row, TextDisplay, Label];
    private static readonly int[] InModalRow = [TextInput];
    private static readonly int[] InLabel =
    [
        StringSelect, TextInput, UserSelect, RoleSelect, MentionableSelect, ChannelSelect, FileUpload, RadioGroup, CheckboxGroup, Checkbox,
    ];

    /// <summary>Reads the components of a modal.</summary>
    /// <returns>An array.</returns>
    /// <exception cref="ApiException">50035 with everything that is wrong.</exception>
    public static JsonElement ReadModal(FormReader form)
    {
        ComponentForm read = new() { _isModal = true };
        JsonElement? elements = read.List(form, Limits.ModalComponents, ModalTop, min: 1);
        form.ThrowIfInvalid();
        return elements!.Value;
    }

    private void ModalComponent(FormReader form, Utf8JsonWriter json, int type, bool isLabelled)
    {
        switch (type)
        {
            case Label:
                json.WriteString("label"u8, form.String("label", 1, Limits.TextInputLabel, required: true) ?? "");
                if (form.String("description", 0, Limits.SelectOptionText) is { Length: > 0 } description)
                    json.WriteString("description"u8, description);
                if (form.Sub("component", required: true) is { } component)
                {
                    json.WritePropertyName("component"u8);
                    Component(component, json, InLabel);
                }
                return;
            case TextInput:
                TextInputOf(form, json, isLabelled);
                break;
            case FileUpload:
                CustomId(form, json);
                Bounds(form, json, UploadedFiles, 1);
                break;
            case RadioGroup:
                CustomId(form, json);
                OptionsOf(form, json, max: 1, least: 2, GroupOptions);
                break;
            case CheckboxGroup:
                CustomId(form, json);
                int options = form.Raw("options") is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : GroupOptions;
                OptionsOf(form, json, Bounds(form, json, GroupOptions, Math.Clamp(options, 1, GroupOptions)), most: GroupOptions);
                break;
            case Checkbox:
                CustomId(form, json);
                Flag(form, json, "default");
                return;
        }
        Flag(form, json, "required");
    }

    private void TextInputOf(FormReader form, Utf8JsonWriter json, bool isLabelled)
    {
        CustomId(form, json);
        json.WriteNumber("style"u8, form.Int("style", 1, 2, required: true) ?? 1);
        if (form.String("label", 1, Limits.TextInputLabel, required: !isLabelled) is { } label)
            json.WriteString("label"u8, label);
        int? min = form.Int("min_length", 0, Limits.TextInputValue), max = form.Int("max_length", 1, Limits.TextInputValue);
        if (min > max)
            form.Fail("min_length", FormError.NumberMax(max.Value));
        if (min is { } shortest)
            json.WriteNumber("min_length"u8, shortest);
        if (max is { } longest)
            json.WriteNumber("max_length"u8, longest);
        if (form.String("value", 0, max ?? Limits.TextInputValue) is { Length: > 0 } value)
            json.WriteString("value"u8, value);
        if (form.String("placeholder", 0, Limits.TextInputPlaceholder) is { Length: > 0 } placeholder)
            json.WriteString("placeholder"u8, placeholder);
    }

    // Writes how many may be chosen, and gives the most.
    private static int Bounds(FormReader form, Utf8JsonWriter json, int limit, int usual)
    {
        int min = form.Int("min_values", 0, limit) ?? 1, max = form.Int("max_values", 1, limit) ?? usual;
        if (min > max)
            form.Fail("min_values", FormError.NumberMax(max));
        json.WriteNumber("min_values"u8, min);
        json.WriteNumber("max_values"u8, max);
        return max;
    }
}
