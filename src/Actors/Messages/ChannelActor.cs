using System.Text.Json;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Microsoft.Extensions.Logging;

namespace Discord.Actors.Messages;

/// <summary>
/// One channel's messages: the writer of its <see cref="ChannelLog"/>. It runs beside the guild's actor, so that hot guilds use all cores.
/// <para>
/// Creates are pipelined: the actor gives each its id, hands the row to the store and goes on. The store may acknowledge in any order; the
/// actor lets messages out (log, event, answer) in the order of their ids, each when it and all before it are settled. A message whose
/// write
/// failed is answered with 503 and leaves a gap. Changes of messages (edit, delete, reactions, pins) run one after the other in a second
/// lane,
/// because each depends on what the one before it left.
/// </para>
/// <para>
/// The actor begins cold and reads the tail, the pins and the reactions from the store with the first command or read; until then commands
/// wait,
/// bounded. It holds nothing that a crash would take: nonces are the store's (<see cref="IMessageStore.AppendOnceAsync"/>). A restart fails
/// what is in flight; whether those were stored is then told by history, or by sending the same enforced nonce again.
/// </para>
/// </summary>
public sealed partial class ChannelActor : UntypedActor
{
    private const string LoadAgain = "load-again";

    private readonly ChannelLog _log;
    private readonly IChannelHost _host;
    private readonly ChannelServices _services;
    private readonly MessageEvents _events;
    private readonly SlowMode _slowMode = new();

    // Creates in the order of their ids.
    private readonly Queue<PendingCreate> _creates = [];

    // Changes that wait for the one that runs.
    private readonly Queue<(ChannelCommand Command, IActorRef Sender)> _changes = [];
    private bool _changing;

    // Commands that came before the log was warm.
    private readonly Queue<(ChannelCommand Command, IActorRef Sender)> _early = [];
    private bool _loading;
    private bool _loadFails;

    // Something was stored that the load under way may not have seen.
    private bool _outdated;

    // A write failed that may have been stored all the same, or may be yet: the log may lack it. So it is read anew once the store answers
    // again, and once more when what a server had taken must have been carried out.
    private Doubt _doubt;

    // The log is being read anew: nothing is applied to it, and readers see what it was, until it has been read.
    private bool _anew;

    private ChannelActor(ChannelLog log, ChannelServices services)
    {
        _log = log;
        _host = log.Host;
        _services = services;
        _events = new MessageEvents(_host, services);
    }

    /// <summary>A recipe for the actor of a log's channel.</summary>
    public static Props Props(ChannelLog log, ChannelServices services) => Kernel.Props.Create(() => new ChannelActor(log, services));

    protected override void PreStart()
    {
        Context.SetReceiveTimeout(_services.Options.IdleAfter);
        _log.Shed();
        _log.Attach(Self);
        // A read may have come before there was anybody to ask.
        if (_log.IsWanted)
            Load();
    }

    protected override void PostStop()
    {
        ApiException gone = new(ApiError.ServiceUnavailable);
        foreach (PendingCreate create in _creates)
            create.Sender.Tell(new Status.Failure(gone));
        foreach ((_, IActorRef sender) in _changes.Concat(_early))
            sender.Tell(new Status.Failure(gone));
        _log.Shed();
        _log.LoadFailed(gone);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PendingCreate create when create.Owner == this:
                LetOut();
                break;
            case CreateMessage create when IsReady:
                OnCreate(create, Sender);
                break;
            case ChannelCommand command when IsReady:
                OnChange(command, Sender);
                break;
            case ChannelCommand command:
                if (_early.Count >= _services.Options.MaxInFlight)
                    Refuse(Sender);
                else
                    _early.Enqueue((command, Sender));
                Load();
                break;
            case ChangeDone done when done.Owner == this:
                OnChanged(done);
                break;
            case Retried retried when retried.Owner == this:
                OnRetried(retried);
                break;
            case Loaded loaded when loaded.Owner == this:
                OnLoaded(loaded);
                break;
            case Warm:
                if (!IsReady)
                    Load();
                break;
            case Doubted:
                if (IsReady)
                    ReadAnew(readersWait: false);
                break;
            case ReceiveTimeout:
                OnIdle();
                break;
            case PendingCreate or ChangeDone:
                // Begun by the instance before a restart, whose senders have been answered: it may have been stored after this one had
                // read.
                _log.Shed();
                _outdated = _loading;
                if (_early.Count + _creates.Count > 0 || _changing)
                    Load();
                break;
            case Retried or Loaded:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static void Refuse(IActorRef sender) => sender.Tell(new Status.Failure(new ApiException(ApiError.ServiceUnavailable)));

    private void OnCreate(CreateMessage command, IActorRef sender)
    {
        MessageDraft draft = command.Draft;
        if (_host.Channel is not { } channel)
        {
            sender.Tell(new Status.Failure(new ApiException(ApiError.UnknownChannel)));
            return;
        }
        if (_creates.Count >= _services.Options.MaxInFlight)
        {
            Refuse(sender);
            return;
        }
        string? nonce = draft.EnforceNonce ? draft.NonceText : null;
        DateTimeOffset now = _services.Time.GetUtcNow();
        bool slow = channel.RateLimitPerUser is > 0 && !draft.BypassSlowmode;
        if (slow && _slowMode.Wait(draft.Author.Id, channel.RateLimitPerUser!.Value, now) is { Ticks: > 0 } wait)
        {
            RefuseUnlessRetried(draft, nonce, wait, now, sender);
            return;
        }
        Snowflake id = draft.Id ?? _services.Ids.Next();
        Message message = draft.ToMessage(id, _host.ChannelId, channel.Type.IsThread() ? _log.MessageCount + _creates.Count : null);
        MessageRow row = new(_host.ChannelId, id, draft.WebhookId ?? draft.Author.Id, StoredMessages.Encode(message));
        if (slow)
            _slowMode.Sent(draft.Author.Id, now, channel.RateLimitPerUser!.Value);
        PendingCreate pending = new(this, Self, sender, draft, message, slow ? now : null);
        _creates.Enqueue(pending);
        pending.Begin(_services.Store, row, nonce, now - _services.Options.NonceWindow);
        // Encoding overlaps with the disk.
        Encode(pending, channel);
        if (pending.Settled)
            LetOut();
    }

    // Encodes it with its author as of now, unless that is done. Who got a role while it was stored has it in the event: clients take the
    // member from there, and have been told of the role before.
    private void Encode(PendingCreate create, Channel channel)
    {
        AuthorFacts facts = _events.FactsOf(create.Draft.Author, create.Message.IsByWebhook, channel);
        if (ReferenceEquals(facts, create.Facts))
            return;
        if (!ReferenceEquals(facts.User, create.Facts?.User))
            create.Encoded = MessageJson.Encode(create.Message, facts.User, facts.UserJson, _services.AttachmentUrls);
        create.Facts = facts;
    }

    // A message that is sent again because its answer was lost is no new message, and slow mode does not bind it.
    private void RefuseUnlessRetried(MessageDraft draft, string? nonce, TimeSpan wait, DateTimeOffset now, IActorRef sender)
    {
        if (nonce is null)
        {
            sender.Tell(new Status.Failure(new SlowmodeException(wait)));
            return;
        }
        FindAsync().PipeTo(Self);

        async Task<Retried> FindAsync()
        {
            try
            {
                Snowflake? id = await _services.Store
                    .FindByNonceAsync(_host.ChannelId, draft.WebhookId ?? draft.Author.Id, nonce, now - _services.Options.NonceWindow)
                    .ConfigureAwait(false);
                LogEntry? found = id is { } known ? await _log.EntryAsync(known, default).ConfigureAwait(false) : null;
                return new Retried(this, sender, draft, found, new SlowmodeException(wait));
            }
            catch (StorageException e)
            {
                return new Retried(this, sender, draft, null, Refusal(e));
            }
        }
    }

    private void OnRetried(Retried retried)
    {
        retried.Sender.Tell(retried.Found is { } found ? Earlier(found, retried.Draft) : new Status.Failure(retried.Refusal));
        // Stored by a write that was thought to have failed, after the log had been read.
        if (retried.Found is { } stored && _log.Lacks(stored.Id))
            ReadAnew();
    }

    // Lets out all creates that are settled and have none unsettled before them.
    private void LetOut()
    {
        while (IsReady && _creates.TryPeek(out PendingCreate? create) && create.Settled)
        {
            _creates.Dequeue();
            if (create.Error is { } error)
            {
                if (create.SlowSince is { } since)
                    _slowMode.TakeBack(create.Draft.Author.Id, since);
                CreateFailed(error);
                DoubtAfter(error);
                create.Sender.Tell(new Status.Failure(Refusal(error)));
            }
            else if (create.StoredId != create.Message.Id)
            {
                if (create.SlowSince is { } since)
                    _slowMode.TakeBack(create.Draft.Author.Id, since);
                AnswerEarlier(create);
            }
            else
            {
                LetOut(create);
                if (_doubt == Doubt.Fresh)
                    ReadAnew();
            }
        }
    }

    private bool IsReady => _log.IsWarm && !_anew;

    private void ReadAnew(bool readersWait = true)
    {
        _anew = true;
        if (readersWait)
            _log.Renew();
        _outdated = _loading;
        Load();
    }

    private void DoubtAfter(Exception error)
    {
        if (error is StorageException { IsTransient: true })
            SetDoubt(Doubt.Fresh, _services.Options.DoubtPause);
    }

    private void SetDoubt(Doubt doubt, TimeSpan pause)
    {
        _doubt = doubt;
        Context.Timers.StartSingleTimer(nameof(Doubted), Doubted.Instance, pause);
    }

    private void LetOut(PendingCreate create)
    {
        // A channel that was deleted meanwhile has nobody left to tell.
        Channel? channel = _host.Channel;
        if (channel is not null)
            Encode(create, channel);
        LogEntry entry = new(create.Message, create.Encoded, create.Facts!.User, MessageReactions.None);
        LogEntry? inside = Inside(entry, create.Draft);
        _log.Append(entry);
        if (channel is not null)
        {
            _events.PublishCreate(entry, create.Facts, channel, create.Draft.Nonce, inside);
            _host.Sent(create.Message);
        }
        create.Sender.Tell(new MessageCreated(create.Message, MessageEvents.Answer(entry, create.Draft.Nonce, inside), Existing: false));
    }

    // The store knew the nonce. The earlier message may have been deleted since; then it is answered as it was sent.
    private void AnswerEarlier(PendingCreate create)
    {
        FindAsync().PipeTo(Self);

        async Task<Retried> FindAsync()
        {
            try
            {
                LogEntry? found = await _log.StoredEntryAsync(create.StoredId, default).ConfigureAwait(false);
                return new Retried(this, create.Sender, create.Draft, found, new ApiException(ApiError.UnknownMessage));
            }
            catch (StorageException e)
            {
                return new Retried(this, create.Sender, create.Draft, null, Refusal(e));
            }
        }
    }

    // As the first answer was: with the nonce, and with the message it refers to if it is still there.
    private MessageCreated Earlier(LogEntry found, MessageDraft draft) =>
        new(found.Message, MessageEvents.Answer(found, draft.Nonce, Inside(found, draft)), Existing: true);

    private LogEntry? Inside(LogEntry entry, MessageDraft draft) =>
        entry.HasReference && draft.Referenced is { } referenced && referenced.Id == entry.Message.MessageReference?.MessageId
            ? _log.Render(referenced, MessageReactions.None)
            : null;

    private static Exception Refusal(Exception error) => error is StorageException { Error: StorageError.TooLarge }
        ? new ApiException(ApiError.RequestTooLarge)
        : error is StorageException ? new ApiException(ApiError.ServiceUnavailable) : error;

    private void Load()
    {
        if (_loading)
            return;
        _loading = true;
        bool isThread = _host.Channel?.Type.IsThread() == true;
        bool doubted = _doubt != Doubt.None;
        LoadAsync().PipeTo(Self, failure: e => new Loaded(this, [], false, [], 0, e));

        async Task<Loaded> LoadAsync()
        {
            IMessageStore store = _services.Store;
            // No cache answers this one: a doubt ends by what the store itself says.
            if (doubted)
                await store.LatestIdAsync([_host.ChannelId]).ConfigureAwait(false);
            int size = Math.Clamp(_services.Options.TailMessages, 1, MessagePage.MaxLimit);
            IReadOnlyList<MessageRow> rows = await store.PageAsync(_host.ChannelId, MessagePage.Latest(size)).ConfigureAwait(false);
            IReadOnlyList<PinRow> pins = await store.PinsAsync(_host.ChannelId, null, _services.Options.MaxPins).ConfigureAwait(false);
            var reactions = await store
                .WhoReactedAsync(_host.ChannelId, [.. rows.Select(row => row.Id)], ChannelLog.MaxKnownReactions).ConfigureAwait(false);
            HashSet<Snowflake> pinned = [.. pins.Select(pin => pin.MessageId)];
            var entries = new LogEntry[rows.Count];
            for (int i = 0; i < entries.Length; i++)
            {
                MessageRow row = rows[^(i + 1)];
                Message message = StoredMessages.Decode(row.ChannelId, row.Id, row.Body) with { Pinned = pinned.Contains(row.Id) };
                entries[i] = new LogEntry(
                    message, MessageJson.Encode(message, message.Author, null, _services.AttachmentUrls), message.Author,
                    reactions.GetValueOrDefault(row.Id, MessageReactions.None));
            }
            int count = isThread ? await CountAsync(rows).ConfigureAwait(false) : rows.Count;
            return new Loaded(this, entries, rows.Count < size, pins, count, null);
        }

        // Threads show how many messages they have. The store does not count: the newest thousand are enough for "about".
        async Task<int> CountAsync(IReadOnlyList<MessageRow> rows)
        {
            int count = rows.Count;
            while (rows.Count == MessagePage.MaxLimit && count < 1_000)
            {
                rows = await _services.Store.PageAsync(_host.ChannelId, MessagePage.Before(rows[^1].Id,
                    MessagePage.MaxLimit)).ConfigureAwait(false);
                count += rows.Count;
            }
            return count;
        }
    }

    private void OnLoaded(Loaded loaded)
    {
        _loading = false;
        if (_outdated)
        {
            _outdated = false;
            Load();
            return;
        }
        if (loaded.Error is { } error)
        {
            // Once, however often it is tried.
            if (!_loadFails)
                LoadFailed(error);
            _loadFails = true;
            Exception refusal = Refusal(error);
            while (_early.TryDequeue(out var waiting))
                waiting.Sender.Tell(new Status.Failure(refusal));
            _log.LoadFailed(refusal);
            // What is in flight waits for a log to be let out into, and readers for what they may lack.
            if (_creates.Count > 0 || _changing || _anew)
                Context.Timers.StartSingleTimer(LoadAgain, Warm.Instance, TimeSpan.FromSeconds(1));
            return;
        }
        _log.Load(loaded.OldestFirst, loaded.IsAll, loaded.Pins, loaded.Count);
        _anew = _loadFails = false;
        if (_doubt == Doubt.Fresh)
            SetDoubt(Doubt.ReadOnce, _services.Options.LateWrites);
        else
            _doubt = Doubt.None;
        _slowMode.Clear();
        if (_host.Channel?.RateLimitPerUser is { } seconds and > 0)
        {
            foreach (LogEntry entry in loaded.OldestFirst)
                _slowMode.Sent(entry.Message.Author.Id, entry.Message.Timestamp, seconds);
        }
        LetOut();
        if (_held is { } held)
        {
            _held = null;
            OnChanged(held);
        }
        while (_early.TryDequeue(out var waiting))
        {
            if (waiting.Command is CreateMessage create)
                OnCreate(create, waiting.Sender);
            else
                OnChange(waiting.Command, waiting.Sender);
        }
    }

    private void OnIdle()
    {
        bool busy = _creates.Count > 0 || _changing || _loading || _early.Count > 0;
        if (!busy && _services.Time.GetUtcNow() - _log.LastRead >= _services.Options.IdleAfter)
            _log.Shed();
    }

    [LoggerMessage(3101, LogLevel.Error, "A message could not be stored: {Reason}")]
    private static partial void LogCreateFailed(ILogger logger, Exception? trace, string reason);

    [LoggerMessage(3102, LogLevel.Error, "The newest messages of a channel could not be read: {Reason}")]
    private static partial void LogLoadFailed(ILogger logger, Exception? trace, string reason);

    [LoggerMessage(3103, LogLevel.Error, "A change of a message failed: {Reason}")]
    private static partial void LogChangeFailed(ILogger logger, Exception? trace, string reason);

    private void CreateFailed(Exception error) => LogCreateFailed(Context.Logger, Trace(error), error.Message);

    private void LoadFailed(Exception error) => LogLoadFailed(Context.Logger, Trace(error), error.Message);

    private void ChangeFailed(Exception error) => LogChangeFailed(Context.Logger, Trace(error), error.Message);

    // Of a store that is away for a while each request would say where it was met.
    private static Exception? Trace(Exception error) => error is StorageException { IsTransient: true } ? null : error;

    /// <summary>A reader wants the log loaded.</summary>
    internal sealed class Warm
    {
        public static Warm Instance { get; } = new();
    }

    private enum Doubt
    {
        None,
        Fresh,
        ReadOnce,
    }

    private sealed class Doubted
    {
        public static Doubted Instance { get; } = new();
    }

    private sealed record Loaded(
        ChannelActor Owner, IReadOnlyList<LogEntry> OldestFirst, bool IsAll, IReadOnlyList<PinRow> Pins, int Count, Exception? Error);

    // Answers with the message found, or else with the refusal.
    private sealed record Retried(ChannelActor Owner, IActorRef Sender, MessageDraft Draft, LogEntry? Found, Exception Refusal);
}
