using System.Buffers.Binary;
using Discord.Cql;
using Discord.Protocol;
using Discord.Storage.Accounts;

namespace Discord.Storage.Cql;

/// <summary>The unique keys of accounts; their value is the account's id.</summary>
internal static class AccountKeys
{
    public static (int Kind, string Key) OfName(string username, string discriminator) =>
        (UniqueKinds.AccountName, $"{discriminator}#{AccountRules.KeyOf(username)}");

    public static (int Kind, string Key) OfEmail(string email) => (UniqueKinds.AccountEmail, AccountRules.KeyOf(email));

    public static IEnumerable<(int Kind, string Key)> Of(Account account)
    {
        yield return OfName(account.Username, account.Discriminator);
        if (account.Email is { } email) yield return OfEmail(email);
    }

    public static bool Bears(Account? account, int kind, string key) => account is not null && Of(account).Contains((kind, key));

    public static byte[] BytesOf(Snowflake id)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id.Value);
        return bytes;
    }

    public static Snowflake IdOf(byte[] value) => new(BinaryPrimitives.ReadUInt64BigEndian(value));
}

/// <summary>
/// The rows of accounts, tokens and applications with what finds them: what finds is written first and read with care, for the row it leads
/// to may not be there, or say otherwise.
/// </summary>
internal static class AccountRows
{
    public const string AccountColumns = "id, username, discriminator, email, password_hash, bot, flags, profile";

    private static readonly Query SelectAccount = Query.Read($"SELECT {AccountColumns} FROM accounts WHERE id = ?");

    private static readonly Query InsertAccount = Query.Write(
        "INSERT INTO accounts (id, username, discriminator, email, password_hash, bot, flags, profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");

    private static readonly Query InsertAccountBucket = Query.Write("INSERT INTO account_buckets (shard, bucket) VALUES (0, ?)");
    private static readonly Query InsertAccountId = Query.Write("INSERT INTO account_ids (bucket, id) VALUES (?, ?)");

    private static readonly Query InsertToken = Query.Write(
        "INSERT INTO tokens (hash, account_id, created_at, session_id_hash) VALUES (?, ?, ?, ?)");

    private static readonly Query InsertAccountToken = Query.Write(
        "INSERT INTO account_tokens (account_id, created_at, hash, session_id_hash) VALUES (?, ?, ?, ?)");

    private static readonly Query InsertApplication = Query.Write(
        "INSERT INTO applications (id, owner_id, bot_user_id, body) VALUES (?, ?, ?, ?)");

    private static readonly Query InsertOwner = Query.Write("INSERT INTO owner_applications (owner_id, id) VALUES (?, ?)");
    private static readonly Query InsertBot = Query.Write("INSERT INTO bot_applications (bot_user_id, id) VALUES (?, ?)");

    public static async ValueTask<Account?> ReadAsync(CqlDatabase database, Snowflake id, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectAccount, ct).ConfigureAwait(false)).AddId(id);
        // A row without a name is of a change that came after the account's end.
        return await database.FirstAsync(
            select,
            row => row.IsNull(1) ? null : new Account(
                row.GetId(0), row.GetText(1)!, row.GetText(2)!, row.GetText(3), row.GetText(4), row.GetBoolean(5), row.GetInt64(6),
                    row.CopyBytes(7)),
            ct).ConfigureAwait(false);
    }

    public static async ValueTask WriteAsync(CqlDatabase database, Account account, long timestamp)
    {
        var bucket = MessageBucket.Of(account.Id);
        await database.WriteAsync((await database.BindAsync(InsertAccountBucket, default).ConfigureAwait(false)).Add(bucket).At(timestamp))
            .ConfigureAwait(false);
        await database.WriteAsync((await database.BindAsync(InsertAccountId, default).ConfigureAwait(false)).Add(bucket).AddId(account.Id)
            .At(timestamp))
            .ConfigureAwait(false);
        await database.WriteAsync((await database.BindAsync(InsertAccount, default).ConfigureAwait(false))
            .AddId(account.Id).Add(account.Username).Add(account.Discriminator).Add(account.Email).Add(account.PasswordHash)
                .Add(account.Bot)
            .Add(account.Flags).AddBlob(account.Profile.Span).At(timestamp)).ConfigureAwait(false);
    }

    public static async ValueTask WriteAsync(CqlDatabase database, TokenRow token, long timestamp)
    {
        foreach (var statement in await StatementsAsync(database, token).ConfigureAwait(false))
            await database.WriteAsync(statement.At(timestamp)).ConfigureAwait(false);
    }

    /// <summary>What stores a token: the list of its account's first, so that no token is good that its account's list does not
    /// show.</summary>
    public static async ValueTask<BoundStatement[]> StatementsAsync(CqlDatabase database, TokenRow token) =>
    [
        (await database.BindAsync(InsertAccountToken, default).ConfigureAwait(false))
            .AddId(token.AccountId).Add(token.CreatedAt).AddBlob(token.Hash.Span).Add(token.SessionIdHash),
        (await database.BindAsync(InsertToken, default).ConfigureAwait(false))
            .AddBlob(token.Hash.Span).AddId(token.AccountId).Add(token.CreatedAt).Add(token.SessionIdHash),
    ];

    public static async ValueTask WriteAsync(CqlDatabase database, ApplicationRow application, long timestamp)
    {
        await database.WriteAsync((await database.BindAsync(InsertOwner, default).ConfigureAwait(false))
            .AddId(application.OwnerId).AddId(application.Id).At(timestamp)).ConfigureAwait(false);
        if (application.BotUserId is { } bot)
        {
            await database.WriteAsync((await database.BindAsync(InsertBot, default).ConfigureAwait(false))
                .AddId(bot).AddId(application.Id).At(timestamp)).ConfigureAwait(false);
        }
        await database.WriteAsync((await database.BindAsync(InsertApplication, default).ConfigureAwait(false))
            .AddId(application.Id).AddId(application.OwnerId)
                .Add(application.BotUserId is { } user ? unchecked((long)user.Value) : (long?)null)
            .AddBlob(application.Body.Span).At(timestamp)).ConfigureAwait(false);
    }
}
