using System.Globalization;
using System.Security.Cryptography;
using Discord.Actors.Applications;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Accounts;

namespace Discord.Actors.Accounts;

/// <summary>Makes accounts and their tokens: users, and applications with their bots. Thread-safe.</summary>
public sealed class AccountDesk(IAccountStore accounts, SnowflakeGenerator ids, TimeProvider time, PasswordHasher passwords)
{
    /// <summary>Flags of a new application: all three privileged intents are allowed, as for bots in few guilds.</summary>
    public const ApplicationFlags NewApplicationFlags =
        ApplicationFlags.GatewayPresenceLimited | ApplicationFlags.GatewayGuildMembersLimited
            | ApplicationFlags.GatewayMessageContentLimited;

    /// <summary>Creates a user account and a token for it.</summary>
    /// <param name="username">2 to 32 of <c>a–z 0–9 _ .</c>; checked by the caller's form.</param>
    /// <param name="password">8 to 72 characters; checked by the caller's form.</param>
    /// <exception cref="AccountConflictException">Name or email is taken.</exception>
    public async ValueTask<(User User, string Token)> CreateUserAsync(
        string username, string password, string? globalName = null, string? email = null, CancellationToken cancellation = default)
    {
        UserProfile profile = new() { Id = ids.Next(), Username = username, GlobalName = globalName, Email = email };
        string hash = await passwords.HashAsync(password, cancellation);
        (string token, TokenRow row) = TokenIssuer.Issue(profile.Id, time.GetUtcNow(), NewSessionHash());
        await accounts.CreateAsync(
            new Account(profile.Id, username, "0", email, hash, false, 0, profile.ToBytes()), null, row, cancellation);
        return (profile.ToUser(), token);
    }

    /// <summary>Creates an application without a bot.</summary>
    /// <param name="name">1 to 32 characters; checked by the caller's form.</param>
    public async ValueTask<Application> CreateApplicationAsync(string name, User owner, CancellationToken cancellation = default)
    {
        Application application = NewApplication(name, owner);
        await accounts.SaveApplicationAsync(
            new ApplicationRow(application.Id, owner.Id, null, ApplicationProfile.ToBytes(application)), cancellation);
        return application;
    }

    /// <summary>Creates an application and its bot user, which have the same id, and the bot's token.</summary>
    /// <exception cref="ApiException">50035 when the name is used up (every discriminator is taken).</exception>
    public async ValueTask<(Application Application, User Bot, string Token)> CreateBotAsync(
        string name, User owner, CancellationToken cancellation = default)
    {
        Application application = NewApplication(name, owner);
        (User bot, string token) = await AddBotAsync(application, owner.Id, cancellation);
        return (application with { Bot = bot }, bot, token);
    }

    /// <summary>Creates the bot user of an application that has none, with the application's id and name, and the bot's token.</summary>
    /// <exception cref="ApiException">50035 when the name is used up (every discriminator is taken).</exception>
    /// <exception cref="AccountConflictException">The application has a bot.</exception>
    public async ValueTask<(User Bot, string Token)> AddBotAsync(
        Application application, Snowflake owner, CancellationToken cancellation = default)
    {
        (string token, TokenRow row) = TokenIssuer.Issue(application.Id, time.GetUtcNow());
        for (int attempt = 0; ; attempt++)
        {
            UserProfile profile = new()
            {
                Id = application.Id,
                Username = application.Name,
                Discriminator = RandomNumberGenerator.GetInt32(1, 10_000).ToString("D4"),
                Bot = true,
                Verified = true,
            };
            try
            {
                await accounts.CreateAsync(
                    new Account(profile.Id, profile.Username, profile.Discriminator, null, null, true, 0, profile.ToBytes()),
                    new ApplicationRow(
                        application.Id, owner, application.Id, ApplicationProfile.ToBytes(application with { Bot = profile.ToUser() })),
                    row, cancellation);
                return (profile.ToUser(), token);
            }
            catch (AccountConflictException taken) when (taken.Field == AccountField.Username && attempt < 20)
            {
                // Another discriminator.
            }
            catch (AccountConflictException taken) when (taken.Field == AccountField.Username)
            {
                throw new ApiException(ApiError.InvalidFormBody, FormErrors.Of(
                    "name", new FormError("USERNAME_TOO_MANY_USERS", "Too many users have this username, please try another.")));
            }
        }
    }

    /// <summary>Replaces a bot's token: the old ones are refused from now on.</summary>
    public async ValueTask<string> ResetTokenAsync(Snowflake bot, CancellationToken cancellation = default)
    {
        (string token, TokenRow row) = TokenIssuer.Issue(bot, time.GetUtcNow());
        await accounts.ReplaceTokensAsync(row, cancellation);
        return token;
    }

    /// <summary>Gives the account a new token beside those it has.</summary>
    public async ValueTask<string> IssueTokenAsync(Snowflake account, CancellationToken cancellation = default)
    {
        (string token, TokenRow row) = TokenIssuer.Issue(account, time.GetUtcNow(), NewSessionHash());
        await accounts.AddTokenAsync(row, cancellation);
        return token;
    }

    /// <summary>The account as others see it; null when there is none.</summary>
    public async ValueTask<User?> FindUserAsync(Snowflake id, CancellationToken cancellation = default) =>
        await accounts.GetAsync(id, cancellation) is { } account ? UserProfile.FromBytes(account.Profile.Span).ToUser() : null;

    /// <summary>Those of the accounts that exist, as others see them.</summary>
    public async ValueTask<IReadOnlyDictionary<Snowflake, User>> FindUsersAsync(
        IReadOnlyList<Snowflake> ids, CancellationToken cancellation = default)
    {
        Dictionary<Snowflake, User> found = [];
        foreach (Snowflake[] part in ids.Chunk(1000))
        {
            foreach (Account account in await accounts.GetManyAsync(part, cancellation))
                found[account.Id] = UserProfile.FromBytes(account.Profile.Span).ToUser();
        }
        return found;
    }

    private Application NewApplication(string name, User owner) => new()
    {
        Id = ids.Next(),
        Name = name,
        VerifyKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
        Flags = (long)NewApplicationFlags,
        FlagsNew = ((long)NewApplicationFlags).ToString(CultureInfo.InvariantCulture),
        Owner = owner,
    };

    private static string NewSessionHash() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
