using Discord.Protocol;
using Discord.Storage.Cql;

namespace Discord.Storage.Tests.Cql;

public sealed class WriteClockTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(s_start);

    [Fact]
    public void Append_that_is_repeated_is_below_the_first_though_the_clock_stands_or_goes_back()
    {
        var clock = new WriteClock(_time);
        var id = Snowflake.FromTimestamp(s_start - TimeSpan.FromSeconds(2));
        var last = clock.OfAppend(id);
        foreach (var step in new[] { 0, 3, -60, 0, 86_400 })
        {
            _time.Advance(TimeSpan.FromSeconds(step));
            var next = clock.OfAppend(id);
            Assert.True(next < last, $"{next} is not below {last}");
            last = next;
        }
    }

    [Theory]
    [InlineData(-365)]
    [InlineData(0)]
    [InlineData(30)]
    public void Append_is_never_above_the_time_of_its_id_and_every_change_is(int days)
    {
        var clock = new WriteClock(_time);
        var id = Snowflake.FromTimestamp(s_start + TimeSpan.FromDays(days));
        var made = WriteClock.MicrosOf(id);
        Assert.InRange(clock.OfAppend(id), 1, made);
        Assert.True(clock.Above(made) > made);
    }

    [Fact]
    public void Times_are_given_once_over_many_threads()
    {
        var clock = new WriteClock(_time);
        var times = new long[8][];
        Parallel.For(0, times.Length, i => times[i] = [.. Enumerable.Range(0, 1_000).Select(_ => clock.Next())]);
        Assert.Equal(8_000, times.SelectMany(each => each).Distinct().Count());
        Assert.All(times, each => Assert.Equal(each.Order(), each));
    }
}
