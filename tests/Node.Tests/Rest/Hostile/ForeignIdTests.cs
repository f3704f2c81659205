using Discord.Node.Rest;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Hostile;

/// <summary>Ids are no secret: who knows those of a guild that is not his can do nothing with them, on no route.</summary>
public sealed class ForeignIdTests(EveryRoute every) : IClassFixture<EveryRoute>
{
    // What is meant for people who are no members, and tells or does nothing that they may not have.
    private static readonly HashSet<string> Open =
    [
        "GET /users/{user_id}",
        "GET /invites/{code}",
        // Forgets what the caller himself has read.
        "DELETE /channels/{channel_id}/messages/ack",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stranger_gets_nothing_out_of_the_ids_of_a_foreign_guild_and_changes_nothing(bool isBot)
    {
        Place place = await every.PlaceAsync();
        RestClient stranger = isBot ? await every.Node.BotAsync(await every.Node.UserAsync()) : await every.Node.UserAsync();
        string before = await place.LookAsync();
        List<string> wrong = [];
        int asked = 0;
        foreach (RestRoute route in every.Routes)
        {
            // The secret of a webhook or an invite is the right to use it; everything else in a path is only a name.
            if (!route.Template.Contains('{') || route.Template.Contains("{webhook_token}") || (route.Method == "POST"
                && route.Template == "/invites/{code}"))
                continue;
            if (!IsForeign(route))
                continue;
            Reply reply = await EveryRoute.CallAsync(route, stranger, place.Value,
                new { content = "mine", name = "mine", type = 0, recipient_id = "1" });
            Note(wrong, EveryRoute.Unclear(reply, route.Label));
            if (reply.Status < 400 && !Open.Contains(route.Label))
                wrong.Add($"{route.Label}: {reply.Status} {reply.Body?.ToJsonString()}");
            asked++;
        }
        Assert.Empty(wrong);
        Assert.True(asked > 80, $"Only {asked} routes were asked.");
        Assert.Equal(before, await place.LookAsync());
    }

    [Fact]
    public async Task Wrong_token_is_401_on_every_route_that_wants_one_and_changes_nothing()
    {
        Place place = await every.PlaceAsync();
        RestClient nobody = new(every.Node, place.Guild.Bot.Id, place.Guild.Bot.Token[..^1] + "~", isBot: true);
        string before = await place.LookAsync();
        foreach (RestRoute route in every.Routes.Where(r => r.Callers != RestAuth.Public && !r.Callers.HasFlag(RestAuth.Optional)))
        {
            Reply reply = await EveryRoute.CallAsync(route, nobody, place.Value, new { });
            Assert.True(reply.Status == 401, $"{route.Label}: {reply.Status} {reply.Body?.ToJsonString()}");
        }
        Assert.Equal(before, await place.LookAsync());
    }

    [Fact]
    public async Task Wrong_secret_of_a_webhook_is_refused_on_every_route_that_takes_one()
    {
        Place place = await every.PlaceAsync();
        RestClient stranger = await every.Node.UserAsync();
        string before = await place.LookAsync();
        string wrong = place.Ids["webhook_token"][..^1] + "~";
        RestRoute[] routes = [.. every.Routes.Where(r => r.Template.Contains("{webhook_token}"))];
        Assert.NotEmpty(routes);
        foreach (RestRoute route in routes)
        {
            Reply reply = await EveryRoute.CallAsync(
                route, stranger, name => name == "webhook_token" ? wrong : place.Value(name), new { content = "mine" });
            Assert.True(reply.Status is 400 or 401 or 403 or 404, $"{route.Label}: {reply.Status} {reply.Body?.ToJsonString()}");
        }
        Assert.Equal(before, await place.LookAsync());
    }

    [Fact]
    public async Task Ids_that_name_nothing_start_no_actors()
    {
        Place place = await every.PlaceAsync();
        RestClient owner = place.Owner;
        long before = every.Node.Host.Services.Actors.Metrics.ActorsStarted;
        ulong id = place.Guild.Id.Value;
        List<string> wrong = [];
        foreach (RestRoute route in every.Routes.Where(r => r.Template.Contains('{')))
        {
            Reply reply = await EveryRoute.CallAsync(route, owner, name => name == "webhook_token" ? "x" : $"{++id}",
                new { content = "x", name = "x" });
            Note(wrong, EveryRoute.Unclear(reply, route.Label));
        }
        Assert.Empty(wrong);
        long started = every.Node.Host.Services.Actors.Metrics.ActorsStarted - before;
        Assert.True(started < 10, $"{started} actors were started by ids that name nothing.");
    }

    private static void Note(List<string> wrong, string? unclear)
    {
        if (unclear is not null)
            wrong.Add(unclear);
    }

    private static bool IsForeign(RestRoute route) => route.Template.Contains("{guild_id}") || route.Template.Contains("{channel_id}")
        || route.Template.Contains("{webhook_id}") || route.Template.Contains("{application_id}") || route.Template.Contains("{code}");
}
