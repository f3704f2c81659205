using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Threads;

/// <summary>What time does: threads without activity are archived, invites end.</summary>
public sealed class ThreadArchiveTests
{
    [Fact]
    public async Task Idle_thread_is_archived_and_an_active_one_later()
    {
        SkippingTime time = new();
        await using NodeKit node = await NodeKit.StartAsync(parts: parts => parts.Time = time);
        SeededGuild guild = await node.SeedAsync();
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        string idle = await StartAsync(guild), busy = await StartAsync(guild);
        string invite = (string)(await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/invites", new { max_age = 3600 }))
            .Expect(200)["code"]!;
        time.Skip(TimeSpan.FromMinutes(40));
        (await guild.Owner.PostAsync($"/channels/{busy}/messages", new { content = "still here" })).Expect(200);
        time.Skip(TimeSpan.FromMinutes(25));
        JsonNode archived = await bot.NextAsync("THREAD_UPDATE");
        Assert.Equal(idle, (string?)archived["id"]);
        Assert.True((bool)archived["thread_metadata"]!["archived"]!);
        Assert.Equal(invite, (string?)(await bot.NextAsync("INVITE_DELETE"))["code"]);
        Assert.False((bool)(await guild.Bot.GetAsync($"/channels/{busy}")).Expect(200)["thread_metadata"]!["archived"]!);
        time.Skip(TimeSpan.FromMinutes(40));
        JsonNode later = await bot.NextAsync("THREAD_UPDATE");
        Assert.Equal(busy, (string?)later["id"]);
        Assert.Equal(1, (int)(await guild.Bot.GetAsync($"/channels/{busy}")).Expect(200)["message_count"]!);
    }

    [Fact]
    public async Task Thread_that_became_due_while_the_node_was_down_is_archived_when_it_is_back()
    {
        SkippingTime time = new();
        await using NodeKit node = await NodeKit.StartAsync(parts: parts => parts.Time = time);
        SeededGuild guild = await node.SeedAsync();
        string id = await StartAsync(guild);
        time.Skip(TimeSpan.FromMinutes(30));
        await node.RestartAsync();
        Assert.False((bool)(await guild.Bot.GetAsync($"/channels/{id}")).Expect(200)["thread_metadata"]!["archived"]!);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        time.Skip(TimeSpan.FromMinutes(31));
        Assert.Equal(id, (string?)(await bot.NextAsync("THREAD_UPDATE"))["id"]);
    }

    private static async Task<string> StartAsync(SeededGuild guild) => (string)(await guild.Owner.PostAsync(
        $"/channels/{guild.ChannelId}/threads", new { name = "t", type = 11, auto_archive_duration = 60 })).Expect(201)["id"]!;

    /// <summary>Real time that can be moved forward at will: timers that become due fire at once.</summary>
    private sealed class SkippingTime : TimeProvider
    {
        private readonly Lock _gate = new();
        private readonly List<Pending> _timers = [];
        private TimeSpan _ahead;

        public override DateTimeOffset GetUtcNow()
        {
            lock (_gate)
                return System.GetUtcNow() + _ahead;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pending timer = new(this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        public void Skip(TimeSpan time)
        {
            Pending[] due;
            lock (_gate)
            {
                _ahead += time;
                // Only long waits are about what is tested: heartbeats and time limits of requests stay in real time.
                due = [.. _timers.Where(t => t.IsLong)];
            }
            foreach (Pending timer in due)
                timer.Shorten(time);
        }

        private sealed class Pending : ITimer
        {
            private static readonly TimeSpan Long = TimeSpan.FromMinutes(18);

            private readonly SkippingTime _time;
            private readonly ITimer _inner;
            private DateTimeOffset? _due;

            public Pending(SkippingTime time, TimerCallback callback, object? state)
            {
                _time = time;
                _inner = System.CreateTimer(
                    s =>
                    {
                        lock (time._gate)
                            time._timers.Remove(this);
                        callback(s);
                    }, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }

            public bool IsLong => _due is not null;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                lock (_time._gate)
                {
                    _time._timers.Remove(this);
                    _due = null;
                    if (dueTime >= Long)
                    {
                        _due = System.GetUtcNow() + dueTime;
                        _time._timers.Add(this);
                    }
                }
                return _inner.Change(dueTime, period);
            }

            public void Shorten(TimeSpan by)
            {
                TimeSpan left;
                lock (_time._gate)
                {
                    if (_due is not { } due)
                        return;
                    _due = due - by;
                    left = _due.Value - System.GetUtcNow();
                }
                _inner.Change(left < TimeSpan.Zero ? TimeSpan.Zero : left, Timeout.InfiniteTimeSpan);
            }

            public void Dispose()
            {
                lock (_time._gate)
                    _time._timers.Remove(this);
                _inner.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
