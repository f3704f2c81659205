using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Messages;

/// <summary>
/// Reads a message's components: rows of buttons and selects, or with IS_COMPONENTS_V2 any of the layout and content components. Checks
/// counts,
/// lengths and that custom ids differ; gives ids to those that have none; leaves unknown keys out. See "Component Reference".
/// </summary>
internal sealed partial class ComponentForm
{
    private const int Row = 1, Button = 2, StringSelect = 3, UserSelect = 5, RoleSelect = 6, MentionableSelect = 7, ChannelSelect = 8,
        Section = 9,
        TextDisplay = 10, Thumbnail = 11, MediaGallery = 12, FileDisplay = 13, Separator = 14, Container = 17;

    // Characters over all text displays of a message.
    private const int TextTotal = 4_000;

    private static readonly int[] V1Top = [Row];
    private static readonly int[] V2Top = [Row, Section, TextDisplay, MediaGallery, FileDisplay, Separator, Container];
    private static readonly int[] InContainer = [Row, Section, TextDisplay, MediaGallery, FileDisplay, Separator];
    private static readonly int[] InRow = [Button, StringSelect, UserSelect, RoleSelect, MentionableSelect, ChannelSelect];

    private readonly HashSet<string> _customIds = [];
    private readonly HashSet<int> _ids = [];
    private readonly StringBuilder _text = new();
    private int _count;
    private int _nextId = 1;
    private bool _isModal;

    private ComponentForm() { }

    public Optional<JsonElement[]> Elements { get; private set; }

    public string Text => _text.ToString();

    public static ComponentForm Read(FormReader form, bool v2)
    {
        ComponentForm read = new();
        if (form.IsNull("components"))
            read.Elements = Optional<JsonElement[]>.Null;
        else if (form.Has("components"))
        {
            JsonElement? elements = read.List(form, v2 ? Limits.ComponentsV2 : Limits.ActionRows, v2 ? V2Top : V1Top);
            if (v2 && read._count > Limits.ComponentsV2)
                form.Fail("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                    $"The total number of components exceeds {Limits.ComponentsV2}");
            if (read._text.Length > TextTotal)
                form.Fail("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", $"The total text exceeds {TextTotal} characters");
            if (form.IsValid && elements is { } all)
                read.Elements = all.EnumerateArray().ToArray();
        }
        return read;
    }

    // The list, normalised; null when something was wrong.
    private JsonElement? List(FormReader form, int max, int[] allowed, int min = 0)
    {
        if (form.Raw("components") is { ValueKind: JsonValueKind.Array } array)
            TakeIds(array, 0);
        ArrayBufferWriter<byte> buffer = new();
        // What is wrong leaves gaps in the object: it is read back only when nothing was.
        using Utf8JsonWriter json = new(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartArray();
        form.Array("components", max, item => Component(item, json, allowed), min, required: min > 0);
        json.WriteEndArray();
        if (!form.IsValid)
            return null;
        json.Flush();
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    // Ids that the sender chose are not given to others.
    private void TakeIds(JsonElement array, int depth)
    {
        if (depth > 4)
            return;
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                continue;
            if (item.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number)
                && number > 0)
                _ids.Add(number);
            if (item.TryGetProperty("components", out JsonElement inner) && inner.ValueKind == JsonValueKind.Array)
                TakeIds(inner, depth + 1);
            foreach (string single in (string[])["accessory", "component"])
            {
                if (item.TryGetProperty(single, out JsonElement one) && one.ValueKind == JsonValueKind.Object
                    && one.TryGetProperty("id", out id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out number) && number > 0)
                    _ids.Add(number);
            }
        }
    }

    private int Component(FormReader form, Utf8JsonWriter json, int[] allowed)
    {
        _count++;
        int type = form.Int("type", required: true) ?? 0;
        if (type == 0 || !allowed.Contains(type))
        {
            if (type != 0)
                form.Fail("type", FormError.Choices(allowed));
            return 0;
        }
        json.WriteStartObject();
        json.WriteNumber("type"u8, type);
        json.WriteNumber("id"u8, form.Int("id", 0) is { } given and > 0 ? given : NextId());
        switch (type)
        {
            case Row:
                RowOf(form, json);
                break;
            case Button:
                ButtonOf(form, json);
                break;
            case StringSelect or UserSelect or RoleSelect or MentionableSelect or ChannelSelect:
                SelectOf(form, json, type);
                break;
            case Section:
                Children(form, json, 1, 3, [TextDisplay]);
                if (form.Sub("accessory", required: true) is { } accessory)
                {
                    json.WritePropertyName("accessory"u8);
                    Component(accessory, json, [Button, Thumbnail]);
                }
                break;
            case TextDisplay:
                if (form.String("content", 1, TextTotal, required: true) is { } text)
                {
                    _text.Append(text).Append('\n');
                    json.WriteString("content"u8, text);
                }
                break;
            case Thumbnail:
                Media(form, json, "media");
                Described(form, json);
                break;
            case MediaGallery:
                json.WriteStartArray("items"u8);
                form.Array("items", 10, item =>
                {
                    json.WriteStartObject();
                    Media(item, json, "media");
                    Described(item, json);
                    json.WriteEndObject();
                    return 0;
                }, min: 1, required: true);
                json.WriteEndArray();
                break;
            case FileDisplay:
                Media(form, json, "file");
                json.WriteNull("name"u8);
                json.WriteNull("size"u8);
                json.WriteBoolean("spoiler"u8, form.Bool("spoiler") ?? false);
                break;
            case Separator:
                json.WriteBoolean("divider"u8, form.Bool("divider") ?? true);
                json.WriteNumber("spacing"u8, form.Int("spacing", 1, 2) ?? 1);
                break;
            case Container:
                Children(form, json, 1, Limits.ComponentsV2, InContainer);
                if (form.Color("accent_color") is { } color)
                    json.WriteNumber("accent_color"u8, color);
                else
                    json.WriteNull("accent_color"u8);
                json.WriteBoolean("spoiler"u8, form.Bool("spoiler") ?? false);
                break;
            default:
                ModalComponent(form, json, type, isLabelled: allowed == InLabel);
                break;
        }
        json.WriteEndObject();
        return type;
    }

    private int NextId()
    {
        while (!_ids.Add(_nextId))
            _nextId++;
        return _nextId;
    }

    private void Children(FormReader form, Utf8JsonWriter json, int min, int max, int[] allowed)
    {
        json.WriteStartArray("components"u8);
        form.Array("components", max, child => Component(child, json, allowed), min, required: true);
        json.WriteEndArray();
    }

    private void RowOf(FormReader form, Utf8JsonWriter json)
    {
        json.WriteStartArray("components"u8);
        List<int>? types = form.Array(
            "components", Limits.ActionRowButtons, child => Component(child, json, _isModal ? InModalRow : InRow), 1, required: true);
        json.WriteEndArray();
        if (types is { Count: > 1 } && types.Any(type => type is not (Button or 0)))
            form.Fail("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select menu or text input takes the whole row");
    }

    private void ButtonOf(FormReader form, Utf8JsonWriter json)
    {
        int style = form.Int("style", 1, 6, required: true) ?? 1;
        json.WriteNumber("style"u8, style);
        string? label = form.String("label", 0, Limits.ButtonLabel);
        if (!string.IsNullOrEmpty(label))
            json.WriteString("label"u8, label);
        bool emoji = EmojiOf(form, json);
        Flag(form, json, "disabled");
        switch (style)
        {
            case 5:
                if (form.String("url", 1, Limits.ButtonUrl, required: true) is { } url)
                {
                    if (Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" or "discord")
                        json.WriteString("url"u8, url);
                    else
                        form.Fail("url", "BUTTON_COMPONENT_INVALID_URL", "Scheme must be one of ('http', 'https', 'discord').");
                }
                if (!string.IsNullOrEmpty(form.String("custom_id")))
                    form.Fail("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                        "A custom id and url cannot both be specified");
                break;
            case 6:
                if (form.Snowflake("sku_id", required: true) is { } sku)
                    json.WriteString("sku_id"u8, sku.ToString());
                return;
            default:
                CustomId(form, json);
                if (!string.IsNullOrEmpty(form.String("url")))
                    form.Fail("url", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified");
                break;
        }
        if (string.IsNullOrEmpty(label) && !emoji)
            form.Fail("label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji");
    }

    private void SelectOf(FormReader form, Utf8JsonWriter json, int type)
    {
        CustomId(form, json);
        if (form.String("placeholder", 0, Limits.SelectPlaceholder) is { Length: > 0 } placeholder)
            json.WriteString("placeholder"u8, placeholder);
        int min = form.Int("min_values", 0, Limits.SelectOptions) ?? 1;
        int max = form.Int("max_values", 1, Limits.SelectOptions) ?? 1;
        if (min > max)
            form.Fail("min_values", FormError.NumberMax(max));
        json.WriteNumber("min_values"u8, min);
        json.WriteNumber("max_values"u8, max);
        Flag(form, json, _isModal ? "required" : "disabled");
        if (_isModal && form.Bool("disabled") == true)
            form.Fail("disabled", FormError.Invalid("A modal has no disabled components."));
        if (type == StringSelect)
            OptionsOf(form, json, max);
        else if (type == ChannelSelect && form.IntArray("channel_types", 20) is { } types)
        {
            json.WriteStartArray("channel_types"u8);
            types.ForEach(json.WriteNumberValue);
            json.WriteEndArray();
        }
        if (type != StringSelect && form.Has("default_values"))
        {
            json.WriteStartArray("default_values"u8);
            form.Array("default_values", Limits.SelectOptions, item =>
            {
                json.WriteStartObject();
                json.WriteString("id"u8, (item.Snowflake("id", required: true) ?? default).ToString());
                json.WriteString("type"u8, item.Choice("type", ["user", "role", "channel"], required: true) ?? "");
                json.WriteEndObject();
                return 0;
            });
            json.WriteEndArray();
        }
    }

    private static void OptionsOf(FormReader form, Utf8JsonWriter json, int max, int least = 1, int most = Limits.SelectOptions)
    {
        HashSet<string> values = [];
        json.WriteStartArray("options"u8);
        List<bool>? defaults = form.Array("options", most, option =>
        {
            json.WriteStartObject();
            json.WriteString("label"u8, option.String("label", 1, Limits.SelectOptionText, required: true) ?? "");
            string value = option.String("value", 1, Limits.SelectOptionText, required: true) ?? "";
            if (value.Length > 0 && !values.Add(value))
                option.Fail("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used");
            json.WriteString("value"u8, value);
            if (option.String("description", 0, Limits.SelectOptionText) is { Length: > 0 } description)
                json.WriteString("description"u8, description);
            EmojiOf(option, json);
            bool isDefault = option.Bool("default") ?? false;
            if (isDefault)
                json.WriteBoolean("default"u8, true);
            json.WriteEndObject();
            return isDefault;
        }, min: least, required: true);
        json.WriteEndArray();
        if (defaults?.Count(d => d) > max)
            form.Fail("options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More options are default than may be chosen");
    }

    private void CustomId(FormReader form, Utf8JsonWriter json)
    {
        if (form.String("custom_id", 1, Limits.ComponentCustomId, required: true) is not { } id)
            return;
        if (!_customIds.Add(id))
            form.Fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
        json.WriteString("custom_id"u8, id);
    }

    private static bool EmojiOf(FormReader form, Utf8JsonWriter json)
    {
        if (form.Sub("emoji") is not { } emoji)
            return false;
        Snowflake? id = emoji.Snowflake("id");
        string? name = emoji.String("name", 0, 64);
        if (id is null && (name is null || !ReactionEmoji.TryParse(name, out _)))
        {
            emoji.Fail("name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji");
            return true;
        }
        json.WriteStartObject("emoji"u8);
        if (id is { } custom)
            json.WriteString("id"u8, custom.ToString());
        if (name is not null)
            json.WriteString("name"u8, name);
        if (emoji.Bool("animated") == true)
            json.WriteBoolean("animated"u8, true);
        json.WriteEndObject();
        return true;
    }

    // What an attachment has besides (its id, type and size) is filled in when the message is written.
    private static void Media(FormReader form, Utf8JsonWriter json, string name)
    {
        if (form.Sub(name, required: true) is not { } media || EmbedForm.Url(media, "url", attachments: true,
            required: true) is not { } url)
            return;
        json.WriteStartObject(name);
        json.WriteString("id"u8, MediaId(url).ToString());
        json.WriteString("url"u8, url);
        json.WriteString("proxy_url"u8, url);
        json.WriteEndObject();
    }

    // Media elsewhere have no id of their own; the same address always gets the same one.
    private static Snowflake MediaId(string url) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(url))) >> 1);

    private static void Described(FormReader form, Utf8JsonWriter json)
    {
        string? description = form.String("description", 0, Limits.AttachmentDescription);
        json.WriteString("description"u8, string.IsNullOrEmpty(description) ? null : description);
        json.WriteBoolean("spoiler"u8, form.Bool("spoiler") ?? false);
    }

    private static void Flag(FormReader form, Utf8JsonWriter json, string name)
    {
        if (form.Bool(name) is { } value)
            json.WriteBoolean(name, value);
    }
}
