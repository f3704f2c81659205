using Discord.Protocol;

namespace Discord.Storage.Sqlite;

/// <summary>Audit entries by id, with an index for each way the log is filtered.</summary>
internal sealed class SqliteAuditStore(Writer writer, ReaderPool readers) : IAuditStore
{
    private const int MaxLimit = 100;
    private const int MaxBodyBytes = 256 * 1024;
    private const int ChunkRows = 500;

    private static readonly Sql InsertRow = new(
        """
        INSERT INTO audit (id, guild_id, action, user_id, target_id, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET action = ?3, user_id = ?4, target_id = ?5, body = ?6
        """);

    // Whether it filters by user and by action is part of the text, so that each has the index it needs.
    private static readonly Sql[] Queries = [.. Enumerable.Range(0, 16).Select(MakeQuery)];

    private static readonly Sql DeleteOld = new("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < ?1 ORDER BY id LIMIT ?2)");
    private static readonly Sql DeleteOfGuild = new("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE guild_id = ?1 LIMIT ?2)");

    public ValueTask<IReadOnlyList<AuditRow>> QueryAsync(AuditQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxLimit, nameof(query));
        if (query.Before is not null && query.After is not null)
            throw new ArgumentException("before and after exclude each other", nameof(query));
        return readers.ReadAsync<IReadOnlyList<AuditRow>>(database => Run(database, query), ct);
    }

    public ValueTask<int> TrimAsync(DateTimeOffset before, CancellationToken ct) =>
        DeleteAsync(DeleteOld, Snowflake.FromTimestamp(before), ct);

    public async ValueTask DeleteGuildAsync(Snowflake guild, CancellationToken ct) => await DeleteAsync(DeleteOfGuild, guild, ct)
        .ConfigureAwait(false);

    internal static void Insert(Database database, AuditRow row)
    {
        if (row.Body.Length > MaxBodyBytes)
            throw new ArgumentException($"an audit entry's body has {row.Body.Length} bytes; the limit is {MaxBodyBytes}", nameof(row));
        using var insert = database.Use(InsertRow);
        insert.Bind(1, row.Id).Bind(2, row.GuildId).Bind(3, row.ActionType).Bind(4, row.UserId).Bind(5, row.TargetId).Bind(6,
            row.Body.Span).Run();
    }

    private static Sql MakeQuery(int filters) => new(
        "SELECT id, action, user_id, target_id, body FROM audit WHERE guild_id = ?1"
        + ((filters & 8) != 0 ? " AND id > ?2" : " AND id < ?2")
        + ((filters & 1) != 0 ? " AND user_id = ?3" : "")
        + ((filters & 2) != 0 ? " AND action = ?4" : "")
        + ((filters & 4) != 0 ? " AND target_id = ?5" : "")
        + ((filters & 8) != 0 ? " ORDER BY id LIMIT ?6" : " ORDER BY id DESC LIMIT ?6"));

    private static List<AuditRow> Run(Database database, AuditQuery query)
    {
        var filters = (query.UserId is null ? 0 : 1) | (query.ActionType is null ? 0 : 2) | (query.TargetId is null ? 0 : 4)
            | (query.After is null ? 0 : 8);
        var anchor = query.After ?? query.Before;
        var rows = new List<AuditRow>();
        using var select = database.Use(Queries[filters]);
        select.Bind(1, query.GuildId).Bind(2, anchor is { } id ? (long)Math.Min(id.Value, long.MaxValue) : long.MaxValue).Bind(6,
            query.Limit);
        if (query.UserId is { } user) select.Bind(3, user);
        if (query.ActionType is { } action) select.Bind(4, action);
        if (query.TargetId is { } target) select.Bind(5, target);
        while (select.Step())
            rows.Add(new AuditRow(query.GuildId, select.Id(0), select.Int32(1), select.Id(2), select.Id(3), select.Bytes(4)));
        return rows;
    }

    private async ValueTask<int> DeleteAsync(Sql sql, Snowflake bound, CancellationToken ct)
    {
        for (var total = 0; ;)
        {
            var deleted = await writer.WriteAsync(
                database =>
                {
                    using var delete = database.Use(sql);
                    return delete.Bind(1, bound).Bind(2, ChunkRows).Run();
                },
                atomic: false, ct).ConfigureAwait(false);
            total += deleted;
            if (deleted < ChunkRows) return total;
        }
    }
}
