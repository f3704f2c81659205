using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Discord.Storage.Sqlite;

/// <summary>
/// The one thread that writes, with group commit. It takes what waits (at most <c>maxBatch</c>), runs it in one transaction, commits, and
/// only then completes each write. It never lingers for more: while a commit is being flushed the next batch gathers by itself.
/// <para>
/// A write that is refused (a key is taken, a sequence number is used) is undone alone. When SQLite or the disk fails, the whole batch is
/// rolled back and every write in it fails; the thread goes on with the next batch, so the store heals when the cause has gone. If the
/// cause is not transient the writes of the batch are tried again one by one, so that a damaged page fails only those that touch it.
/// </para>
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private static readonly Sql Savepoint = new("SAVEPOINT one");
    private static readonly Sql Release = new("RELEASE one");
    private static readonly Sql RollbackTo = new("ROLLBACK TO one");
    private static readonly Sql BeginImmediate = new("BEGIN IMMEDIATE");

    private readonly Database _database;
    private readonly BoundedQueue<Operation> _queue;
    private readonly int _maxBatch;
    private readonly Checkpointer _checkpointer;
    private readonly ILogger _log;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(Database database, Checkpointer checkpointer, int capacity, int maxBatch, ILogger log)
    {
        _database = database;
        _checkpointer = checkpointer;
        _maxBatch = maxBatch;
        _log = log;
        _queue = new BoundedQueue<Operation>(capacity);
        StorageMetrics.WriteQueue(() => _queue.Count);
        new Thread(Loop) { Name = "storage writer", IsBackground = true }.Start();
    }

    /// <summary>Queues a write. Completes when it is durable.</summary>
    /// <param name="work">Runs on the writer's thread, inside the transaction.</param>
    /// <param name="atomic">The work is more than one statement and may refuse after the first.</param>
    /// <param name="ct">Looked at before the write is queued, not after.</param>
    public ValueTask<T> WriteAsync<T>(Func<Database, T> work, bool atomic, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var operation = new Operation<T>(work, atomic);
        _queue.Add(operation);
        return operation.Task;
    }

    /// <summary>As <see cref="WriteAsync{T}"/> for work without a result.</summary>
    public ValueTask WriteAsync(Action<Database> work, bool atomic, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var operation = new Operation<bool>(
            database =>
            {
                work(database);
                return true;
            },
            atomic);
        _queue.Add(operation);
        return operation.VoidTask;
    }

    /// <summary>Takes no more writes, finishes those that wait, and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task.ConfigureAwait(false);
    }

    private void Loop()
    {
        var batch = new List<Operation>(_maxBatch);
        try
        {
            while (_queue.Take(batch, _maxBatch))
            {
                Process(batch);
                batch.Clear();
                _checkpointer.Committed(_database);
            }
            _ended.SetResult();
        }
        catch (Exception e)
        {
            // Only a fault of ours comes here. The process must not hang: what waits and what comes is refused.
            StorageLog.WriterDied(_log, e);
            _queue.Close();
            do
            {
                foreach (var operation in batch) operation.Fail(e);
                batch.Clear();
            }
            while (_queue.Take(batch, _maxBatch));
            _ended.SetException(e);
        }
    }

    private void Process(List<Operation> batch)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            Commit(batch);
        }
        catch (StorageException e)
        {
            Rollback();
            StorageMetrics.CommitFailed(e.Error);
            StorageLog.CommitFailed(_log, batch.Count, e.Error, e);
            if (batch.Count > 1 && !e.IsTransient)
            {
                foreach (var operation in batch)
                {
                    operation.Refusal = null;
                    Process([operation]);
                }
            }
            else
            {
                foreach (var operation in batch) operation.Fail(e);
            }
            return;
        }
        StorageMetrics.Committed(batch.Count, Stopwatch.GetElapsedTime(start));
        foreach (var operation in batch)
        {
            if (operation.Refusal is { } refusal) operation.Fail(refusal);
            else operation.Complete();
        }
    }

    private void Commit(List<Operation> batch)
    {
        _database.Execute(BeginImmediate);
        foreach (var operation in batch)
        {
            if (operation.Atomic) _database.Execute(Savepoint);
            try
            {
                operation.Run(_database);
            }
            catch (Exception refusal) when (refusal is not StorageException)
            {
                operation.Refusal = refusal;
                if (operation.Atomic) _database.Execute(RollbackTo);
            }
            if (operation.Atomic) _database.Execute(Release);
        }
        _database.Execute(Database.Commit);
    }

    private void Rollback()
    {
        // A full disk or an I/O error may have rolled back already. If the rollback fails too, the next BEGIN reports it.
        try
        {
            if (_database.InTransaction) _database.Execute("ROLLBACK");
        }
        catch (StorageException e)
        {
            StorageLog.RollbackFailed(_log, e);
        }
    }
}
