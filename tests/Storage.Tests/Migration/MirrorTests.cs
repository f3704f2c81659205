using System.Collections.Concurrent;
using Discord.Protocol;
using Discord.Storage.Migration;
using Discord.Storage.Sqlite;

namespace Discord.Storage.Tests.Migration;

public sealed class MirrorTests
{
    /// <summary>Where it had none the target gets no grave, unless the copy may still bring one.</summary>
    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    public async Task Pin_of_a_deleted_message_is_removed_where_it_is_or_may_come(bool pinned, bool mayBeCopied, int removals)
    {
        using var here = new TempDirectory();
        using var there = new TempDirectory();
        await using var source = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = here.Path });
        await using var target = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = there.Path });
        Snowflake channel = new(1), message = Snowflake.FromTimestamp(DateTimeOffset.UtcNow);
        await target.Messages.AppendAsync(new MessageRow(channel, message, new(2), "x"u8.ToArray()));
        if (pinned) await target.Messages.PinAsync(channel, message, DateTimeOffset.UtcNow);
        var writes = new ConcurrentQueue<ReplicaTable>();
        var watched = new FaultyReplica(target.Replica)
        {
            Before = (question, table, _, _) =>
            {
                if (question == Question.Write) writes.Enqueue(table);
                return Task.CompletedTask;
            },
        };
        using var changes = new ChangeLog(Path.Combine(there.Path, "changes"));
        await using var mirror = Parts.Mirror(source.Replica, watched, changes, mayBeCopied);

        ReplicaKey[] pin = [new(ReplicaTable.Pins, channel, message)];
        changes.Begin(pin);
        changes.End(pin);
        await changes.WhenEmpty().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(Enumerable.Repeat(ReplicaTable.Pins, removals), writes);
        Assert.Empty(await target.Messages.PinsAsync(channel, null, 10));
    }
}
