namespace Discord.Protocol.Tests;

public sealed class SnowflakeGeneratorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Next_many_threads_never_repeats_and_rises_per_thread()
    {
        const int Threads = 4, Each = 50_000;
        var generator = new SnowflakeGenerator(3, 7, TimeProvider.System);
        var all = new ulong[Threads][];
        var workers = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            var mine = new ulong[Each];
            for (var i = 0; i < Each; i++)
                mine[i] = generator.Next().Value;
            all[thread] = mine;
        })).ToList();
        workers.ForEach(static worker => worker.Start());
        workers.ForEach(static worker => worker.Join());
        foreach (var mine in all)
        {
            for (var i = 1; i < Each; i++)
                Assert.True(mine[i - 1] < mine[i]);
        }
        var set = all.SelectMany(static mine => mine).ToHashSet();
        Assert.Equal(Threads * Each, set.Count);
        Assert.All(set.Take(100), static value => Assert.Equal((3, 7), (new Snowflake(value).Worker, new Snowflake(value).Process)));
    }

    [Fact]
    public void Next_more_than_4096_in_a_millisecond_borrows_the_next()
    {
        var time = new ManualTime(Start);
        var generator = new SnowflakeGenerator(0, 0, time);
        var ids = Enumerable.Range(0, 10_000).Select(_ => generator.Next()).ToList();
        Assert.Equal(ids, ids.Distinct().Order());
        Assert.Equal(Start, ids[0].Timestamp);
        Assert.Equal(Start.AddMilliseconds(2), ids[^1].Timestamp);
        time.Now = Start.AddMilliseconds(50);
        Assert.Equal(time.Now, generator.Next().Timestamp);
    }

    [Fact]
    public void Next_clock_steps_back_goes_on_from_the_last_id()
    {
        var time = new ManualTime(Start);
        var generator = new SnowflakeGenerator(0, 0, time);
        var seen = new List<Snowflake>();
        for (var step = 0; step < 2000; step++)
        {
            time.Now = Start.AddMilliseconds(step % 2 == 0 ? step : -60_000 + step);
            seen.Add(generator.Next());
        }
        Assert.Equal(seen, seen.Distinct().Order());
    }

    [Fact]
    public void Next_after_a_restart_is_greater_than_what_was_issued_before()
    {
        var time = new ManualTime(Start);
        var first = new SnowflakeGenerator(1, 1, time);
        var last = Enumerable.Range(0, 5000).Select(_ => first.Next()).Last();
        time.Now = Start.AddMinutes(-5);
        Assert.True(new SnowflakeGenerator(1, 1, time, last).Next() > last);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void Next_ids_spread_evenly_over_256_shards(int idsPerMillisecond)
    {
        // One id per millisecond is the case that a resetting increment gets wrong: all ids would end in 22 zero bits.
        const int Shards = 256, PerShard = 100;
        var time = new ManualTime(Start);
        var generator = new SnowflakeGenerator(5, 9, time);
        var counts = new int[Shards];
        for (var i = 0; i < Shards * PerShard; i++)
        {
            if (i % idsPerMillisecond == 0)
                time.Now = time.Now.AddMilliseconds(3);
            counts[generator.Next().Value % Shards]++;
        }
        Assert.All(counts, static count => Assert.InRange(count, PerShard * 9 / 10, PerShard * 11 / 10));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(32, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 32)]
    public void Constructor_ids_beyond_five_bits_are_refused(int worker, int process) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SnowflakeGenerator(worker, process, TimeProvider.System));
}
