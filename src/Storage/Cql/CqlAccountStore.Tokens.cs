using System.Security.Cryptography;
using Discord.Cql;
using Discord.Protocol;
using Discord.Storage.Accounts;

namespace Discord.Storage.Cql;

/// <summary>
/// Tokens by their hash, and each account's newest first. What revokes takes both rows in one logged batch, which is carried out whole in
/// the end even over a crash.
/// </summary>
internal sealed partial class CqlAccountStore
{
    // Two rows each, of about 100 bytes: below the 50 KiB that a server takes in a batch of several partitions.
    private const int RevokedAtOnce = 100;

    private const string TokenColumns = "hash, account_id, created_at, session_id_hash, WRITETIME(session_id_hash)";

    private static readonly Query SelectToken = Query.Read($"SELECT {TokenColumns} FROM tokens WHERE hash = ?");
    private static readonly Query SelectTokens = Query.Read($"SELECT {TokenColumns} FROM account_tokens WHERE account_id = ? LIMIT ?");
    private static readonly Query DeleteToken = Query.Write("DELETE FROM tokens WHERE hash = ?");

    private static readonly Query DeleteAccountToken = Query.Write(
        "DELETE FROM account_tokens WHERE account_id = ? AND created_at = ? AND hash = ?");

    public async ValueTask AddTokenAsync(TokenRow token, CancellationToken ct)
    {
        AccountRules.Check(token);
        ct.ThrowIfCancellationRequested();
        await AccountRows.WriteAsync(database, token, clock.Next()).ConfigureAwait(false);
    }

    public ValueTask<TokenRow?> ResolveTokenAsync(string token, CancellationToken ct)
    {
        if (token is null || !TokenIssuer.TryReadAccount(token, out var claimed)) return ValueTask.FromResult<TokenRow?>(null);
        var hash = TokenIssuer.Hash(token);
        return _tokens.Find(hash) is { } cached
            ? ValueTask.FromResult(cached.AccountId == claimed ? cached : null)
            : LoadTokenAsync(hash, claimed, ct);
    }

    public async ValueTask<IReadOnlyList<TokenRow>> TokensAsync(Snowflake account, CancellationToken ct) =>
        [.. (await ListTokensAsync(account, MaxListed, ct).ConfigureAwait(false)).Select(stored => stored.Row)];

    public async ValueTask<bool> RevokeTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken ct)
    {
        var copy = hash.ToArray();
        AccountRules.CheckHash(copy);
        var found = await ReadTokenAsync(copy, ct).ConfigureAwait(false);
        if (found is { } stored) await RevokeAsync([stored], null).ConfigureAwait(false);
        _tokens.Forget([copy]);
        return found is not null;
    }

    public async ValueTask<int> RevokeAllTokensAsync(Snowflake account, ReadOnlyMemory<byte> except, CancellationToken ct)
    {
        for (var total = 0; ;)
        {
            // One more than is revoked, for the one that stays.
            var stored = await ListTokensAsync(account, RevokedAtOnce + 1, ct).ConfigureAwait(false);
            StoredToken[] revoked = [.. stored.Where(each => !each.Row.Hash.Span.SequenceEqual(except.Span)).Take(RevokedAtOnce)];
            if (revoked.Length == 0) return total;
            await RevokeAsync(revoked, null).ConfigureAwait(false);
            total += revoked.Length;
        }
    }

    public async ValueTask ReplaceTokensAsync(TokenRow token, CancellationToken ct)
    {
        AccountRules.Check(token);
        var stored = await ListTokensAsync(token.AccountId, RevokedAtOnce, ct).ConfigureAwait(false);
        await RevokeAsync(stored, token).ConfigureAwait(false);
        // A bot has few; what is above one batch goes after it.
        if (stored.Count == RevokedAtOnce) await RevokeAllTokensAsync(token.AccountId, token.Hash, default).ConfigureAwait(false);
    }

    private async ValueTask<TokenRow?> LoadTokenAsync(byte[] hash, Snowflake claimed, CancellationToken ct)
    {
        var epoch = _tokens.Epoch;
        // The partition is found by the hash, whose timing tells nothing of the token; the comparison is constant-time all the same.
        if (await ReadTokenAsync(hash, ct).ConfigureAwait(false) is not { Row: var row }
            || !CryptographicOperations.FixedTimeEquals(row.Hash.Span, hash) || row.AccountId != claimed)
            return null;
        _tokens.Add(row, epoch);
        return row;
    }

    private async ValueTask<StoredToken?> ReadTokenAsync(byte[] hash, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectToken, ct).ConfigureAwait(false)).AddBlob(hash);
        return await database.FirstAsync(select, ReadToken, ct).ConfigureAwait(false);
    }

    private async ValueTask<List<StoredToken>> ListTokensAsync(Snowflake account, int limit, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectTokens, ct).ConfigureAwait(false)).AddId(account).Add(limit);
        return await database.ListAsync(select, ReadToken, ct).ConfigureAwait(false);
    }

    private async ValueTask RevokeAsync(IReadOnlyList<StoredToken> revoked, TokenRow? added)
    {
        var batch = database.LoggedBatch();
        foreach (var (row, _) in revoked)
        {
            batch.Add((await database.BindAsync(DeleteToken, default).ConfigureAwait(false)).AddBlob(row.Hash.Span));
            batch.Add((await database.BindAsync(DeleteAccountToken, default).ConfigureAwait(false))
                .AddId(row.AccountId).Add(row.CreatedAt).AddBlob(row.Hash.Span));
        }
        if (added is not null)
        {
            foreach (var statement in await AccountRows.StatementsAsync(database, added).ConfigureAwait(false)) batch.Add(statement);
        }
        batch.Timestamp = clock.Above(revoked.Count == 0 ? 0 : revoked.Max(stored => stored.WrittenAt));
        await database.WriteAsync(batch).ConfigureAwait(false);
        _tokens.Forget([.. revoked.Select(stored => stored.Row.Hash.ToArray())]);
    }

    private static StoredToken ReadToken(Row row) => new(
        new TokenRow(row.CopyBytes(0), row.GetId(1), row.Get<DateTimeOffset>(2), row.GetText(3)!), row.GetInt64(4));

    private sealed record StoredToken(TokenRow Row, long WrittenAt);
}
