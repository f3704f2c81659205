using System.Security.Cryptography;
using Discord.Protocol;
using Discord.Storage.Accounts;
using static Discord.Storage.Accounts.AccountRules;

namespace Discord.Storage.Sqlite;

internal sealed partial class SqliteAccountStore
{
    private static readonly Sql InsertTokenRow = new(
        "INSERT INTO tokens (hash, account_id, created_at, session_id_hash) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");

    private static readonly Sql SelectToken = new("SELECT hash, account_id, created_at, session_id_hash FROM tokens WHERE hash = ?1");

    private static readonly Sql SelectTokens = new(
        "SELECT hash, account_id, created_at, session_id_hash FROM tokens WHERE account_id = ?1 ORDER BY created_at DESC LIMIT ?2");

    private static readonly Sql DeleteToken = new("DELETE FROM tokens WHERE hash = ?1");
    private static readonly Sql DeleteTokensOf = new("DELETE FROM tokens WHERE account_id = ?1 AND hash <> ?2 RETURNING hash");

    public ValueTask AddTokenAsync(TokenRow token, CancellationToken ct)
    {
        Check(token);
        return writer.WriteAsync(database => InsertToken(database, token), atomic: false, ct);
    }

    public ValueTask<TokenRow?> ResolveTokenAsync(string token, CancellationToken ct)
    {
        if (token is null || !TokenIssuer.TryReadAccount(token, out var claimed)) return ValueTask.FromResult<TokenRow?>(null);
        var hash = TokenIssuer.Hash(token);
        return _tokens.Find(hash) is { } cached
            ? ValueTask.FromResult<TokenRow?>(cached.AccountId == claimed ? cached : null)
            : LoadTokenAsync(hash, claimed, ct);
    }

    public ValueTask<IReadOnlyList<TokenRow>> TokensAsync(Snowflake account, CancellationToken ct) =>
        readers.ReadAsync<IReadOnlyList<TokenRow>>(
            database =>
            {
                var tokens = new List<TokenRow>();
                using var select = database.Use(SelectTokens);
                select.Bind(1, account).Bind(2, MaxListed);
                while (select.Step()) tokens.Add(ReadToken(select));
                return tokens;
            },
            ct);

    public async ValueTask<bool> RevokeTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken ct)
    {
        var copy = hash.ToArray();
        CheckHash(copy);
        var existed = await writer.WriteAsync(
            database =>
            {
                using var delete = database.Use(DeleteToken);
                return delete.Bind(1, copy.AsSpan()).Run() > 0;
            },
            atomic: false, ct).ConfigureAwait(false);
        _tokens.Forget([copy]);
        return existed;
    }

    public async ValueTask<int> RevokeAllTokensAsync(Snowflake account, ReadOnlyMemory<byte> except, CancellationToken ct)
    {
        var revoked = await writer.WriteAsync(database => DeleteTokens(database, account, except.Span), atomic: false, ct)
            .ConfigureAwait(false);
        _tokens.Forget(revoked);
        return revoked.Count;
    }

    public async ValueTask ReplaceTokensAsync(TokenRow token, CancellationToken ct)
    {
        Check(token);
        var revoked = await writer.WriteAsync(
            database =>
            {
                var hashes = DeleteTokens(database, token.AccountId, default);
                InsertToken(database, token);
                return hashes;
            },
            atomic: false, ct).ConfigureAwait(false);
        _tokens.Forget(revoked);
    }

    /// <summary>Forgets tokens whose rows a migration has written past this store.</summary>
    /// <param name="changes">What was written.</param>
    /// <param name="hash">Which cell is the hash; where a removal has none, all are forgotten.</param>
    internal void Forget(IReadOnlyList<Migration.ReplicaChange> changes, int hash)
    {
        if (changes.Any(change => change.Cells.Length <= hash)) _tokens.Clear();
        else _tokens.Forget([.. changes.Select(change => change.Cells[hash].Bytes)]);
    }

    private async ValueTask<TokenRow?> LoadTokenAsync(byte[] hash, Snowflake claimed, CancellationToken ct)
    {
        var epoch = _tokens.Epoch;
        var row = await readers.ReadAsync(
            database =>
            {
                using var select = database.Use(SelectToken);
                return select.Bind(1, hash.AsSpan()).Step() ? ReadToken(select) : null;
            },
            ct).ConfigureAwait(false);
        // The index finds by hash, whose timing tells nothing of the token; the comparison is constant-time all the same.
        if (row is null || !CryptographicOperations.FixedTimeEquals(row.Hash.Span, hash) || row.AccountId != claimed) return null;
        _tokens.Add(row, epoch);
        return row;
    }

    private static List<byte[]> DeleteTokens(Database database, Snowflake account, ReadOnlySpan<byte> except)
    {
        var hashes = new List<byte[]>();
        using var delete = database.Use(DeleteTokensOf);
        delete.Bind(1, account).Bind(2, except);
        while (delete.Step()) hashes.Add(delete.Bytes(0));
        return hashes;
    }

    private static void InsertToken(Database database, TokenRow token)
    {
        using var insert = database.Use(InsertTokenRow);
        insert.Bind(1, token.Hash.Span).Bind(2, token.AccountId).Bind(3, token.CreatedAt.ToUnixTimeMilliseconds()).Bind(4,
            token.SessionIdHash).Run();
    }

    private static TokenRow ReadToken(Statement row) =>
        new(row.Bytes(0), row.Id(1), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(2)), row.Text(3));
}
