using Microsoft.Extensions.Logging;

namespace Discord.Storage.Migration;

/// <summary>Carries over what the <see cref="ChangeLog"/> says is due: reads it from one store as it is now and writes it to the
/// other.</summary>
internal sealed class Mirror : IAsyncDisposable
{
    private const int PerTurn = 256;
    private const int PerWrite = 500;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly IReplica _source;
    private readonly IReplica _target;
    private readonly ChangeLog _changes;
    private readonly MigrationClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Retry _asksSource;
    private readonly Retry _asksTarget;

    // Each lasts from turn to turn while it has no answer; the loop's own pauses are between.
    private readonly Retry.Call _reading;
    private readonly Retry.Call _writing;

    private readonly Task _running;
    private long _carried;

    public Mirror(
        IReplica source, IReplica target, Retry asksSource, Retry asksTarget, ChangeLog changes, MigrationClock clock, TimeProvider time,
        ILogger log)
    {
        (_source, _target, _changes, _clock, _time, _log) = (source, target, changes, clock, time, log);
        (_asksSource, _asksTarget, _reading, _writing) = (asksSource, asksTarget, asksSource.Begin(), asksTarget.Begin());
        _running = Task.Run(RunAsync);
    }

    /// <summary>Keys carried over since the start.</summary>
    public long Carried => Interlocked.Read(ref _carried);

    /// <summary>The store that is waited for; null while there is none.</summary>
    public MigrationWait? Waiting => MigrationWait.Longest(_asksSource.Waiting, _asksTarget.Waiting);

    /// <summary>Why nothing is carried over at the moment; null when all is well.</summary>
    public string? Failing { get; private set; }

    /// <summary>Called when more rows may have changed than are carried over at once; they are not.</summary>
    public required Action<ReplicaTable> TooMany { get; init; }

    /// <summary>Whether the copy may still bring an older state of a row.</summary>
    public required Func<ReplicaKey, bool> MayBeCopied { get; init; }

    /// <summary>Stops; what is due stays noted.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _reading.Dispose();
        _writing.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var turn = new List<ReplicaKey>(PerTurn);
        var pause = TimeSpan.Zero;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _changes.WhenDue().WaitAsync(_stopping.Token).ConfigureAwait(false);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, _time, _stopping.Token).ConfigureAwait(false);
                _changes.Take(turn, PerTurn);
                foreach (var table in turn.GroupBy(key => key.Table)) await CarryAsync(table.Key, [.. table]).ConfigureAwait(false);
                _changes.Done(turn, carriedOver: true);
                Interlocked.Add(ref _carried, turn.Count);
                (pause, Failing) = (TimeSpan.Zero, null);
                // What failed earlier may not have been asked for again.
                _reading.Drop();
                _writing.Drop();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                _changes.Done(turn, carriedOver: false);
            }
            catch (Exception e)
            {
                // A fault of this program is told like one of the store, and tried again: nothing that is due may be lost.
                _changes.Done(turn, carriedOver: false);
                if (Failing is null) MigrationLog.MirrorFails(_log, e);
                Failing = e.Message;
                pause = TimeSpan.FromMilliseconds(Math.Clamp(pause.TotalMilliseconds * 2, 50, LongestPause.TotalMilliseconds));
            }
            turn.Clear();
        }
    }

    private async Task CarryAsync(ReplicaTable table, ReplicaKey[] keys)
    {
        var read = _clock.Next();
        var rows = await ReadAsync(_source, _reading, keys).ConfigureAwait(false);
        var copies = await ReadAsync(_target, _writing, [.. keys.Where(key => IsAsked(key, rows[key].Count))]).ConfigureAwait(false);
        foreach (var chunk in keys.SelectMany(key => Changes(key, rows[key], copies.GetValueOrDefault(key))).Chunk(PerWrite))
        {
            await _writing.TryAsync(
                async () =>
                {
                    await _target.WriteAsync(table, chunk, read, _stopping.Token).ConfigureAwait(false);
                    return true;
                },
                _stopping.Token).ConfigureAwait(false);
        }
    }

    // Whether the target must be asked what it has. Below the beginning of a key rows may have gone that only the target still has. And of
    // each message that is deleted the pin is removed, though few had one: a channel's pins lie in one partition, and a store that keeps a
    // grave for each could not read it any more. Where the copy might bring the pin later the grave is needed.
    private bool IsAsked(ReplicaKey key, int rows) => key.IsWhole
        ? key.Table == ReplicaTable.Pins && rows == 0 && !MayBeCopied(key)
        : rows is > 0 and <= IReplica.MostBelow;

    private async Task<Dictionary<ReplicaKey, IReadOnlyList<Cell[]>>> ReadAsync(IReplica store, Retry.Call call, ReplicaKey[] keys)
    {
        if (keys.Length == 0) return [];
        var rows = await call.TryAsync(
            async () => await Task.WhenAll(
                keys.Select(key => store.ReadAsync(key.Table, key.Cells, _stopping.Token).AsTask())).ConfigureAwait(false),
            _stopping.Token).ConfigureAwait(false);
        return keys.Zip(rows).ToDictionary();
    }

    // Of what the target was not asked for there are no copies.
    private IReadOnlyList<ReplicaChange> Changes(ReplicaKey key, IReadOnlyList<Cell[]> rows, IReadOnlyList<Cell[]>? copies)
    {
        if (rows.Count == 0) return copies is { Count: 0 } ? [] : [ReplicaChange.Remove(key.Cells)];
        if (key.IsWhole) return [ReplicaChange.Put(rows[0])];
        copies ??= [];
        if (rows.Count > IReplica.MostBelow || copies.Count > IReplica.MostBelow)
        {
            TooMany(key.Table);
            return [];
        }
        var there = rows.Select(row => new ReplicaKey(key.Table, row[..key.Table.Key.Count])).ToHashSet();
        var gone = copies.Select(row => new ReplicaKey(key.Table, row[..key.Table.Key.Count])).Where(row => !there.Contains(row));
        return [.. rows.Select(ReplicaChange.Put), .. gone.Select(row => ReplicaChange.Remove(row.Cells))];
    }
}
