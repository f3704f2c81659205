using Discord.Protocol;
using Discord.Storage.Accounts;
using static Discord.Storage.Accounts.AccountRules;

namespace Discord.Storage.Sqlite;

/// <summary>Accounts. Whether a name is free is asked on the writer, inside the transaction: nobody can take it in between.</summary>
internal sealed partial class SqliteAccountStore(Writer writer, ReaderPool readers, int tokenCacheCapacity) : IAccountStore
{
    private const int MaxListed = 1_000;

    private const string Columns = "id, username, discriminator, email, password_hash, bot, flags, profile";

    private static readonly Sql SelectById = new($"SELECT {Columns} FROM accounts WHERE id = ?1");
    private static readonly Sql SelectByName = new($"SELECT {Columns} FROM accounts WHERE username_key = ?1 AND discriminator = ?2");
    private static readonly Sql SelectByEmail = new($"SELECT {Columns} FROM accounts WHERE email_key = ?1");
    private static readonly Sql SelectAfter = new($"SELECT {Columns} FROM accounts WHERE id > ?1 ORDER BY id LIMIT ?2");
    private static readonly Sql IdByName = new("SELECT id FROM accounts WHERE username_key = ?1 AND discriminator = ?2");
    private static readonly Sql IdByEmail = new("SELECT id FROM accounts WHERE email_key = ?1");

    private static readonly Sql InsertAccount = new(
        """
        INSERT INTO accounts (id, username, username_key, discriminator, email, email_key, password_hash, bot, flags, profile)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING
        """);

    private static readonly Sql UpdateAccount = new(
        """
        UPDATE accounts SET username = ?2, username_key = ?3, discriminator = ?4, email = ?5, email_key = ?6, password_hash = ?7, bot = ?8,
            flags = ?9, profile = ?10 WHERE id = ?1
        """);

    private static readonly Sql DeleteAccount = new("DELETE FROM accounts WHERE id = ?1");

    private readonly TokenCache _tokens = new(tokenCacheCapacity);

    public ValueTask CreateAsync(Account account, ApplicationRow? application, TokenRow? token, CancellationToken ct)
    {
        Check(account);
        if (application is not null) Check(application);
        if (token is not null) Check(token);
        return writer.WriteAsync(
            database =>
            {
                CheckFree(database, account);
                using (var insert = database.Use(InsertAccount))
                {
                    if (BindAll(insert, account).Run() == 0) throw new AccountConflictException(AccountField.Id);
                }
                if (application is not null) SaveApplication(database, application);
                if (token is not null) InsertToken(database, token);
            },
            atomic: false, ct);
    }

    public ValueTask<Account?> GetAsync(Snowflake id, CancellationToken ct) =>
        readers.ReadAsync(
            database =>
            {
                using var select = database.Use(SelectById);
                return select.Bind(1, id).Step() ? ReadAccount(select) : null;
            },
            ct);

    public ValueTask<IReadOnlyList<Account>> GetManyAsync(IReadOnlyList<Snowflake> ids, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxListed, nameof(ids));
        if (ids.Count == 0) return ValueTask.FromResult<IReadOnlyList<Account>>([]);
        Snowflake[] copy = [.. ids];
        return readers.ReadAsync<IReadOnlyList<Account>>(
            database => database.Read(inner =>
            {
                var accounts = new List<Account>(copy.Length);
                using var select = inner.Use(SelectById);
                foreach (var id in copy)
                {
                    if (select.Bind(1, id).Step()) accounts.Add(ReadAccount(select));
                    select.Reset();
                }
                return accounts;
            }),
            ct);
    }

    public ValueTask<Account?> FindByUsernameAsync(string username, string discriminator, CancellationToken ct) =>
        readers.ReadAsync(
            database =>
            {
                using var select = database.Use(SelectByName);
                return select.Bind(1, KeyOf(username)).Bind(2, discriminator).Step() ? ReadAccount(select) : null;
            },
            ct);

    public ValueTask<Account?> FindByEmailAsync(string email, CancellationToken ct) =>
        readers.ReadAsync(
            database =>
            {
                using var select = database.Use(SelectByEmail);
                return select.Bind(1, KeyOf(email)).Step() ? ReadAccount(select) : null;
            },
            ct);

    public ValueTask<IReadOnlyList<Account>> ListAsync(Snowflake after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
        return readers.ReadAsync<IReadOnlyList<Account>>(
            database =>
            {
                var accounts = new List<Account>();
                using var select = database.Use(SelectAfter);
                select.Bind(1, (long)Math.Min(after.Value, long.MaxValue)).Bind(2, limit);
                while (select.Step()) accounts.Add(ReadAccount(select));
                return accounts;
            },
            ct);
    }

    public ValueTask<bool> UpdateAsync(Account account, CancellationToken ct)
    {
        Check(account);
        return writer.WriteAsync(database => Update(database, account), atomic: false, ct);
    }

    public async ValueTask<bool> DeleteAsync(Snowflake id, CancellationToken ct)
    {
        var (existed, revoked) = await writer.WriteAsync(
            database =>
            {
                var hashes = DeleteTokens(database, id, default);
                using var delete = database.Use(DeleteAccount);
                return (delete.Bind(1, id).Run() > 0, hashes);
            },
            atomic: false, ct).ConfigureAwait(false);
        _tokens.Forget(revoked);
        return existed;
    }

    /// <summary>Replaces a row. On the writer, inside its transaction.</summary>
    internal static bool Update(Database database, Account account)
    {
        Check(account);
        CheckFree(database, account);
        using var update = database.Use(UpdateAccount);
        return BindAll(update, account).Run() > 0;
    }

    private static void CheckFree(Database database, Account account)
    {
        using (var select = database.Use(IdByName))
        {
            if (select.Bind(1, KeyOf(account.Username)).Bind(2, account.Discriminator).Step() && select.Id(0) != account.Id)
                throw new AccountConflictException(AccountField.Username);
        }
        if (account.Email is null) return;
        using var byEmail = database.Use(IdByEmail);
        if (byEmail.Bind(1, KeyOf(account.Email)).Step() && byEmail.Id(0) != account.Id)
            throw new AccountConflictException(AccountField.Email);
    }

    private static Statement BindAll(Statement statement, Account account) => statement
        .Bind(1, account.Id).Bind(2, account.Username).Bind(3, KeyOf(account.Username)).Bind(4, account.Discriminator)
        .Bind(5, account.Email).Bind(6, account.Email is null ? null : KeyOf(account.Email)).Bind(7, account.PasswordHash)
        .Bind(8, account.Bot ? 1 : 0).Bind(9, account.Flags).Bind(10, account.Profile.Span);

    private static Account ReadAccount(Statement row) => new(
        row.Id(0), row.Text(1), row.Text(2), row.IsNull(3) ? null : row.Text(3), row.IsNull(4) ? null : row.Text(4), row.Int64(5) != 0,
        row.Int64(6), row.Bytes(7));
}
