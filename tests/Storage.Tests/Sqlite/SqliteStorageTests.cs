using System.Collections.Concurrent;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Sqlite;

namespace Discord.Storage.Tests.Sqlite;

/// <summary>What is SQLite's own: the data directory, failures of the disk, limits of the queues, clean-up.</summary>
public sealed class SqliteStorageTests : IDisposable
{
    private static readonly Snowflake Channel = new(1);
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_again_finds_everything()
    {
        await using (var storage = await OpenAsync())
        {
            await storage.Messages.AppendAsync(Row(1));
            await storage.Journal.AppendAsync(new JournalWrite("a", 1, [new byte[] { 1 }], []), default);
        }
        // Closing moved the log into the file.
        Assert.False(File.Exists(Path.Combine(_directory.Path, "discord.db-wal")));
        await using (var storage = await OpenAsync())
        {
            Assert.NotNull(await storage.Messages.GetAsync(Channel, new(1)));
            Assert.Equal(1, await storage.Journal.HighestSequenceNrAsync("a", default));
        }
    }

    [Fact]
    public async Task Database_in_a_directory_that_others_read_is_private()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await File.WriteAllBytesAsync(FilePath, []);
        File.SetUnixFileMode(FilePath, Own | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await using var storage = await OpenAsync();
        await storage.Messages.AppendAsync(Row(1));
        foreach (var file in Directory.GetFiles(_directory.Path, "discord.db*"))
            Assert.Equal(Own, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Open_of_a_directory_in_use_says_so()
    {
        await using var first = await OpenAsync();
        var error = await Assert.ThrowsAsync<StorageException>(OpenAsync);
        Assert.Equal(StorageError.InUse, error.Error);
        Assert.Contains(_directory.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_of_data_of_a_newer_version_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        using (var database = Database.Open(FilePath, readOnly: false)) database.Execute("PRAGMA user_version=1000");
        Assert.Equal(StorageError.NewerSchema, (await Assert.ThrowsAsync<StorageException>(OpenAsync)).Error);
        // A refused start does not hold the directory.
        using (var database = Database.Open(FilePath, readOnly: false)) database.Execute($"PRAGMA user_version={Schema.Version}");
        await (await OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Open_of_another_programs_database_is_refused()
    {
        using (var database = Database.Open(FilePath, readOnly: false)) database.Execute("PRAGMA application_id=77; CREATE TABLE t (x)");
        Assert.Equal(StorageError.Corrupt, (await Assert.ThrowsAsync<StorageException>(OpenAsync)).Error);
    }

    [Fact]
    public async Task Open_of_a_file_that_is_no_database_is_refused()
    {
        await File.WriteAllTextAsync(FilePath, new string('x', 10_000));
        Assert.Equal(StorageError.Corrupt, (await Assert.ThrowsAsync<StorageException>(OpenAsync)).Error);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var options = new SqliteStorageOptions { DataDirectory = _directory.Path, Readers = 0 };
        Assert.Contains(nameof(options.Readers), Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Full_disk_fails_writes_as_transient_and_heals()
    {
        await using var storage = await OpenAsync();
        await storage.Messages.AppendAsync(Row(1));
        await storage.LimitPagesAsync(await storage.ScalarAsync("PRAGMA page_count") + 5);
        var errors = new ConcurrentBag<StorageException>();
        var accepted = new ConcurrentBag<ulong>();
        await Task.WhenAll(Enumerable.Range(2, 400).Select(async i =>
        {
            try
            {
                await storage.Messages.AppendAsync(Row((ulong)i));
                accepted.Add((ulong)i);
            }
            catch (StorageException e)
            {
                errors.Add(e);
            }
        }));
        Assert.NotEmpty(errors);
        Assert.All(errors, e => Assert.Equal((StorageError.DiskFull, true), (e.Error, e.IsTransient)));
        // Reads go on, what was acknowledged is there, and with space the same writes succeed.
        Assert.NotNull(await storage.Messages.GetAsync(Channel, new(1)));
        foreach (var id in accepted) Assert.NotNull(await storage.Messages.GetAsync(Channel, new(id)));
        await storage.LimitPagesAsync(0);
        await Task.WhenAll(Enumerable.Range(2, 400).Select(i => storage.Messages.AppendAsync(Row((ulong)i)).AsTask()));
        Assert.Equal(401, await storage.ScalarAsync("SELECT count(*) FROM messages"));
        Assert.Equal(0, await storage.ScalarAsync("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"));
    }

    [Fact]
    public async Task Full_queue_refuses_at_once()
    {
        await using var storage = await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { DataDirectory = _directory.Path, WriteQueueCapacity = 4, MaxBatch = 1 });
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 5_000).Select(async i =>
        {
            try
            {
                await storage.Messages.AppendAsync(Row((ulong)i));
                return StorageError.Closed;
            }
            catch (StorageException e)
            {
                return e.Error;
            }
        }));
        Assert.Contains(StorageError.Overloaded, outcomes);
        // Exactly those that were accepted are stored.
        Assert.Equal(outcomes.Count(o => o == StorageError.Closed), await storage.ScalarAsync("SELECT count(*) FROM messages"));
    }

    [Fact]
    public async Task Dispose_finishes_what_is_queued_and_refuses_what_comes_after()
    {
        var storage = await OpenAsync();
        var writes = Enumerable.Range(1, 1_000).Select(i => storage.Messages.AppendAsync(Row((ulong)i)).AsTask()).ToArray();
        await storage.DisposeAsync();
        await Task.WhenAll(writes);
        Assert.Equal(StorageError.Closed, (await Assert.ThrowsAsync<StorageException>(async () =>
            await storage.Messages.AppendAsync(Row(2_000)))).Error);
        Assert.Equal(
            StorageError.Closed, (await Assert.ThrowsAsync<StorageException>(async () =>
                await storage.Messages.GetAsync(Channel, new(1)))).Error);
        await using var again = await OpenAsync();
        Assert.Equal(1_000, await again.ScalarAsync("SELECT count(*) FROM messages"));
    }

    [Fact]
    public async Task Cancelled_before_it_is_queued_a_write_does_nothing()
    {
        await using var storage = await OpenAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
            await storage.Messages.AppendAsync(Row(1), new CancellationToken(true)));
        Assert.Null(await storage.Messages.GetAsync(Channel, new(1)));
    }

    [Fact]
    public async Task Log_is_kept_to_its_size_under_steady_writes()
    {
        const int walBytes = 1 << 20;
        await using var storage = await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { DataDirectory = _directory.Path, Durability = Durability.Normal, WalBytes = walBytes });
        var id = 0UL;
        var log = new FileInfo(Path.Combine(_directory.Path, "discord.db-wal"));
        // Far more than the limit in all: without checkpoints the log would have about 100 MiB.
        for (var burst = 0; burst < 50; burst++)
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
                storage.Messages.AppendAsync(new MessageRow(new((ulong)(1 + i)), new(++id), new(7), new byte[1_000])).AsTask()));
        }
        // The limit, and what is written until the next checkpoints have run.
        var limit = DateTime.UtcNow + TimeSpan.FromSeconds(30);
        for (log.Refresh(); log.Length > 4 * walBytes && DateTime.UtcNow < limit; log.Refresh())
            await storage.Messages.AppendAsync(new MessageRow(new(1), new(++id), new(7), new byte[1_000]));
        Assert.InRange(log.Length, 0, 4 * walBytes);
    }

    [Fact]
    public async Task Deletion_of_a_channel_that_was_interrupted_is_finished_at_the_next_start()
    {
        await using (var storage = await OpenAsync()) await storage.Messages.AppendAsync(Row(1));
        using (var database = Database.Open(FilePath, readOnly: false)) database.Execute("INSERT INTO channel_deletions VALUES (1)");
        await using var again = await OpenAsync();
        await WaitAsync(async () => await again.ScalarAsync("SELECT count(*) FROM channel_deletions") == 0);
        Assert.Equal(0, await again.ScalarAsync("SELECT count(*) FROM messages"));
    }

    [Fact]
    public async Task Maintenance_removes_what_is_too_old()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        Snowflake At(TimeSpan ago) => Snowflake.FromTimestamp(time.GetUtcNow() - ago);
        await using (var storage = await OpenAsync(time))
        {
            await storage.Messages.AppendOnceAsync(new MessageRow(Channel, At(TimeSpan.Zero), new(7), new byte[1]), "n", time.GetUtcNow());
            await storage.Messages.DeleteAsync(Channel, [At(TimeSpan.Zero)]);
            await storage.Lookups.WriteAsync([new AuditRow(new(1), At(TimeSpan.FromDays(40)), 1, default, default, default)]);
            await storage.Lookups.WriteAsync([new AuditRow(new(1), At(TimeSpan.Zero), 1, default, default, default)]);
        }
        time.Advance(TimeSpan.FromDays(8));
        await using var again = await OpenAsync(time);
        await WaitAsync(async () => await again.ScalarAsync("SELECT count(*) FROM audit") == 1);
        Assert.Equal(0, await again.ScalarAsync("SELECT count(*) FROM nonces"));
        Assert.Equal(0, await again.ScalarAsync("SELECT count(*) FROM messages"));
    }

    /// <summary>
    /// A page is one seek and a scan, whatever buckets are empty; without this a quiet channel would cost a sort or a full scan.
    /// </summary>
    [Theory]
    [InlineData("SELECT id FROM messages WHERE channel_id = 1 AND body IS NOT NULL ORDER BY bucket DESC, id DESC LIMIT 50")]
    [InlineData("SELECT id FROM messages WHERE channel_id = 1 AND (bucket, id) <= (9, 9) AND body IS NOT NULL "
        + "ORDER BY bucket DESC, id DESC LIMIT 50")]
    [InlineData("SELECT id FROM messages WHERE channel_id = 1 AND (bucket, id) > (9, 9) AND body IS NOT NULL ORDER BY bucket, id LIMIT 50")]
    public async Task Page_is_a_search_by_primary_key_without_a_sort(string sql)
    {
        await using var storage = await OpenAsync();
        using var database = Database.Open(FilePath, readOnly: true);
        using var plan = database.Use(new Sql("EXPLAIN QUERY PLAN " + sql));
        var steps = new List<string>();
        while (plan.Step()) steps.Add(plan.Text(3));
        Assert.StartsWith("SEARCH messages USING PRIMARY KEY (channel_id=?", Assert.Single(steps), StringComparison.Ordinal);
    }

    private string FilePath => Path.Combine(_directory.Path, SqliteStorage.DatabaseFile);

    private Task<SqliteStorage> OpenAsync() => OpenAsync(TimeProvider.System);

    private Task<SqliteStorage> OpenAsync(TimeProvider time) =>
        SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory.Path, Time = time });

    private static MessageRow Row(ulong id) => new(Channel, new(id), new(7), new byte[300]);

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
