using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Discord.Cql;
using Discord.Cql.Errors;

namespace Discord.Storage.Cql;

/// <summary>
/// The session as the stores use it: statements by <see cref="Query"/>, errors as <see cref="StorageException"/>. Thread-safe. How much is
/// in flight and waits is bounded by the driver; beyond it calls fail with <see cref="StorageError.Overloaded"/>.
/// </summary>
internal sealed class CqlDatabase(CqlSession session, ConsistencyLevel consistency) : IAsyncDisposable
{
    /// <summary>Statements of one call that are in flight at once, so that no call takes the connection for itself.</summary>
    public const int Parallelism = 32;

    private readonly ConcurrentDictionary<Query, PreparedStatement> _prepared = new();

    private readonly ConsistencyLevel _serial =
        consistency is ConsistencyLevel.LocalQuorum or ConsistencyLevel.LocalOne ? ConsistencyLevel.LocalSerial : ConsistencyLevel.Serial;

    /// <summary>A statement to add values to.</summary>
    public ValueTask<BoundStatement> BindAsync(Query query, CancellationToken ct)
    {
        return _prepared.TryGetValue(query, out var known) ? new(known.Bind()) : PrepareAsync();

        async ValueTask<BoundStatement> PrepareAsync()
        {
            try
            {
                var prepared = await session.PrepareAsync(query.Text, OptionsOf(query.Kind), ct).ConfigureAwait(false);
                return _prepared.GetOrAdd(query, prepared).Bind();
            }
            catch (CqlException fault)
            {
                throw CqlFault.ToException(fault);
            }
        }
    }

    /// <summary>Runs a statement; its first page.</summary>
    /// <exception cref="StorageException">It failed; when that is transient a write may have been carried out.</exception>
    public async ValueTask<RowSet> RunAsync(CqlStatement statement, CancellationToken ct)
    {
        try
        {
            return await session.ExecuteAsync(statement, ct).ConfigureAwait(false);
        }
        catch (CqlException fault)
        {
            throw CqlFault.ToException(fault);
        }
    }

    /// <summary>Runs a write that has begun to count: it is not cancelled any more.</summary>
    public async ValueTask WriteAsync(CqlStatement statement) =>
        (await RunAsync(statement, CancellationToken.None).ConfigureAwait(false)).Dispose();

    /// <summary>All rows, page by page: the statement's own LIMIT bounds them. A server may end a page early; only the last one is the
    /// end.</summary>
    public async ValueTask<List<T>> ListAsync<T>(CqlStatement statement, RowReader<T> read, CancellationToken ct)
    {
        List<T>? rows = null;
        try
        {
            await foreach (var page in session.PagesAsync(statement, ct).ConfigureAwait(false))
            {
                if (rows is null) rows = page.ToList(read);
                else rows.AddRange(page.ToList(read));
            }
        }
        catch (CqlException fault)
        {
            throw CqlFault.ToException(fault);
        }
        return rows ?? [];
    }

    /// <summary>The rows of all pages, each page fetched when the one before has been read: for what is not to be in memory at
    /// once.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(CqlStatement statement, RowReader<T> read,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var pages = session.PagesAsync(statement, ct).GetAsyncEnumerator(ct);
        while (true)
        {
            List<T> values;
            try
            {
                if (!await pages.MoveNextAsync().ConfigureAwait(false)) yield break;
                values = pages.Current.ToList(read);
            }
            catch (CqlException fault)
            {
                throw CqlFault.ToException(fault);
            }
            foreach (var value in values) yield return value;
        }
    }

    /// <summary>The first row's value, or the default.</summary>
    public async ValueTask<T?> FirstAsync<T>(CqlStatement statement, RowReader<T> read, CancellationToken ct)
    {
        using var rows = await RunAsync(statement, ct).ConfigureAwait(false);
        return rows.FirstOrDefault(read);
    }

    /// <summary>Runs a statement with a condition.</summary>
    /// <returns>Whether it was applied; null when its answer was lost, and a <see cref="QueryKind.SerialRead"/> must tell.</returns>
    public async ValueTask<bool?> DecideAsync(CqlStatement statement)
    {
        try
        {
            using var rows = await session.ExecuteAsync(statement, CancellationToken.None).ConfigureAwait(false);
            return rows.WasApplied;
        }
        catch (CqlException fault) when (fault.IsTransient && CqlFault.InDoubt(fault))
        {
            return null;
        }
        catch (CqlException fault)
        {
            throw CqlFault.ToException(fault);
        }
    }

    /// <summary>A batch of writes to one partition, which is atomic.</summary>
    public BatchStatement PartitionBatch() => new(BatchType.Unlogged, OptionsOf(QueryKind.Write));

    /// <summary>A batch of writes to one partition, some with conditions: all or nothing.</summary>
    public BatchStatement ConditionalBatch() => new(BatchType.Unlogged, OptionsOf(QueryKind.Conditional));

    /// <summary>A batch of writes to several partitions: once acknowledged or left in doubt, all of it is carried out in the end.</summary>
    public BatchStatement LoggedBatch() => new(BatchType.Logged, OptionsOf(QueryKind.Write));

    /// <summary>Does something for each item, few at a time; ends with the first error.</summary>
    public static Task EachAsync<T>(IEnumerable<T> items, Func<T, ValueTask> work, CancellationToken ct = default) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = ct },
            (item, _) => work(item));

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private CqlStatementOptions OptionsOf(QueryKind kind) => new()
    {
        Consistency = kind == QueryKind.SerialRead ? _serial : consistency,
        SerialConsistency = _serial,
        IsIdempotent = kind != QueryKind.Conditional,
    };
}
