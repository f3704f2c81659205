using System.Text;
using Discord.Cql;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Cql;

namespace Discord.Storage.Tests.Cql;

/// <summary>
/// The crash points of a commit, as <see cref="CqlCommits"/> tells them. A dead writer is played by the rows that it would have left.
/// </summary>
[Collection(CassandraCollection.Name)]
public sealed class CqlCommitTests : IAsyncLifetime
{
    private const string Dead = "guild-dead";
    private const string Code = "abc";
    private static readonly Guid s_write = Guid.Parse("11111111-2222-3333-4444-555555555555");

    private readonly CqlFixture _fixture = new();
    private CqlStorage _storage = null!;
    private CqlSession _session = null!;

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
    public async Task Rows_of_a_writer_that_died_after_its_commit_are_applied_by_the_next_activation()
    {
        await ClaimAsync();
        await CommitAsync();
        Assert.Null(await CodeAsync());
        Assert.Equal(1, await _storage.Journal.HighestSequenceNrAsync(Dead, default));
        Assert.Equal(new Snowflake(1), await CodeAsync());
        Assert.Equal([new Snowflake(1)], await _storage.Lookups.MembersAsync(SetKind.UserGuilds, new(7)));
        Assert.Equal(new Snowflake(1), await _storage.Lookups.GetIdAsync(LookupKind.ChannelOwner, "5"));
    }

    [Fact]
    public async Task Rows_of_a_writer_that_died_after_its_commit_are_applied_before_the_next_write_of_another_process()
    {
        await ClaimAsync();
        await CommitAsync();
        await AppendAsync(Dead, 2);
        Assert.Equal(new Snowflake(1), await CodeAsync());
    }

    [Fact]
    public async Task Claim_of_a_writer_that_died_after_its_commit_is_held_by_whoever_meets_it()
    {
        await ClaimAsync();
        await CommitAsync();
        await Assert.ThrowsAsync<LookupConflictException>(() => AppendAsync("guild-2", 1, Unique(2)));
        Assert.Equal(new Snowflake(1), await CodeAsync());
        Assert.Equal(0, await _storage.Journal.HighestSequenceNrAsync("guild-2", default));
    }

    [Fact]
    public async Task Claim_of_a_writer_that_died_before_its_commit_is_taken_over_and_the_writer_can_never_commit()
    {
        await ClaimAsync();
        await AppendAsync("guild-2", 1, Unique(2));
        Assert.Equal(new Snowflake(2), await CodeAsync());

        // It was only frozen: the batch that it had sent comes now.
        Assert.False(await TryCommitAsync());
        await AppendAsync(Dead, 1);
        Assert.Equal(new Snowflake(2), await CodeAsync());
    }

    [Fact]
    public async Task Writer_whose_way_was_cut_while_it_lived_begins_anew()
    {
        await AppendAsync(Dead, 1);
        // As one does that finds a claim of this actor in its way.
        (await _session.ExecuteAsync(
            $"UPDATE journal SET last_write_id = {Guid.NewGuid()} WHERE persistence_id = '{Dead}' AND partition_nr = 0 IF EXISTS"))
            .Dispose();
        await AppendAsync(Dead, 2, Unique(1));
        Assert.Equal(new Snowflake(1), await CodeAsync());
        Assert.Equal(2, await _storage.Journal.HighestSequenceNrAsync(Dead, default));
    }

    [Fact]
    public async Task Rows_that_are_applied_again_undo_nothing_that_came_later()
    {
        await ClaimAsync();
        await CommitAsync();
        await _storage.Journal.HighestSequenceNrAsync(Dead, default);
        await _storage.Lookups.WriteAsync([LookupWrite.Put(LookupKind.ChannelOwner, "5", new Snowflake(9))]);
        await _storage.Lookups.WriteAsync([SetWrite.Remove(SetKind.UserGuilds, new(7), new(1))]);
        await _storage.Lookups.WriteAsync([LookupWrite.Delete(LookupKind.InviteCode, Code)]);
        await AppendAsync("guild-2", 1, Unique(2));

        // A process that knows of nothing, and a mark that was lost.
        (await _session.ExecuteAsync(
            $"UPDATE journal SET applied_write_id = null WHERE persistence_id = '{Dead}' AND partition_nr = 0")).Dispose();
        await _storage.DisposeAsync();
        _storage = await CqlStorage.OpenAsync(await _fixture.OptionsAsync(TimeProvider.System));
        Assert.Equal(1, await _storage.Journal.HighestSequenceNrAsync(Dead, default));
        Assert.Equal(new Snowflake(9), await _storage.Lookups.GetIdAsync(LookupKind.ChannelOwner, "5"));
        Assert.Empty(await _storage.Lookups.MembersAsync(SetKind.UserGuilds, new(7)));
        Assert.Equal(new Snowflake(2), await CodeAsync());
    }

    [Fact]
    public async Task Stale_writer_is_refused_in_a_partition_whose_events_are_all_deleted()
    {
        var events = Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[] { 1 }, CqlCommits.PartitionEvents).ToList();
        for (var i = 0; i < 3; i++)
            await _storage.Journal.AppendAsync(new JournalWrite(Dead, (i * CqlCommits.PartitionEvents) + 1, events, []), default);
        await _storage.Journal.DeleteToAsync(Dead, 2 * CqlCommits.PartitionEvents, default);
        await using var other = await CqlStorage.OpenAsync((await new CqlFixture().OptionsAsync(TimeProvider.System)));
        foreach (var first in new[] { 1, CqlCommits.PartitionEvents + 1, (2 * CqlCommits.PartitionEvents) + 1 })
        {
            await Assert.ThrowsAsync<JournalConflictException>(async () =>
                await other.Journal.AppendAsync(new JournalWrite(Dead, first, events, []), default));
        }
        Assert.Equal(3 * CqlCommits.PartitionEvents, await other.Journal.HighestSequenceNrAsync(Dead, default));
        var left = 0;
        await foreach (var entry in other.Journal.ReplayAsync(Dead, 1, default)) Assert.Equal((2 * CqlCommits.PartitionEvents)
            + ++left, entry.SequenceNr);
        Assert.Equal(CqlCommits.PartitionEvents, left);
    }

    [Fact]
    public async Task Commit_of_rows_alone_that_a_crash_interrupted_is_finished_by_the_clean_up()
    {
        await ClaimAsync();
        await CommitAsync();
        (await _session.ExecuteAsync(
            $"INSERT INTO open_commits (shard, persistence_id, begun_at) VALUES (0, '{Dead}', '2026-01-01 00:00:00+0000')")).Dispose();
        await _storage.DisposeAsync();
        _storage = await CqlStorage.OpenAsync(await _fixture.OptionsAsync(TimeProvider.System));
        await _storage.ReadyAsync();
        Assert.Equal(new Snowflake(1), await CodeAsync());
        using var open = await _session.ExecuteAsync("SELECT persistence_id FROM open_commits");
        Assert.Equal(0, open.Count);
    }

    private static LookupWrite Unique(ulong guild) => LookupWrite.PutUnique(LookupKind.InviteCode, Code, new Snowflake(guild));

    private Task AppendAsync(string id, long first, params ILookupWrite[] rows) =>
        _storage.Journal.AppendAsync(new JournalWrite(id, first, [Encoding.UTF8.GetBytes("event")], rows), default).AsTask();

    private ValueTask<Snowflake?> CodeAsync() => _storage.Lookups.GetIdAsync(LookupKind.InviteCode, Code);

    /// <summary>Step 1 of a write: its claim.</summary>
    private async Task ClaimAsync() => (await _session.ExecuteAsync(
        $"UPDATE unique_keys SET claim = {s_write}, claim_value = bigintAsBlob(1), claim_id = '{Dead}', claim_sequence_nr = 1 "
        + $"WHERE kind = {(int)LookupKind.InviteCode} AND key = '{Code}' IF claim = null")).Dispose();

    private async Task CommitAsync() => Assert.True(await TryCommitAsync());

    /// <summary>Step 2 of a write: the batch.</summary>
    private async Task<bool> TryCommitAsync()
    {
        (await _session.ExecuteAsync($"INSERT INTO journal_partitions (persistence_id, partition_nr) VALUES ('{Dead}', 0)")).Dispose();
        var outbox = new Outbox(s_write, new WriteClock(TimeProvider.System).Next(),
        [
            new LookupChange(LookupKind.ChannelOwner, "5", AccountKeys.BytesOf(new(1))),
            new SetChange(SetKind.UserGuilds, new(7), new(1), Present: true),
            new UniqueChange((int)LookupKind.InviteCode, Code, Free: false),
        ]);
        var batch = new BatchStatement(BatchType.Unlogged)
            .Add(new SimpleStatement(
                $"UPDATE journal SET last_sequence_nr = 1, last_write_id = {s_write}, outbox = ?, outbox_at = ? "
                + $"WHERE persistence_id = '{Dead}' AND partition_nr = 0 IF last_write_id = null").Add(outbox.ToBytes())
                    .Add(outbox.Timestamp))
            .Add(new SimpleStatement(
                "INSERT INTO journal (persistence_id, partition_nr, sequence_nr, payload, write_id) "
                + $"VALUES ('{Dead}', 0, 1, 0x01, {s_write})"));
        using var rows = await _session.ExecuteAsync(batch);
        return rows.WasApplied;
    }
}
