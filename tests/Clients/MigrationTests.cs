using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Discord.Clients.Kit;
using Discord.Servers;

namespace Discord.Clients;

/// <summary>A node's data moves to a cluster while people write, and the node is killed in the middle of it.</summary>
[Collection(Store.Collection)]
public sealed class MigrationTests
{
    private const int Posters = 4;
    private const int Before = 400;

    /// <summary>Slow enough that the copy is under way for some seconds, fast enough to come to its end.</summary>
    private const int RowsPerSecond = 500;

    /// <summary>Of each poster: the copy has to outrun them all.</summary>
    private static readonly TimeSpan s_postInterval = TimeSpan.FromMilliseconds(40);

    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Cql)]
    public async Task Node_moves_to_a_cluster_under_writes_and_kills_and_has_everything_on_both_sides(string from)
    {
        Cassandra cluster = await Cassandra.PlainAsync();
        string[] ports = ["--rate-limits", "off", .. await Store.OptionsAsync(from)];
        string[] target = Store.OptionsOf(cluster);
        JsonObject there = new()
        {
            ["contact_points"] = new JsonArray(cluster.Address),
            ["datacenter"] = "dc1",
            ["keyspace"] = target[Array.IndexOf(target, "--cql-keyspace") + 1],
            ["replication_factor"] = 1,
        };
        await using NodeProcess node = await NodeProcess.StartRestartableAsync(ports);
        node.IsOnDatabase = true;
        Seed seed = await node.SeedAsync();
        using Poster owner = new(node, seed.UserToken);
        for (int i = 0; i < Before; i++)
            await owner.PostAsync(seed.ChannelId, $"before {i}");

        ConcurrentDictionary<string, ulong> acknowledged = [];
        using CancellationTokenSource enough = new();
        Task[] posters = [.. Enumerable.Range(0, Posters).Select(PostAsync)];
        await node.OpsAsync(HttpMethod.Post, "migration", new JsonObject { ["target"] = there, ["rows_per_second"] = RowsPerSecond });
        await UntilAsync("some rows are copied", status => status["tables"]!.AsArray().Sum(t => (long)t!["copied"]!) > 0);
        await node.KillAsync();
        await node.StartAgainAsync();
        await UntilAsync("the copy is at its end", status => (string)status["phase"]! == "copied");
        await VerifyAsync();
        await node.OpsAsync(HttpMethod.Post, "migration/cutover", new JsonObject { ["back"] = false });
        await AcknowledgedAsync(acknowledged.Count + 20);

        // Killed again, it comes back with the target, which everything goes on in.
        await node.KillAsync();
        await node.StartAgainAsync();
        Assert.Equal("cut_over", (string?)(await node.OpsAsync(HttpMethod.Get, "migration"))["phase"]);
        await AcknowledgedAsync(acknowledged.Count + 20);
        await VerifyAsync();
        await node.OpsAsync(HttpMethod.Post, "migration/cutover", new JsonObject { ["back"] = true });
        await AcknowledgedAsync(acknowledged.Count + 20);
        await VerifyAsync();
        await node.OpsAsync(HttpMethod.Post, "migration/cutover", new JsonObject { ["back"] = false });
        await enough.CancelAsync();
        await Task.WhenAll(posters);
        await AssertAllAsync(node);
        Store.Say("The node has everything and moves.");

        // A node that has the target as its own store ends the migration, and has everything, too.
        await node.StopAsync();
        await using NodeProcess moved = await NodeProcess.StartOnDataOfAsync(node, ["--rate-limits", "off", .. target]);
        Assert.Equal("none", (string?)(await moved.OpsAsync(HttpMethod.Get, "migration"))["phase"]);
        await AssertAllAsync(moved);

        async Task PostAsync(int number)
        {
            using Poster poster = new(node, seed.UserToken);
            using PeriodicTimer next = new(s_postInterval);
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                await next.WaitForNextTickAsync();
                string content = $"p{number} {i}";
                ulong? id = null;
                await NodeProcess.UntilAsync($"{content} is answered", async () =>
                    (id = await poster.TryPostAsync(seed.ChannelId, content, content)) is not null);
                acknowledged[content] = id!.Value;
            }
        }

        async Task AssertAllAsync(NodeProcess asked)
        {
            using Poster reader = new(asked, seed.UserToken);
            List<StoredMessage> stored = await reader.HistoryAsync(seed.ChannelId);
            Assert.Equal(Enumerable.Range(0, Before).Select(i => $"before {i}"), stored.Take(Before).Select(message => message.Content));
            Assert.Equal(
                acknowledged.OrderBy(each => each.Value).Select(each => new StoredMessage(each.Value, each.Key)), stored.Skip(Before));
        }

        async Task VerifyAsync()
        {
            await node.OpsAsync(HttpMethod.Post, "migration/verify", new JsonObject { ["share"] = 1 });
            JsonNode status = await UntilAsync("everything is compared", s => !(bool)s["verification"]!["running"]!);
            JsonNode found = status["verification"]!;
            Assert.True((bool)found["passed"]! && (long)found["compared"]! >= Before, found.ToJsonString());
        }

        async Task<JsonNode> UntilAsync(string what, Func<JsonNode, bool> condition)
        {
            JsonNode status = new JsonObject();
            try
            {
                await NodeProcess.UntilAsync(
                    what, async () => condition(status = await node.OpsAsync(HttpMethod.Get, "migration")), TimeSpan.FromMinutes(2));
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException($"{e.Message} {status.ToJsonString()}", e);
            }
            return status;
        }

        Task AcknowledgedAsync(int count) => NodeProcess.UntilAsync($"{count} messages are acknowledged", () =>
        {
            if (posters.FirstOrDefault(poster => poster.IsFaulted) is { } failed)
                throw failed.Exception!;
            return Task.FromResult(acknowledged.Count >= count);
        });
    }
}
