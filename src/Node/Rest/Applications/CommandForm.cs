using System.Text.RegularExpressions;
using Discord.Actors.Applications;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using System.Text.Json;

namespace Discord.Node.Rest.Applications;

/// <summary>Reads what a command shall be ("Application Command Object"): names, descriptions, localisations, options, 8,000 characters
/// over all.</summary>
internal static partial class CommandForm
{
    private const int ChatInput = 1;
    private const string TooLong = "APPLICATION_COMMAND_TOO_LARGE";

    /// <summary>Locales that commands may be translated to.</summary>
    public static readonly IReadOnlySet<string> Locales = new HashSet<string>
    {
        "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko",
        "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
    };

    /// <summary>A whole command.</summary>
    public static CommandDraft Draft(FormReader form)
    {
        int type = form.Int("type", ChatInput, 3) ?? ChatInput;
        int length = 0;
        string name = Name(form, type, required: true, ref length) ?? "";
        string description = form.String("description", 0, Limits.CommandDescription) ?? "";
        CheckDescription(form, type, description);
        Optional<Dictionary<string, string>> names = Names(form, type);
        Optional<Dictionary<string, string>> descriptions = Descriptions(form);
        CommandOptionsForm options = CommandOptionsForm.Read(form, type);
        CheckTotal(form, Longest(name, names) + Longest(description, descriptions) + options.Length);
        return new CommandDraft
        {
            Id = form.Snowflake("id"),
            Type = type,
            Name = name,
            NameLocalizations = names.OrNullReference(),
            Description = type == ChatInput ? description : "",
            DescriptionLocalizations = descriptions.OrNullReference(),
            Options = options.Elements.OrNullReference(),
            DefaultMemberPermissions = Permissions(form).OrNull() ?? FromDefaultPermission(form),
            DmPermission = form.Bool("dm_permission"),
            Contexts = Numbers(form, "contexts", 2).OrNullReference(),
            IntegrationTypes = Numbers(form, "integration_types", 1).OrNullReference() ?? [0],
            Nsfw = form.Bool("nsfw") ?? false,
        };
    }

    /// <summary>A change of a command.</summary>
    /// <param name="type">The type of the command, which cannot change.</param>
    public static CommandPatch Patch(FormReader form, int type)
    {
        int length = 0;
        Optional<string> description = form.OptionalString("description", 0, Limits.CommandDescription);
        if (description.IsPresent)
            CheckDescription(form, type, description.Or(""));
        CommandOptionsForm options = CommandOptionsForm.Read(form, type);
        CheckTotal(form, options.Length);
        string? name = form.IsNull("name") ? null : Name(form, type, required: false, ref length);
        return new CommandPatch
        {
            Name = name is null ? default(Optional<string>) : name,
            NameLocalizations = Names(form, type),
            Description = description.IsNull ? "" : description,
            DescriptionLocalizations = Descriptions(form),
            Options = options.Elements,
            DefaultMemberPermissions = Permissions(form),
            DmPermission = form.OptionalBool("dm_permission"),
            Contexts = Numbers(form, "contexts", 2),
            IntegrationTypes = Numbers(form, "integration_types", 1),
            Nsfw = form.Bool("nsfw") is { } nsfw ? nsfw : default(Optional<bool>),
        };
    }

    /// <summary>Letters, digits, <c>- _ '</c>, lower case where there is one.</summary>
    public static bool IsSlashName(string name) => SlashName().IsMatch(name) && !name.Any(char.IsUpper);

    /// <summary>Translations of a name: those of slash commands and options are names themselves.</summary>
    public static Optional<Dictionary<string, string>> Names(FormReader form, int type)
    {
        Optional<Dictionary<string, string>> names = form.OptionalStringMap("name_localizations", 1, Limits.CommandName, keys: Locales);
        if (type == ChatInput && names.HasValue)
        {
            foreach ((string locale, string name) in names.Value)
            {
                if (!IsSlashName(name))
                    form.Fail(FormErrors.Join("name_localizations", locale), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
            }
        }
        return names;
    }

    public static Optional<Dictionary<string, string>> Descriptions(FormReader form) =>
        form.OptionalStringMap("description_localizations", 1, Limits.CommandDescription, keys: Locales);

    /// <summary>What a text counts: its longest translation.</summary>
    public static int Longest(string text, Optional<Dictionary<string, string>> translations)
    {
        int longest = text.Length;
        if (translations.HasValue)
        {
            foreach (string translation in translations.Value.Values)
                longest = Math.Max(longest, translation.Length);
        }
        return longest;
    }

    private static string? Name(FormReader form, int type, bool required, ref int length)
    {
        string? name = form.String("name", 1, Limits.CommandName, required);
        if (name is null)
            return null;
        length = name.Length;
        if (type == ChatInput ? !IsSlashName(name) : name.Trim().Length == 0)
            form.Fail("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        return name;
    }

    private static void CheckDescription(FormReader form, int type, string description)
    {
        if (type == ChatInput && description.Length == 0)
            form.Fail("description", FormError.Required);
        else if (type != ChatInput && description.Length > 0)
            form.Fail(
                "description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID", "Context menu commands cannot have description");
    }

    private static void CheckTotal(FormReader form, int length)
    {
        if (length > Limits.CommandTotal)
            form.Fail("", TooLong, $"Command exceeds maximum size ({Limits.CommandTotal})");
    }

    private static Optional<Permissions> Permissions(FormReader form) => form.OptionalPermissions("default_member_permissions");

    // The older form of "administrators only until permissions say otherwise".
    private static Permissions? FromDefaultPermission(FormReader form) =>
        form.Bool("default_permission") == false && !form.Has("default_member_permissions") ? Protocol.Permissions.None : null;

    // Numbers from 0, each once; some libraries send them as strings.
    private static Optional<List<int>> Numbers(FormReader form, string name, int max)
    {
        if (form.IsNull(name))
            return Optional<List<int>>.Null;
        if (form.IntArray(name, max + 1, 0, max) is not { } numbers)
            return default;
        if (numbers.Distinct().Count() != numbers.Count)
            form.Fail(name, FormError.Duplicate);
        return numbers;
    }

    [GeneratedRegex(@"^[-_'\p{L}\p{N}\p{IsDevanagari}\p{IsThai}]{1,32}$")]
    private static partial Regex SlashName();
}
