using System.Text;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Accounts;
using Discord.Storage.Migration;
using Discord.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.Tests.Migration;

public sealed class StorageMigrationTests : IAsyncDisposable
{
    private const string Target = "the other store";
    private static readonly Snowflake Channel = new(77);

    private readonly TempDirectory _node = new();
    private readonly TempDirectory _elsewhere = new();
    private readonly TempDirectory _scratch = new();
    private MirroredStorage _storage = null!;
    private TimestampedStorage? _target;
    private StorageMigration _migration = null!;
    private bool _startedWithTarget;
    private Func<Task> _targetIs = () => Task.CompletedTask;
    private Func<int, Task> _targetBefore = _ => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _node.Dispose();
        _elsewhere.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Everything_is_copied_compared_and_answered_by_the_target()
    {
        await StartAsync();
        await World.FillAsync(_storage, Channel);
        var before = await World.DescribeAsync(_storage, Channel);
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        Assert.Equal(before, await World.DescribeAsync(_target!, Channel));

        var refused = await Assert.ThrowsAsync<MigrationException>(() => _migration.CutoverAsync(back: false));
        Assert.Contains("verify", refused.Message, StringComparison.Ordinal);
        var report = await VerifyAsync(1);
        Assert.True(report is { Passed: true, Full: true, Different: 0, Repaired: 0 }, report.ToString());
        await _migration.CutoverAsync(back: false);
        Assert.Equal(before, await World.DescribeAsync(_storage, Channel));

        // What is written now is in the target first, and in the old store soon.
        await PostAsync(900, "after the cut-over");
        Assert.NotNull(await _target!.Messages.GetAsync(Channel, Id(900)));
        await CarriedOverAsync();
        await _migration.CutoverAsync(back: true);
        Assert.Equal("after the cut-over", await TextAsync(_storage, 900));
        await StopAsync();
        await StartAsync();
        Assert.Equal("after the cut-over", await TextAsync(_storage, 900));
    }

    [Fact]
    public async Task Writes_of_all_kinds_during_the_copy_are_in_the_target_at_its_end()
    {
        Assert.Equal(0, await DifferencesUnderWritesAsync(ignoresTimes: false));
    }

    [Fact]
    public async Task Target_that_ignored_the_times_would_be_found_out()
    {
        // The rule that the newest reading wins is what the test above shows: without it rows differ.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            if (await DifferencesUnderWritesAsync(ignoresTimes: true) > 0) return;
            await StopAsync();
            foreach (var file in Directory.GetFiles(_node.Path).Concat(Directory.GetFiles(_elsewhere.Path))) File.Delete(file);
        }
        Assert.Fail("no row differed in five runs");
    }

    [Fact]
    public async Task Differences_are_found_and_repaired()
    {
        await StartAsync();
        await World.FillAsync(_storage, Channel);
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        // As if it was made while it is compared.
        var young = Snowflake.FromTimestamp(DateTimeOffset.UtcNow + TimeSpan.FromHours(1));
        await _storage.Messages.AppendAsync(new MessageRow(Channel, young, World.Ada.Id, "young"u8.ToArray()));
        await CarriedOverAsync();
        await _target!.Replica.WriteAsync(ReplicaTable.Messages, [ReplicaChange.Remove([Channel, young])], Now());
        // Lost, changed, and too much.
        await _target.Replica.WriteAsync(ReplicaTable.Messages, [ReplicaChange.Remove([Channel, World.Message(1)])], Now());
        await _target.Messages.DeleteAsync(Channel, [World.Message(3)]);
        await _target.Lookups.WriteAsync([LookupWrite.Put(LookupKind.InviteCode, "abc", new Snowflake(999))]);
        await _target.Lookups.WriteAsync([LookupWrite.Put(LookupKind.InviteCode, "too-much", new Snowflake(1))]);
        var report = await VerifyAsync(1);
        Assert.True(report is { Passed: true, Repaired: > 5 }, report.ToString());
        Assert.Equal(await World.DescribeAsync(_storage, Channel), await World.DescribeAsync(_target, Channel));
        Assert.Null(await _target.Lookups.GetAsync(LookupKind.InviteCode, "too-much"));
        Assert.NotNull(await _target.Messages.GetAsync(Channel, young));
        Assert.Equal(0, (await VerifyAsync(0.5)).Repaired);
    }

    [Fact]
    public async Task Copy_goes_on_where_it_was_after_pause_and_restart()
    {
        await StartAsync();
        for (var i = 0; i < 5_000; i++) await PostAsync(i, "m" + i);
        // A page is five writes of 200 rows, and its end is noted before the next one's begin.
        var (writes, second) = (0, NewSignal());
        _targetBefore = rows =>
        {
            if (rows == 200 && Interlocked.Increment(ref writes) > 5) second.TrySetResult();
            return Task.CompletedTask;
        };
        await _migration.StartAsync(Target, 4_000);
        await EndAsync(second.Task);
        await _migration.PauseAsync();
        var copied = Copied();
        Assert.InRange(copied, 1, 4_999);
        Assert.Equal(MigrationPhase.Paused, _migration.Status().Phase);
        await PostAsync(6_000, "while it rests");
        await StopAsync();
        await StartAsync();
        Assert.Equal(MigrationPhase.Paused, _migration.Status().Phase);
        Assert.Equal(copied, Copied());
        await EndAsync(_migration.Working);
        await _migration.StartAsync(null, 0);
        await PhaseAsync(MigrationPhase.Copied);
        // The rest, with the row that was written meanwhile where the range had not passed it; nothing twice but what was on its way.
        Assert.InRange(Copied(), 5_000, 6_001);
        Assert.True((await VerifyAsync(1)) is { Passed: true, Repaired: 0 });
    }

    [Fact]
    public async Task Target_that_fails_for_a_while_holds_nothing_up_and_gets_everything()
    {
        await StartAsync();
        await World.FillAsync(_storage, Channel);
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        var (failures, again) = (0, NewSignal());
        _target!.Before = _ =>
        {
            // What the first failure leads to is there when it is tried again.
            if (Interlocked.Increment(ref failures) == 2) again.SetResult();
            throw new StorageException(StorageError.Io, "the target is away");
        };
        for (var i = 100; i < 200; i++) await PostAsync(i, "m" + i);
        await EndAsync(again.Task);
        Assert.Equal((MigrationSide.Target, "the target is away"), Waiting());
        Assert.Equal(100, _migration.Status().Pending);
        await Assert.ThrowsAsync<MigrationException>(() => _migration.CutoverAsync(back: false));
        _target.Before = _ => Task.CompletedTask;
        await CarriedOverAsync();
        Assert.Null(_migration.Status().Waiting);
        Assert.Equal("m150", await TextAsync(_target, 150));
    }

    [Fact]
    public async Task Node_starts_without_its_target_and_carries_over_what_was_written_meanwhile()
    {
        await StartAsync();
        await PostAsync(1, "before");
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        await StopAsync();
        var (attempts, again) = (0, NewSignal());
        _targetIs = () =>
        {
            if (Interlocked.Increment(ref attempts) == 2) again.SetResult();
            throw new StorageException(StorageError.Io, "connection refused");
        };
        await StartAsync();
        await PostAsync(2, "meanwhile");
        await EndAsync(again.Task);
        Assert.Equal((MigrationSide.Target, "connection refused"), Waiting());
        await StopAsync();
        _targetIs = () => Task.CompletedTask;
        await StartAsync();
        await EndAsync(_migration.Working);
        await CarriedOverAsync();
        Assert.Equal("meanwhile", await TextAsync(_target!, 2));
    }

    [Fact]
    public async Task After_the_cut_over_a_restart_has_the_target_answer_and_one_with_its_options_ends_it()
    {
        await StartAsync();
        await World.FillAsync(_storage, Channel);
        var before = await World.DescribeAsync(_storage, Channel);
        await MoveAsync();
        await StopAsync();

        _targetIs = () => throw new StorageException(StorageError.Io, "connection refused");
        await Assert.ThrowsAsync<MigrationException>(StartAsync);
        _targetIs = () => Task.CompletedTask;
        await StartAsync();
        Assert.Equal(MigrationPhase.CutOver, _migration.Status().Phase);
        Assert.Equal(before, await World.DescribeAsync(_storage, Channel));
        await PostAsync(500, "in the target");
        await CarriedOverAsync();
        await StopAsync();

        _startedWithTarget = true;
        await StartAsync();
        Assert.Equal(MigrationPhase.None, _migration.Status().Phase);
        Assert.Equal("in the target", await TextAsync(_storage, 500));
    }

    [Fact]
    public async Task Machine_that_went_down_with_changes_noted_must_be_compared_again()
    {
        await StartAsync();
        await PostAsync(1, "x");
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        Assert.True((await VerifyAsync(1)).Passed);
        await StopAsync();
        using (var state = new MigrationState(_node.Path)) state.Boot = "another boot";
        await StartAsync();
        await EndAsync(_migration.Working);
        await Assert.ThrowsAsync<MigrationException>(() => _migration.CutoverAsync(back: false));
        Assert.True((await VerifyAsync(1)).Passed);
        await _migration.CutoverAsync(back: false);
    }

    [Fact]
    public async Task Aborted_migration_leaves_no_trace_and_another_can_begin()
    {
        await StartAsync();
        await World.FillAsync(_storage, Channel);
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        await _migration.AbortAsync();
        Assert.Equal(MigrationPhase.None, _migration.Status().Phase);
        await PostAsync(100, "not noted");
        await Assert.ThrowsAsync<MigrationException>(() => _migration.AbortAsync());
        await Assert.ThrowsAsync<MigrationException>(() => _migration.PauseAsync());
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        Assert.Equal("not noted", await TextAsync(_target!, 100));
    }

    [Fact]
    public async Task Password_of_the_target_is_in_a_file_for_its_owner_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        await StartAsync();
        await _migration.StartAsync(Target, 0);
        foreach (var file in Directory.GetFiles(_node.Path, "migration*"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Channel_too_large_to_be_carried_over_at_once_must_be_compared_again()
    {
        await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, IReplica.MostBelow + 1).Select(i => PostAsync(i, "m" + i)));
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        Assert.True((await VerifyAsync(1)).Passed);
        // As a deletion of an author's messages leaves it whose end is not known.
        ReplicaKey channel = new(ReplicaTable.Messages, Channel);
        _storage.Changes!.Begin([channel]);
        await _storage.Messages.DeleteAsync(Channel, [Id(5)]);
        _storage.Changes!.End([channel]);
        await CarriedOverAsync();
        await Assert.ThrowsAsync<MigrationException>(() => _migration.CutoverAsync(back: false));
        Assert.True((await VerifyAsync(1)).Passed);
        await _migration.CutoverAsync(back: false);
        Assert.Null(await TextAsync(_storage, 5));
    }

    [Fact]
    public async Task Login_at_the_target_is_in_no_file_any_more_when_a_migration_has_ended()
    {
        await StartAsync();
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        Assert.Contains(Target, await FilesAsync(), StringComparison.Ordinal);
        await _migration.AbortAsync();
        Assert.DoesNotContain(Target, await FilesAsync(), StringComparison.Ordinal);

        async Task<string> FilesAsync()
        {
            var text = new StringBuilder();
            foreach (var file in Directory.GetFiles(_node.Path, "migration*"))
                text.Append(Encoding.Latin1.GetString(await ReadAsync(file)));
            return text.ToString();
        }

        // SQLite has it open.
        static async Task<byte[]> ReadAsync(string path)
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes);
            return bytes;
        }
    }

    [Fact]
    public async Task Trial_says_how_long_it_would_take_and_leaves_nothing()
    {
        await StartAsync();
        for (var i = 0; i < 3_000; i++) await PostAsync(i, "m" + i);
        var trial = await _migration.TryAsync(Target, TimeSpan.FromSeconds(30));
        Assert.Equal(3_000, trial.Rows);
        Assert.True(trial is { Estimated: 3_000, RowsPerSecond: > 0, EstimatedSeconds: > 0, CpuMicrosecondsPerRow: > 0 }, trial.ToString());
        Assert.Equal(MigrationPhase.None, _migration.Status().Phase);
    }

    // Writers of all kinds beside the copy, with a target that answers in an order of its own; the rows that differ in the end.
    private async Task<long> DifferencesUnderWritesAsync(bool ignoresTimes)
    {
        await StartAsync();
        for (var i = 0; i < 2_000; i++) await PostAsync(i, "m" + i);
        _targetIs = () => Task.CompletedTask;
        var stop = false;
        var writers = Enumerable.Range(0, 4).Select(n => Task.Run(() => WriteAsync(n, () => Volatile.Read(ref stop)))).ToArray();
        await _migration.StartAsync(Target, 2_000);
        _target!.IgnoresTimes = ignoresTimes;
        // A page of the copy is on its way until many single changes have overtaken it.
        var overtaking = new Overtaking(() => _storage.Changes!.Count + 500);
        _target.Before = rows => rows == 200 ? overtaking.WaitAsync() : overtaking.PassAsync(rows);
        await PhaseAsync(MigrationPhase.Copied);
        Volatile.Write(ref stop, true);
        await Task.WhenAll(writers);
        await CarriedOverAsync();
        return await CompareAsync();
    }

    private async Task WriteAsync(int seed, Func<bool> stopped)
    {
        var random = new Random(seed);
        var (messages, name) = (_storage.Messages, "actor-" + seed);
        for (var n = 1; !stopped(); n++)
        {
            // Each writer has rows of its own, as each channel has one actor.
            var id = Id(random.Next(500) * 4 + seed);
            switch (random.Next(11))
            {
                case 0:
                    await messages.DeleteAsync(Channel, [id]);
                    break;
                case 1:
                    await messages.PinAsync(Channel, id, DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(n));
                    break;
                case 2:
                    await messages.UnpinAsync(Channel, id);
                    break;
                case 3 or 4:
                    await messages.AddReactionAsync(Channel, id, "e" + random.Next(3), new((ulong)random.Next(1, 4)));
                    break;
                case 5:
                    await messages.RemoveReactionsAsync(Channel, id, random.Next(2) == 0 ? "e1" : null);
                    break;
                case 6:
                    await _storage.Lookups.WriteAsync([LookupWrite.Put(LookupKind.Node, name + random.Next(9), Bytes("v" + n))]);
                    break;
                case 7:
                    await _storage.Lookups.WriteAsync([LookupWrite.Delete(LookupKind.Node, name + random.Next(9))]);
                    break;
                case 8:
                    var next = await _storage.Journal.HighestSequenceNrAsync(name, default) + 1;
                    await _storage.Journal.AppendAsync(new JournalWrite(name, next, [Bytes("e" + n)], []), default);
                    if (next % 10 != 0) break;
                    await _storage.Snapshots.SaveAsync(name, new Snapshot(next, Bytes("s" + next)), default);
                    await _storage.Journal.DeleteToAsync(name, next - 5, default);
                    break;
                case 9:
                    await _storage.Accounts.ReplaceTokensAsync(TokenIssuer.Issue(new((ulong)seed + 1), DateTimeOffset.UtcNow).Row);
                    break;
                default:
                    await messages.UpdateAsync(new MessageRow(Channel, id, new(1), Bytes("edit " + n)));
                    break;
            }
        }
    }

    // Row by row, with nothing of the migration's own comparison.
    private async Task<long> CompareAsync()
    {
        long different = 0;
        foreach (var table in ReplicaTable.All)
        {
            var (here, there) = (await AllAsync(_storage.Replica, table), await AllAsync(_target!.Replica, table));
            different += here.Keys.Union(there.Keys)
                .Count(key => !here.TryGetValue(key, out var one)
                    || !there.TryGetValue(key, out var other)
                    || !one.AsSpan().SequenceEqual(other));
        }
        return different;
    }

    private static async Task<Dictionary<ReplicaKey, Cell[]>> AllAsync(IReplica store, ReplicaTable table)
    {
        var rows = new Dictionary<ReplicaKey, Cell[]>();
        await foreach (var page in store.ScanAsync(table, ReplicaRange.Whole))
        {
            foreach (var row in page.Rows) rows[new ReplicaKey(table, row[..table.Key.Count])] = row;
        }
        return rows;
    }

    private async Task MoveAsync()
    {
        await _migration.StartAsync(Target, 0);
        await PhaseAsync(MigrationPhase.Copied);
        Assert.True((await VerifyAsync(1)).Passed);
        await _migration.CutoverAsync(back: false);
    }

    private async Task<VerificationReport> VerifyAsync(double share)
    {
        await _migration.VerifyAsync(share);
        await EndAsync(_migration.Verifying);
        return _migration.Status().Verification!;
    }

    private async Task StartAsync()
    {
        _target = null;
        _storage = new MirroredStorage(await OpenAsync(_startedWithTarget ? _elsewhere.Path : _node.Path));
        var targets = new MigrationTargets(
            async (_, _) =>
            {
                await _targetIs();
                return _target = new TimestampedStorage(await OpenAsync(_elsewhere.Path)) { Before = _targetBefore };
            },
            async (_, _) =>
            {
                var scratch = new TimestampedStorage(await OpenAsync(_scratch.Path));
                return new ScratchTarget(scratch, scratch.DisposeAsync);
            },
            name => name, _ => _startedWithTarget);
        try
        {
            _migration = await StorageMigration.OpenAsync(_storage, _node.Path, targets, TimeProvider.System, NullLogger.Instance);
        }
        catch
        {
            await _storage.DisposeAsync();
            _storage = null!;
            throw;
        }
    }

    private async Task StopAsync()
    {
        if (_storage is null) return;
        await _storage.DisposeAsync();
        _storage = null!;
    }

    private static async Task<IStorage> OpenAsync(string path) =>
        await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { DataDirectory = path, Durability = Durability.Normal, Time = new ManualTime(World.Noon) });

    // Copied is the phase that every test waits for; what leads to it is the work under way.
    private async Task PhaseAsync(MigrationPhase phase)
    {
        await EndAsync(_migration.Working);
        Assert.Equal(phase, _migration.Status().Phase);
    }

    private Task CarriedOverAsync() => EndAsync(_storage.Changes!.WhenEmpty());

    private static Task EndAsync(Task work) => work.WaitAsync(TimeSpan.FromSeconds(60));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (MigrationSide Side, string Reason)? Waiting() => _migration.Status().Waiting is { } wait ? (wait.Side, wait.Reason) : null;

    private long Copied() => _migration.Status().Tables.Sum(table => table.Copied);

    private async Task PostAsync(int index, string text) =>
        await _storage.Messages.AppendAsync(new MessageRow(Channel, Id(index), new(1), Bytes(text)));

    private static async Task<string?> TextAsync(IStorage storage, int index) =>
        await storage.Messages.GetAsync(Channel, Id(index)) is { } row ? Encoding.UTF8.GetString(row.Body.Span) : null;

    private static Snowflake Id(int index) => new(World.Message(100).Value + ((ulong)index << 22));

    private static long Now() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>
    /// Holds a page of the copy back until so many rows of single changes have gone past it: those that wait as it is read, and later ones.
    /// </summary>
    private sealed class Overtaking(Func<int> rows)
    {
        private readonly Lock _lock = new();
        private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
        private long _passed;

        public Task WaitAsync()
        {
            lock (_lock)
            {
                var signal = NewSignal();
                _waiting.Enqueue(signal, _passed + rows());
                return signal.Task;
            }
        }

        public Task PassAsync(int count)
        {
            lock (_lock)
            {
                _passed += count;
                while (_waiting.TryPeek(out var signal, out var due) && due <= _passed) _waiting.Dequeue().SetResult();
            }
            return Task.CompletedTask;
        }
    }
}
