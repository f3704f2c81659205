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
        ApplicationFlags.GatewayPresenceLimited | ApplicationFlags.GatewayGuildMembersLimited | ApplicationFlags.GatewayMessageContentLimited;

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
        await accounts.CreateAsync(new Account(profile.Id, username, "0", email, hash, false, 0, profile.ToBytes()), null, row, cancellation);
        return (profile.ToUser(), token);
    }

    /// <summary>Creates an application and its bot user, which have the same id, and the bot's token.</summary>
    /// <exception cref="ApiException">30… when the name is used up (every discriminator is taken).</exception>
    public async ValueTask<(Application Application, User Bot, string Token)> CreateBotAsync(string name, User owner, CancellationToken cancellation = default)
    {
        Snowflake id = ids.Next();
        (string token, TokenRow row) = TokenIssuer.Issue(id, time.GetUtcNow());
        for (int attempt = 0; ; attempt++)
        {
            UserProfile profile = new()
            {
                Id = id,
                Username = name,
                Discriminator = RandomNumberGenerator.GetInt32(1, 10_000).ToString("D4"),
                Bot = true,
                Verified = true,
            };
            Application application = new()
            {
                Id = id,
                Name = name,
                VerifyKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
                Flags = (long)NewApplicationFlags,
                FlagsNew = ((long)NewApplicationFlags).ToString(),
                Owner = owner,
                Bot = profile.ToUser(),
            };
            try
            {
                await accounts.CreateAsync(
                    new Account(id, name, profile.Discriminator, null, null, true, 0, profile.ToBytes()),
                    new ApplicationRow(id, owner.Id, id, ApplicationProfile.ToBytes(application)), row, cancellation);
                return (application, profile.ToUser(), token);
            }
            catch (AccountConflictException taken) when (taken.Field == AccountField.Username && attempt < 20)
            {
                // Another discriminator.
            }
            catch (AccountConflictException taken) when (taken.Field == AccountField.Username)
            {
                throw new ApiException(ApiError.InvalidFormBody, FormErrors.Of("name", new FormError("USERNAME_TOO_MANY_USERS", "Too many users have this username, please try another.")));
            }
        }
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

    private static string NewSessionHash() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
