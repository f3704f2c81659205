using System.Globalization;

namespace Discord.Protocol.Errors;

/// <summary>One thing wrong with one field: a string code and a message, both Discord's.</summary>
/// <param name="Code">For example BASE_TYPE_REQUIRED.</param>
/// <param name="Message">What a person reads.</param>
public readonly record struct FormError(string Code, string Message)
{
    /// <summary>The field must be there.</summary>
    public static FormError Required { get; } = new("BASE_TYPE_REQUIRED", "This field is required");

    /// <summary>Too long, no lower bound.</summary>
    public static FormError MaxLength(int max) => new("BASE_TYPE_MAX_LENGTH", $"Must be {N(max)} or fewer in length.");

    /// <summary>Too short, no upper bound.</summary>
    public static FormError MinLength(int min) => new("BASE_TYPE_MIN_LENGTH", $"Must be {N(min)} or more in length.");

    /// <summary>Outside both bounds.</summary>
    public static FormError BadLength(int min, int max) =>
        new("BASE_TYPE_BAD_LENGTH", min == max ? $"Must be {N(min)} in length." : $"Must be between {N(min)} and {N(max)} in length.");

    /// <summary>None of the values allowed.</summary>
    public static FormError Choices(IEnumerable<string> allowed)
    {
        var list = string.Join(", ", allowed.Select(static value => $"'{value}'"));
        return new("BASE_TYPE_CHOICES", $"Value must be one of ({list}).");
    }

    /// <summary>None of the numbers allowed.</summary>
    public static FormError Choices(IEnumerable<int> allowed) =>
        new("BASE_TYPE_CHOICES", $"Value must be one of ({string.Join(", ", allowed)}).");

    /// <summary>Not a 64-bit id.</summary>
    public static FormError NotASnowflake(string value) =>
        new("NUMBER_TYPE_COERCE", $"Value \"{Shown(value)}\" is not snowflake.");

    /// <summary>Not a whole number.</summary>
    public static FormError NotAnInteger(string value) => new("NUMBER_TYPE_COERCE", $"Value \"{Shown(value)}\" is not int.");

    /// <summary>Not a number.</summary>
    public static FormError NotANumber(string value) => new("NUMBER_TYPE_COERCE", $"Value \"{Shown(value)}\" is not float.");

    /// <summary>Below the least.</summary>
    public static FormError NumberMin(long min) => new("NUMBER_TYPE_MIN", $"int value should be greater than or equal to {min}.");

    /// <summary>Above the greatest.</summary>
    public static FormError NumberMax(long max) => new("NUMBER_TYPE_MAX", $"int value should be less than or equal to {max}.");

    /// <summary>A real number below the least.</summary>
    public static FormError NumberMin(double min) =>
        new("NUMBER_TYPE_MIN", $"float value should be greater than or equal to {min.ToString(CultureInfo.InvariantCulture)}.");

    /// <summary>A real number above the greatest.</summary>
    public static FormError NumberMax(double max) =>
        new("NUMBER_TYPE_MAX", $"float value should be less than or equal to {max.ToString(CultureInfo.InvariantCulture)}.");

    /// <summary>Not text.</summary>
    public static FormError NotAString(string value) =>
        new("STRING_TYPE_CONVERT", $"Could not interpret \"{Shown(value)}\" as string.");

    /// <summary>Neither true nor false.</summary>
    public static FormError NotABoolean { get; } = new("BOOLEAN_TYPE_CONVERT", "Must be either true or false.");

    /// <summary>Not an object.</summary>
    public static FormError NotAnObject { get; } = new("MODEL_TYPE_CONVERT", "Expected an object/dictionary.");

    /// <summary>Not an array.</summary>
    public static FormError NotAList { get; } = new("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");

    /// <summary>No ISO 8601 time.</summary>
    public static FormError NotADate(string value) =>
        new("DATE_TIME_TYPE_PARSE", $"Could not parse {Shown(value)}. Should be ISO8601.");

    /// <summary>No base64 data URI of an image.</summary>
    public static FormError InvalidImage { get; } = new("IMAGE_INVALID", "Invalid image data");

    /// <summary>The image has more bytes than allowed.</summary>
    public static FormError ImageTooLarge(int maxBytes) =>
        new("BINARY_TYPE_MAX_SIZE", $"File cannot be larger than {(maxBytes / 1024.0).ToString("0.0", CultureInfo.InvariantCulture)} kb.");

    /// <summary>The value fits nothing the field accepts.</summary>
    public static FormError Invalid(string message) => new("BASE_TYPE_INVALID", message);

    /// <summary>The element repeats an earlier one where each may stand once.</summary>
    public static FormError Duplicate { get; } = new("SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");

    /// <summary>A value as an error may show it: never longer than a line.</summary>
    private static string Shown(string value) => value.Length <= 64 ? value : string.Concat(value.AsSpan(0, 63), "…");

    private static string N(int value) => value.ToString(CultureInfo.InvariantCulture);
}
