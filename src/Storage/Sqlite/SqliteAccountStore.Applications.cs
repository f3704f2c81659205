using Discord.Protocol;
using static Discord.Storage.Accounts.AccountRules;

namespace Discord.Storage.Sqlite;

internal sealed partial class SqliteAccountStore
{
    private static readonly Sql UpsertApplication = new(
        """
        INSERT INTO applications (id, owner_id, bot_user_id, body) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET owner_id = ?2, bot_user_id = ?3, body = ?4
        """);

    private static readonly Sql SelectApplication = new("SELECT id, owner_id, bot_user_id, body FROM applications WHERE id = ?1");
    private static readonly Sql SelectByBot = new("SELECT id, owner_id, bot_user_id, body FROM applications WHERE bot_user_id = ?1");

    private static readonly Sql SelectByOwner = new(
        "SELECT id, owner_id, bot_user_id, body FROM applications WHERE owner_id = ?1 ORDER BY id LIMIT ?2");

    private static readonly Sql DeleteApplicationRow = new("DELETE FROM applications WHERE id = ?1");

    public ValueTask SaveApplicationAsync(ApplicationRow application, CancellationToken ct)
    {
        Check(application);
        return writer.WriteAsync(database => SaveApplication(database, application), atomic: false, ct);
    }

    public ValueTask<ApplicationRow?> GetApplicationAsync(Snowflake id, CancellationToken ct) => OneAsync(SelectApplication, id, ct);

    public ValueTask<ApplicationRow?> FindApplicationByBotAsync(Snowflake botUser, CancellationToken ct) =>
        OneAsync(SelectByBot, botUser, ct);

    public ValueTask<IReadOnlyList<ApplicationRow>> ApplicationsOfAsync(Snowflake owner, CancellationToken ct) =>
        readers.ReadAsync<IReadOnlyList<ApplicationRow>>(
            database =>
            {
                var applications = new List<ApplicationRow>();
                using var select = database.Use(SelectByOwner);
                select.Bind(1, owner).Bind(2, MaxListed);
                while (select.Step()) applications.Add(ReadApplication(select));
                return applications;
            },
            ct);

    public ValueTask<bool> DeleteApplicationAsync(Snowflake id, CancellationToken ct) =>
        writer.WriteAsync(
            database =>
            {
                using var delete = database.Use(DeleteApplicationRow);
                return delete.Bind(1, id).Run() > 0;
            },
            atomic: false, ct);

    private ValueTask<ApplicationRow?> OneAsync(Sql sql, Snowflake id, CancellationToken ct) =>
        readers.ReadAsync(
            database =>
            {
                using var select = database.Use(sql);
                return select.Bind(1, id).Step() ? ReadApplication(select) : null;
            },
            ct);

    private static void SaveApplication(Database database, ApplicationRow application)
    {
        using var upsert = database.Use(UpsertApplication);
        upsert.Bind(1, application.Id).Bind(2, application.OwnerId).Bind(4, application.Body.Span);
        if (application.BotUserId is { } bot) upsert.Bind(3, bot);
        else upsert.Bind(3, (string?)null);
        upsert.Run();
    }

    private static ApplicationRow ReadApplication(Statement row) =>
        new(row.Id(0), row.Id(1), row.IsNull(2) ? null : row.Id(2), row.Bytes(3));
}
