namespace Discord.Storage.Sqlite;

/// <summary>
/// Reads, on a few threads of their own, each with its own read-only connection. In WAL mode they see the last commit and wait for no
/// writer. Threads of their own, not the thread pool's: a read that misses the cache waits for the disk, and a pool as small as the machine
/// has cores would stop the whole node with it.
/// </summary>
internal sealed class ReaderPool : IAsyncDisposable
{
    // A thread takes one read at a time, so that a slow one holds up no other that a free thread could do.
    private const int PerTurn = 1;

    private readonly BoundedQueue<Operation> _queue;
    private readonly List<Task> _ended = [];

    public ReaderPool(IEnumerable<Database> connections, int capacity)
    {
        _queue = new BoundedQueue<Operation>(capacity);
        StorageMetrics.ReadQueue(() => _queue.Count);
        foreach (var connection in connections)
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ended.Add(ended.Task);
            new Thread(() => Loop(connection, ended)) { Name = "storage reader", IsBackground = true }.Start();
        }
    }

    /// <summary>Runs a read on one of the threads.</summary>
    public ValueTask<T> ReadAsync<T>(Func<Database, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var operation = new Operation<T>(read);
        _queue.Add(operation);
        return operation.Task;
    }

    /// <summary>Takes no more reads, finishes those that wait, closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await Task.WhenAll(_ended).ConfigureAwait(false);
    }

    private void Loop(Database connection, TaskCompletionSource ended)
    {
        using (connection)
        {
            var turn = new List<Operation>(PerTurn);
            while (_queue.Take(turn, PerTurn))
            {
                foreach (var operation in turn)
                {
                    try
                    {
                        operation.Run(connection);
                    }
                    catch (Exception e)
                    {
                        operation.Fail(e);
                        continue;
                    }
                    operation.Complete();
                }
                turn.Clear();
            }
        }
        ended.SetResult();
    }
}
