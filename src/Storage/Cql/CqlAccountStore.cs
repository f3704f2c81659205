using Discord.Cql;
using Discord.Protocol;
using Discord.Storage.Accounts;

namespace Discord.Storage.Cql;

/// <summary>
/// Accounts. A name or an address is a unique key that stands for the account's id; an account that is made or renamed is a commit of its
/// own (<see cref="CqlCommits"/>), in whose outbox its rows are.
/// </summary>
internal sealed partial class CqlAccountStore(
    CqlDatabase database, CqlCommits commits, UniqueKeys keys, WriteClock clock, int tokenCacheCapacity) : IAccountStore
{
    private const int MaxListed = 1_000;

    private static readonly Query SelectBuckets = Query.Read("SELECT bucket FROM account_buckets WHERE shard = 0 AND bucket >= ?");
    private static readonly Query SelectIds = Query.Read("SELECT id FROM account_ids WHERE bucket = ? AND id > ? LIMIT ?");
    private static readonly Query SelectWritten = Query.Read("SELECT WRITETIME(username) FROM accounts WHERE id = ?");
    private static readonly Query DeleteAccount = Query.Write("DELETE FROM accounts WHERE id = ?");
    private static readonly Query DeleteId = Query.Write("DELETE FROM account_ids WHERE bucket = ? AND id = ?");

    private readonly TokenCache _tokens = new(tokenCacheCapacity);

    public async ValueTask CreateAsync(Account account, ApplicationRow? application, TokenRow? token, CancellationToken ct)
    {
        AccountRules.Check(account);
        if (application is not null) AccountRules.Check(application);
        if (token is not null) AccountRules.Check(token);
        ct.ThrowIfCancellationRequested();
        Dictionary<(int Kind, string Key), KeyClaim> claims = [];
        Dictionary<object, RowChange> changes = [];
        CqlRowWrites.Add(null, account, claims, changes);
        if (application is not null) changes.Add(nameof(application), new ApplicationChange(application));
        if (token is not null) changes.Add(nameof(token), new TokenChange(token));
        // The number of the first write of an id: who comes second finds it taken.
        if (await AccountRows.ReadAsync(database, account.Id, ct).ConfigureAwait(false) is not null)
        {
            await ThrowIfTakenAsync(claims.Values, account.Id).ConfigureAwait(false);
            throw new AccountConflictException(AccountField.Id);
        }
        await commits.CommitAsync(CommitId(account.Id), null, [], [.. claims.Values], [.. changes.Values]).ConfigureAwait(false);
    }

    public ValueTask<Account?> GetAsync(Snowflake id, CancellationToken ct) => AccountRows.ReadAsync(database, id, ct);

    public async ValueTask<IReadOnlyList<Account>> GetManyAsync(IReadOnlyList<Snowflake> ids, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, MaxListed, nameof(ids));
        var accounts = new List<Account>(ids.Count);
        await CqlDatabase.EachAsync(
            ids,
            async id =>
            {
                if (await AccountRows.ReadAsync(database, id, ct).ConfigureAwait(false) is not { } account) return;
                lock (accounts) accounts.Add(account);
            },
            ct).ConfigureAwait(false);
        return accounts;
    }

    public ValueTask<Account?> FindByUsernameAsync(string username, string discriminator, CancellationToken ct) =>
        FindAsync(AccountKeys.OfName(username, discriminator), ct);

    public ValueTask<Account?> FindByEmailAsync(string email, CancellationToken ct) => FindAsync(AccountKeys.OfEmail(email), ct);

    public async ValueTask<IReadOnlyList<Account>> ListAsync(Snowflake after, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
        var accounts = new List<Account>();
        var next = after.Clamp();
        var buckets = (await database.BindAsync(SelectBuckets, ct).ConfigureAwait(false)).Add(MessageBucket.Of(next));
        foreach (var bucket in await database.ListAsync(buckets, row => row.GetInt32(0), ct).ConfigureAwait(false))
        {
            while (accounts.Count < limit)
            {
                var wanted = limit - accounts.Count;
                var select = (await database.BindAsync(SelectIds, ct).ConfigureAwait(false)).Add(bucket).AddId(next).Add(wanted);
                var ids = await database.ListAsync(select, row => row.GetId(0), ct).ConfigureAwait(false);
                accounts.AddRange((await GetManyAsync(ids, ct).ConfigureAwait(false)).OrderBy(account => account.Id));
                if (ids.Count > 0) next = ids[^1];
                if (ids.Count < wanted) break;
            }
            if (accounts.Count == limit) break;
        }
        return accounts;
    }

    public async ValueTask<bool> UpdateAsync(Account account, CancellationToken ct)
    {
        AccountRules.Check(account);
        if (await AccountRows.ReadAsync(database, account.Id, ct).ConfigureAwait(false) is not { } before) return false;
        Dictionary<(int Kind, string Key), KeyClaim> claims = [];
        Dictionary<object, RowChange> changes = [];
        CqlRowWrites.Add(before, account, claims, changes);
        if (changes.Count > 1 || claims.Count > 0)
            await commits.CommitAsync(CommitId(account.Id), null, [], [.. claims.Values], [.. changes.Values]).ConfigureAwait(false);
        else
            await AccountRows.WriteAsync(database, account, clock.Above(await WrittenAtAsync(account.Id, ct).ConfigureAwait(false)))
                .ConfigureAwait(false);
        return true;
    }

    /// <summary>Tokens first: an account that is half deleted is one that nobody can use.</summary>
    public async ValueTask<bool> DeleteAsync(Snowflake id, CancellationToken ct)
    {
        var account = await AccountRows.ReadAsync(database, id, ct).ConfigureAwait(false);
        await RevokeAllTokensAsync(id, default, ct).ConfigureAwait(false);
        if (account is null) return false;
        var timestamp = clock.Above(await WrittenAtAsync(id, ct).ConfigureAwait(false));
        await database.WriteAsync((await database.BindAsync(DeleteAccount, default).ConfigureAwait(false)).AddId(id).At(timestamp))
            .ConfigureAwait(false);
        await database.WriteAsync((await database.BindAsync(DeleteId, default).ConfigureAwait(false))
            .Add(MessageBucket.Of(id)).AddId(id).At(timestamp)).ConfigureAwait(false);
        // A name that this does not come to is free all the same: nobody bears it.
        foreach (var (kind, key) in AccountKeys.Of(account))
        {
            var held = await keys.ReadDecidedAsync(kind, key).ConfigureAwait(false);
            await keys.FreeAsync(kind, key, AccountKeys.BytesOf(id), clock.Above(held.Stamp)).ConfigureAwait(false);
        }
        return true;
    }

    private static string CommitId(Snowflake id) => $"account/{id}";

    private async ValueTask<Account?> FindAsync((int Kind, string Key) name, CancellationToken ct)
    {
        if ((await keys.ReadAsync(name.Kind, name.Key, ct).ConfigureAwait(false)).Value is not { } id) return null;
        var account = await AccountRows.ReadAsync(database, AccountKeys.IdOf(id), ct).ConfigureAwait(false);
        return AccountKeys.Bears(account, name.Kind, name.Key) ? account : null;
    }

    /// <summary>A name that is taken is told before an id that is, as it is when both are decided at once.</summary>
    private async ValueTask ThrowIfTakenAsync(IEnumerable<KeyClaim> claims, Snowflake id)
    {
        foreach (var claim in claims)
        {
            if (await FindAsync((claim.Kind, claim.Key), default).ConfigureAwait(false) is { } other && other.Id != id)
                throw new AccountConflictException(claim.Kind == UniqueKinds.AccountName ? AccountField.Username : AccountField.Email);
        }
    }

    private async ValueTask<long> WrittenAtAsync(Snowflake id, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectWritten, ct).ConfigureAwait(false)).AddId(id);
        return await database.FirstAsync(select, row => row.Get<long?>(0) ?? 0, ct).ConfigureAwait(false);
    }
}
