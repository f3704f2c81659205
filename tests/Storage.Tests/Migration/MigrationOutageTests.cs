using System.Text;
using Discord.Protocol;
using Discord.Storage.Migration;
using Discord.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.Tests.Migration;

/// <summary>Stores that fail, or do not answer, while a migration copies, compares and carries over.</summary>
public sealed class MigrationOutageTests : IAsyncDisposable
{
    private const string Target = "the other store";
    private static readonly Snowflake Channel = new(77);

    /// <summary>As long as the longest pause before something is asked again.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly TempDirectory _here = new();
    private readonly TempDirectory _there = new();
    private readonly SteppedTime _time = new(World.Noon);
    private readonly List<TaskCompletionSource> _hanging = [];
    private TimestampedStorage _source = null!;
    private TimestampedStorage _target = null!;
    private MirroredStorage? _storage;
    private StorageMigration _migration = null!;

    /// <summary>What a migration does when a store does not answer.</summary>
    public enum Work
    {
        Copy,
        Comparison,
        Sample,
        Changes,
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var answer in _hanging) answer.TrySetResult();
        if (_storage is not null) await _storage.DisposeAsync();
        _here.Dispose();
        _there.Dispose();
    }

    [Theory]
    [InlineData(Work.Copy, MigrationSide.Source, false)]
    [InlineData(Work.Copy, MigrationSide.Source, true)]
    [InlineData(Work.Copy, MigrationSide.Target, false)]
    [InlineData(Work.Copy, MigrationSide.Target, true)]
    [InlineData(Work.Comparison, MigrationSide.Source, false)]
    [InlineData(Work.Comparison, MigrationSide.Source, true)]
    [InlineData(Work.Comparison, MigrationSide.Target, false)]
    [InlineData(Work.Comparison, MigrationSide.Target, true)]
    [InlineData(Work.Sample, MigrationSide.Source, false)]
    [InlineData(Work.Sample, MigrationSide.Target, true)]
    [InlineData(Work.Changes, MigrationSide.Source, false)]
    [InlineData(Work.Changes, MigrationSide.Source, true)]
    [InlineData(Work.Changes, MigrationSide.Target, false)]
    [InlineData(Work.Changes, MigrationSide.Target, true)]
    public async Task Store_that_does_not_answer_is_named_with_time_and_reason_until_it_does(Work work, MigrationSide side, bool hangs)
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        if (work != Work.Copy) await CopiedAsync();
        var store = side == MigrationSide.Source ? _source.Faulty : _target.Faulty;
        var (asked, healed) = hangs
            ? Hang(store, KindOf(work, side))
            : Fail(store, KindOf(work, side), () => Away("no host answers"));
        await BeginAsync(work);
        await _time.RunAsync(asked, Step);

        _time.Advance(TimeSpan.FromSeconds(40));
        var waiting = _migration.Status().Waiting!;
        // What the other store was asked for at that moment takes no longer.
        for (; waiting.Side != side; waiting = _migration.Status().Waiting!) await Task.Yield();
        Assert.Equal(hangs ? "no answer yet" : "no host answers", waiting.Reason);
        Assert.InRange(waiting.Seconds, 40, 119);
        Assert.StartsWith($"waiting for the {side.ToString().ToLowerInvariant()} since 4", waiting.ToString(), StringComparison.Ordinal);

        healed();
        await _time.RunAsync(EndOf(work), Step);
        var status = _migration.Status();
        Assert.Null(status.Waiting);
        Assert.Null(status.Failing);
        Assert.Equal(MigrationPhase.Copied, status.Phase);
        if (work is Work.Comparison or Work.Sample) Assert.True(status.Verification is { Passed: true, Repaired: 0 }, status.ToString());
        Assert.Equal(await World.DescribeAsync(_storage!, Channel), await World.DescribeAsync(_target, Channel));
    }

    [Fact]
    public async Task Comparison_reads_on_from_where_a_fault_was_and_counts_every_row_once()
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        for (var i = 0; i < 3_500; i++) await PostAsync(i);
        await CopiedAsync();
        long rows = 0;
        foreach (var table in ReplicaTable.All.Where(table => table != ReplicaTable.Nonces))
            await foreach (var page in _source.ScanAsync(table, ReplicaRange.Whole, default)) rows += page.Rows.Count;
        // Of four pages the source gives one at a time, the target two and then none for a while.
        FailBefore(_source.Faulty, 1, 1, 1);
        FailBefore(_target.Faulty, 2, 0, 0);
        var report = await CompareAsync(1);
        Assert.True(report is { Passed: true, Repaired: 0 }, report.ToString());
        Assert.Equal(rows, report.Compared);
        foreach (var store in (FaultyReplica[])[_source.Faulty, _target.Faulty])
        {
            // Were a row counted twice, the sums would differ and all keys be listed by one more scan of the whole.
            var begun = store.Scans.Where(scan => scan.Table == ReplicaTable.Messages).Select(scan => scan.Range.After.Length > 0);
            Assert.Equal([false, true, true, true], begun);
        }

        static void FailBefore(FaultyReplica store, params int[] pages)
        {
            var faults = 0;
            store.Scans.Clear();
            store.Before = (question, table, page, _) =>
            {
                if ((question, table) != (Question.Page, ReplicaTable.Messages) || faults == pages.Length || page != pages[faults])
                    return Task.CompletedTask;
                faults++;
                return Task.FromException(Away("the connection was lost"));
            };
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public async Task Comparison_is_given_up_with_the_cause_when_the_target_does_not_come_back(double share)
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await CopiedAsync();
        _target.Faulty.Fail(share < 1 ? Question.Read : Question.Page, () => Away("no host answers"));
        var report = await CompareAsync(share);
        Assert.Equal("the target did not answer for 120 s: no host answers", report.Error);
        Assert.Null(_migration.Status().Waiting);
        await Assert.ThrowsAsync<MigrationException>(() => _migration.CutoverAsync(back: false));

        _target.Faulty.Heal();
        Assert.True((await CompareAsync(1)).Passed);
        await _migration.CutoverAsync(back: false);
    }

    [Fact]
    public async Task Comparison_is_not_held_up_by_one_side_when_the_other_has_ended_it()
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await CopiedAsync();
        Hang(_source.Faulty, Question.Page);
        _target.Faulty.Fail(Question.Page, () => new StorageException(StorageError.Refused, "a right is missing"));
        Assert.Equal("a right is missing", (await CompareAsync(1)).Error);
    }

    [Fact]
    public async Task Comparison_ends_at_once_with_what_waiting_does_not_mend()
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await CopiedAsync();
        var asked = 0;
        _target.Faulty.Fail(Question.Page, () =>
        {
            asked++;
            return new StorageException(StorageError.Refused, "a right is missing");
        });
        await _migration.VerifyAsync(1);
        await EndAsync(_migration.Verifying);
        Assert.Equal("a right is missing", _migration.Status().Verification!.Error);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Difference_is_repaired_though_the_target_is_away_for_a_minute_when_it_is_looked_at()
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await CopiedAsync();
        _time.Advance(Step);
        await _target.Replica.WriteAsync(
            ReplicaTable.Messages, [ReplicaChange.Remove([Channel, World.Message(1)])], _time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000,
            default);
        _time.Advance(Step);
        var (back, began) = (NewSignal(), default(DateTimeOffset?));
        _target.Faulty.Before = (question, _, _, _) =>
        {
            if (question != Question.Write) return Task.CompletedTask;
            began ??= _time.GetUtcNow();
            if (_time.GetUtcNow() - began < TimeSpan.FromMinutes(1)) return Task.FromException(Away("no host answers"));
            back.TrySetResult();
            return Task.CompletedTask;
        };
        await _migration.VerifyAsync(1);
        await _time.RunAsync(back.Task, Step);
        await EndAsync(_migration.Verifying);
        Assert.True(_migration.Status().Verification is { Passed: true, Repaired: 1 }, _migration.Status().ToString());
    }

    [Fact]
    public async Task Comparison_says_why_changes_are_not_carried_over()
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await CopiedAsync();
        await _target.Messages.DeleteAsync(Channel, [World.Message(1)]);
        _target.Faulty.Fail(Question.Write, () => Away("no host answers"));
        var report = await CompareAsync(1);
        Assert.Matches(
            "^changes are not carried over: waiting for the target since 1[2-9][0-9] s: no host answers$", report.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pause_and_abort_do_not_wait_for_a_target_that_does_not_answer(bool hangs)
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await PauseAsync();
        Assert.Equal(MigrationPhase.Paused, _migration.Status().Phase);
        Assert.Null(_migration.Status().Waiting);
        await _migration.StartAsync(null, 0);
        await _time.RunAsync(_migration.Working, Step);
        Assert.True((await CompareAsync(1)).Passed);
        await EndAsync(_migration.AbortAsync());

        _target = await NewTargetAsync();
        await PauseAsync();
        await EndAsync(_migration.AbortAsync());
        Assert.Equal(MigrationPhase.None, _migration.Status().Phase);

        async Task PauseAsync()
        {
            var (asked, healed) = hangs ? Hang(_target.Faulty, Question.Write) : Fail(_target.Faulty, Question.Write, () => Away("away"));
            await _migration.StartAsync(Target, 0);
            await _time.RunAsync(asked, Step);
            await EndAsync(_migration.PauseAsync());
            healed();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Abort_and_the_nodes_stop_end_a_comparison_that_waits(bool stops)
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await CopiedAsync();
        var (asked, _) = Fail(_target.Faulty, Question.Page, () => Away("away"));
        await _migration.VerifyAsync(1);
        await _time.RunAsync(asked, Step);
        var verifying = _migration.Verifying;
        await EndAsync(stops ? _storage!.DisposeAsync().AsTask() : _migration.AbortAsync());
        Assert.True(verifying.IsCompleted);
        if (stops) _storage = null;
    }

    [Fact]
    public async Task After_the_cut_over_the_old_store_is_still_called_the_source()
    {
        await OpenAsync();
        await World.FillAsync(_storage!, Channel);
        await CopiedAsync();
        Assert.True((await CompareAsync(1)).Passed);
        await _migration.CutoverAsync(back: false);
        var (asked, healed) = Fail(_source.Faulty, Question.Write, () => Away("the disk is full"));
        await PostAsync(1);
        await _time.RunAsync(asked, Step);
        Assert.Equal((MigrationSide.Source, "the disk is full"), (_migration.Status().Waiting!.Side, _migration.Status().Waiting!.Reason));
        var refused = await Assert.ThrowsAsync<MigrationException>(() => _migration.CutoverAsync(back: true));
        Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        healed();
        await _time.RunAsync(_storage!.Changes!.WhenEmpty(), Step);
        await _migration.CutoverAsync(back: true);
    }

    private static Question KindOf(Work work, MigrationSide side) => (work, side) switch
    {
        (Work.Copy or Work.Changes, MigrationSide.Target) => Question.Write,
        (Work.Sample, MigrationSide.Target) or (Work.Changes, MigrationSide.Source) => Question.Read,
        _ => Question.Page,
    };

    private Task BeginAsync(Work work) => work switch
    {
        Work.Copy => _migration.StartAsync(Target, 0),
        Work.Comparison => _migration.VerifyAsync(1),
        Work.Sample => _migration.VerifyAsync(0.99),
        _ => PostAsync(1),
    };

    private Task EndOf(Work work) => work switch
    {
        Work.Copy => _migration.Working,
        Work.Comparison or Work.Sample => _migration.Verifying,
        _ => _storage!.Changes!.WhenEmpty(),
    };

    // Until it is healed; the task completes when it is asked again, and the first failure is known to be seen.
    private static (Task Asked, Action Heal) Fail(FaultyReplica store, Question kind, Func<Exception> fault)
    {
        var (asked, again) = (0, NewSignal());
        store.Fail(kind, () =>
        {
            if (Interlocked.Increment(ref asked) == 2) again.TrySetResult();
            return fault();
        });
        return (again.Task, store.Heal);
    }

    // What was asked is answered when it is healed.
    private (Task Asked, Action Heal) Hang(FaultyReplica store, Question kind)
    {
        var (asked, healed) = (NewSignal(), NewSignal());
        _hanging.Add(healed);
        store.Before = (question, _, _, ct) =>
        {
            if (question != kind) return Task.CompletedTask;
            asked.TrySetResult();
            // A write does not look at what cancels it.
            return kind == Question.Write ? healed.Task : healed.Task.WaitAsync(ct);
        };
        return (asked.Task, healed.SetResult);
    }

    private static StorageException Away(string why) => new(StorageError.Unavailable, why);

    private async Task OpenAsync()
    {
        _source = new TimestampedStorage(await SqliteAsync(_here.Path)) { IgnoresTimes = true };
        _target = await NewTargetAsync();
        _storage = new MirroredStorage(_source);
        var targets = new MigrationTargets(
            (_, _) => Task.FromResult<IStorage>(_target), (_, _) => throw new NotSupportedException(), name => name, _ => false);
        _migration = await StorageMigration.OpenAsync(_storage, _here.Path, targets, _time, NullLogger.Instance);
    }

    private async Task<TimestampedStorage> NewTargetAsync() => new(await SqliteAsync(_there.Path));

    private static async Task<IStorage> SqliteAsync(string path) => await SqliteStorage.OpenAsync(
        new SqliteStorageOptions { DataDirectory = path, Durability = Durability.Normal, Time = new ManualTime(World.Noon) });

    private async Task CopiedAsync()
    {
        await _migration.StartAsync(Target, 0);
        await _time.RunAsync(_migration.Working, Step);
        Assert.Equal(MigrationPhase.Copied, _migration.Status().Phase);
    }

    private async Task<VerificationReport> CompareAsync(double share)
    {
        await _migration.VerifyAsync(share);
        await _time.RunAsync(_migration.Verifying, Step);
        return _migration.Status().Verification!;
    }

    private async Task PostAsync(int index) => await _storage!.Messages.AppendAsync(
        new MessageRow(Channel, new(World.Message(100).Value + ((ulong)index << 22)), new(1), Encoding.UTF8.GetBytes("m" + index)));

    private static Task EndAsync(Task work) => work.WaitAsync(TimeSpan.FromSeconds(60));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
