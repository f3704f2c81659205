using System.Text.Json.Nodes;
using Discord.Node.Rest;
using Discord.Node.Tests.Kit;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Hostile;

/// <summary>A node, and all of its REST routes: what holds for every route is asked of every route, those of tomorrow too.</summary>
public sealed class EveryRoute : IAsyncLifetime
{
    private NodeKit? _node;
    private RouteTable? _routes;

    public NodeKit Node => _node ?? throw new InvalidOperationException("The node is not started.");

    public IEnumerable<RestRoute> Routes => _routes!.Routes;

    public async ValueTask InitializeAsync() =>
        _node = await NodeKit.StartAsync(parts: parts => _routes = parts.Routes);

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    /// <summary>A guild with one of everything that a path can name.</summary>
    internal async Task<Place> PlaceAsync()
    {
        SeededGuild guild = await Node.SeedAsync();
        RestClient owner = guild.Owner;
        string channel = guild.ChannelId.ToString();
        string message = Id(await owner.PostAsync($"/channels/{channel}/messages", new { content = "private" }));
        (await owner.PutAsync($"/channels/{channel}/messages/{message}/reactions/%F0%9F%91%8D/@me")).Expect204();
        (await owner.PutAsync($"/channels/{channel}/pins/{message}")).Expect204();
        string role = Id(await owner.PostAsync($"/guilds/{guild.Id}/roles", new { name = "role" }));
        (await owner.PutAsync($"/channels/{channel}/permissions/{role}", new { type = 0, allow = "0", deny = "0" })).Expect204();
        JsonNode webhook = (await owner.PostAsync($"/channels/{channel}/webhooks", new { name = "hook" })).Expect(200);
        string invite = (string)(await owner.PostAsync($"/channels/{channel}/invites", new { })).Expect(200)["code"]!;
        RestClient member = await Node.MemberAsync(guild.Id);
        return new Place(guild, owner, new Dictionary<string, string>
        {
            ["guild_id"] = guild.Id.ToString(),
            ["channel_id"] = channel,
            ["message_id"] = message,
            ["role_id"] = role,
            ["overwrite_id"] = role,
            ["webhook_id"] = (string)webhook["id"]!,
            ["webhook_token"] = (string)webhook["token"]!,
            ["code"] = invite,
            ["user_id"] = member.Id.ToString(),
            ["application_id"] = guild.Bot.Id.ToString(),
            ["emoji_name"] = "%F0%9F%91%8D",
            ["interaction_token"] = "none",
            ["type"] = "1",
        });

        static string Id(Reply reply) => (string)(reply.Status is 200 or 201 ? reply.Body! : reply.Expect(200))["id"]!;
    }

    /// <summary>The same place while all that its ids name is there; a new one when a call has taken something of it away.</summary>
    internal async Task<Place> WholeAsync(Place? place) => place is not null && await place.IsWholeAsync() ? place : await PlaceAsync();

    /// <summary>Calls a route with these values for its parameters; "1" for one that has none.</summary>
    internal static Task<Reply> CallAsync(RestRoute route, RestClient caller, Func<string, string> value, object? body) =>
        caller.SendAsync(new HttpMethod(route.Method), Path(route, value), route.Method is "GET" ? null : body);

    /// <summary>The route's path with values for its parameters.</summary>
    internal static string Path(RestRoute route, Func<string, string> value) =>
        string.Join('/', route.Template.Split('/').Select(segment => segment.StartsWith('{') ? value(segment[1..^1]) : segment));

    /// <summary>What is wrong with an answer: a fault of the node, or an error that is not in Discord's form. Null when it is
    /// clear.</summary>
    /// <param name="bare">The request is none that the HTTP server lets pass: its own refusal has no body.</param>
    internal static string? Unclear(Reply reply, string call, bool bare = false)
    {
        bool clear = reply.Status < 400
            || (reply.Status < 500 && ((reply.Body?["message"] is not null && reply.Body["code"] is not null) || (bare
                && reply.Body is null)));
        return clear ? null : $"{call}: {reply.Status} {reply.Body?.ToJsonString()}";
    }
}

/// <summary>A guild, and the path parameters that lead to it.</summary>
internal sealed record Place(SeededGuild Guild, RestClient Owner, IReadOnlyDictionary<string, string> Ids)
{
    public string Value(string parameter) => Ids.GetValueOrDefault(parameter, "1");

    /// <summary>Whether all that the ids name is there.</summary>
    public async Task<bool> IsWholeAsync()
    {
        string[] paths =
        [
            $"/channels/{Ids["channel_id"]}/messages/{Ids["message_id"]}", $"/guilds/{Guild.Id}/roles/{Ids["role_id"]}",
            $"/webhooks/{Ids["webhook_id"]}/{Ids["webhook_token"]}", $"/invites/{Ids["code"]}",
                $"/guilds/{Guild.Id}/members/{Ids["user_id"]}",
        ];
        foreach (string path in paths)
        {
            if ((await Owner.GetAsync(path)).Status != 200)
                return false;
        }
        return true;
    }

    /// <summary>What its owner sees of it, as one text.</summary>
    public async Task<string> LookAsync()
    {
        string guild = $"/guilds/{Guild.Id}", channel = $"/channels/{Guild.ChannelId}";
        string[] paths =
        [
            guild, guild + "/channels", guild + "/roles", guild + "/members?limit=100", guild + "/bans", guild + "/webhooks", guild
                + "/emojis",
            guild + "/invites", guild + "/threads/active", channel + "/messages", channel + "/pins", channel,
        ];
        List<string> seen = [];
        foreach (string path in paths)
            seen.Add((await Owner.GetAsync(path)).Expect(200).ToJsonString());
        return string.Join('\n', seen);
    }
}
