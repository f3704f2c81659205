using System.Text.Json.Nodes;
using Discord.Actors.Interactions;
using Discord.Actors.Messages;
using Discord.Actors.Sessions;
using Discord.Actors.Tests.Sessions;
using Discord.Kernel.Tests.TestKit;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Actors.Tests.Interactions;

/// <summary>An interaction's times, who is told, and that nothing is kept for ever.</summary>
public sealed class InteractionRegistryTests : IDisposable
{
    private static readonly Snowflake Channel = new(7);
    private static readonly User Ann = new() { Id = new Snowflake(11), Username = "ann" };
    private static readonly User Bot = new() { Id = new Snowflake(12), Username = "bot", Bot = true };

    private readonly FakeTime _time = new();
    private readonly SessionRegistry _sessions = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("interactions-").FullName;
    private readonly DiskBlobStore _blobs;
    private readonly InteractionRegistry _registry;

    public InteractionRegistryTests()
    {
        _blobs = new DiskBlobStore(_directory);
        _registry = new InteractionRegistry(_sessions, new SnowflakeGenerator(0, 0, _time), _time, new Urls(), _blobs);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Interaction_without_an_answer_fails_after_three_seconds_and_tells_the_user()
    {
        RecordingTransport user = Open("a", Ann);
        Interaction interaction = Begin();
        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Empty(user.Sent);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(["INTERACTION_FAILURE"], user.Sent.Select(s => s.Event.Name.Text));
        Assert.Equal(InteractionStage.Failed, interaction.Stage);
        Assert.Equal(AnswerAdmission.TooLate, interaction.TryBegin(_time.GetUtcNow()));
    }

    [Fact]
    public void Answer_that_is_refused_may_be_given_again_until_the_time_is_over()
    {
        RecordingTransport user = Open("a", Ann);
        Interaction interaction = Begin();
        Assert.Equal(AnswerAdmission.Granted, interaction.TryBegin(_time.GetUtcNow()));
        Assert.Equal(AnswerAdmission.AlreadyAnswered, interaction.TryBegin(_time.GetUtcNow()));
        _registry.GiveUp(interaction);
        Assert.Equal(AnswerAdmission.Granted, interaction.TryBegin(_time.GetUtcNow()));

        // The time ends while the answer is carried out: whether it was in time is said by its outcome.
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(user.Sent);
        _registry.GiveUp(interaction);
        Assert.Equal(["INTERACTION_FAILURE"], user.Sent.Select(s => s.Event.Name.Text));
        Assert.Equal(AnswerAdmission.TooLate, interaction.TryBegin(_time.GetUtcNow()));
    }

    [Fact]
    public void Answer_begun_in_time_and_carried_out_later_counts()
    {
        RecordingTransport user = Open("a", Ann);
        Interaction interaction = Begin();
        interaction.TryBegin(_time.GetUtcNow());
        _time.Advance(TimeSpan.FromSeconds(3));
        interaction.Complete(new Snowflake(1));
        Assert.Equal(InteractionStage.Answered, interaction.Stage);
        Assert.Empty(user.Sent);
    }

    [Fact]
    public void Token_finds_its_interaction_for_fifteen_minutes()
    {
        Interaction interaction = Begin(), other = Begin();
        Assert.Same(interaction, _registry.Find(interaction.Id, interaction.Token));
        Assert.Same(interaction, _registry.FindByToken(Bot.Id, interaction.Token));
        Assert.Null(_registry.Find(interaction.Id, other.Token));
        Assert.Null(_registry.FindByToken(Ann.Id, interaction.Token));
        Assert.Null(_registry.FindByToken(Bot.Id, interaction.Token[..^1]));
        Assert.Null(_registry.FindByToken(Bot.Id, interaction.Token + "A"));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(_registry.Find(interaction.Id, interaction.Token));
        Assert.Null(_registry.FindByToken(Bot.Id, interaction.Token));
    }

    [Fact]
    public async Task What_is_over_is_forgotten_with_its_files_and_no_timer_is_left()
    {
        Attachment given = await StoreAsync(1), shown = await StoreAsync(2);
        Interaction interaction = Begin(given);
        interaction.TryBegin(_time.GetUtcNow());
        interaction.Complete();
        Assert.NotNull(_registry.Show(interaction, new MessageDraft { Author = Bot, Content = "psst", Attachments = [shown] }));
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(1, _registry.Count);
        Assert.True(await ExistsAsync(given) && await ExistsAsync(shown));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, _registry.Count);
        Assert.Equal(0, _time.ActiveTimers);
        await GoneAsync(given);
        await GoneAsync(shown);
    }

    [Fact]
    public async Task Ephemeral_message_is_told_changed_and_hidden_for_its_session()
    {
        RecordingTransport here = Open("a", Ann), elsewhere = Open("b", Ann), others = Open("c", Bot);
        Attachment file = await StoreAsync(1);
        Interaction interaction = Begin();
        EphemeralMessage shown = _registry.Show(interaction, new MessageDraft { Author = Bot, Content = "one", Attachments = [file] })!;
        Assert.True(shown.Message.Flags.HasFlag(MessageFlags.Ephemeral));
        Assert.True(Assert.Single(shown.Message.Attachments).Ephemeral);
        Assert.NotNull(_registry.Change(interaction, shown, shown.Message with { Content = "two", Attachments = [] }));
        await GoneAsync(file);
        Assert.Null(_registry.Change(interaction, shown, shown.Message));
        Assert.True(_registry.Hide(interaction, shown.Message.Id));
        Assert.False(_registry.Hide(interaction, shown.Message.Id));
        Assert.Equal(["MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"], here.Sent.Select(s => s.Event.Name.Text));
        Assert.Equal("two", (string?)JsonNode.Parse(here.Sent[1].Event.Body.Span)!["content"]);
        Assert.Empty(elsewhere.Sent);
        Assert.Empty(others.Sent);
    }

    [Fact]
    public void Ephemeral_messages_and_modals_share_a_limit_of_bytes_that_they_give_back()
    {
        Interaction interaction = Begin();
        MessageDraft large = new() { Author = Bot, Content = new string('x', 1 << 20) };
        List<EphemeralMessage> shown = [];
        while (_registry.Show(interaction, large) is { } message)
            shown.Add(message);
        Assert.InRange(shown.Count, 60, (int)(InteractionRegistry.MaxKeptBytes >> 20));
        Assert.Null(_registry.Change(interaction, shown[0], shown[0].Message with { Content = new string('y', 3 << 20) }));
        Assert.NotNull(_registry.FindEphemeral(shown[0].Message.Id));
        OpenedModal modal = new("id", "title", System.Text.Json.JsonSerializer.SerializeToElement(new string('z', 1 << 20)));
        Assert.False(_registry.Open(interaction, modal));
        _registry.Hide(interaction, shown[0].Message.Id);
        Assert.True(_registry.Open(interaction, modal));
        Assert.Null(_registry.Show(interaction, large));
        _time.Advance(TimeSpan.FromMinutes(16));
        Assert.NotNull(_registry.Show(Begin(), large));
    }

    [Fact]
    public void Session_that_is_not_the_users_is_told_nothing()
    {
        RecordingTransport mine = Open("a", Ann), foreign = Open("b", Bot);
        Interaction interaction = _registry.Add(Facts() with { SessionId = "b" })!;
        _registry.Tell(interaction, InteractionEvents.Success(interaction));
        Assert.Single(mine.Sent);
        Assert.Empty(foreign.Sent);
    }

    private static InteractionFacts Facts(params Attachment[] files) => new()
    {
        Type = InteractionType.Command,
        ApplicationId = Bot.Id,
        User = Ann,
        ChannelId = Channel,
        GuildId = new Snowflake(8),
        SessionId = "a",
        Nonce = "n",
        CommandName = "ping",
        CommandType = 1,
        Files = files,
    };

    private Interaction Begin(params Attachment[] files)
    {
        Interaction interaction = _registry.Add(Facts(files))!;
        _registry.Watch(interaction);
        return interaction;
    }

    private RecordingTransport Open(string id, User user)
    {
        RecordingTransport transport = new();
        SessionIdentity identity = new() { SessionId = id, UserId = user.Id, Intents = SessionIdentity.UserIntents, StartedAt = default };
        Session session = new(identity, new SessionOptions());
        session.Open(transport);
        _sessions.Add(session);
        return transport;
    }

    private async Task<Attachment> StoreAsync(ulong id)
    {
        await _blobs.PutAsync(BlobKey.Attachment(Channel, new Snowflake(id)), new MemoryStream("file"u8.ToArray()), 100);
        return new Attachment { Id = new Snowflake(id), Filename = "f" };
    }

    private async Task<bool> ExistsAsync(Attachment file)
    {
        await using BlobContent? content = await _blobs.OpenAsync(BlobKey.Attachment(Channel, file.Id));
        return content is not null;
    }

    // It is deleted beside the caller.
    private async Task GoneAsync(Attachment file)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (await ExistsAsync(file))
        {
            Assert.False(limit.IsCancellationRequested, "The file stays.");
            await Task.Yield();
        }
    }

    private sealed class Urls : IAttachmentUrls
    {
        public string UrlFor(Snowflake channelId, Attachment attachment) => $"http://test/{channelId}/{attachment.Id}";
    }
}
