using System.Globalization;
using System.Net;
using System.Text.Json;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Rest;
using Discord.Node.Rest.RateLimits;

namespace Discord.Node.Tests.Rest;

public sealed class RateWindowsTests
{
    private static readonly RateKey Key = new(20, 7, 9);

    [Fact]
    public void Window_with_room_counts_down_and_refuses_when_empty()
    {
        var windows = new RateWindows(1000);
        Assert.Equal(new RateState(true, 2, 1, 6000, 5000), windows.Take(Key, 2, 5000, 1000));
        Assert.Equal(new RateState(true, 2, 0, 6000, 4000), windows.Take(Key, 2, 5000, 2000));
        Assert.Equal(new RateState(false, 2, 0, 6000, 3999), windows.Take(Key, 2, 5000, 2001));
    }

    [Fact]
    public void Window_that_ended_opens_anew()
    {
        var windows = new RateWindows(1000);
        windows.Take(Key, 1, 5000, 1000);
        Assert.False(windows.Take(Key, 1, 5000, 5999).Allowed);
        Assert.Equal(new RateState(true, 1, 0, 11000, 5000), windows.Take(Key, 1, 5000, 6000));
    }

    [Fact]
    public void Keys_differ_by_bucket_major_and_caller()
    {
        var windows = new RateWindows(1000);
        windows.Take(Key, 1, 5000, 0);
        Assert.True(windows.Take(Key with { Bucket = 21 }, 1, 5000, 0).Allowed);
        Assert.True(windows.Take(Key with { Major = 8 }, 1, 5000, 0).Allowed);
        Assert.True(windows.Take(Key with { Caller = 10 }, 1, 5000, 0).Allowed);
        Assert.False(windows.Take(Key, 1, 5000, 0).Allowed);
    }

    [Fact]
    public void Clock_that_was_set_back_locks_nobody_out()
    {
        var windows = new RateWindows(1000);
        windows.Take(Key, 1, 5000, 1_000_000);
        Assert.True(windows.Take(Key, 1, 5000, 10).Allowed);
    }

    [Fact]
    public void Peek_counts_nothing()
    {
        var windows = new RateWindows(1000);
        for (var i = 0; i < 10; i++)
            Assert.True(windows.Peek(Key, 1, 5000, 0).Allowed);
        Assert.True(windows.Take(Key, 1, 5000, 0).Allowed);
        Assert.False(windows.Peek(Key, 1, 5000, 0).Allowed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Memory_is_bounded_whether_windows_end_or_not(int step)
    {
        var windows = new RateWindows(8000);
        for (var i = 0; i < 200_000; i++)
            windows.Take(new RateKey(20, (ulong)i, 0), 1, 1000, i * step);
        Assert.InRange(windows.Count, 1, 8000 + 16);
    }

    [Fact]
    public void Table_names_each_policy_once()
    {
        Assert.Equal(Buckets.All.Count, Buckets.All.Select(policy => policy.Name).Distinct().Count());
        Assert.All(Buckets.All, policy => Assert.True(policy.Limit > 0 && policy.Window > TimeSpan.Zero));
    }
}

public sealed class RateLimitHttpTests
{
    private static readonly BucketPolicy Two = new("two", 2, TimeSpan.FromSeconds(5));

    private static void Routes(NodeParts parts)
    {
        var routes = parts.Routes;
        parts.Time = new ManualTime();
        routes.Get("/channels/{channel_id}", _ => new(RestReply.Raw("1"u8.ToArray()))).Bucket(Two);
        routes.Post("/channels/{channel_id}/messages", _ => new(RestReply.Raw("1"u8.ToArray()))).Bucket(Two);
        routes.Post("/webhooks/{webhook_id}/{webhook_token}", _ => new(RestReply.NoContent))
            .Auth(RestAuth.Public).Bucket(Two).OutsideGlobalLimit();
        routes.Get("/free", _ => new(RestReply.Raw("1"u8.ToArray()))).Auth(RestAuth.Public);
        routes.Get("/slow", _ => throw new RateLimitedException(TimeSpan.FromSeconds(2.5), 20016, "Slow mode.", RateLimitScope.Shared));
        routes.Patch("/channels/{channel_id}", call =>
        {
            call.SubLimit(new BucketPolicy("name", 1, TimeSpan.FromMinutes(10)), call.Id("channel_id"));
            return new(RestReply.NoContent);
        });
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    [Fact]
    public async Task Answer_carries_all_headers_and_they_agree()
    {
        await using var node = await TestNode.StartAsync(Routes);
        using var response = await node.GetAsync("/api/v10/channels/1");
        Assert.Equal("2", Header(response, "X-RateLimit-Limit"));
        Assert.Equal("1", Header(response, "X-RateLimit-Remaining"));
        Assert.Equal("5.000", Header(response, "X-RateLimit-Reset-After"));
        Assert.Equal("1800000005.000", Header(response, "X-RateLimit-Reset"));
        Assert.Equal(32, Header(response, "X-RateLimit-Bucket").Length);
        Assert.False(response.Headers.Contains("X-RateLimit-Global"));
        Assert.False(response.Headers.Contains("Retry-After"));
    }

    [Fact]
    public async Task Bucket_that_is_empty_answers_429_until_it_ends()
    {
        var time = new ManualTime();
        await using var node = await TestNode.StartAsync(parts =>
        {
            Routes(parts);
            parts.Time = time;
        });
        await node.GetAsync("/api/v10/channels/1");
        // Two routes, one bucket.
        await node.SendAsync(HttpMethod.Post, "/api/v10/channels/1/messages");
        using var refused = await node.GetAsync("/api/v10/channels/1");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("application/json", refused.Content.Headers.GetValues("Content-Type").Single());
        Assert.Equal("0", Header(refused, "X-RateLimit-Remaining"));
        Assert.Equal("5", Header(refused, "Retry-After"));
        Assert.Equal("5.000", Header(refused, "X-RateLimit-Reset-After"));
        Assert.Equal("user", Header(refused, "X-RateLimit-Scope"));
        Assert.NotEmpty(Header(refused, "Via"));
        Assert.False(refused.Headers.Contains("X-RateLimit-Global"));
        using var json = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal(5.0, json.RootElement.GetProperty("retry_after").GetDouble());
        Assert.False(json.RootElement.GetProperty("global").GetBoolean());
        Assert.Equal("You are being rate limited.", json.RootElement.GetProperty("message").GetString());

        using var other = await node.GetAsync("/api/v10/channels/2");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var another = await node.GetAsync("/api/v10/channels/1", "user");
        Assert.Equal(HttpStatusCode.OK, another.StatusCode);

        time.Advance(TimeSpan.FromSeconds(5));
        using var again = await node.GetAsync("/api/v10/channels/1");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Webhook_bucket_belongs_to_its_token_not_to_the_caller()
    {
        await using var node = await TestNode.StartAsync(Routes);
        await node.SendAsync(HttpMethod.Post, "/api/v10/webhooks/1/a", "user");
        await node.SendAsync(HttpMethod.Post, "/api/v10/webhooks/1/a", null);
        using var refused = await node.SendAsync(HttpMethod.Post, "/api/v10/webhooks/1/a");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        using var other = await node.SendAsync(HttpMethod.Post, "/api/v10/webhooks/1/b");
        Assert.Equal(HttpStatusCode.NoContent, other.StatusCode);
    }

    [Fact]
    public async Task Global_limit_says_that_it_is_global()
    {
        await using var node = await TestNode.StartAsync(Routes, options => options.RateLimits.GlobalPerSecond = 3);
        for (var i = 0; i < 3; i++)
            (await node.GetAsync("/api/v10/free", null)).EnsureSuccessStatusCode();
        using var refused = await node.GetAsync("/api/v10/free", null);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("true", Header(refused, "X-RateLimit-Global"));
        Assert.Equal("global", Header(refused, "X-RateLimit-Scope"));
        Assert.Equal("1", Header(refused, "Retry-After"));
        Assert.Equal("1.000", Header(refused, "X-RateLimit-Reset-After"));
        Assert.Contains("\"global\":true", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var outside = await node.SendAsync(HttpMethod.Post, "/api/v10/webhooks/1/a", null);
        Assert.Equal(HttpStatusCode.NoContent, outside.StatusCode);
    }

    [Fact]
    public async Task Invalid_requests_beyond_their_limit_shut_the_address_out()
    {
        await using var node = await TestNode.StartAsync(Routes, options => options.RateLimits.InvalidPerTenMinutes = 3);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await node.GetAsync("/api/v10/channels/1", "wrong")).StatusCode);
        using var refused = await node.GetAsync("/api/v10/free", null);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("600", Header(refused, "Retry-After"));
    }

    [Fact]
    public async Task Handler_can_refuse_with_a_code_of_its_own()
    {
        await using var node = await TestNode.StartAsync(Routes);
        using var refused = await node.GetAsync("/api/v10/slow");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("3", Header(refused, "Retry-After"));
        Assert.Equal("shared", Header(refused, "X-RateLimit-Scope"));
        Assert.Equal(
            """{"message":"Slow mode.","retry_after":2.5,"global":false,"code":20016}""",
            await refused.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sub_limit_refuses_while_the_bucket_has_room()
    {
        await using var node = await TestNode.StartAsync(Routes);
        Assert.Equal(HttpStatusCode.NoContent, (await node.SendAsync(HttpMethod.Patch, "/api/v10/channels/1")).StatusCode);
        using var refused = await node.SendAsync(HttpMethod.Patch, "/api/v10/channels/1");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(int.Parse(Header(refused, "X-RateLimit-Remaining"), CultureInfo.InvariantCulture) > 0);
        Assert.Equal(HttpStatusCode.NoContent, (await node.SendAsync(HttpMethod.Patch, "/api/v10/channels/2")).StatusCode);
    }

    [Fact]
    public async Task Limits_off_leave_no_header_and_refuse_nothing()
    {
        await using var node = await TestNode.StartAsync(Routes, options => options.RateLimits.Enabled = false);
        for (var i = 0; i < 10; i++)
        {
            using var response = await node.GetAsync("/api/v10/channels/1");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
        }
    }
}
