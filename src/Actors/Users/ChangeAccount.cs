using System.Security.Cryptography;
using Discord.Protocol;
using Discord.Storage;

namespace Discord.Actors.Users;

/// <summary>
/// A change of an account's profile or credentials; what is absent stays. Checked by the form that made it; unique names and addresses are
/// checked by the store. Answered with the <see cref="UserProfile"/> after it.
/// </summary>
public sealed record ChangeAccount
{
    public string? Username { get; init; }
    public Optional<string> GlobalName { get; init; }

    /// <summary>Hash of a stored image.</summary>
    public Optional<string> Avatar { get; init; }

    /// <inheritdoc cref="Avatar"/>
    public Optional<string> Banner { get; init; }

    public Optional<int> AccentColor { get; init; }
    public Optional<string> Email { get; init; }
    public string? Bio { get; init; }
    public string? Pronouns { get; init; }

    /// <summary>What <see cref="Storage.Accounts.PasswordHasher"/> made.</summary>
    public string? PasswordHash { get; init; }

    internal Account Apply(Account account)
    {
        UserProfile profile = UserProfile.FromBytes(account.Profile.Span);
        return With(account, profile with
        {
            Username = Username ?? profile.Username,
            GlobalName = GlobalName.Over(profile.GlobalName),
            Avatar = Avatar.Over(profile.Avatar),
            Banner = Banner.Over(profile.Banner),
            AccentColor = AccentColor.Over(profile.AccentColor),
            Email = Email.Over(profile.Email),
            Bio = Bio ?? profile.Bio,
            Pronouns = Pronouns ?? profile.Pronouns,
        }) with
        { PasswordHash = PasswordHash ?? account.PasswordHash };
    }

    /// <summary>The account under the same name with another discriminator: bots that share a name differ by it.</summary>
    internal static Account WithOtherDiscriminator(Account account) => With(
        account,
        UserProfile.FromBytes(account.Profile.Span) with { Discriminator = RandomNumberGenerator.GetInt32(1, 10_000).ToString("D4") });

    // The row repeats what must be unique.
    private static Account With(Account account, UserProfile profile) => account with
    {
        Username = profile.Username,
        Discriminator = profile.Discriminator,
        Email = profile.Email,
        Profile = profile.ToBytes(),
    };
}
