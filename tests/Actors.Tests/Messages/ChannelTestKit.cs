using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Actors.Tests.Messages;

/// <summary>One text channel of a guild with three members, its actor and its log, over a store that the test owns.</summary>
internal sealed class ChannelTestKit : IAsyncDisposable
{
    public static readonly Snowflake GuildId = new(1000);
    public static readonly Snowflake ChannelId = new(2000);
    public static readonly User Ann = new() { Id = new Snowflake(11), Username = "ann" };
    public static readonly User Ben = new() { Id = new Snowflake(12), Username = "ben" };
    public static readonly User Cleo = new() { Id = new Snowflake(13), Username = "cleo", Bot = true };
    public static readonly MessageViewer AnnSees = new(Ann.Id, true);

    // Kits that follow each other in one millisecond give different ids, as nodes that follow each other on one disk do.
    private static int s_kits;

    private readonly ActorSystem _system = ActorSystem.Create("messages");
    private readonly string _directory = Directory.CreateTempSubdirectory("files-").FullName;

    public ChannelTestKit(IMessageStore? store = null, ChannelOptions? options = null, TimeProvider? time = null, Host? host = null)
    {
        Time = time ?? TimeProvider.System;
        Store = store ?? new FakeMessageStore();
        Channel = host ?? new Host();
        Blobs = new DiskBlobStore(_directory);
        Services = new ChannelServices(Store, new SnowflakeGenerator(1, Interlocked.Increment(ref s_kits) & 31, Time), Time,
            new Urls(), new AttachmentFiles(Blobs, NullLogger.Instance))
        { Options = options ?? new ChannelOptions() };
        Log = new ChannelLog(Channel, Services);
        Actor = _system.ActorOf(ChannelActor.Props(Log, Services), "channel");
    }

    public TimeProvider Time { get; }

    public IMessageStore Store { get; }

    public FakeMessageStore Fake => (FakeMessageStore)Store;

    public Host Channel { get; }

    public IBlobStore Blobs { get; }

    public ChannelServices Services { get; }

    public ChannelLog Log { get; }

    public IActorRef Actor { get; }

    public static MessageDraft Draft(string content, User? author = null) => new() { Author = author ?? Ann, Content = content };

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public Task<MessageCreated> CreateAsync(string content, User? author = null) => CreateAsync(Draft(content, author));

    public Task<MessageCreated> CreateAsync(MessageDraft draft) =>
        Actor.Ask<MessageCreated>(new CreateMessage(draft), TimeSpan.FromSeconds(20));

    public Task<T> AskAsync<T>(ChannelCommand command) => Actor.Ask<T>(command, TimeSpan.FromSeconds(20));

    public async Task<JsonArray> PageAsync(MessagePage page, MessageViewer? viewer = null) =>
        JsonNode.Parse((await Log.PageAsync(page, viewer ?? AnnSees)).Span)!.AsArray();

    public async Task<JsonObject?> ReadAsync(Snowflake id, MessageViewer? viewer = null) =>
        await Log.ReadAsync(id, viewer ?? AnnSees) is { } json ? JsonNode.Parse(json.Span)!.AsObject() : null;

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>The guild as the test sets it, and what was published into it.</summary>
    internal sealed class Host : IChannelHost
    {
        private readonly ConcurrentQueue<Relayed> _published = new();

        public Host()
        {
            Role everyone = new() { Id = ChannelTestKit.GuildId, Name = "@everyone", Permissions = Permissions.All };
            Channel text = new()
            {
                Id = ChannelTestKit.ChannelId,
                Type = ChannelType.GuildText,
                GuildId = ChannelTestKit.GuildId,
                Name = "general"
            };
            Guild = GuildState.None with
            {
                Properties = new GuildProperties { Id = ChannelTestKit.GuildId, Name = "guild", OwnerId = Ann.Id },
                Roles = GuildState.None.Roles.Add(ChannelTestKit.GuildId, everyone),
                Channels = GuildState.None.Channels.Add(text.Id, text),
                Members = MemberMap.Create([Member(Ann), Member(Ben), Member(Cleo)]),
            };
        }

        public Snowflake ChannelId => ChannelTestKit.ChannelId;

        public Snowflake? GuildId => ChannelTestKit.GuildId;

        public GuildState? Guild { get; set; }

        public IReadOnlyList<Relayed> Published => [.. _published];

        public IEnumerable<(string Name, JsonObject Body)> Events => _published.Select(relayed =>
            (relayed.Event.Name.Text, Body(relayed.Event)));

        public bool FailNextPublish { get; set; }

        public Snowflake? NewestMessage { get; private set; }

        public void Advanced(Snowflake messageId) => NewestMessage = messageId;

        public void Publish(Relayed relayed)
        {
            if (FailNextPublish)
            {
                FailNextPublish = false;
                throw new InvalidOperationException("the guild refuses, as the test wants");
            }
            _published.Enqueue(relayed);
        }

        public void Forget() => _published.Clear();

        public void SetChannel(Func<Channel, Channel> change) =>
            Guild = Guild! with
            {
                Channels = Guild.Channels.SetItem(ChannelTestKit.ChannelId,
                change(Guild.Channels[ChannelTestKit.ChannelId]))
            };

        public static Member Member(User user) => new() { User = user, Roles = [], JoinedAt = DateTimeOffset.UnixEpoch };

        public static JsonObject Body(DispatchEvent dispatch) =>
            JsonNode.Parse([.. dispatch.Body.Span, .. dispatch.BodyTail.Span])!.AsObject();
    }

    private sealed class Urls : IAttachmentUrls
    {
        public string UrlFor(Snowflake channelId, Attachment attachment) =>
            $"http://files/{channelId}/{attachment.Id}/{attachment.Filename}";
    }
}
