using System.Buffers.Binary;
using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage.Sqlite;

/// <summary>The rows that are written beside events, and the reads of lookups and sets.</summary>
internal sealed class SqliteLookups(Writer writer, ReaderPool readers) : ILookupStore
{
    private const int MaxListed = 10_000;

    private static readonly Sql Upsert = new(
        "INSERT INTO lookups (kind, key, value) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = ?3");
    private static readonly Sql Insert = new("INSERT INTO lookups (kind, key, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    private static readonly Sql DeleteKey = new("DELETE FROM lookups WHERE kind = ?1 AND key = ?2");
    private static readonly Sql Select = new("SELECT value FROM lookups WHERE kind = ?1 AND key = ?2");
    private static readonly Sql SelectMany = new("SELECT key, value FROM lookups WHERE kind = ?1 AND key > ?2 ORDER BY key LIMIT ?3");
    private static readonly Sql AddMember = new("INSERT INTO sets (kind, key, member) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    private static readonly Sql RemoveMember = new("DELETE FROM sets WHERE kind = ?1 AND key = ?2 AND member = ?3");
    private static readonly Sql SelectMember = new("SELECT 1 FROM sets WHERE kind = ?1 AND key = ?2 AND member = ?3");

    private static readonly Sql SelectMembers = new(
        "SELECT member FROM sets WHERE kind = ?1 AND key = ?2 AND member > ?3 ORDER BY member LIMIT ?4");

    public ValueTask WriteAsync(IReadOnlyList<ILookupWrite> writes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        Check(writes);
        if (writes.Count == 0) return ValueTask.CompletedTask;
        ILookupWrite[] copy = [.. writes];
        return writer.WriteAsync(
            database =>
            {
                foreach (var write in copy) Apply(database, write);
            },
            atomic: copy.Length > 1, ct);
    }

    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(LookupKind kind, string key, CancellationToken ct) =>
        readers.ReadAsync<ReadOnlyMemory<byte>?>(
            database =>
            {
                using var select = database.Use(Select);
                return select.Bind(1, (long)kind).Bind(2, key).Step() ? select.Bytes(0) : default(ReadOnlyMemory<byte>?);
            },
            ct);

    public ValueTask<Snowflake?> GetIdAsync(LookupKind kind, string key, CancellationToken ct) =>
        readers.ReadAsync<Snowflake?>(
            database =>
            {
                using var select = database.Use(Select);
                if (!select.Bind(1, (long)kind).Bind(2, key).Step()) return null;
                var value = select.Span(0);
                if (value.Length != 8) throw new InvalidOperationException($"a value of {kind} has {value.Length} bytes and is no id");
                return new Snowflake(BinaryPrimitives.ReadUInt64BigEndian(value));
            },
            ct);

    public ValueTask<IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>> ListAsync(
        LookupKind kind, string after, int limit, CancellationToken ct)
    {
        CheckLimit(limit);
        return readers.ReadAsync<IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>>(
            database =>
            {
                var rows = new List<KeyValuePair<string, ReadOnlyMemory<byte>>>();
                using var select = database.Use(SelectMany);
                select.Bind(1, (long)kind).Bind(2, after).Bind(3, limit);
                while (select.Step()) rows.Add(new(select.Text(0), select.Bytes(1)));
                return rows;
            },
            ct);
    }

    public ValueTask<bool> ContainsAsync(SetKind kind, Snowflake key, Snowflake member, CancellationToken ct) =>
        readers.ReadAsync(
            database =>
            {
                using var select = database.Use(SelectMember);
                return select.Bind(1, (long)kind).Bind(2, key).Bind(3, member).Step();
            },
            ct);

    public ValueTask<IReadOnlyList<Snowflake>> MembersAsync(SetKind kind, Snowflake key, Snowflake after, int limit, CancellationToken ct)
    {
        CheckLimit(limit);
        return readers.ReadAsync<IReadOnlyList<Snowflake>>(
            database =>
            {
                var members = new List<Snowflake>();
                using var select = database.Use(SelectMembers);
                // Below every member when nothing is to be skipped: ids from 1 up, and 0 itself.
                select.Bind(1, (long)kind).Bind(2, key).Bind(3, after == default ? -1 : (long)Math.Min(after.Value, long.MaxValue)).Bind(4,
                    limit);
                while (select.Step()) members.Add(select.Id(0));
                return members;
            },
            ct);
    }

    /// <summary>Refuses rows of kinds that nothing here can write, before anything is queued.</summary>
    internal static void Check(IReadOnlyList<ILookupWrite> writes)
    {
        foreach (var write in writes)
        {
            if (write is not (LookupWrite or SetWrite or AuditRow or AccountUpdate))
                throw new ArgumentException($"rows of {write?.GetType().Name ?? "null"} are not known here", nameof(writes));
        }
    }

    /// <summary>Writes one row. On the writer, inside its transaction.</summary>
    internal static void Apply(Database database, ILookupWrite write)
    {
        switch (write)
        {
            case LookupWrite lookup:
                Apply(database, lookup);
                break;
            case SetWrite member:
                using (var statement = database.Use(member.Present ? AddMember : RemoveMember))
                    statement.Bind(1, (long)member.Kind).Bind(2, member.Key).Bind(3, member.Member).Run();
                break;
            case AuditRow entry:
                SqliteAuditStore.Insert(database, entry);
                break;
            case AccountUpdate update:
                if (!SqliteAccountStore.Update(database, update.Account))
                    throw new AccountConflictException(AccountField.Id, missing: true);
                break;
            default:
                throw new ArgumentException($"rows of {write.GetType().Name} are not known here", nameof(write));
        }
    }

    private static void Apply(Database database, LookupWrite write)
    {
        switch (write.Action)
        {
            case LookupAction.Delete:
                using (var delete = database.Use(DeleteKey)) delete.Bind(1, (long)write.Kind).Bind(2, write.Key).Run();
                break;
            case LookupAction.Put:
                using (var upsert = database.Use(Upsert))
                    upsert.Bind(1, (long)write.Kind).Bind(2, write.Key).Bind(3, write.Value.Span).Run();
                break;
            case LookupAction.PutUnique:
                using (var insert = database.Use(Insert))
                {
                    if (insert.Bind(1, (long)write.Kind).Bind(2, write.Key).Bind(3, write.Value.Span).Run() > 0) break;
                }
                using (var select = database.Use(Select))
                {
                    if (!select.Bind(1, (long)write.Kind).Bind(2, write.Key).Step() || !select.Span(0).SequenceEqual(write.Value.Span))
                        throw new LookupConflictException(write.Kind, write.Key);
                }
                break;
        }
    }

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
    }
}
