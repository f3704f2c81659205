using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Discord.Storage.Sqlite;

/// <summary>
/// Moves the write-ahead log into the database file without stopping the writer. SQLite's own automatic checkpoint is off: it would run
/// inside a commit and make it wait for 20 to 70 ms.
/// <para>
/// A thread with a connection of its own runs a PASSIVE checkpoint, which blocks nobody, a little after each burst of commits. The log
/// starts again from its beginning only when a commit finds all of it moved and no reader in it; under endless load the background alone
/// never gets that far. So above <c>walBytes</c> the writer moves the last bit itself between two commits: little is left, for the
/// background is close behind, and the next commit starts the log anew. The file is cut back to <c>walBytes</c> then.
/// </para>
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Database _database;
    private readonly long _maxFrames;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEvent _stopping = new(false);
    private readonly ILogger _log;
    private int _dirty;
    private volatile bool _assist;

    public Checkpointer(Database database, long walBytes, ILogger log)
    {
        _database = database;
        _log = log;
        // A frame is a page and its 24 bytes of header.
        _maxFrames = walBytes / (database.Scalar("PRAGMA page_size") + 24);
        _thread = new Thread(Loop) { Name = "storage checkpoint", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer after each commit, outside a transaction.</summary>
    public void Committed(Database writer)
    {
        if (Interlocked.Exchange(ref _dirty, 1) == 0) _wake.Set();
        if (!_assist) return;
        _assist = false;
        // A failure here is no failure of a write; the background reports it at its next turn.
        Run(writer, out _);
    }

    /// <summary>Ends the thread; closing the last connection moves what is left.</summary>
    public void Dispose()
    {
        _stopping.Set();
        _thread.Join();
        _wake.Dispose();
        _stopping.Dispose();
        _database.Dispose();
    }

    private static int Run(Database database, out int frames) =>
        raw.sqlite3_wal_checkpoint_v2(database.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out frames, out _);

    private void Loop()
    {
        var handles = new WaitHandle[] { _stopping, _wake };
        while (WaitHandle.WaitAny(handles) != 0)
        {
            if (_stopping.WaitOne(Pause)) return;
            Volatile.Write(ref _dirty, 0);
            var rc = Run(_database, out var frames);
            if ((rc & 0xFF) is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
            {
                StorageMetrics.CheckpointFailed();
                StorageLog.CheckpointFailed(_log, rc);
            }
            StorageMetrics.WalFrames = frames;
            if (frames > _maxFrames) _assist = true;
        }
    }
}
