using Discord.Cql;
using Discord.Protocol;
using Discord.Storage.Migration;

namespace Discord.Storage.Cql;

/// <summary>Accounts, tokens and applications.</summary>
internal sealed partial class CqlReplicaTables
{
    private const string TokenColumns = "hash, account_id, created_at, session_id_hash";

    private static readonly Query SelectAccount = Query.Read($"SELECT {AccountRows.AccountColumns} FROM accounts WHERE id = ?");
    private static readonly Query DeleteAccount = Query.Write("DELETE FROM accounts WHERE id = ?");
    private static readonly Query DeleteAccountId = Query.Write("DELETE FROM account_ids WHERE bucket = ? AND id = ?");

    private static readonly Query SelectToken = Query.Read($"SELECT {TokenColumns} FROM tokens WHERE hash = ?");
    private static readonly Query SelectAccountTokens = Query.Read(
        $"SELECT {TokenColumns} FROM account_tokens WHERE account_id = ? LIMIT {IReplica.MostBelow + 1}");
    private static readonly Query DeleteToken = Query.Write("DELETE FROM tokens WHERE hash = ?");

    private static readonly Query DeleteAccountToken = Query.Write(
        "DELETE FROM account_tokens WHERE account_id = ? AND created_at = ? AND hash = ?");

    private static readonly Query DeleteApplication = Query.Write("DELETE FROM applications WHERE id = ?");
    private static readonly Query DeleteOwner = Query.Write("DELETE FROM owner_applications WHERE owner_id = ? AND id = ?");
    private static readonly Query DeleteBot = Query.Write("DELETE FROM bot_applications WHERE bot_user_id = ? AND id = ?");

    private CqlReplicaTable Accounts()
    {
        return new(
            [new CqlScan("accounts", "id", AccountRows.AccountColumns, row => Read(row, 1))],
            async (key, ct) => await ListAsync(
                (await BindAsync(SelectAccount).ConfigureAwait(false)).Add(key[0].Number), row => Read(row, 0), ct).ConfigureAwait(false),
            async (rows, timestamp) =>
            {
                // One after another: a name may go from one to the next.
                foreach (var row in rows)
                {
                    var account = new Account(
                        Id(row[0]), row[1].Text, row[2].Text, row[3].IsNull ? null : row[3].Text, row[4].IsNull ? null : row[4].Text,
                        row[5].Number != 0, row[6].Number, row[7].Bytes);
                    await FreeNamesAsync(account.Id, account, timestamp).ConfigureAwait(false);
                    await _changes.ApplyAsync(new AccountChange(account), timestamp).ConfigureAwait(false);
                    foreach (var (kind, name) in AccountKeys.Of(account))
                        await PutUniqueAsync(kind, name, AccountKeys.BytesOf(account.Id), timestamp).ConfigureAwait(false);
                }
            },
            async (key, timestamp) =>
            {
                var id = Id(key[0]);
                await FreeNamesAsync(id, null, timestamp).ConfigureAwait(false);
                await _database.WriteAsync((await BindAsync(DeleteAccount).ConfigureAwait(false)).AddId(id).At(timestamp))
                    .ConfigureAwait(false);
                await _database.WriteAsync(
                    (await BindAsync(DeleteAccountId).ConfigureAwait(false)).Add(MessageBucket.Of(id)).AddId(id).At(timestamp))
                    .ConfigureAwait(false);
            });

        static Cell[]? Read(Row row, int first) => row.IsNull(first + 1)
            ? null
            :
            [
                row.GetInt64(first), row.GetText(first + 1), row.GetText(first + 2), row.GetText(first + 3), row.GetText(first + 4),
                row.GetBoolean(first + 5) ? 1 : 0, row.GetInt64(first + 6), Bytes(row, first + 7),
            ];
    }

    /// <summary>Frees the names that an account has and is not to have any more, unless somebody else has them by now.</summary>
    private async ValueTask FreeNamesAsync(Snowflake id, Account? now, long timestamp)
    {
        if (await AccountRows.ReadAsync(_database, id, default).ConfigureAwait(false) is not { } before) return;
        foreach (var (kind, name) in AccountKeys.Of(before).Except(now is null ? [] : AccountKeys.Of(now)))
        {
            if ((await _keys.ReadAsync(kind, name, default).ConfigureAwait(false)).Holds(AccountKeys.BytesOf(id)))
                await PutUniqueAsync(kind, name, null, timestamp).ConfigureAwait(false);
        }
    }

    private CqlReplicaTable Tokens() => new(
        [
            new CqlScan("tokens", "hash", TokenColumns, row =>
                row.IsNull(4) ? null : [Bytes(row, 1), row.GetInt64(2), Millis(row, 3), row.GetText(4)]),
        ],
        async (key, ct) => await ListAsync(
            (await BindAsync(SelectToken).ConfigureAwait(false)).AddBlob(key[0].Bytes), ReadToken, ct).ConfigureAwait(false),
        (rows, timestamp) => PutTokensAsync(rows, timestamp),
        async (key, timestamp) =>
        {
            var found = await ListAsync((await BindAsync(SelectToken).ConfigureAwait(false)).AddBlob(key[0].Bytes), ReadToken, default)
                .ConfigureAwait(false);
            await RemoveTokensAsync(found, timestamp).ConfigureAwait(false);
        });

    private CqlReplicaTable AccountTokens() => new(
        [],
        async (key, ct) =>
        {
            var rows = await ListAsync(
                (await BindAsync(SelectAccountTokens).ConfigureAwait(false)).Add(key[0].Number), ReadToken, ct).ConfigureAwait(false);
            return [.. rows.Where(row => key.Length == 1 || row[0] == key[1]).Select(row => (Cell[])[row[1], row[0], row[2], row[3]])];
        },
        (rows, timestamp) => PutTokensAsync([.. rows.Select(row => (Cell[])[row[1], row[0], row[2], row[3]])], timestamp),
        async (key, timestamp) =>
        {
            var found = await ListAsync(
                (await BindAsync(SelectAccountTokens).ConfigureAwait(false)).Add(key[0].Number), ReadToken, default).ConfigureAwait(false);
            await RemoveTokensAsync([.. found.Where(row => key.Length == 1 || row[0] == key[1])], timestamp).ConfigureAwait(false);
        });

    // Of a row without a session's hash only a part was written after its end.
    private static Cell[]? ReadToken(Row row) => row.IsNull(3) ? null : [Bytes(row, 0), row.GetInt64(1), Millis(row, 2), row.GetText(3)];

    private async Task PutTokensAsync(Cell[][] rows, long timestamp)
    {
        await EachAsync(rows, row => _changes.ApplyAsync(
            new TokenChange(new TokenRow(row[0].Bytes, Id(row[1]), Time(row[2]), row[3].Text)), timestamp)).ConfigureAwait(false);
        _accounts.ForgetTokens([.. rows.Select(row => row[0].Bytes)]);
    }

    private async Task RemoveTokensAsync(IReadOnlyList<Cell[]> rows, long timestamp)
    {
        foreach (var row in rows)
        {
            await _database.WriteAsync((await BindAsync(DeleteToken).ConfigureAwait(false)).AddBlob(row[0].Bytes).At(timestamp))
                .ConfigureAwait(false);
            await _database.WriteAsync((await BindAsync(DeleteAccountToken).ConfigureAwait(false))
                .Add(row[1].Number).Add(Time(row[2])).AddBlob(row[0].Bytes).At(timestamp)).ConfigureAwait(false);
        }
        _accounts.ForgetTokens([.. rows.Select(row => row[0].Bytes)]);
    }

    private CqlReplicaTable Applications()
    {
        return new(
            [
                new CqlScan("applications", "id", "id, owner_id, bot_user_id, body", row =>
                    row.IsNull(2) ? null : [row.GetInt64(1), row.GetInt64(2), Number(row, 3), Bytes(row, 4)]),
            ],
            async (key, ct) => await _accounts.GetApplicationAsync(Id(key[0]), ct).ConfigureAwait(false) is { } row
                ? [[row.Id, row.OwnerId, row.BotUserId is { } bot ? bot : default(Cell), row.Body.ToArray()]]
                : [],
            (rows, timestamp) => EachAsync(rows, async row =>
            {
                var application = new ApplicationRow(Id(row[0]), Id(row[1]), row[2].IsNull ? null : Id(row[2]), row[3].Bytes);
                await ForgetAsync(application.Id, application, timestamp).ConfigureAwait(false);
                await _changes.ApplyAsync(new ApplicationChange(application), timestamp).ConfigureAwait(false);
            }),
            async (key, timestamp) =>
            {
                await ForgetAsync(Id(key[0]), null, timestamp).ConfigureAwait(false);
                await _database.WriteAsync((await BindAsync(DeleteApplication).ConfigureAwait(false)).Add(key[0].Number).At(timestamp))
                    .ConfigureAwait(false);
            });

        // What led to it and does not lead to what is there from now on.
        async ValueTask ForgetAsync(Snowflake id, ApplicationRow? now, long timestamp)
        {
            if (await _accounts.GetApplicationAsync(id, default).ConfigureAwait(false) is not { } before) return;
            if (before.OwnerId != now?.OwnerId)
            {
                await _database.WriteAsync(
                    (await BindAsync(DeleteOwner).ConfigureAwait(false)).AddId(before.OwnerId).AddId(id).At(timestamp))
                    .ConfigureAwait(false);
            }
            if (before.BotUserId is { } bot && bot != now?.BotUserId)
                await _database.WriteAsync((await BindAsync(DeleteBot).ConfigureAwait(false)).AddId(bot).AddId(id).At(timestamp))
                    .ConfigureAwait(false);
        }
    }
}
