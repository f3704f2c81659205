using Discord.Cql;
using Discord.Protocol;
using Discord.Storage.Accounts;

namespace Discord.Storage.Cql;

internal sealed partial class CqlAccountStore
{
    private const string ApplicationColumns = "id, owner_id, bot_user_id, body";

    private static readonly Query SelectApplication =
        Query.Read($"SELECT {ApplicationColumns}, WRITETIME(body) FROM applications WHERE id = ?");
    private static readonly Query SelectByOwner = Query.Read("SELECT id FROM owner_applications WHERE owner_id = ? LIMIT ?");
    private static readonly Query SelectByBot = Query.Read("SELECT id FROM bot_applications WHERE bot_user_id = ? LIMIT ?");
    private static readonly Query DeleteApplicationRow = Query.Write("DELETE FROM applications WHERE id = ?");
    private static readonly Query DeleteOwner = Query.Write("DELETE FROM owner_applications WHERE owner_id = ? AND id = ?");
    private static readonly Query DeleteBot = Query.Write("DELETE FROM bot_applications WHERE bot_user_id = ? AND id = ?");

    public async ValueTask SaveApplicationAsync(ApplicationRow application, CancellationToken ct)
    {
        AccountRules.Check(application);
        var before = await ReadApplicationAsync(application.Id, ct).ConfigureAwait(false);
        var timestamp = clock.Above(before?.WrittenAt ?? 0);
        await AccountRows.WriteAsync(database, application, timestamp).ConfigureAwait(false);
        if (before is { Row: var old }) await ForgetAsync(old, application, timestamp).ConfigureAwait(false);
    }

    public async ValueTask<ApplicationRow?> GetApplicationAsync(Snowflake id, CancellationToken ct) =>
        (await ReadApplicationAsync(id, ct).ConfigureAwait(false))?.Row;

    public async ValueTask<ApplicationRow?> FindApplicationByBotAsync(Snowflake botUser, CancellationToken ct)
    {
        var found = await FindApplicationsAsync(SelectByBot, botUser, ct).ConfigureAwait(false);
        return found.FirstOrDefault(application => application.BotUserId == botUser);
    }

    public async ValueTask<IReadOnlyList<ApplicationRow>> ApplicationsOfAsync(Snowflake owner, CancellationToken ct)
    {
        var found = await FindApplicationsAsync(SelectByOwner, owner, ct).ConfigureAwait(false);
        return [.. found.Where(application => application.OwnerId == owner).OrderBy(application => application.Id)];
    }

    public async ValueTask<bool> DeleteApplicationAsync(Snowflake id, CancellationToken ct)
    {
        if (await ReadApplicationAsync(id, ct).ConfigureAwait(false) is not { } stored) return false;
        var timestamp = clock.Above(stored.WrittenAt);
        await database.WriteAsync((await database.BindAsync(DeleteApplicationRow, default).ConfigureAwait(false)).AddId(id).At(timestamp))
            .ConfigureAwait(false);
        await ForgetAsync(stored.Row, null, timestamp).ConfigureAwait(false);
        return true;
    }

    // What finds it may lead to a row that was changed or deleted in between: who looks compares.
    private async ValueTask<List<ApplicationRow>> FindApplicationsAsync(Query query, Snowflake user, CancellationToken ct)
    {
        var select = (await database.BindAsync(query, ct).ConfigureAwait(false)).AddId(user).Add(MaxListed);
        var ids = await database.ListAsync(select, row => row.GetId(0), ct).ConfigureAwait(false);
        var found = new List<ApplicationRow>(ids.Count);
        await CqlDatabase.EachAsync(
            ids,
            async id =>
            {
                if (await GetApplicationAsync(id, ct).ConfigureAwait(false) is not { } application) return;
                lock (found) found.Add(application);
            },
            ct).ConfigureAwait(false);
        return found;
    }

    /// <summary>Deletes what led to <paramref name="old"/> and does not lead to what is there now.</summary>
    private async ValueTask ForgetAsync(ApplicationRow old, ApplicationRow? now, long timestamp)
    {
        if (old.OwnerId != now?.OwnerId)
        {
            await database.WriteAsync((await database.BindAsync(DeleteOwner, default).ConfigureAwait(false))
                .AddId(old.OwnerId).AddId(old.Id).At(timestamp)).ConfigureAwait(false);
        }
        if (old.BotUserId is { } bot && bot != now?.BotUserId)
        {
            await database.WriteAsync((await database.BindAsync(DeleteBot, default).ConfigureAwait(false))
                .AddId(bot).AddId(old.Id).At(timestamp)).ConfigureAwait(false);
        }
    }

    private async ValueTask<StoredApplication?> ReadApplicationAsync(Snowflake id, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectApplication, ct).ConfigureAwait(false)).AddId(id);
        return await database.FirstAsync(
            select,
            row => new StoredApplication(
                new ApplicationRow(row.GetId(0), row.GetId(1), row.IsNull(2) ? null : row.GetId(2), row.CopyBytes(3)), row.GetInt64(4)),
            ct).ConfigureAwait(false);
    }

    private sealed record StoredApplication(ApplicationRow Row, long WrittenAt);
}
