using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Discord.Storage.Migration;

/// <summary>
/// The keys whose rows have changed, or may have, since they were last carried over. A write notes its keys before it begins; when it has
/// ended, well or not, they are due, and the mirror carries over whatever the store then holds.
/// <para>
/// <b>After a crash.</b> A key is appended to a file before the write it is for begins, and leaves the file only when nothing is due any
/// more. So whatever a killed process had written and not carried over is in the file, and is due again at the next start; carrying a row
/// over once more changes nothing. The file is written, not flushed to the disk: it outlives the process, but not the machine. That is what
/// <see cref="MigrationState"/> compares boots for.
/// </para>
/// <para>
/// <b>A key's life.</b> Absent → <i>writing</i> (n writes under way) → <i>due</i> → <i>taken</i> → absent. A write that ends while
/// the key is taken makes it due again: the mirror may have read before it.
/// </para>
/// Thread-safe.
/// </summary>
internal sealed class ChangeLog : IDisposable
{
    /// <summary>Some 200 MB; beyond it the target is too slow for the writes, and no more is noted.</summary>
    public const int DefaultMaxKeys = 1_000_000;

    // Where nothing is due, a longer file begins anew; where something always is, it is written anew without what is done.
    private const long TruncateAbove = 1 << 20;
    private const long RewriteAbove = 64 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<ReplicaKey, Entry> _entries = [];
    private readonly Queue<ReplicaKey> _due = new();
    private readonly string _path;
    private readonly int _maxKeys;
    private readonly ArrayBufferWriter<byte> _record = new();
    private FileStream _file;
    private TaskCompletionSource _ready = NewSignal();
    private TaskCompletionSource? _empty;
    private bool _closed;

    public ChangeLog(string path, int maxKeys = DefaultMaxKeys)
    {
        (_path, _maxKeys) = (path, maxKeys);
        _file = Open(path, FileMode.OpenOrCreate);
        try
        {
            foreach (var key in ReadAll(_file))
            {
                if (!_entries.TryAdd(key, new Entry { IsDue = true })) continue;
                _due.Enqueue(key);
            }
            _file.Seek(0, SeekOrigin.End);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        if (_due.Count > 0) _ready.SetResult();
    }

    /// <summary>Keys that are not carried over yet.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>
    /// Why keys were lost; null while none were. Then only a comparison of everything tells whether the stores are equal.
    /// </summary>
    public string? Broken { get; private set; }

    /// <summary>Called once when <see cref="Broken"/> is set, before the write goes on.</summary>
    public Action<string>? OnBroken { get; init; }

    /// <summary>Notes keys for a write that is about to begin. Ends with <see cref="End"/>.</summary>
    /// <exception cref="StorageException">The node is about to stop: what is not noted must not be written.</exception>
    public void Begin(ReadOnlySpan<ReplicaKey> keys)
    {
        lock (_gate)
        {
            if (_closed) throw new StorageException(StorageError.Closed, "the store is being closed");
            if (Broken is not null) return;
            foreach (var key in keys)
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, key, out var exists);
                entry ??= new Entry();
                entry.Writers++;
                if (!exists) Encode(_record, key);
            }
            Append();
            if (_entries.Count > _maxKeys) Break($"more than {_maxKeys:N0} changes wait for the target");
        }
    }

    /// <summary>The write has ended: what was noted for it is due.</summary>
    /// <param name="keys">As they were given to <see cref="Begin"/>.</param>
    /// <param name="instead">
    /// Where the write told exactly what it changed: keys that are due in place of the first, which were for the case of a crash.
    /// </param>
    public void End(ReadOnlySpan<ReplicaKey> keys, ReadOnlySpan<ReplicaKey> instead = default, bool replaced = false)
    {
        if (replaced) Begin(instead);
        lock (_gate)
        {
            foreach (var key in keys)
            {
                // Broken meanwhile: all were dropped.
                if (!_entries.TryGetValue(key, out var entry)) continue;
                entry.Writers--;
                if (!replaced) MakeDue(key, entry);
                else RemoveIfIdle(key, entry);
            }
        }
        if (replaced) End(instead);
    }

    /// <summary>Takes keys that are due. Each must be given to <see cref="Done"/>.</summary>
    public void Take(List<ReplicaKey> into, int max)
    {
        lock (_gate)
        {
            while (into.Count < max && _due.TryDequeue(out var key))
            {
                var entry = _entries[key];
                (entry.IsDue, entry.IsTaken) = (false, true);
                into.Add(key);
            }
            if (_due.Count == 0 && _ready.Task.IsCompleted) _ready = NewSignal();
        }
    }

    /// <summary>The keys were carried over, or must be tried again.</summary>
    public void Done(IReadOnlyList<ReplicaKey> keys, bool carriedOver)
    {
        lock (_gate)
        {
            foreach (var key in keys)
            {
                if (!_entries.TryGetValue(key, out var entry)) continue;
                var again = !carriedOver || entry.IsDueAgain;
                (entry.IsTaken, entry.IsDueAgain) = (false, false);
                if (carriedOver)
                {
                    entry.Carried?.TrySetResult();
                    entry.Carried = null;
                }
                if (again) MakeDue(key, entry);
                else RemoveIfIdle(key, entry);
            }
            if (_entries.Count == 0)
            {
                if (!_closed && _file.Length > TruncateAbove) _file.SetLength(0);
                _empty?.TrySetResult();
                _empty = null;
            }
            else if (!_closed && _file.Length > RewriteAbove)
            {
                Rewrite();
            }
        }
    }

    /// <summary>Completes when something is due.</summary>
    public Task WhenDue()
    {
        lock (_gate) return _ready.Task;
    }

    /// <summary>Completes when nothing is noted any more; writes that go on may note more right after.</summary>
    public Task WhenEmpty()
    {
        lock (_gate)
            return _entries.Count == 0 ? Task.CompletedTask : (_empty ??= NewSignal()).Task;
    }

    /// <summary>Completes when each of the keys was carried over once more than it is now; writes that go on may make it due
    /// again.</summary>
    public Task WhenDone(ReadOnlySpan<ReplicaKey> keys)
    {
        lock (_gate)
        {
            var waits = new List<Task>();
            foreach (var key in keys)
            {
                if (_entries.TryGetValue(key, out var entry)) waits.Add((entry.Carried ??= NewSignal()).Task);
            }
            return Task.WhenAll(waits);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private void MakeDue(ReplicaKey key, Entry entry)
    {
        if (entry.IsTaken)
        {
            entry.IsDueAgain = true;
        }
        else if (!entry.IsDue)
        {
            entry.IsDue = true;
            _due.Enqueue(key);
            _ready.TrySetResult();
        }
    }

    private void RemoveIfIdle(ReplicaKey key, Entry entry)
    {
        if (entry is { Writers: 0, IsDue: false, IsTaken: false }) _entries.Remove(key);
    }

    private void Append()
    {
        if (_record.WrittenCount == 0) return;
        try
        {
            _file.Write(_record.WrittenSpan);
        }
        catch (IOException e)
        {
            Break($"the file of changes cannot be written: {e.Message}");
        }
        _record.ResetWrittenCount();
    }

    private void Rewrite()
    {
        var fresh = _path + ".new";
        try
        {
            var file = Open(fresh, FileMode.Create);
            foreach (var key in _entries.Keys) Encode(_record, key);
            file.Write(_record.WrittenSpan);
            File.Move(fresh, _path, overwrite: true);
            _file.Dispose();
            _file = file;
        }
        catch (IOException e)
        {
            Break($"the file of changes cannot be written: {e.Message}");
        }
        _record.ResetWrittenCount();
    }

    private void Break(string reason)
    {
        Broken = reason;
        OnBroken?.Invoke(reason);
        foreach (var entry in _entries.Values) entry.Carried?.TrySetException(new MigrationException(reason));
        _entries.Clear();
        _due.Clear();
        _empty?.TrySetResult();
        _empty = null;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    // Length of what follows (4), length of the name (1), the table's name, the cells.
    private static void Encode(ArrayBufferWriter<byte> output, ReplicaKey key)
    {
        var start = output.WrittenCount;
        output.Advance(5 + Encoding.ASCII.GetBytes(key.Table.Name, output.GetSpan(5 + key.Table.Name.Length)[5..]));
        Cell.Write(output, key.Cells);
        var record = MemoryMarshal.AsMemory(output.WrittenMemory[start..]).Span;
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - 4);
        record[4] = (byte)key.Table.Name.Length;
    }

    // A record that was cut off belongs to a write that had not begun.
    private static IEnumerable<ReplicaKey> ReadAll(FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        for (var at = 0; bytes.Length - at >= 5;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            if (length < 1 || length > bytes.Length - at - 4) yield break;
            var record = bytes.AsMemory(at + 4, length);
            var name = record.Span[0];
            if (name >= record.Length || ReplicaTable.Named(Encoding.ASCII.GetString(record.Span.Slice(1, name))) is not { } table)
                yield break;
            yield return new ReplicaKey(table, Cell.Read(record.Span[(1 + name)..]));
            at += 4 + length;
        }
    }

    private sealed class Entry
    {
        public int Writers;
        public bool IsDue;
        public bool IsTaken;
        public bool IsDueAgain;
        public TaskCompletionSource? Carried;
    }
}
