using Discord.Cql;
using Discord.Cql.Errors;
using Microsoft.Extensions.Logging;

namespace Discord.Storage.Cql;

/// <summary>
/// Brings a keyspace up to <see cref="CqlSchema.Version"/>, from one node at a time.
/// <para>
/// <c>schema_versions</c> has a row for each step that is done, written after its last statement. <c>schema_lock</c> has one row with a
/// lifetime, taken and renewed by condition: who holds it runs the steps, the others wait for the version to appear or the lock to run out.
/// The lock is renewed when a quarter of its life is over, and a holder that finds it lost stops. Two that run a statement at the same time
/// all the same (the first slept for longer than the lock lives) do no harm: every statement may be run again. Servers agree on the schema
/// after each statement, for two that create one table at the same time could make two of it.
/// </para>
/// </summary>
internal sealed class CqlMigrations(CqlSession session, CqlStorageOptions options, ILogger log)
{
    private const int LockSeconds = 60;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private readonly Guid _holder = Guid.NewGuid();
    private long _lockedAt;

    /// <exception cref="StorageException">The tables are of a newer program, or nobody finished in time.</exception>
    /// <exception cref="CqlException">The cluster refuses or does not answer.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        await CreateKeyspaceAsync(ct).ConfigureAwait(false);
        await MakeOwnTablesAsync(ct).ConfigureAwait(false);
        var deadline = options.Clock.GetUtcNow() + options.MigrationTimeout;
        while (await VersionAsync(ct).ConfigureAwait(false) is var version && version < CqlSchema.Version)
        {
            if (await LockAsync(ct).ConfigureAwait(false))
            {
                await StepAsync(version + 1, ct).ConfigureAwait(false);
                continue;
            }
            if (options.Clock.GetUtcNow() > deadline)
            {
                throw new StorageException(StorageError.Busy,
                    $"another node has been changing the tables of keyspace {options.Keyspace} for more than "
                    + $"{options.MigrationTimeout.TotalSeconds:0} s");
            }
            await Task.Delay(Poll, options.Clock, ct).ConfigureAwait(false);
        }
        if (await VersionAsync(ct).ConfigureAwait(false) is var newer && newer > CqlSchema.Version)
        {
            throw new StorageException(StorageError.NewerSchema,
                $"the tables were made by a newer version of this program (schema {newer}, this one knows {CqlSchema.Version}); "
                + "start that version");
        }
    }

    private async Task CreateKeyspaceAsync(CancellationToken ct)
    {
        var known = new SimpleStatement("SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?").Add(options.Keyspace);
        using (var found = await session.ExecuteAsync(known, ct).ConfigureAwait(false))
        {
            if (found.Count > 0) return;
        }
        // A keyspace that exists keeps its factor: one that can never be written to must not come into being.
        if (await HostsAsync(ct).ConfigureAwait(false) is var hosts && hosts < options.ReplicationFactor)
        {
            throw new StorageException(StorageError.Refused,
                $"keyspace {options.Keyspace} does not exist, and {options.ReplicationFactor} replicas do not fit into data centre "
                + $"{options.Datacenter}, which has {hosts} hosts: give a smaller replication factor");
        }
        // The name and the data centre were checked by the options to be words.
        await session.ExecuteAsync(
            $"CREATE KEYSPACE IF NOT EXISTS {options.Keyspace} WITH replication = "
            + $"{{'class': 'NetworkTopologyStrategy', '{options.Datacenter}': {options.ReplicationFactor}}}"
            + (await IsScyllaAsync(ct).ConfigureAwait(false) ? " AND tablets = {'enabled': false}" : ""), ct).ConfigureAwait(false);
    }

    // The host that is asked is of the data centre, and no peer of its own.
    private async Task<int> HostsAsync(CancellationToken ct)
    {
        var hosts = 1;
        await foreach (var datacenter in session.QueryAsync(
            new SimpleStatement("SELECT data_center FROM system.peers"), static row => row.GetText(0), ct).ConfigureAwait(false))
        {
            if (datacenter == options.Datacenter) hosts++;
        }
        return hosts;
    }

    // Conditions, on which uniqueness rests, came to tablets late: keyspaces that this program makes have none there.
    private async Task<bool> IsScyllaAsync(CancellationToken ct)
    {
        using var found = await session.ExecuteAsync(
            "SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'system' AND table_name = 'scylla_local'", ct)
                .ConfigureAwait(false);
        return found.Count > 0;
    }

    private async Task MakeOwnTablesAsync(CancellationToken ct)
    {
        var known = new SimpleStatement("SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?").Add(options.Keyspace);
        HashSet<string> tables = [];
        await foreach (var table in session.QueryAsync(known, static row => row.GetText(0)!, ct).ConfigureAwait(false)) tables.Add(table);
        if (!tables.Contains("schema_versions"))
        {
            await session.ExecuteAsync(
                $"CREATE TABLE IF NOT EXISTS {options.Keyspace}.schema_versions (shard int, version int, PRIMARY KEY (shard, version)) "
                + "WITH CLUSTERING ORDER BY (version DESC)", ct).ConfigureAwait(false);
        }
        if (!tables.Contains("schema_lock"))
        {
            await session.ExecuteAsync(
                $"CREATE TABLE IF NOT EXISTS {options.Keyspace}.schema_lock (shard int PRIMARY KEY, holder uuid)", ct)
                    .ConfigureAwait(false);
        }
    }

    private async Task<int> VersionAsync(CancellationToken ct)
    {
        var select = new SimpleStatement(
            $"SELECT version FROM {options.Keyspace}.schema_versions WHERE shard = 0 LIMIT 1", new() { Consistency = options.Consistency });
        using var rows = await session.ExecuteAsync(select, ct).ConfigureAwait(false);
        return rows.FirstOrDefault(static row => row.GetInt32(0));
    }

    /// <summary>Takes the lock or renews it.</summary>
    private async Task<bool> LockAsync(CancellationToken ct)
    {
        _lockedAt = options.Clock.GetTimestamp();
        var take = new SimpleStatement(
            $"INSERT INTO {options.Keyspace}.schema_lock (shard, holder) VALUES (0, ?) IF NOT EXISTS USING TTL {LockSeconds}").Add(_holder);
        using (var taken = await session.ExecuteAsync(take, ct).ConfigureAwait(false))
        {
            if (taken.WasApplied) return true;
        }
        var renew = new SimpleStatement(
            $"UPDATE {options.Keyspace}.schema_lock USING TTL {LockSeconds} SET holder = ? WHERE shard = 0 IF holder = ?").Add(_holder)
                .Add(_holder);
        using var renewed = await session.ExecuteAsync(renew, ct).ConfigureAwait(false);
        return renewed.WasApplied;
    }

    private async Task StepAsync(int version, CancellationToken ct)
    {
        StorageLog.Migrating(log, options.Keyspace, version);
        foreach (var statement in CqlSchema.StepTo(version))
        {
            if (options.Clock.GetElapsedTime(_lockedAt).TotalSeconds > LockSeconds / 4
                && !await LockAsync(ct).ConfigureAwait(false)) return;
            await session.ExecuteAsync(InKeyspace(statement), ct).ConfigureAwait(false);
        }
        var done = new SimpleStatement(
            $"INSERT INTO {options.Keyspace}.schema_versions (shard, version) VALUES (0, ?)",
            new() { Consistency = options.Consistency, IsIdempotent = true }).Add(version);
        (await session.ExecuteAsync(done, ct).ConfigureAwait(false)).Dispose();
        var free = new SimpleStatement($"DELETE FROM {options.Keyspace}.schema_lock WHERE shard = 0 IF holder = ?").Add(_holder);
        (await session.ExecuteAsync(free, ct).ConfigureAwait(false)).Dispose();
    }

    private string InKeyspace(string statement) =>
        statement.Replace("IF NOT EXISTS ", $"IF NOT EXISTS {options.Keyspace}.", StringComparison.Ordinal);
}
