using Microsoft.Extensions.Logging;

namespace Discord.Storage.Migration;

/// <summary>How a node opens what its data is moved to.</summary>
/// <param name="Open">Opens the store that a description leads to, and makes its tables if need be.</param>
/// <param name="OpenScratch">Opens an empty store beside it for a trial; disposing it takes it away again.</param>
/// <param name="Describe">Says in words, without secrets, where a description leads to.</param>
/// <param name="IsCurrent">Whether a description leads to the store that the node was started with.</param>
public sealed record MigrationTargets(
    Func<string, CancellationToken, Task<IStorage>> Open, Func<string, CancellationToken, Task<ScratchTarget>> OpenScratch,
    Func<string, string> Describe, Func<string, bool> IsCurrent);

/// <summary>An empty place to write rows to, for a trial.</summary>
/// <param name="replica">Where to.</param>
/// <param name="end">Takes it away.</param>
public sealed class ScratchTarget(IReplica replica, Func<ValueTask> end) : IAsyncDisposable
{
    /// <summary>Where rows are written.</summary>
    public IReplica Replica { get; } = replica;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => end();
}

/// <summary>
/// Moves a node's data to another store while the node runs, and survives the node's end at any point.
/// <para>
/// <b>Steps.</b> <i>None</i> → <i>Copying</i> (⇄ <i>Paused</i>) → <i>Copied</i> ⇄ <i>CutOver</i>. From the start of Copying every
/// write's keys are noted before it begins (<see cref="ChangeLog"/>) and its rows carried over afterwards (<see cref="Mirror"/>), so what
/// was copied stays equal. The cut-over demands a full comparison that found no difference (<see cref="Verifier"/>); then for a moment
/// writes wait until nothing is left to be carried over, and the stores change places. From then on changes are carried back, so that one
/// can return the same way.
/// </para>
/// <para>
/// <b>Who may answer.</b> One store answers everything, reads and writes; the other is written by the mirror and the copy alone. Which one
/// is kept in <see cref="MigrationState"/> and changed there before the first write reaches the other: a node killed at that moment starts
/// with the new one, which holds everything that the old one does.
/// </para>
/// <para>
/// <b>Its end.</b> <see cref="AbortAsync"/> before the cut-over; after it, a start of the node with the new store as its own.
/// </para>
/// Safe to use from any thread; commands come one at a time.
/// </summary>
public sealed class StorageMigration : IAsyncDisposable
{
    // Writes that began before their keys were noted have ended by then; what hung for longer in a store that does not answer, the
    // comparison finds.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    // Beyond doubt after the first write whose key was noted.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SwitchLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PaceWindow = TimeSpan.FromSeconds(10);

    private readonly MirroredStorage _storage;
    private readonly MigrationTargets _targets;
    private readonly string _directory;
    private readonly MigrationState _state;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Throttle _throttle;
    private readonly SemaphoreSlim _command = new(1);
    private readonly Queue<(long At, long Rows)> _pace = new();
    private readonly Retry _opening;
    private readonly string _boot = BootOfThisMachine();
    private CancellationTokenSource _stopping = new();
    private Task _working = Task.CompletedTask;
    private Task _verifying = Task.CompletedTask;
    private IStorage? _other;
    private ChangeLog? _changes;
    private Mirror? _mirror;
    private MigrationClock? _clock;
    private volatile Copier? _copier;
    private volatile Verifier? _verifier;
    private volatile VerificationReport? _report;
    private volatile string? _failing;
    private int _disposed;

    private StorageMigration(MirroredStorage storage, string dataDirectory, MigrationTargets targets, TimeProvider time, ILogger log)
    {
        (_storage, _targets, _directory, _time, _log) = (storage, targets, dataDirectory, time, log);
        _throttle = new Throttle(time);
        _opening = new Retry(MigrationSide.Target, limit: null, time, log);
        _state = new MigrationState(dataDirectory);
        storage.Closing = DisposeAsync;
    }

    /// <summary>Goes on with what a data directory knows of, or waits for a <see cref="StartAsync"/>.</summary>
    /// <param name="storage">The node's storage, opened as the node's options say.</param>
    /// <param name="dataDirectory">Where the migration keeps its state.</param>
    /// <param name="targets">How targets are opened.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="ct">Ends the opening.</param>
    /// <exception cref="MigrationException">The target answers already, and cannot be opened.</exception>
    public static async Task<StorageMigration> OpenAsync(
        MirroredStorage storage, string dataDirectory, MigrationTargets targets, TimeProvider time, ILogger log,
        CancellationToken ct = default)
    {
        var migration = new StorageMigration(storage, dataDirectory, targets, time, log);
        try
        {
            await migration.ContinueAsync(ct).ConfigureAwait(false);
            return migration;
        }
        catch
        {
            await migration.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins to move to a target, or goes on with a copy that was paused.</summary>
    /// <param name="target">What the node opens the target by; null to go on.</param>
    /// <param name="rowsPerSecond">The most that are copied; 0 for no limit.</param>
    /// <param name="ct">Ends the attempt.</param>
    public Task StartAsync(string? target, long rowsPerSecond, CancellationToken ct = default) => CommandAsync(async () =>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowsPerSecond);
        if (_state.Phase is MigrationPhase.Paused or MigrationPhase.Copying or MigrationPhase.Copied or MigrationPhase.CutOver)
        {
            if (_state.Phase != MigrationPhase.Paused) throw Refuse("A migration is on already");
            if (target is not null && target != _state.Target)
                throw new MigrationException("Another migration is paused: go on with it without naming a target, or abort it first.");
            SetRate(rowsPerSecond);
            _state.Phase = MigrationPhase.Copying;
            Work();
            return;
        }
        if (target is null) throw new MigrationException("There is no migration to go on with: name a target.");
        if (_targets.IsCurrent(target)) throw new MigrationException("The node uses that store already.");
        await EndAsync().ConfigureAwait(false);
        var opened = await OpenTargetAsync(target, ct).ConfigureAwait(false);
        var last = _state.LastTimestamp;
        _state.Clear();
        File.Delete(ChangesPath);
        _state.LastTimestamp = last;
        (_state.Target, _state.StartedAt) = (target, _time.GetUtcNow());
        SetRate(rowsPerSecond);
        _state.Phase = MigrationPhase.Copying;
        Note();
        Attach(opened);
        Work(Settling);
        Say("started");
    }, ct);

    /// <summary>Lets the copy rest. Writes are still carried over.</summary>
    public Task PauseAsync(CancellationToken ct = default) => CommandAsync(async () =>
    {
        if (_state.Phase != MigrationPhase.Copying) throw Refuse("Nothing is being copied");
        await StopWorkAsync().ConfigureAwait(false);
        if (_state.Phase == MigrationPhase.Copying) _state.Phase = MigrationPhase.Paused;
        // Changes are carried over all the same, as soon as the target is there.
        if (_other is null) Work();
        Say("paused");
    }, ct);

    /// <summary>Begins to compare the stores; <see cref="Status"/> tells how it goes.</summary>
    /// <param name="share">1 for everything, less for a sample of so large a share.</param>
    /// <param name="ct">Ends the attempt to begin.</param>
    public Task VerifyAsync(double share, CancellationToken ct = default) => CommandAsync(() =>
    {
        if (share is not (> 0 and <= 1)) throw new MigrationException("The share to compare must be above 0 and at most 1.");
        if (_state.Phase is not (MigrationPhase.Copied or MigrationPhase.CutOver)) throw Refuse("Only what is copied can be compared");
        if (!_verifying.IsCompleted) throw new MigrationException("A comparison is running.");
        if (_other is null) throw NotOpen();
        var (asksFrom, asksTo) = Retries(Verifier.Patience);
        var verifier = new Verifier(
            new(_storage.Primary.Replica, asksFrom), new(_other.Replica, asksTo), _changes!, _mirror!, _time);
        _verifier = verifier;
        _verifying = Task.Run(() => VerifyAsync(verifier, share), CancellationToken.None);
        return Task.CompletedTask;
    }, ct);

    /// <summary>Lets the target answer, or with <paramref name="back"/> the old store again.</summary>
    public Task CutoverAsync(bool back, CancellationToken ct = default) => CommandAsync(async () =>
    {
        if (_state.Phase != (back ? MigrationPhase.CutOver : MigrationPhase.Copied))
            throw Refuse(back ? "The target does not answer" : "Only what is copied can answer");
        if (!_verifying.IsCompleted) throw new MigrationException("A comparison is running.");
        if (!_state.IsVerified)
            throw new MigrationException(
                "Compare everything first (pbm migrate verify): no full comparison has shown yet that the stores are equal.");
        if (_other is null) throw NotOpen();
        if ((_mirror!.Waiting?.ToString() ?? _mirror.Failing) is { } failing)
            throw new MigrationException($"Changes are not carried over at the moment: {failing}");
        var (old, next) = (_storage.Primary, _other);
        try
        {
            await _storage.SwitchAsync(next, SwitchLimit, async () =>
            {
                await _mirror.DisposeAsync().ConfigureAwait(false);
                _state.Phase = back ? MigrationPhase.Copied : MigrationPhase.CutOver;
                _other = old;
                _mirror = NewMirror(next.Replica, old.Replica);
            }).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new MigrationException(
                $"{_changes!.Count:N0} changes were not carried over within {SwitchLimit.TotalSeconds:0} s; nothing has changed. Try when less is written.", e);
        }
        Say(back ? "cut back: the old store answers" : "cut over: the target answers");
    }, ct);

    /// <summary>Ends a migration that was not cut over. What is in the target stays there.</summary>
    public Task AbortAsync(CancellationToken ct = default) => CommandAsync(async () =>
    {
        if (_state.Phase == MigrationPhase.None) throw Refuse("There is nothing to abort");
        if (_state.Phase == MigrationPhase.CutOver) throw Refuse("The target answers: cut back first");
        Say("aborted");
        await EndAsync().ConfigureAwait(false);
        var last = _state.LastTimestamp;
        _state.Clear();
        _state.LastTimestamp = last;
        File.Delete(ChangesPath);
    }, ct);

    /// <summary>
    /// Copies messages for a while into a store that is thrown away, and says how long a migration would take.
    /// </summary>
    public async Task<TrialReport> TryAsync(string target, TimeSpan duration, CancellationToken ct = default)
    {
        ScratchTarget scratch;
        try
        {
            scratch = await _targets.OpenScratch(target, ct).ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            throw new MigrationException($"The target cannot be opened: {e.Message}", e);
        }
        await using (scratch.ConfigureAwait(false))
            return await Trial.RunAsync(_storage.Replica, scratch.Replica, duration, _time, ct).ConfigureAwait(false);
    }

    /// <summary>Changes the copy's limit, 0 for none.</summary>
    public void Limit(long rowsPerSecond) => SetRate(rowsPerSecond);

    /// <summary>Where it stands.</summary>
    public MigrationStatus Status()
    {
        var phase = _state.Phase;
        var tables = phase == MigrationPhase.None
            ? []
            : ReplicaTable.All.Select(table => (Table: table, Ranges: _state.Ranges(table))).Select(t => new TableProgress(
                t.Table.Name, t.Ranges.Sum(r => r.Rows), _state.Estimate(t.Table), t.Ranges.Count, t.Ranges.Count(r => r.IsDone))).ToList();
        var pace = Pace(tables.Sum(table => table.Copied));
        var waiting = MigrationWait.Longest(_opening.Waiting, _copier?.Waiting, _verifier?.Waiting, _mirror?.Waiting);
        var left = tables.Where(t => t.Ranges == 0 || t.RangesDone < t.Ranges).Sum(t => Math.Max(0, t.Estimated - t.Copied));
        return new MigrationStatus(
            phase, _state.Target is { } target ? _targets.Describe(target) : "", _state.StartedAt, tables, pace,
            phase == MigrationPhase.Copying && pace > 0 ? left / pace : null, _changes?.Count ?? 0, _mirror?.Carried ?? 0,
            waiting, _failing ?? (waiting is null ? _mirror?.Failing : null), _throttle.Rate,
            _verifying.IsCompleted ? _report : _verifier?.Report(running: true));
    }

    /// <summary>Stops; what is under way goes on at the next start. The store that answers does so before it closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        var clean = _changes is { Broken: null };
        await EndAsync(keepNoting: true).ConfigureAwait(false);
        // All changes are in a file that is closed in order: the machine may go down.
        if (clean) _state.Boot = "";
        _state.Dispose();
    }

    /// <summary>Completes when what is under way with the target has ended: opening it, and the copy.</summary>
    internal Task Working => _working;

    /// <summary>Completes when the comparison that runs has ended.</summary>
    internal Task Verifying => _verifying;

    private string ChangesPath => Path.Combine(_directory, "migration-changes.log");

    private async Task ContinueAsync(CancellationToken ct)
    {
        var phase = _state.Phase;
        if (phase is MigrationPhase.None or MigrationPhase.Broken) return;
        var target = _state.Target!;
        if (_targets.IsCurrent(target))
        {
            if (phase != MigrationPhase.CutOver)
            {
                throw new MigrationException(
                    "The node is started with the target of a migration that was not cut over: start it with the old store and cut over or abort first.");
            }
            Say("finished: the node has the target as its own store");
            var last = _state.LastTimestamp;
            _state.Clear();
            _state.LastTimestamp = last;
            File.Delete(ChangesPath);
            return;
        }
        if (_state.Boot.Length > 0 && _state.Boot != _boot) _state.IsVerified = false;
        SetRate(_state.RateLimit);
        Note();
        if (phase == MigrationPhase.CutOver)
        {
            var next = await OpenTargetAsync(target, ct).ConfigureAwait(false);
            _other = _storage.Primary;
            await _storage.SwitchAsync(next, SwitchLimit, () => Task.CompletedTask, drained: false).ConfigureAwait(false);
            _mirror = NewMirror(next.Replica, _other.Replica);
            Say("goes on: the target answers");
            return;
        }
        // The node starts all the same when the target does not answer; changes are noted until it does.
        Work();
        Say("goes on");
    }

    private async Task ReopenAsync(string target, CancellationToken ct)
    {
        using (var call = _opening.Begin())
        {
            while (_other is null)
            {
                call.Ask();
                try
                {
                    Attach(await _targets.Open(target, ct).ConfigureAwait(false));
                    call.Answered();
                }
                catch (StorageException e)
                {
                    // Transient or not: changes are noted all the same, until somebody has mended it.
                    call.Failed(e);
                    await call.PauseAsync(ct).ConfigureAwait(false);
                }
            }
        }
        if (_state.Phase == MigrationPhase.Copying) await CopyAsync(TimeSpan.Zero, ct).ConfigureAwait(false);
    }

    private void Note()
    {
        _clock = new MigrationClock(_time, _state.LastTimestamp);
        _changes = new ChangeLog(ChangesPath) { OnBroken = OnBroken };
        _state.Boot = _boot;
        _storage.Changes = _changes;
    }

    private void Attach(IStorage target)
    {
        _other = target;
        _mirror = NewMirror(_storage.Primary.Replica, target.Replica);
        _failing = null;
    }

    private Mirror NewMirror(IReplica from, IReplica to)
    {
        var (asksFrom, asksTo) = Retries(limit: null);
        return new(from, to, asksFrom, asksTo, _changes!, _clock!, _time, _log) { TooMany = OnTooMany, MayBeCopied = MayBeCopied };
    }

    private bool MayBeCopied(ReplicaKey key) => _state.Phase is MigrationPhase.Copying or MigrationPhase.Paused
        && (key.Table.TimedBy is not { } id || key.Cells[id].Number < Copier.FirstNoted(_state.StartedAt + Margin));

    // How one work asks the store that answers, and the other one.
    private (Retry From, Retry To) Retries(TimeSpan? limit)
    {
        var (from, to) = _state.Phase == MigrationPhase.CutOver
            ? (MigrationSide.Target, MigrationSide.Source)
            : (MigrationSide.Source, MigrationSide.Target);
        return (new(from, limit, _time, _log), new(to, limit, _time, _log));
    }

    // Only a full comparison finds what was not carried over; until then the target may not answer.
    private void OnTooMany(ReplicaTable table)
    {
        _state.IsVerified = false;
        MigrationLog.TooManyRows(_log, IReplica.MostBelow, table.Name);
    }

    private void Work(TimeSpan after = default) => _working = Task.Run(
        () => _other is null ? ReopenAsync(_state.Target!, _stopping.Token) : CopyAsync(after, _stopping.Token), CancellationToken.None);

    private async Task CopyAsync(TimeSpan after, CancellationToken ct)
    {
        try
        {
            await Task.Delay(after, _time, ct).ConfigureAwait(false);
            var (asksFrom, asksTo) = Retries(limit: null);
            using var copier = new Copier(
                new(_storage.Primary.Replica, asksFrom), new(_other!.Replica, asksTo), _state, _clock!, _throttle, _time, _log,
                _state.StartedAt + Margin);
            _copier = copier;
            await copier.RunAsync(ct).ConfigureAwait(false);
            if (_state.Phase == MigrationPhase.Copying) _state.Phase = MigrationPhase.Copied;
            Say("copied");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Paused, aborted, or the node stops.
        }
        catch (Exception e)
        {
            _failing = e.Message;
            MigrationLog.Stopped(_log, e.Message, e);
        }
        finally
        {
            if (_clock is { } clock) _state.LastTimestamp = clock.Last;
        }
    }

    private async Task VerifyAsync(Verifier verifier, double share)
    {
        try
        {
            await (share >= 1 ? verifier.FullAsync(_stopping.Token) : verifier.SampleAsync(share, _stopping.Token)).ConfigureAwait(false);
            _report = verifier.Report(running: false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            _report = verifier.Report(running: false, "it was stopped");
        }
        catch (Exception e)
        {
            _report = verifier.Report(running: false, e.Message);
            MigrationLog.NotCompared(_log, e);
        }
        if (_report.Full) _state.IsVerified = _report.Passed && _changes is { Broken: null };
        Say(_report.Passed ? "compared: no difference" : $"compared: {_report.Error ?? $"{_report.Different:N0} rows differ"}");
    }

    private void OnBroken(string reason)
    {
        _state.IsVerified = false;
        if (_state.Phase != MigrationPhase.CutOver) _state.Phase = MigrationPhase.Broken;
        _failing = $"The migration has lost track of changes and must begin anew: {reason}";
        MigrationLog.Broken(_log, reason);
    }

    private async Task StopWorkAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _verifying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
        _copier = null;
    }

    private async Task EndAsync(bool keepNoting = false)
    {
        await StopWorkAsync().ConfigureAwait(false);
        if (!keepNoting) _storage.Changes = null;
        if (_mirror is { } mirror) await mirror.DisposeAsync().ConfigureAwait(false);
        if (_clock is { } clock) _state.LastTimestamp = clock.Last;
        _changes?.Dispose();
        if (_other is { } other) await other.DisposeAsync().ConfigureAwait(false);
        (_mirror, _changes, _other, _failing, _report, _verifier) = (null, null, null, null, null, null);
    }

    private async Task<IStorage> OpenTargetAsync(string target, CancellationToken ct)
    {
        try
        {
            return await _targets.Open(target, ct).ConfigureAwait(false);
        }
        catch (StorageException e)
        {
            throw new MigrationException($"The target, {_targets.Describe(target)}, cannot be opened: {e.Message}", e);
        }
    }

    private async Task CommandAsync(Func<Task> command, CancellationToken ct)
    {
        await _command.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await command().ConfigureAwait(false);
        }
        finally
        {
            _command.Release();
        }
    }

    private void SetRate(long rowsPerSecond)
    {
        _throttle.Rate = rowsPerSecond;
        _state.RateLimit = rowsPerSecond;
    }

    private double Pace(long copied)
    {
        lock (_pace)
        {
            var now = _time.GetTimestamp();
            _pace.Enqueue((now, copied));
            while (_pace.Count > 2 && _time.GetElapsedTime(_pace.Peek().At, now) > PaceWindow) _pace.Dequeue();
            var (at, rows) = _pace.Peek();
            var seconds = _time.GetElapsedTime(at, now).TotalSeconds;
            return seconds > 0.1 && copied >= rows ? (copied - rows) / seconds : 0;
        }
    }

    private void Say(string what) => MigrationLog.Step(_log, _state.Target is { } target ? _targets.Describe(target) : "nowhere", what);

    private MigrationException NotOpen() => new($"The other store is not open: {_opening.Waiting?.Reason ?? _failing}");

    private MigrationException Refuse(string why) => new($"{why}: the migration's phase is {_state.Phase.ToString().ToLowerInvariant()}.");

    // Linux gives each boot an id. Where there is none, every end that was not in order is taken for the machine's.
    private static string BootOfThisMachine()
    {
        const string Path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(Path) ? File.ReadAllText(Path).Trim() : Guid.NewGuid().ToString();
    }
}
