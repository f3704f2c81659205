using Discord.Storage.Migration;

namespace Discord.Storage.Tests.Migration;

public sealed class ChangeLogTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private string Path => System.IO.Path.Combine(_directory.Path, "changes");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Key_is_due_when_its_write_has_ended()
    {
        using var log = new ChangeLog(Path);
        log.Begin([Key(1), Key(2)]);
        Assert.Empty(Take(log));
        Assert.False(log.WhenDue().IsCompleted);
        log.End([Key(1), Key(2)]);
        Assert.True(log.WhenDue().IsCompleted);
        var taken = Take(log);
        Assert.Equal([Key(1), Key(2)], taken);
        Assert.Equal(2, log.Count);
        log.Done(taken, carriedOver: true);
        Assert.Equal(0, log.Count);
    }

    [Fact]
    public void Write_that_ends_while_its_key_is_carried_over_makes_it_due_again()
    {
        using var log = new ChangeLog(Path);
        Write(log, Key(1));
        var taken = Take(log);
        log.Begin([Key(1)]);
        log.End([Key(1)]);
        var empty = log.WhenEmpty();
        log.Done(taken, carriedOver: true);
        Assert.False(empty.IsCompleted);
        taken = Take(log);
        Assert.Equal([Key(1)], taken);
        log.Done(taken, carriedOver: true);
        Assert.True(empty.IsCompleted);
    }

    [Fact]
    public void Key_of_a_write_under_way_stays_noted_while_another_write_of_it_is_carried_over()
    {
        using var log = new ChangeLog(Path);
        log.Begin([Key(1)]);
        Write(log, Key(1));
        log.Done(Take(log), carriedOver: true);
        Assert.Equal(1, log.Count);
        log.End([Key(1)]);
        Assert.Equal([Key(1)], Take(log));
    }

    [Fact]
    public void Keys_that_could_not_be_carried_over_are_due_again()
    {
        using var log = new ChangeLog(Path);
        Write(log, Key(1));
        log.Done(Take(log), carriedOver: false);
        Assert.Equal([Key(1)], Take(log));
    }

    [Fact]
    public void Exact_keys_take_the_place_of_coarse_ones()
    {
        using var log = new ChangeLog(Path);
        ReplicaKey coarse = new(ReplicaTable.Messages, 7);
        log.Begin([coarse]);
        log.End([coarse], [Key(1)], replaced: true);
        Assert.Equal([Key(1)], Take(log));
    }

    [Fact]
    public void Killed_process_finds_all_that_was_not_carried_over()
    {
        // Not disposed, as a process that is killed does not: what counts is what is in the file.
        var killed = new ChangeLog(Path);
        Write(killed, Key(1));
        killed.Begin([Key(2)]);
        File.Copy(Path, Path + ".after-the-kill");
        killed.Dispose();
        // A record that was being written is cut off.
        using (var file = File.Open(Path + ".after-the-kill", FileMode.Append)) file.Write([200, 0, 0, 0, 8, 1]);
        using var log = new ChangeLog(Path + ".after-the-kill");
        Assert.Equal([Key(1), Key(2)], Take(log));
    }

    [Fact]
    public void File_begins_anew_when_nothing_is_due()
    {
        using var log = new ChangeLog(Path);
        for (var i = 0; i < 60_000; i++) Write(log, Key(i));
        Assert.True(new FileInfo(Path).Length > 1 << 20);
        while (Take(log) is { Count: > 0 } taken) log.Done(taken, carriedOver: true);
        Assert.Equal(0, new FileInfo(Path).Length);
        Write(log, Key(1));
        log.Dispose();
        using var again = new ChangeLog(Path);
        Assert.Equal([Key(1)], Take(again));
    }

    [Fact]
    public void Too_many_changes_break_it_and_writes_go_on()
    {
        string? broken = null;
        using var log = new ChangeLog(Path, maxKeys: 10) { OnBroken = reason => broken = reason };
        for (var i = 0; i < 11; i++) Write(log, Key(i));
        Assert.NotNull(broken);
        Assert.Equal(broken, log.Broken);
        Write(log, Key(99));
        Assert.Empty(Take(log));
        Assert.True(log.WhenEmpty().IsCompleted);
    }

    [Fact]
    public void Write_after_the_end_is_refused()
    {
        var log = new ChangeLog(Path);
        log.Dispose();
        Assert.Equal(StorageError.Closed, Assert.Throws<StorageException>(() => log.Begin([Key(1)])).Error);
    }

    private static ReplicaKey Key(int id) => new(ReplicaTable.Messages, 7, id);

    private static void Write(ChangeLog log, ReplicaKey key)
    {
        log.Begin([key]);
        log.End([key]);
    }

    private static List<ReplicaKey> Take(ChangeLog log)
    {
        var keys = new List<ReplicaKey>();
        log.Take(keys, 1000);
        return keys;
    }
}
