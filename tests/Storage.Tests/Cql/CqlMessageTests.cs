using System.Text;
using Discord.Cql;
using Discord.Protocol;
using Discord.Storage.Cql;

namespace Discord.Storage.Tests.Cql;

/// <summary>What only a store without transactions has to show: writes that come late, twice, or not at all.</summary>
[Collection(CassandraCollection.Name)]
public sealed class CqlMessageTests : IAsyncLifetime
{
    private static readonly Snowflake s_channel = new(1000);
    private static readonly Snowflake s_author = new(7);
    private static readonly Snowflake s_id = Snowflake.FromTimestamp(TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(5));

    private readonly CqlFixture _fixture = new();
    private CqlStorage _storage = null!;
    private CqlSession _session = null!;

    private IMessageStore Messages => _storage.Messages;

    public async ValueTask InitializeAsync()
    {
        _storage = await _fixture.OpenAsync(TimeProvider.System);
        _session = await CqlFixture.SessionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _fixture.Dispose();
    }

    [Fact]
    public async Task Edit_that_comes_after_the_deletion_stays_in_the_grave()
    {
        await Messages.AppendAsync(Row("first"));
        await Messages.DeleteAsync(s_channel, [s_id]);
        await LateAsync("UPDATE messages USING TIMESTAMP ? SET body = ? WHERE channel_id = 1000 AND bucket = ? AND message_id = ?",
            Micros() + 60_000_000, "late");
        Assert.Null(await Messages.GetAsync(s_channel, s_id));
        Assert.Empty(await Messages.PageAsync(s_channel, MessagePage.Latest(10)));
        Assert.False(await Messages.UpdateAsync(Row("later")));
        Assert.False(await Messages.PinAsync(s_channel, s_id, TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task First_append_that_arrives_after_the_edit_and_the_deletion_changes_neither()
    {
        await Messages.AppendAsync(Row("first"));
        await Messages.UpdateAsync(Row("edited"));
        var first = new WriteClock(TimeProvider.System).OfAppend(s_id);
        await InsertLateAsync(first, "first");
        Assert.Equal("edited", Text(await Messages.GetAsync(s_channel, s_id)));
        await Messages.DeleteAsync(s_channel, [s_id]);
        await InsertLateAsync(WriteClock.MicrosOf(s_id), "first");
        Assert.Null(await Messages.GetAsync(s_channel, s_id));
    }

    [Fact]
    public async Task Edit_after_one_of_a_node_whose_clock_is_ahead_is_seen()
    {
        await Messages.AppendAsync(Row("first"));
        await LateAsync("UPDATE messages USING TIMESTAMP ? SET body = ? WHERE channel_id = 1000 AND bucket = ? AND message_id = ?",
            Micros() + 3_600_000_000, "an hour ahead");
        Assert.True(await Messages.UpdateAsync(Row("newest")));
        Assert.Equal("newest", Text(await Messages.GetAsync(s_channel, s_id)));
        await Messages.DeleteAsync(s_channel, [s_id]);
        using var left = await _session.ExecuteAsync("SELECT body FROM messages");
        Assert.True(left.First(static row => row.IsNull(0)));
    }

    [Fact]
    public async Task Nonce_whose_message_was_never_stored_is_taken_over_and_that_message_can_never_appear()
    {
        // A writer that died between the claim and the message.
        (await _session.ExecuteAsync(new SimpleStatement(
            "INSERT INTO nonces (channel_id, author_id, nonce, message_id) VALUES (1000, 7, 'n', ?) IF NOT EXISTS")
                .Add((long)s_id.Value))).Dispose();
        var again = new Snowflake(s_id.Value + 1);
        var since = s_id.Timestamp - TimeSpan.FromMinutes(5);
        Assert.Equal(again, await Messages.AppendOnceAsync(Row("sent again") with { Id = again }, "n", since));

        // It was only slow.
        await InsertLateAsync(new WriteClock(TimeProvider.System).OfAppend(s_id), "first");
        Assert.Equal(again, Assert.Single(await Messages.PageAsync(s_channel, MessagePage.Latest(10))).Id);
        Assert.Equal(again, await Messages.AppendOnceAsync(Row("and again") with { Id = new(again.Value + 1) }, "n", since));

        // A deleted one does not come back by its nonce.
        await Messages.DeleteAsync(s_channel, [again]);
        Assert.Equal(again, await Messages.AppendOnceAsync(Row("once more") with { Id = new(again.Value + 2) }, "n", since));
        Assert.Empty(await Messages.PageAsync(s_channel, MessagePage.Latest(10)));
    }

    [Fact]
    public async Task Page_behind_a_long_run_of_deleted_messages_is_full_and_their_graves_go_without_a_tombstone_each()
    {
        Snowflake[] ids = [.. Enumerable.Range(0, 2_300).Select(i => new Snowflake(s_id.Value + (ulong)i))];
        await Parallel.ForEachAsync(ids, async (id, ct) => await Messages.AppendAsync(Row("x") with { Id = id }, ct));
        Snowflake[] deleted = [.. ids[3..1_000], .. ids[1_001..^2]];
        foreach (var chunk in deleted.Chunk(1_000)) Assert.Equal(chunk.Length, (await Messages.DeleteAsync(s_channel, chunk)).Count);
        await AssertPagesAsync(ids);

        Assert.Equal(deleted.Length, await Messages.TrimTombstonesAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1)));
        Assert.Equal(0, await Messages.TrimTombstonesAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1)));
        await AssertPagesAsync(ids);
        foreach (var table in new[] { "messages", "deleted_messages" })
        {
            // The server warns of more than 1,000 tombstones in one read.
            using var rows = await _session.ExecuteAsync($"SELECT * FROM {table}");
            Assert.Equal(table == "messages" ? 6 : 0, rows.Count);
            Assert.Empty(rows.Warnings);
        }
    }

    private async Task AssertPagesAsync(Snowflake[] ids)
    {
        Assert.Equal([ids[^1], ids[^2], ids[1_000], ids[2], ids[1]], (await Messages.PageAsync(s_channel, MessagePage.Latest(5)))
            .Select(row => row.Id));
        Assert.Equal([ids[^1], ids[^2], ids[1_000], ids[2]], (await Messages.PageAsync(s_channel, MessagePage.After(ids[1], 100)))
            .Select(row => row.Id));
        Assert.Equal(ids[^1], (await Messages.LatestIdAsync([s_channel]))[s_channel]);
    }

    [Fact]
    public async Task Reactions_of_many_at_the_same_time_are_counted_exactly()
    {
        await Messages.AppendAsync(Row("x"));
        var added = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            Messages.AddReactionAsync(s_channel, s_id, $"e{i % 2}", new Snowflake((ulong)(i % 12) + 1)).AsTask()));
        Assert.Equal(12, added.Count(each => each));
        var removed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            Messages.RemoveReactionAsync(s_channel, s_id, "e0", new Snowflake(1)).AsTask()));
        Assert.Single(removed, each => each);
        Assert.Equal(11, (await Messages.ReactionsAsync(s_channel, [s_id], new(1)))[s_id].Sum(each => each.Count));
    }

    [Fact]
    public async Task Deletion_of_a_channel_that_a_crash_interrupted_is_finished_at_the_start()
    {
        await Messages.AppendAsync(Row("x"));
        await Messages.AddReactionAsync(s_channel, s_id, "a", new(1));
        (await _session.ExecuteAsync("INSERT INTO channel_deletions (shard, channel_id) VALUES (0, 1000)")).Dispose();
        await _storage.DisposeAsync();
        _storage = await CqlStorage.OpenAsync(await _fixture.OptionsAsync(TimeProvider.System));
        await _storage.ReadyAsync();
        foreach (var table in new[] { "channel_deletions", "channel_buckets", "messages", "reactions", "reacted_messages" })
        {
            using var rows = await _session.ExecuteAsync($"SELECT * FROM {table} LIMIT 1");
            Assert.True(rows.Count == 0, $"{table} is not empty");
        }
    }

    private static MessageRow Row(string body) => new(s_channel, s_id, s_author, Encoding.UTF8.GetBytes(body));

    private static string? Text(MessageRow? row) => row is { } found ? Encoding.UTF8.GetString(found.Body.Span) : null;

    private static long Micros() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    private Task InsertLateAsync(long timestamp, string body) => LateAsync(
        "INSERT INTO messages (channel_id, bucket, message_id, author_id, body) VALUES (1000, ?, ?, 7, ?) USING TIMESTAMP ?",
            timestamp, body);

    /// <summary>A write of another node, at a time of its own.</summary>
    private async Task LateAsync(string text, long timestamp, string body)
    {
        var prepared = (await _session.PrepareAsync(text)).Bind();
        var bytes = Encoding.UTF8.GetBytes(body);
        prepared = text.StartsWith("UPDATE", StringComparison.Ordinal)
            ? prepared.Add(timestamp).AddBlob(bytes).Add(MessageBucket.Of(s_id)).Add((long)s_id.Value)
            : prepared.Add(MessageBucket.Of(s_id)).Add((long)s_id.Value).AddBlob(bytes).Add(timestamp);
        (await _session.ExecuteAsync(prepared)).Dispose();
    }
}
