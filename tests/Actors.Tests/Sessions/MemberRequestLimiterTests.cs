using Discord.Actors.Sessions;
using Discord.Actors.Tests.Messages;
using Discord.Protocol;

namespace Discord.Actors.Tests.Sessions;

public sealed class MemberRequestLimiterTests
{
    [Fact]
    public void Second_request_within_the_interval_waits_and_others_do_not()
    {
        ManualTime time = new();
        MemberRequestLimiter limiter = new(time);
        Assert.True(limiter.TryEnter(new Snowflake(1), new Snowflake(10), out _));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(limiter.TryEnter(new Snowflake(1), new Snowflake(10), out TimeSpan wait));
        Assert.Equal(TimeSpan.FromSeconds(20), wait);
        Assert.True(limiter.TryEnter(new Snowflake(1), new Snowflake(11), out _));
        Assert.True(limiter.TryEnter(new Snowflake(2), new Snowflake(10), out _));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(limiter.TryEnter(new Snowflake(1), new Snowflake(10), out _));
    }
}
