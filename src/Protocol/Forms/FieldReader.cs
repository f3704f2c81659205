using Discord.Protocol.Errors;

namespace Discord.Protocol.Forms;

/// <summary>
/// What readers of bodies and query strings share: they collect every error with its place and go on, so that a client sees all that is
/// wrong in one answer. Read all fields, then call <see cref="ThrowIfInvalid"/> before any value is used. Not thread-safe.
/// </summary>
public abstract class FieldReader
{
    private protected FieldReader(FormErrors errors, string path)
    {
        Errors = errors;
        Path = path;
    }

    /// <summary>The errors so far, of the whole request.</summary>
    public FormErrors Errors { get; }

    /// <summary>Where in the request this reader stands; empty at the top.</summary>
    public string Path { get; }

    /// <summary>Nothing was wrong so far, in the whole request.</summary>
    public bool IsValid => Errors.IsEmpty;

    /// <summary>Records an error at a field of this reader; an empty name is the reader's own place.</summary>
    public void Fail(string name, FormError error)
    {
        ArgumentNullException.ThrowIfNull(name);
        Errors.Add(name.Length == 0 ? Path : FormErrors.Join(Path, name), error);
    }

    /// <summary>Records an error at a field of this reader; an empty name is the reader's own place.</summary>
    public void Fail(string name, string code, string message) => Fail(name, new FormError(code, message));

    /// <summary>Ends reading.</summary>
    /// <exception cref="ApiException">50035 with all errors, when there is one.</exception>
    public void ThrowIfInvalid()
    {
        if (!IsValid)
            throw new ApiException(ApiError.InvalidFormBody, Errors);
    }

    private protected string? Checked(string name, string text, int min, int max)
    {
        if (TextRules.LengthError(TextRules.Length(text), min, max) is not { } error)
            return text;
        Fail(name, error);
        return null;
    }

    private protected bool CheckedLength(string name, int length, int min, int max)
    {
        if (TextRules.LengthError(length, min, max) is not { } error)
            return true;
        Fail(name, error);
        return false;
    }

    private protected bool CheckedRange(string name, long value, long min, long max)
    {
        if (value >= min && value <= max)
            return true;
        Fail(name, value < min ? FormError.NumberMin(min) : FormError.NumberMax(max));
        return false;
    }

    private protected TEnum? CheckedEnum<TEnum>(string name, long value, ReadOnlySpan<TEnum> allowed)
        where TEnum : struct, Enum
    {
        var choices = allowed.IsEmpty ? EnumChoices<TEnum>.Values : allowed;
        foreach (var choice in choices)
        {
            if (Convert.ToInt64(choice) == value)
                return choice;
        }
        Fail(name, FormError.Choices(choices.ToArray().Select(static choice => Convert.ToInt32(choice)).Order()));
        return null;
    }

    private protected string? CheckedChoice(string name, string value, ReadOnlySpan<string> allowed)
    {
        if (allowed.Contains(value))
            return value;
        Fail(name, FormError.Choices(allowed.ToArray()));
        return null;
    }

    private static class EnumChoices<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly TEnum[] Values = Enum.GetValues<TEnum>();
    }
}
