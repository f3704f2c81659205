using System.Runtime.CompilerServices;
using Discord.Storage.Migration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.Tests.Migration;

public sealed class RetryingReplicaTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly SteppedTime _time = new(World.Noon);

    [Fact]
    public async Task Scan_goes_on_from_the_last_position_and_says_that_rows_behind_it_come_again()
    {
        var store = new Paged(
            [Page(1), Page(2) with { Ahead = 1 }, Away()],
            [Page(3), Page(4)]);
        var pages = await AllAsync(store, limit: null);
        Assert.Equal([1, 2, null, 3, 4], pages.Select(page => page.Fault is null ? page.Position[0].Number : default(long?)));
        Assert.Equal([[], [2]], store.Begun);
    }

    [Fact]
    public async Task Scan_that_comes_to_the_same_point_again_and_again_is_given_up_with_the_cause()
    {
        // Of a large partition two pages can be read, and never more.
        ReplicaPage Behind(int ahead) => Page(7) with { Ahead = ahead };
        object[] attempt = [Behind(500), Behind(1_000), Away("a block is damaged")];
        var given = await Assert.ThrowsAsync<MigrationException>(() => AllAsync(new Paged(attempt), Limit));
        Assert.Equal("the source did not answer for 120 s: a block is damaged", given.Message);
    }

    [Fact]
    public async Task Scan_that_gets_further_each_time_is_not_given_up()
    {
        object[][] attempts =
        [
            .. Enumerable.Range(1, 200).Select(i => (object[])[Page(1) with { Ahead = 500 * i }, Away()]), [Page(2)],
        ];
        Assert.Equal(2, (await AllAsync(new Paged(attempts), Limit))[^1].Position[0].Number);
    }

    [Fact]
    public async Task Scan_that_becomes_narrower_waits_for_the_store_and_is_given_up_in_time()
    {
        var attempts = Enumerable.Range(1, 1_000).Select(_ => (object)new ReplicaPage([], [1]) { Fault = Away("no answer came") });
        var replica = New(new Paged([Page(1), .. attempts]), Limit);
        await using var pages = replica.ScanAsync(ReplicaTable.Messages, ReplicaRange.Whole, default).GetAsyncEnumerator();
        Assert.True(await pages.MoveNextAsync());
        Assert.Null(replica.Waiting);
        for (var waited = 0; waited < Limit.TotalSeconds; waited += 5)
        {
            Assert.True(await pages.MoveNextAsync());
            Assert.Equal(new MigrationWait(MigrationSide.Source, waited, "no answer came"), replica.Waiting);
            _time.Advance(Step);
        }
        await Assert.ThrowsAsync<MigrationException>(async () => await pages.MoveNextAsync());
        await pages.DisposeAsync();
        Assert.Null(replica.Waiting);
    }

    [Fact]
    public async Task Narrower_scan_that_has_rows_again_is_not_waited_for()
    {
        var replica = New(new Paged([new ReplicaPage([], [1]) { Fault = Away() }, Page(2)]), Limit);
        await using var pages = replica.ScanAsync(ReplicaTable.Messages, ReplicaRange.Whole, default).GetAsyncEnumerator();
        Assert.True(await pages.MoveNextAsync());
        Assert.NotNull(replica.Waiting);
        Assert.True(await pages.MoveNextAsync());
        Assert.Null(replica.Waiting);
    }

    [Fact]
    public async Task Cancellation_ends_a_pause_and_an_answer_that_does_not_come()
    {
        using var stop = new CancellationTokenSource();
        var replica = New(new Paged([Away()]), limit: null);
        var pausing = AllAsync(replica, stop.Token);
        var hanging = replica.ReadAsync(ReplicaTable.Messages, default, stop.Token).AsTask();
        Assert.NotNull(replica.Waiting);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pausing.WaitAsync(TimeSpan.FromSeconds(60)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Null(replica.Waiting);
    }

    [Fact]
    public async Task Reason_is_one_bounded_line()
    {
        var replica = New(new Paged([Away("first\r\n" + new string('x', 10_000))]), limit: null);
        using var stop = new CancellationTokenSource();
        var pausing = AllAsync(replica, stop.Token);
        Assert.Equal("first  " + new string('x', 292) + "…", replica.Waiting!.Reason);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pausing);
    }

    private async Task<List<ReplicaPage>> AllAsync(IReplica store, TimeSpan? limit)
    {
        var pages = AllAsync(New(store, limit), default);
        await _time.RunAsync(pages, Step);
        return await pages;
    }

    private static async Task<List<ReplicaPage>> AllAsync(RetryingReplica replica, CancellationToken ct)
    {
        var pages = new List<ReplicaPage>();
        await foreach (var page in replica.ScanAsync(ReplicaTable.Messages, ReplicaRange.Whole, ct)) pages.Add(page);
        return pages;
    }

    private RetryingReplica New(IReplica store, TimeSpan? limit) =>
        new(store, new Retry(MigrationSide.Source, limit, _time, NullLogger.Instance));

    private static ReplicaPage Page(long position) => new([[position]], [position]);

    private static StorageException Away(string why = "away") => new(StorageError.Unavailable, why);

    /// <summary>Answers each scan with the next list of pages and errors, the last of them for ever; and nothing else.</summary>
    private sealed class Paged(params object[][] scans) : IReplica
    {
        public List<long[]> Begun { get; } = [];

        public async IAsyncEnumerable<ReplicaPage> ScanAsync(
            ReplicaTable table, ReplicaRange range, [EnumeratorCancellation] CancellationToken ct)
        {
            var scan = scans[Math.Min(Begun.Count, scans.Length - 1)];
            Begun.Add([.. range.After.Select(cell => cell.Number)]);
            await Task.CompletedTask;
            foreach (var answer in scan) yield return answer as ReplicaPage ?? throw (Exception)answer;
        }

        public async ValueTask<IReadOnlyList<Cell[]>> ReadAsync(ReplicaTable table, ReadOnlyMemory<Cell> prefix, CancellationToken ct)
        {
            await new TaskCompletionSource().Task;
            return [];
        }

        public ValueTask<IReadOnlyList<ReplicaRange>> SplitAsync(ReplicaTable table, int parts, CancellationToken ct) =>
            throw new NotSupportedException();

        public ValueTask WriteAsync(ReplicaTable table, IReadOnlyList<ReplicaChange> changes, long timestamp, CancellationToken ct) =>
            throw new NotSupportedException();

        public ValueTask<long> EstimateAsync(ReplicaTable table, CancellationToken ct) => throw new NotSupportedException();
    }
}
