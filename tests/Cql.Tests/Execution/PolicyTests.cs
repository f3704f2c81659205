using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Execution;
using Discord.Cql.Topology;

namespace Discord.Cql.Tests.Execution;

public sealed class PolicyTests
{
    [Fact]
    public void What_was_never_sent_goes_to_the_next_host_and_what_was_only_when_it_is_idempotent()
    {
        Assert.Equal(RetryDecision.NextHost, RetryPolicy.Decide(new CqlConnectionException("", sent: false), idempotent: false, 1));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(new CqlConnectionException("", sent: true), idempotent: false, 1));
        Assert.Equal(RetryDecision.NextHost, RetryPolicy.Decide(new CqlConnectionException("", sent: true), idempotent: true, 1));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(new CqlTimeoutException(default, sent: true), idempotent: false, 1));
        Assert.Equal(RetryDecision.NextHost, RetryPolicy.Decide(new CqlTimeoutException(default, sent: true), idempotent: true, 1));
    }

    [Fact]
    public void Overload_of_this_program_is_the_callers_to_know()
    {
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(new CqlClientOverloadedException(1, 1), idempotent: true, 1));
    }

    [Theory]
    [InlineData(CqlErrorCode.Overloaded)]
    [InlineData(CqlErrorCode.ServerError)]
    [InlineData(CqlErrorCode.TruncateError)]
    public void Trouble_of_one_host_is_answered_with_the_next_for_idempotent_statements_only(CqlErrorCode code)
    {
        Assert.Equal(RetryDecision.NextHost, RetryPolicy.Decide(new CqlServerException(code, ""), idempotent: true, 1));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(new CqlServerException(code, ""), idempotent: false, 1));
    }

    [Theory]
    [InlineData(CqlErrorCode.SyntaxError)]
    [InlineData(CqlErrorCode.Invalid)]
    [InlineData(CqlErrorCode.Unauthorized)]
    [InlineData(CqlErrorCode.ProtocolError)]
    [InlineData(CqlErrorCode.CasWriteUnknown)]
    public void Errors_that_stay_are_never_retried(CqlErrorCode code)
    {
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(new CqlServerException(code, ""), idempotent: true, 1));
    }

    [Fact]
    public void Read_is_repeated_once_where_only_the_data_is_missing()
    {
        var missing = new CqlReadTimeoutException("", ConsistencyLevel.Quorum, 2, 2, dataPresent: false);

        Assert.Equal(RetryDecision.SameHost, RetryPolicy.Decide(missing, idempotent: true, 1));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(missing, idempotent: true, 2));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(
            new CqlReadTimeoutException("", ConsistencyLevel.Quorum, 1, 2, dataPresent: false), idempotent: true, 1));
    }

    [Theory]
    [InlineData(CqlWriteType.Simple, true)]
    [InlineData(CqlWriteType.UnloggedBatch, true)]
    [InlineData(CqlWriteType.BatchLog, true)]
    [InlineData(CqlWriteType.Batch, false)]
    [InlineData(CqlWriteType.Counter, false)]
    [InlineData(CqlWriteType.Cas, false)]
    public void Write_that_timed_out_is_repeated_once_where_that_is_harmless_and_helps(CqlWriteType type, bool repeated)
    {
        var error = new CqlWriteTimeoutException("", ConsistencyLevel.Quorum, 1, 2, type);

        Assert.Equal(repeated ? RetryDecision.SameHost : RetryDecision.Throw, RetryPolicy.Decide(error, idempotent: true, 1));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(error, idempotent: true, 2));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(error, idempotent: false, 1));
    }

    [Fact]
    public void Unavailable_replicas_are_looked_for_at_one_other_host()
    {
        var error = new CqlUnavailableException("", ConsistencyLevel.Quorum, 2, 1);

        Assert.Equal(RetryDecision.NextHost, RetryPolicy.Decide(error, idempotent: false, 1));
        Assert.Equal(RetryDecision.Throw, RetryPolicy.Decide(error, idempotent: false, 2));
    }

    [Fact]
    public void Timestamps_rise_also_when_the_clock_stands_or_goes_back()
    {
        var time = new ManualTime();
        var timestamps = new TimestampGenerator(time);
        var given = new List<long> { timestamps.Next(), timestamps.Next() };
        time.Advance(TimeSpan.FromSeconds(-10));
        given.Add(timestamps.Next());
        time.Advance(TimeSpan.FromSeconds(20));
        given.Add(timestamps.Next());

        Assert.Equal(given.Order().Distinct(), given);
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds() * 1000, given[^1]);
    }

    [Fact]
    public void Timestamps_are_never_given_twice_by_many_threads()
    {
        var timestamps = new TimestampGenerator(new ManualTime());
        var given = new long[40_000];

        Parallel.For(0, given.Length, i => given[i] = timestamps.Next());

        Assert.Equal(given.Length, given.Distinct().Count());
    }

    [Fact]
    public void Heartbeat_asks_after_silence_and_gives_up_without_an_answer()
    {
        var heartbeat = new Heartbeat(interval: 30, timeout: 5, now: 0);

        Assert.Equal(HeartbeatAction.None, heartbeat.Tick(29));
        heartbeat.Received(29);
        Assert.Equal(HeartbeatAction.None, heartbeat.Tick(58));
        Assert.Equal(HeartbeatAction.Send, heartbeat.Tick(59));
        Assert.Equal(HeartbeatAction.None, heartbeat.Tick(63));
        Assert.Equal(HeartbeatAction.Break, heartbeat.Tick(64));
        heartbeat.Received(64);
        Assert.Equal(HeartbeatAction.None, heartbeat.Tick(65));
    }

    [Fact]
    public void Waits_before_reconnecting_double_up_to_the_longest()
    {
        var schedule = new ReconnectionSchedule(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

        foreach (var expected in (int[])[100, 200, 400, 800, 1000, 1000])
            Assert.InRange(schedule.Next().TotalMilliseconds, expected * 0.85, expected * 1.15);
        schedule.Reset();
        Assert.InRange(schedule.Next().TotalMilliseconds, 85, 115);
    }

    [Theory]
    [InlineData("db", "db", 9042)]
    [InlineData("db.example:1", "db.example", 1)]
    [InlineData("10.0.0.1", "10.0.0.1", 9042)]
    [InlineData("10.0.0.1:2", "10.0.0.1", 2)]
    [InlineData("::1", "::1", 9042)]
    [InlineData("[::1]:3", "::1", 3)]
    [InlineData("[::1]", "::1", 9042)]
    public void Contact_point_is_read(string text, string name, int port)
    {
        Assert.Equal(new ContactPoint(name, port), ContactPoint.Parse(text, 9042));
    }

    [Theory]
    [InlineData("")]
    [InlineData("db:0")]
    [InlineData("db:65536")]
    [InlineData("db:port")]
    [InlineData("a b")]
    public void Contact_point_that_is_none_is_refused(string text)
    {
        Assert.Throws<ArgumentException>(() => ContactPoint.Parse(text, 9042));
    }
}
