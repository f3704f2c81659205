using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Discord.Clients.Kit;
using Discord.Servers;

namespace Discord.Clients;

/// <summary>The database cluster is gone for a while, under a running node: its process is frozen, so that connections stay open and
/// nothing answers.</summary>
[Collection(Store.Collection)]
public sealed class FrozenDatabaseTests
{
    private const int Posters = 4;

    /// <summary>The store's own limit of 5 s for an answer, twice, and what a busy machine adds: well below what clients wait.</summary>
    private static readonly TimeSpan s_refusalLimit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Writes_meanwhile_are_503_reads_go_on_nothing_acknowledged_is_lost_and_the_node_heals()
    {
        Cassandra database = await Cassandra.OwnAsync();
        await using NodeProcess node = await NodeProcess.StartRestartableAsync(["--rate-limits", "off", .. Store.OptionsOf(database)]);
        Seed place = await node.SeedAsync();
        using Poster owner = new(node, place.UserToken);
        ConcurrentDictionary<string, ulong> acknowledged = [];
        ConcurrentQueue<(int Status, TimeSpan Took)> refusals = [];
        using CancellationTokenSource enough = new();
        Task[] posters = [.. Enumerable.Range(0, Posters).Select(PostAsync)];
        try
        {
            await UntilAsync("messages are acknowledged", () => acknowledged.Count >= 60);
            await database.FreezeAsync();
            try
            {
                await UntilAsync("messages are refused", () => refusals.Count >= Posters);

                // What people look at is in memory, whatever they have tried to change.
                string newest = await ReadOnAsync();
                Assert.Equal(503, await StatusAsync(HttpMethod.Patch, $"/guilds/{place.GuildId}", new { name = "frozen" }));
                Assert.Equal(503, await StatusAsync(HttpMethod.Put, $"{newest}/reactions/%F0%9F%94%A5/@me"));
                Assert.Equal(503, await StatusAsync(HttpMethod.Patch, newest, new { content = "frozen" }));
                await ReadOnAsync();
            }
            finally
            {
                await database.ThawAsync();
            }
            Store.Say("The database goes on.");
            int before = acknowledged.Count;
            await UntilAsync("messages are acknowledged again", () => acknowledged.Count >= before + 60);
        }
        finally
        {
            await enough.CancelAsync();
        }
        await Task.WhenAll(posters);
        Assert.All(refusals, refusal =>
        {
            Assert.Equal(503, refusal.Status);
            Assert.True(refusal.Took < s_refusalLimit, $"A refusal took {refusal.Took.TotalSeconds:0.0} s.");
        });
        await NodeProcess.UntilAsync("the guild can be changed again", async () =>
            (await owner.TrySendAsync(HttpMethod.Patch, $"/guilds/{place.GuildId}", new { name = "thawed" }))?.Status == 200);

        // Each is there once, though it was sent until it was acknowledged; and so it is for a node that knows nothing.
        for (int i = 0; i < 2; i++)
        {
            List<StoredMessage> stored = await owner.HistoryAsync(place.ChannelId);
            Assert.Equal(acknowledged.OrderBy(a => a.Value).Select(a => new StoredMessage(a.Value, a.Key)), stored);
            Assert.Equal("thawed", (string?)(await owner.SendAsync(HttpMethod.Get, $"/guilds/{place.GuildId}"))["name"]);
            await node.KillAsync();
            await node.StartAgainAsync();
            Store.Say("The node is there again.");
        }

        // The newest message's path.
        async Task<string> ReadOnAsync()
        {
            string channel = $"/channels/{place.ChannelId}";
            (int read, JsonNode? page) = (await owner.TrySendAsync(HttpMethod.Get, $"{channel}/messages?limit=50"))!.Value;
            Assert.True(read == 200, $"{read} {page?.ToJsonString()}");
            Assert.Equal(50, page!.AsArray().Count);
            Assert.Contains(page.AsArray(), message => (bool?)message!["reactions"]?[0]!["me"] == true);
            string newest = $"{channel}/messages/{page[0]!["id"]}";
            string guild = $"/guilds/{place.GuildId}";
            foreach (string path in (string[])[newest, channel, guild, $"{guild}/channels", $"{channel}/pins"])
                Assert.Equal(200, await StatusAsync(HttpMethod.Get, path));
            return newest;
        }

        async Task<int> StatusAsync(HttpMethod method, string path, object? body = null) =>
            (await owner.TrySendAsync(method, path, body))!.Value.Status;

        async Task PostAsync(int number)
        {
            using Poster poster = new(node, place.UserToken);
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                string content = $"p{number} {i}";
                while (true)
                {
                    Stopwatch took = Stopwatch.StartNew();
                    (int status, JsonNode? body) = (await poster.TrySendAsync(HttpMethod.Post, $"/channels/{place.ChannelId}/messages",
                        new { content, nonce = content, enforce_nonce = true }))!.Value;
                    if (status != 200)
                    {
                        refusals.Enqueue((status, took.Elapsed));
                        continue;
                    }
                    string id = (string)body!["id"]!;
                    acknowledged[content] = ulong.Parse(id);
                    int reacted = (await poster.TrySendAsync(
                        HttpMethod.Put, $"/channels/{place.ChannelId}/messages/{id}/reactions/%F0%9F%94%A5/@me"))!.Value.Status;
                    Assert.True(reacted is 204 or 503, $"{reacted}");
                    break;
                }
            }
        }

        Task UntilAsync(string what, Func<bool> condition) => NodeProcess.UntilAsync(what, () =>
        {
            if (posters.FirstOrDefault(poster => poster.IsFaulted) is { } failed)
                throw failed.Exception!;
            return Task.FromResult(condition());
        });
    }
}
