using System.Globalization;
using System.Text.RegularExpressions;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Storage;

namespace Discord.Node.Rest.Auth;

/// <summary>The rules for what an account is made of, with Discord's codes for what is wrong.</summary>
internal static partial class AccountForms
{
    /// <summary>Fewest and most characters of a password.</summary>
    public const int PasswordMin = 8, PasswordMax = 72;

    private const int EmailMax = 254;

    public static FormError NameTaken { get; } = new(
        "USERNAME_ALREADY_TAKEN", "Username is unavailable. Try adding numbers, letters, underscores _ , or periods.");

    public static FormError WrongPassword { get; } = new("PASSWORD_DOES_NOT_MATCH", "Password does not match.");

    /// <summary>A user account's name: 2 to 32 of a-z, 0-9, _ and ., no two periods in a row. Capital letters become small ones.</summary>
    public static string? UserName(FormReader form, bool required = false)
    {
        string? name = form.String("username", Limits.UsernameMin, Limits.Username, required, trim: true)?.ToLowerInvariant();
        if (name is null)
            return null;
        if (!NamePattern().IsMatch(name))
            form.Fail("username", "USERNAME_INVALID", "Please only use numbers, letters, underscores _ , or periods.");
        else if (name.Contains("..", StringComparison.Ordinal))
            form.Fail("username", "USERNAME_INVALID_CONTAINS_CONSECUTIVE_PERIODS", "Username cannot contain consecutive periods.");
        return name;
    }

    /// <summary>Whether it can be a user account's name as it stands, where no form is read.</summary>
    public static bool IsUserName(string name) =>
        name.Length is >= Limits.UsernameMin and <= Limits.Username && NamePattern().IsMatch(name)
        && !name.Contains("..", StringComparison.Ordinal);

    public static string? Password(FormReader form, string field, bool required = false) =>
        form.String(field, PasswordMin, PasswordMax, required);

    /// <summary>An address in the form something@host; whether it is somebody's cannot be known.</summary>
    public static Optional<string> Email(FormReader form)
    {
        Optional<string> email = form.OptionalString("email", 1, EmailMax, trim: true);
        if (email.TryGet(out string? text) && !EmailPattern().IsMatch(text))
            form.Fail("email", "EMAIL_TYPE_INVALID_EMAIL", "Not a well formed email address.");
        return email;
    }

    /// <summary>The form error for what another account has already.</summary>
    public static ApiException Taken(AccountConflictException conflict) => conflict.Field == AccountField.Email
        ? RestErrors.Field("email", new FormError("EMAIL_ALREADY_REGISTERED", "Email is already registered."))
        : RestErrors.Field("username", NameTaken);

    public static void BirthDate(FormReader form)
    {
        if (form.String("date_of_birth", max: 32) is { } text
            && !DateOnly.TryParse(text, CultureInfo.InvariantCulture, out _))
            form.Fail("date_of_birth", FormError.NotADate(text));
    }

    [GeneratedRegex("^[a-z0-9_.]+$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+$")]
    private static partial Regex EmailPattern();
}
