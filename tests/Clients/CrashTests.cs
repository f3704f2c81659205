using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>What <c>kill -9</c> leaves: no client library between, so that what was answered is known exactly.</summary>
[Collection(Store.Collection)]
public sealed class CrashTests
{
    private const int Guilds = 2;
    private const int ChannelsPerGuild = 4;
    private const int PostersPerChannel = 2;
    private const int Kills = 3;

    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Cql)]
    public async Task Everything_acknowledged_over_kills_at_random_moments_is_there_once_and_in_order(string store)
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        await using NodeProcess node = await NodeProcess.StartRestartableAsync(
            ["--rate-limits", "off", .. await Store.OptionsAsync(store)]);
        List<Place> places = [];
        for (int i = 0; i < Guilds; i++)
            places.Add(await PlaceAsync(node));
        ConcurrentQueue<Acknowledged> acknowledged = [];
        int lost = 0;
        using CancellationTokenSource enough = new();
        Task[] posters =
        [
            .. places.SelectMany(place => place.Channels.SelectMany(
                channel => Enumerable.Range(0, PostersPerChannel).Select(number => PostAsync(place, channel, number)))),
        ];
        Task[] changers = [.. places.Select(place => place.ChangeAsync(node, enough.Token))];
        try
        {
            for (int kill = 0; kill < Kills; kill++)
            {
                await using Listener session = await Listener.IdentifyAsync(node, places[0].Seed.BotToken);
                await AcknowledgedAsync(acknowledged.Count + random.Next(50, 400));
                await node.KillAsync();
                await session.EndedAsync();
                session.AssertGapless();
                await node.StartAgainAsync();

                // The session went with the process: its client is told so, and identifies anew.
                await using Listener again = await Listener.ResumeAsync(node, places[0].Seed.BotToken, session.SessionId, session.Sequence);
                await again.OpcodeAsync(9);
            }
            await AcknowledgedAsync(acknowledged.Count + 50);
            await WorkedAsync("every place has seen each kind of change", () => places.TrueForAll(place => place.IsChanged));
        }
        finally
        {
            await enough.CancelAsync();
        }
        await Task.WhenAll([.. posters, .. changers]);
        Assert.True(lost > 0, $"No create was under way at the kills: they proved nothing (random seed {seed}).");

        // What is looked at comes from the disk alone.
        await node.KillAsync();
        await node.StartAgainAsync();
        Store.Say($"{acknowledged.Count} messages are looked for.");
        foreach (Place place in places)
        {
            using Poster reader = new(node, place.Seed.UserToken);
            foreach (string channel in place.Channels)
            {
                List<StoredMessage> stored = await reader.HistoryAsync(channel);
                Assert.Equal([.. acknowledged.Where(a => a.ChannelId == channel).Select(a => a.Message).OrderBy(message => message.Id)],
                    stored);
                for (int number = 0; number < PostersPerChannel; number++)
                {
                    string[] own = [.. stored.Where(m => m.Content.StartsWith($"p{number} ", StringComparison.Ordinal)).Select(m =>
                        m.Content)];
                    Assert.Equal(Enumerable.Range(0, own.Length).Select(i => $"p{number} {i}"), own);
                }
            }
            await place.AssertChangesAsync(node, reader);
        }

        async Task PostAsync(Place place, string channel, int number)
        {
            using Poster poster = new(node, place.Seed.UserToken);
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                string content = $"p{number} {i}";
                int refusals = poster.Refusals;
                ulong? id = await poster.TryPostAsync(channel, content, content);
                if (id is null)
                {
                    if (poster.Refusals == refusals)
                        Interlocked.Increment(ref lost);
                    await NodeProcess.UntilAsync("The node answers again", async () => (id = await poster.TryPostAsync(channel, content,
                        content)) is not null);
                }
                acknowledged.Enqueue(new Acknowledged(channel, new StoredMessage(id!.Value, content)));
            }
        }

        Task AcknowledgedAsync(int count) => WorkedAsync($"{count} messages are acknowledged", () => acknowledged.Count >= count);

        Task WorkedAsync(string what, Func<bool> isDone) => NodeProcess.UntilAsync($"{what} (random seed {seed})", () =>
        {
            if (posters.Concat(changers).FirstOrDefault(worker => worker.IsFaulted) is { } failed)
                throw failed.Exception!;
            return Task.FromResult(isDone());
        });
    }

    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Cql)]
    public async Task Message_whose_answer_was_lost_is_stored_once_however_often_it_is_sent_again(string store)
    {
        await using NodeProcess node = await NodeProcess.StartRestartableAsync(
            ["--rate-limits", "off", .. await Store.OptionsAsync(store)]);
        Seed place = await node.SeedAsync();
        using Poster poster = new(node, place.UserToken);

        // Answered, and sent again.
        ulong? first = await poster.TryPostAsync(place.ChannelId, "answered", "n1");
        Assert.NotNull(first);
        Assert.Equal(first, await poster.TryPostAsync(place.ChannelId, "answered", "n1"));

        // Stored, but the client never reads its answer: the history shows that it is there.
        using TcpClient deaf = await SendAsync(node, place, "stored", "n2");
        ulong second = 0;
        await NodeProcess.UntilAsync("the message is stored", async () =>
            (second = (await poster.HistoryAsync(place.ChannelId)).Find(m => m.Content == "stored")?.Id ?? 0) != 0);

        // Sent to a process that has no time left to look at it: not stored.
        node.Tell(19);
        using TcpClient late = await SendAsync(node, place, "not stored", "n3");
        await node.KillAsync();
        await node.StartAgainAsync();

        Assert.Equal(first, await poster.TryPostAsync(place.ChannelId, "answered", "n1"));
        Assert.Equal(second, await poster.TryPostAsync(place.ChannelId, "stored", "n2"));
        Assert.Equal(["answered", "stored"], (await poster.HistoryAsync(place.ChannelId)).Select(m => m.Content));
        ulong? third = await poster.TryPostAsync(place.ChannelId, "not stored", "n3");
        Assert.True(third > second);
        Assert.Equal(third, await poster.TryPostAsync(place.ChannelId, "not stored", "n3"));

        // After a clean restart too, where nothing of the channel is in memory.
        await node.StopAsync();
        await node.StartAgainAsync();
        Assert.Equal(third, await poster.TryPostAsync(place.ChannelId, "not stored", "n3"));
        Assert.Equal(
            [new(first.Value, "answered"), new(second, "stored"), new(third.Value, "not stored")],
                await poster.HistoryAsync(place.ChannelId));
    }

    private static async Task<TcpClient> SendAsync(NodeProcess node, Seed place, string content, string nonce)
    {
        Uri address = new(node.Url);
        TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port);
        string body = JsonSerializer.Serialize(new { content, nonce, enforce_nonce = true });
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /api/v10/channels/{place.ChannelId}/messages HTTP/1.1\r\nHost: {address.Authority}\r\n"
            + $"Authorization: {place.UserToken}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        return client;
    }

    private static async Task<Place> PlaceAsync(NodeProcess node)
    {
        Seed seed = await node.SeedAsync();
        using Poster owner = new(node, seed.UserToken);
        List<string> channels = [seed.ChannelId];
        while (channels.Count < ChannelsPerGuild)
            channels.Add((string)(await owner.SendAsync(HttpMethod.Post, $"/guilds/{seed.GuildId}/channels",
                new { name = $"c{channels.Count}" }))["id"]!);
        string changes = (string)(await owner.SendAsync(HttpMethod.Post, $"/guilds/{seed.GuildId}/channels",
            new { name = "changes" }))["id"]!;
        return new Place(seed, channels, changes);
    }

    private sealed record Acknowledged(string ChannelId, StoredMessage Message);

    /// <summary>A guild that is posted into, with one channel in which everything else is changed. Each change can be asked for
    /// twice.</summary>
    private sealed class Place(Seed seed, List<string> channels, string changesId)
    {
        private readonly HashSet<string> _deleted = [];
        private readonly HashSet<string> _pinned = [];
        private readonly HashSet<string> _reacted = [];
        private readonly Dictionary<string, string> _contents = [];
        private string _topic = "";
        private string _role = "";
        private string _roleName = "";
        private string _nick = "";
        private volatile bool _isChanged;

        public Seed Seed => seed;

        public List<string> Channels => channels;

        /// <summary>Whether each kind of change was made at least once, deletion last.</summary>
        public bool IsChanged => _isChanged;

        /// <summary>Edits, deletes, pins, reacts, and changes a channel, a role and a member, until it is told to end; what is asked for
        /// is acknowledged.</summary>
        public async Task ChangeAsync(NodeProcess node, CancellationToken enough)
        {
            using Poster owner = new(node, seed.UserToken);
            _role = (string)(await owner.SendAsync(HttpMethod.Post, $"/guilds/{seed.GuildId}/roles", new { name = "r" }))["id"]!;
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                string id = "";
                await NodeProcess.UntilAsync("the message is created", async () =>
                {
                    ulong? created = await owner.TryPostAsync(changesId, $"m{i}", $"m{i}");
                    id = $"{created}";
                    return created is not null;
                });
                string message = $"/channels/{changesId}/messages/{id}";
                await DoAsync(HttpMethod.Patch, message, new { content = $"m{i} edited" });
                _contents[id] = $"m{i} edited";
                await DoAsync(HttpMethod.Put, $"{message}/reactions/%F0%9F%91%8D/@me");
                _reacted.Add(id);
                if (i % 3 == 0 && _pinned.Count < 40)
                {
                    await DoAsync(HttpMethod.Put, $"/channels/{changesId}/pins/{id}");
                    _pinned.Add(id);
                }
                if (i % 4 == 3)
                {
                    await DoAsync(HttpMethod.Delete, message, gone: 404);
                    _contents.Remove(id);
                    _deleted.Add(id);
                    _pinned.Remove(id);
                    _reacted.Remove(id);
                }
                await DoAsync(HttpMethod.Patch, $"/channels/{changesId}", new { topic = $"t{i}" });
                _topic = $"t{i}";
                await DoAsync(HttpMethod.Patch, $"/guilds/{seed.GuildId}/roles/{_role}", new { name = $"r{i}" });
                _roleName = $"r{i}";
                await DoAsync(HttpMethod.Patch, $"/guilds/{seed.GuildId}/members/{seed.ApplicationId}", new { nick = $"n{i}" });
                _nick = $"n{i}";
                _isChanged = _deleted.Count > 0 && _pinned.Count > 0;
            }

            Task DoAsync(HttpMethod method, string path, object? body = null, int gone = 0) => NodeProcess.UntilAsync($"{method} {path}",
                async () =>
            {
                if (await owner.TrySendAsync(method, path, body) is not { } answer || node.MayAskAgain(answer.Status))
                    return false;
                Assert.True(answer.Status is >= 200 and < 300 || answer.Status == gone,
                    $"{method} {path}: {answer.Status} {answer.Body?.ToJsonString()}\n{node.Output}");
                return true;
            });
        }

        /// <summary>What was acknowledged last is what REST and a new session show.</summary>
        public async Task AssertChangesAsync(NodeProcess node, Poster owner)
        {
            List<StoredMessage> history = await owner.HistoryAsync(changesId);
            Assert.Equal(_contents.Select(pair => new StoredMessage(ulong.Parse(pair.Key), pair.Value)).OrderBy(m => m.Id),
                history.Where(m => m.Content.Length > 0));
            JsonArray pins = (await owner.SendAsync(HttpMethod.Get, $"/channels/{changesId}/pins")).AsArray();
            Assert.Equal(_pinned.Order(), pins.Select(pin => (string)pin!["id"]!).Order());
            foreach (string id in _reacted)
            {
                JsonNode message = await owner.SendAsync(HttpMethod.Get, $"/channels/{changesId}/messages/{id}");
                Assert.Equal((1, true), ((int)message["reactions"]![0]!["count"]!, (bool)message["reactions"]![0]!["me"]!));
            }

            await using Listener bot = await Listener.IdentifyAsync(node, seed.BotToken);
            JsonNode guild = await bot.NextAsync("GUILD_CREATE", g => (string?)g["id"] == seed.GuildId);
            Assert.Equal(_topic, (string?)guild["channels"]!.AsArray().Single(c => (string?)c!["id"] == changesId)!["topic"]);
            Assert.Equal(_roleName, (string?)guild["roles"]!.AsArray().Single(r => (string?)r!["id"] == _role)!["name"]);
            Assert.Equal(_nick, (string?)guild["members"]!.AsArray().Single(m =>
                (string?)m!["user"]!["id"] == seed.ApplicationId)!["nick"]);
        }
    }
}
