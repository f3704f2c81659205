using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage.Tests.Contract;

public abstract class JournalContract(IStoreFixture fixture) : StorageContract(fixture)
{
    private const string Id = "guild-1";

    private IJournal Journal => Storage.Journal;

    private ISnapshotStore Snapshots => Storage.Snapshots;

    [Fact]
    public async Task Append_then_replay_returns_the_events_in_order()
    {
        await AppendAsync(1, "a", "b");
        await AppendAsync(3, "c");
        Assert.Equal([(1, "a"), (2, "b"), (3, "c")], await ReplayAsync(1));
        Assert.Equal([(3, "c")], await ReplayAsync(3));
        Assert.Empty(await ReplayAsync(4));
        Assert.Equal(3, await Journal.HighestSequenceNrAsync(Id, default));
        Assert.Equal(0, await Journal.HighestSequenceNrAsync("guild-2", default));
    }

    [Fact]
    public async Task Append_of_a_number_that_is_taken_is_refused_whole()
    {
        await AppendAsync(1, "a", "b");
        var conflict = await Assert.ThrowsAsync<JournalConflictException>(async () => await AppendAsync(2, "x", "y"));
        Assert.Equal((Id, 2), (conflict.PersistenceId, conflict.FirstSequenceNr));
        Assert.Equal([(1, "a"), (2, "b")], await ReplayAsync(1));
    }

    [Fact]
    public async Task Append_that_leaves_a_gap_is_refused()
    {
        await AppendAsync(1, "a");
        await Assert.ThrowsAsync<ArgumentException>(async () => await AppendAsync(3, "c"));
        Assert.Equal(1, await Journal.HighestSequenceNrAsync(Id, default));
    }

    [Fact]
    public async Task Append_of_the_same_number_at_the_same_time_accepts_one()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await AppendAsync(1, $"writer {i}");
                return true;
            }
            catch (JournalConflictException)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, accepted => accepted);
        Assert.Single(await ReplayAsync(1));
    }

    [Fact]
    public async Task Replay_of_many_and_large_events_returns_all()
    {
        var big = new string('x', 300_000);
        for (var i = 0; i < 8; i++) await AppendAsync(i + 1, big);
        await Journal.AppendAsync(new JournalWrite(Id, 9, [.. Enumerable.Range(9, 1500).Select(i => (ReadOnlyMemory<byte>)Utf8($"{i}"))],
            []), default);
        var events = await ReplayAsync(1);
        Assert.Equal(Enumerable.Range(1, 1508).Select(i => (long)i), events.Select(e => e.Item1));
        Assert.All(events.Skip(8), e => Assert.Equal($"{e.Item1}", e.Item2));
    }

    [Fact]
    public async Task Delete_keeps_later_events_and_the_highest_number()
    {
        await AppendAsync(1, "a", "b", "c");
        await Journal.DeleteToAsync(Id, 2, default);
        Assert.Equal([(3, "c")], await ReplayAsync(1));
        await Journal.DeleteToAsync(Id, 3, default);
        Assert.Equal(3, await Journal.HighestSequenceNrAsync(Id, default));
        await Assert.ThrowsAsync<JournalConflictException>(async () => await AppendAsync(1, "again"));
        await AppendAsync(4, "d");
        Assert.Equal([(4, "d")], await ReplayAsync(1));
    }

    [Fact]
    public async Task Lookups_are_visible_with_the_events()
    {
        await Journal.AppendAsync(new JournalWrite(Id, 1, [Utf8("created")],
        [
            LookupWrite.PutUnique(LookupKind.InviteCode, "abc", new Snowflake(1)),
            SetWrite.Add(SetKind.UserGuilds, new(7), new(1)),
            new AuditRow(new(1), At(0), 1, new(7), default, Utf8("entry")),
        ]), default);
        Assert.Equal(new Snowflake(1), await Storage.Lookups.GetIdAsync(LookupKind.InviteCode, "abc"));
        Assert.Equal([new(1)], await Storage.Lookups.MembersAsync(SetKind.UserGuilds, new(7)));
        Assert.Single(await Storage.Audit.QueryAsync(new AuditQuery(new(1))));
    }

    [Fact]
    public async Task Lookup_that_is_taken_undoes_events_and_all_other_rows()
    {
        await Storage.Lookups.WriteAsync([LookupWrite.Put(LookupKind.InviteCode, "abc", new Snowflake(9))]);
        var conflict = await Assert.ThrowsAsync<LookupConflictException>(async () =>
            await Journal.AppendAsync(new JournalWrite(Id, 1, [Utf8("x")],
        [
            SetWrite.Add(SetKind.UserGuilds, new(7), new(1)),
            LookupWrite.PutUnique(LookupKind.InviteCode, "abc", new Snowflake(1)),
        ]), default));
        Assert.Equal((LookupKind.InviteCode, "abc"), (conflict.Kind, conflict.Key));
        Assert.Empty(await ReplayAsync(1));
        Assert.Equal(0, await Journal.HighestSequenceNrAsync(Id, default));
        Assert.Empty(await Storage.Lookups.MembersAsync(SetKind.UserGuilds, new(7)));
        await AppendAsync(1, "goes on");
    }

    [Fact]
    public async Task Refused_writes_do_not_touch_others_of_the_same_commit()
    {
        // Queued together, they share commits; each refused one must vanish alone.
        var writes = Enumerable.Range(0, 200).Select(async i =>
        {
            var value = LookupWrite.PutUnique(LookupKind.InviteCode, $"code-{i / 2}", new Snowflake((ulong)i));
            try
            {
                await Journal.AppendAsync(new JournalWrite($"actor-{i}", 1, [Utf8("x")], [value]), default);
                return true;
            }
            catch (LookupConflictException)
            {
                return false;
            }
        });
        var accepted = await Task.WhenAll(writes);
        Assert.Equal(100, accepted.Count(a => a));
        for (var i = 0; i < 200; i++) Assert.Equal(accepted[i] ? 1 : 0, await Journal.HighestSequenceNrAsync($"actor-{i}", default));
    }

    [Fact]
    public async Task Unknown_row_is_refused_before_anything_is_written()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await Journal.AppendAsync(new JournalWrite(Id, 1, [Utf8("x")], [new Unknown()]), default));
        Assert.Empty(await ReplayAsync(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(5_000_000)]
    public async Task Snapshot_of_any_size_is_loaded_as_saved(int bytes)
    {
        var payload = new byte[bytes];
        new Random(1).NextBytes(payload);
        await Snapshots.SaveAsync(Id, new Snapshot(5, payload), default);
        var loaded = await Snapshots.LoadAsync(Id, default);
        Assert.Equal(5, loaded!.Value.SequenceNr);
        Assert.True(loaded.Value.Payload.Span.SequenceEqual(payload));
        Assert.Null(await Snapshots.LoadAsync("guild-2", default));
    }

    [Fact]
    public async Task Snapshot_replaces_older_ones_only()
    {
        await Snapshots.SaveAsync(Id, new Snapshot(5, new byte[3_000_000]), default);
        await Snapshots.SaveAsync(Id, new Snapshot(7, Utf8("seven")), default);
        await Snapshots.SaveAsync(Id, new Snapshot(6, Utf8("six")), default);
        Assert.Equal((7, "seven"), ((await Snapshots.LoadAsync(Id, default))!.Value.SequenceNr, Utf8((await Snapshots.LoadAsync(Id,
            default))!.Value.Payload)));
        await Snapshots.SaveAsync(Id, new Snapshot(7, Utf8("seven again")), default);
        Assert.Equal("seven again", Utf8((await Snapshots.LoadAsync(Id, default))!.Value.Payload));
        await Snapshots.DeleteAsync(Id, default);
        Assert.Null(await Snapshots.LoadAsync(Id, default));
        await Snapshots.DeleteAsync("nobody", default);
    }

    private async Task AppendAsync(long first, params string[] events) =>
        await Journal.AppendAsync(new JournalWrite(Id, first, [.. events.Select(e => (ReadOnlyMemory<byte>)Utf8(e))], []), default);

    private async Task<List<(long, string)>> ReplayAsync(long from)
    {
        var events = new List<(long, string)>();
        await foreach (var entry in Journal.ReplayAsync(Id, from, default)) events.Add((entry.SequenceNr, Utf8(entry.Payload)));
        return events;
    }

    private sealed record Unknown : ILookupWrite;
}
