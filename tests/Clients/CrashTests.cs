using System.Collections.Concurrent;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>What <c>kill -9</c> leaves: no client library between, so that what was answered is known exactly.</summary>
public sealed class CrashTests
{
    private const int Channels = 4;
    private const int PostersPerChannel = 4;
    private const int BetweenKills = 400;

    [Fact]
    public async Task Messages_acknowledged_or_sent_again_over_two_kills_are_there_once_and_in_order()
    {
        await using NodeProcess node = await NodeProcess.StartRestartableAsync("--rate-limits", "off");
        List<Seed> places = [];
        for (int i = 0; i < Channels; i++)
            places.Add(await node.SeedAsync());
        ConcurrentQueue<Acknowledged> acknowledged = [];
        int sentAgain = 0;
        using CancellationTokenSource enough = new();
        Task[] posters = [.. places.SelectMany(place => Enumerable.Range(0, PostersPerChannel).Select(number => PostAsync(place, number)))];
        try
        {
            for (int kill = 1; kill <= 2; kill++)
            {
                await AcknowledgedAsync(kill * BetweenKills);
                await node.KillAsync();
                await node.StartAgainAsync();
            }
            await AcknowledgedAsync(acknowledged.Count + BetweenKills);
        }
        finally
        {
            await enough.CancelAsync();
        }
        await Task.WhenAll(posters);
        Assert.True(sentAgain > 0, "No create was under way at the kills: they proved nothing.");

        foreach (Seed place in places)
        {
            using Poster reader = new(node, place.UserToken);
            List<StoredMessage> stored = await reader.HistoryAsync(place.ChannelId);
            StoredMessage[] answered =
                [.. acknowledged.Where(a => a.ChannelId == place.ChannelId).Select(a => a.Message).OrderBy(message => message.Id)];
            Assert.Equal(answered, stored);
            for (int number = 0; number < PostersPerChannel; number++)
            {
                string[] own = [.. stored.Where(message => message.Content.StartsWith($"p{number} ", StringComparison.Ordinal)).Select(m => m.Content)];
                Assert.Equal(Enumerable.Range(0, own.Length).Select(i => $"p{number} {i}"), own);
            }
        }

        async Task PostAsync(Seed place, int number)
        {
            using Poster poster = new(node, place.UserToken);
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                string content = $"p{number} {i}";
                ulong? id = await poster.TryPostAsync(place.ChannelId, content, content);
                if (id is null)
                {
                    Interlocked.Increment(ref sentAgain);
                    await NodeProcess.UntilAsync("The node answers again", async () =>
                        (id = await poster.TryPostAsync(place.ChannelId, content, content)) is not null);
                }
                acknowledged.Enqueue(new Acknowledged(place.ChannelId, new StoredMessage(id!.Value, content)));
            }
        }

        Task AcknowledgedAsync(int count) => NodeProcess.UntilAsync($"{count} messages are acknowledged", () =>
        {
            if (posters.FirstOrDefault(poster => poster.IsFaulted) is { } failed)
                throw failed.Exception!;
            return Task.FromResult(acknowledged.Count >= count);
        });
    }

    [Fact]
    public async Task Message_sent_again_after_a_kill_is_the_stored_one()
    {
        await using NodeProcess node = await NodeProcess.StartRestartableAsync("--rate-limits", "off");
        Seed place = await node.SeedAsync();
        using Poster poster = new(node, place.UserToken);
        ulong? first = await poster.TryPostAsync(place.ChannelId, "only once", "nonce-1");
        Assert.NotNull(first);
        await node.KillAsync();
        await node.StartAgainAsync();
        Assert.Equal(first, await poster.TryPostAsync(place.ChannelId, "only once", "nonce-1"));
        ulong? second = await poster.TryPostAsync(place.ChannelId, "another", "nonce-2");
        Assert.True(second > first);
        Assert.Equal([new(first.Value, "only once"), new(second.Value, "another")], await poster.HistoryAsync(place.ChannelId));
    }

    private sealed record Acknowledged(string ChannelId, StoredMessage Message);
}
