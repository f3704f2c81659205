using System.Buffers.Binary;
using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>Look-ups and sets. Keys that are unique are read from the rows under conditions (<see cref="UniqueKeys"/>), all others from
/// their own.</summary>
internal sealed class CqlLookups(
    CqlDatabase database, CqlCommits commits, CqlRowWrites rows, RowChanges changes, UniqueKeys keys, WriteClock clock, TimeProvider time)
    : ILookupStore
{
    private const int MaxListed = 10_000;
    private const int OpenCommits = 1_000;
    private const long DayMicros = 24L * 60 * 60 * 1_000_000;
    private const string CommitPrefix = "write/";

    private static readonly Query Select = Query.Read("SELECT value FROM lookups WHERE kind = ? AND key = ?");

    private static readonly Query SelectList = Query.Read(
        "SELECT key, value FROM lookup_lists WHERE kind = ? AND shard = ? AND key > ? LIMIT ?");

    private static readonly Query SelectMember =
        Query.Read("SELECT member FROM sets WHERE kind = ? AND key = ? AND shard = ? AND member = ?");

    private static readonly Query SelectMembers = Query.Read(
        "SELECT member FROM sets WHERE kind = ? AND key = ? AND shard = ? AND member > ? LIMIT ?");

    private static readonly Query InsertOpen = Query.Write("INSERT INTO open_commits (shard, persistence_id, begun_at) VALUES (0, ?, ?)");
    private static readonly Query SelectOpen = Query.Read("SELECT persistence_id, begun_at FROM open_commits WHERE shard = 0 LIMIT ?");
    private static readonly Query DeleteOpen = Query.Write("DELETE FROM open_commits WHERE shard = 0 AND persistence_id = ?");
    private static readonly Query DeleteNotes = Query.Write("DELETE FROM journal_partitions WHERE persistence_id = ?");
    private static readonly Query DeletePartition = Query.Write("DELETE FROM journal WHERE persistence_id = ? AND partition_nr = 0");

    /// <summary>
    /// One row is one write. Several are a commit of their own, noted before so that <see cref="FinishOpenAsync"/> completes it after a
    /// crash.
    /// </summary>
    public async ValueTask WriteAsync(IReadOnlyList<ILookupWrite> writes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        ct.ThrowIfCancellationRequested();
        var (claims, prepared) = await rows.PrepareAsync(writes).ConfigureAwait(false);
        if (claims.Count + prepared.Count == 0) return;
        if (claims.Count == 0 && prepared is [not UniqueChange])
        {
            await changes.ApplyAsync(prepared[0], clock.Next()).ConfigureAwait(false);
            return;
        }
        var id = CommitPrefix + Guid.NewGuid().ToString("n");
        await database.WriteAsync((await database.BindAsync(InsertOpen, default).ConfigureAwait(false))
            .Add(id).Add(time.GetUtcNow()).At(clock.Next())).ConfigureAwait(false);
        await commits.CommitAsync(id, 1, [], claims, prepared).ConfigureAwait(false);
        try
        {
            await ForgetAsync(id).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            // What was asked for is done. The note is still there, and the next clean-up goes by it.
        }
    }

    /// <summary>Completes the commits that a crash interrupted, of any node, and forgets them.</summary>
    public async Task FinishOpenAsync(TimeSpan age)
    {
        var select = (await database.BindAsync(SelectOpen, default).ConfigureAwait(false)).Add(OpenCommits);
        var open = await database.ListAsync(select, row => (Id: row.GetText(0)!, At: row.Get<DateTimeOffset>(1)), default)
            .ConfigureAwait(false);
        foreach (var (id, at) in open)
        {
            if (at > time.GetUtcNow() - age) continue;
            await commits.ReadHeadAsync(id).ConfigureAwait(false);
            await ForgetAsync(id).ConfigureAwait(false);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(LookupKind kind, string key, CancellationToken ct)
    {
        if (UniqueKinds.Contains(kind))
        {
            var held = (await keys.ReadAsync((int)kind, key, ct).ConfigureAwait(false)).Value;
            return held is null ? (ReadOnlyMemory<byte>?)null : held;
        }
        var select = (await database.BindAsync(Select, ct).ConfigureAwait(false)).Add((int)kind).Add(key);
        return await database.FirstAsync(select, row => (ReadOnlyMemory<byte>?)row.CopyBytes(0), ct).ConfigureAwait(false);
    }

    public async ValueTask<Snowflake?> GetIdAsync(LookupKind kind, string key, CancellationToken ct)
    {
        if (await GetAsync(kind, key, ct).ConfigureAwait(false) is not { } value) return null;
        if (value.Length != 8) throw new InvalidOperationException($"a value of {kind} has {value.Length} bytes and is no id");
        return new Snowflake(BinaryPrimitives.ReadUInt64BigEndian(value.Span));
    }

    public ValueTask<IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>> ListAsync(
        LookupKind kind, string after, int limit, CancellationToken ct)
    {
        CheckLimit(limit);
        return ReadAsync();

        async ValueTask<IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>> ReadAsync()
        {
            List<(byte[] Utf8, string Key, byte[] Value)> found = [];
            await CqlDatabase.EachAsync(
                Enumerable.Range(0, RowChanges.ListShards),
                async shard =>
                {
                    var select = (await database.BindAsync(SelectList, ct).ConfigureAwait(false)).Add((int)kind).Add(shard)
                        .Add(after).Add(limit);
                    var part = await database.ListAsync(
                        select, row => (row.GetUtf8(0).ToArray(), row.GetText(0)!, row.CopyBytes(1)), ct).ConfigureAwait(false);
                    lock (found) found.AddRange(part);
                },
                ct).ConfigureAwait(false);
            found.Sort((a, b) => a.Utf8.AsSpan().SequenceCompareTo(b.Utf8));
            return [.. found.Take(limit).Select(row => new KeyValuePair<string, ReadOnlyMemory<byte>>(row.Key, row.Value))];
        }
    }

    public async ValueTask<bool> ContainsAsync(SetKind kind, Snowflake key, Snowflake member, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectMember, ct).ConfigureAwait(false))
            .Add((int)kind).AddId(key).Add(RowChanges.ShardOf(kind, member)).AddId(member);
        using var found = await database.RunAsync(select, ct).ConfigureAwait(false);
        return found.Count > 0;
    }

    public ValueTask<IReadOnlyList<Snowflake>> MembersAsync(SetKind kind, Snowflake key, Snowflake after, int limit, CancellationToken ct)
    {
        CheckLimit(limit);
        return ReadAsync();

        async ValueTask<IReadOnlyList<Snowflake>> ReadAsync()
        {
            // Below every member when nothing is to be skipped: ids from 1 up, and 0 itself.
            var above = after == default ? -1 : (long)after.Clamp().Value;
            List<Snowflake> members = [];
            await CqlDatabase.EachAsync(
                Enumerable.Range(0, RowChanges.ShardsOf(kind)),
                async shard =>
                {
                    var select = (await database.BindAsync(SelectMembers, ct).ConfigureAwait(false))
                        .Add((int)kind).AddId(key).Add(shard).Add(above).Add(limit);
                    var part = await database.ListAsync(select, row => row.GetId(0), ct).ConfigureAwait(false);
                    lock (members) members.AddRange(part);
                },
                ct).ConfigureAwait(false);
            members.Sort();
            return members.Count > limit ? members[..limit] : members;
        }
    }

    // The id is never used again: its end may be above any clock.
    private async ValueTask ForgetAsync(string id)
    {
        var timestamp = clock.Next() + DayMicros;
        foreach (var query in (Query[])[DeletePartition, DeleteNotes, DeleteOpen])
        {
            await database.WriteAsync((await database.BindAsync(query, default).ConfigureAwait(false)).Add(id).At(timestamp))
                .ConfigureAwait(false);
        }
    }

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxListed);
    }
}
