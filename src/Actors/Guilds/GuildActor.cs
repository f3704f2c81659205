using Discord.Actors.Encoders;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Guilds.Threads;
using Discord.Actors.Messages;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Microsoft.Extensions.Logging;

namespace Discord.Actors.Guilds;

/// <summary>
/// The one writer of a guild. Commands are decided against the current state, their facts stored (with the look-up rows that follow from
/// them, in one commit), applied, told to the relays, and only then answered. While a write is under way further commands wait, so that
/// each decision sees the outcome of the one before.
/// <para>
/// Crash: what was answered is in the journal; what was not may or may not be, and its caller was told nothing. Recovery replays facts and
/// needs no rules. A write that fails while the node lives leaves the guild as it was, to be read, until the journal tells whether it was
/// done; then it is told like any other. Voice states are not journaled: after a restart nobody is in voice.
/// </para>
/// Children: relays (one per core that has sessions) and channel actors (made when a channel is first written or read).
/// </summary>
internal sealed partial class GuildActor : PersistentActor
{
    private const int SnapshotEvery = 200;

    // A large guild's snapshot is long: it is written when about as much has happened as it takes to read it back. With 100,000 members
    // every 10,000 events.
    private const int MembersPerEvent = 10;

    // A guild without sessions, commands and warm channels for this long gives its memory back.
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(10);

    private readonly GuildServices _services;
    private readonly GuildHandle _handle;
    private GuildState _state = GuildState.None;
    private long _snapshotAt;

    // Timers have a limit, and clocks are set.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    // Somebody was joined since the guild was last idle. Relays count exactly, but only when they have come to it: an actor that
    // stops again at once must not leave its sessions behind.
    private bool _hasSessions;

    public GuildActor(Snowflake id, GuildServices services)
        : base(services.Journal, services.Snapshots, services.GuildEvents)
    {
        _services = services;
        _handle = services.Directory.HandleOf(id);
    }

    public override string PersistenceId => $"guild-{_handle.Id}";

    protected override void Recover(object @event) => _state = ((GuildEvent)@event).Apply(_state);

    protected override void RecoverSnapshot(object snapshot)
    {
        _state = (GuildState)snapshot;
        _snapshotAt = LastSequenceNr;
    }

    protected override void OnRecoveryCompleted()
    {
        _handle.Actor = Self;
        _handle.State = _state;
        Context.SetReceiveTimeout(IdleAfter);
    }

    protected override async Task OnRecoveryCompletedAsync()
    {
        if (!_state.Exists)
            return;
        await LoadLastMessagesAsync();
        // Sessions that heard of the guild when its actor stopped are joined before anything happens in it: nothing that is told
        // passes them by.
        if (_services.Directory.IsOrphan(_handle.Id))
            OnResubscribe();
        WatchTime();

        // Whose session ended with the node, or while the guild was not loaded, has as long to come back as one who lost the connection.
        if (_state.Members.All.Any(m => m.IsTemporary))
            Context.Timers.StartSingleTimer(nameof(ReturnTimeOver), ReturnTimeOver.Instance, _services.ResumeWindow);
    }

    protected override void PostStop()
    {
        _services.Directory.Forget(_handle);
        if (_hasSessions && !_state.Deleted)
            _services.Directory.Orphaned(_handle.Id);
        base.PostStop();
    }

    // Whoever reads the guild reads on, and its channels' messages stay in memory.
    protected override bool StaysInDoubt(Exception failure) => _state.Exists && failure is StorageException or TimeoutException;

    protected override void OnCommandInDoubt(object message)
    {
        switch (message)
        {
            case GuildCommand:
                Sender.Tell(new Status.Failure(new ApiException(ApiError.ServiceUnavailable)));
                break;
            case UserChanged or TidyTime or SessionEnded or ReturnTimeOver:
                base.OnCommandInDoubt(message);
                break;
            default:
                OnCommand(message);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case GuildCommand command:
                Decide(command);
                break;
            case Subscribe subscribe:
                OnSubscribe(subscribe);
                break;
            case Unsubscribe unsubscribe:
                _handle.Relays.At(_handle.Relays.IndexOf(unsubscribe.Session.UserId))?.Tell(unsubscribe);
                break;
            case ReceiveTimeout:
                if (_handle.Relays.SessionCount == 0 && _handle.Channels.All(c => !c.Log.IsWarm))
                {
                    _hasSessions = false;
                    Context.Parent.Tell(new Kernel.Sharding.Passivate());
                }
                break;
            case Resubscribe:
                OnResubscribe();
                break;
            case LoadGuild:
                Sender.Tell(new GuildLoaded(_state.Exists ? _handle : null));
                if (!_state.Exists)
                    Context.Parent.Tell(new Kernel.Sharding.Passivate());
                break;
            case OpenChannel open:
                Sender.Tell(new ChannelOpened(ChannelFor(open.ChannelId)));
                break;
            case ToChannel to:
                ChannelFor(to.ChannelId)?.Actor.Tell(to.Command, Sender);
                break;
            case UserChanged changed:
                OnUserChanged(changed.User);
                break;
            case TidyTime:
                Tidy();
                break;
            case SessionEnded ended:
                EndTemporary([ended.UserId]);
                break;
            case ReturnTimeOver:
                EndTemporary(_state.Members.All.Where(m => m.IsTemporary).Select(m => m.User!.Id));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Decide(GuildCommand command)
    {
        if (_state.Deleted || (!_state.Exists && command is not CreateGuild))
        {
            Sender.Tell(new Status.Failure(new ApiException(ApiError.UnknownGuild)));
            return;
        }
        GuildDecision decision = new(_state, command.By, _services.Time.GetUtcNow(), _services.Ids);
        object? result;
        try
        {
            result = command.Run(decision);
        }
        catch (ApiException refused)
        {
            Sender.Tell(new Status.Failure(refused));
            return;
        }
        Commit(decision, Sender, new CommandDone(result));
    }

    // One timer for the next thing that time will do. Messages only push it back, which is seen when it fires. A guild that left the memory
    // does what is due when it comes back.
    private void WatchTime()
    {
        if (!_state.Exists || TidyGuild.Due(_state, _handle.LastMessages) is not { } due)
            return;
        TimeSpan wait = due - _services.Time.GetUtcNow();
        Context.Timers.StartSingleTimer(
            nameof(TidyTime), TidyTime.Instance, wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait);
    }

    private void Tidy()
    {
        if (!_state.Exists)
            return;
        GuildDecision decision = new(
            _state, new Caller(_state.Properties.OwnerId) { System = true }, _services.Time.GetUtcNow(), _services.Ids);
        if ((int)new TidyGuild(_handle.LastMessages, _handle.MessageCounts).Run(decision)! > 0)
            Commit(decision, ActorRefs.NoSender, null);
        else
            WatchTime();
    }

    // Who has another session, or a new one by now, stays until that one ends.
    private void EndTemporary(IEnumerable<Snowflake> users)
    {
        if (!_state.Exists)
            return;
        GuildDecision decision = new(
            _state, new Caller(_state.Properties.OwnerId) { System = true }, _services.Time.GetUtcNow(), _services.Ids);
        Snowflake[] gone = [.. users.Where(id => _handle.Sessions.Of(id).Length == 0)];
        if ((int)new EndTemporaryMemberships(gone).Run(decision)! > 0)
            Commit(decision, ActorRefs.NoSender, null);
    }

    private void OnUserChanged(User user)
    {
        if (!_state.Members.TryGet(user.Id, out Member? member))
            return;
        GuildDecision decision = new(_state, new Caller(user.Id) { System = true }, _services.Time.GetUtcNow(), _services.Ids);
        decision.Put(new MemberPut(member with { User = user }));
        Commit(decision, ActorRefs.NoSender, null);
    }

    private void Commit(GuildDecision decision, IActorRef? asker, object? answer)
    {
        GuildEvent[] journaled = [.. decision.Facts.Select(f => f.Fact).Where(f => f is not VoiceStateChanged)];
        List<ILookupWrite> lookups = [.. decision.Lookups];
        foreach (DecidedFact fact in decision.Facts)
            GuildLookups.Add(lookups, fact.Before, fact.Fact, _handle.Id);
        foreach (AuditLogEntry entry in decision.AuditEntries)
        {
            lookups.Add(new AuditRow(
                _handle.Id, entry.Id, entry.ActionType, entry.UserId ?? default, entry.TargetId ?? default,
                Json.Encode(entry, PayloadJson.Wire.AuditLogEntry)));
        }
        if (journaled.Length == 0 && lookups.Count == 0)
            Committed();
        else
            Persist(journaled, lookups, Committed);

        void Committed()
        {
            Apply(decision);
            if (answer is not null)
                asker?.Tell(answer, Self);
        }
    }

    private void Apply(GuildDecision decision)
    {
        _state = decision.State;
        _handle.State = _state;
        if (decision.Facts.Count > 0 || decision.Extra.Count > 0 || decision.AuditEntries.Count > 0)
            _handle.Relays.Tell(new GuildChanged(Steps(decision)));
        foreach (DecidedFact fact in decision.Facts)
            After(fact);
        foreach (Action<GuildHandle> action in decision.Afterwards)
            action(_handle);
        if (decision.Facts.Any(f => f.Fact is ThreadPut or InvitePut))
            WatchTime();
        if (LastSequenceNr - _snapshotAt >= Math.Max(SnapshotEvery, _state.Members.Count / MembersPerEvent))
        {
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(_state);
        }
    }

    // Every event says which state decides who sees it: relays come to it later.
    private List<GuildStep> Steps(GuildDecision decision)
    {
        bool heard = _handle.Relays.Wants(Protocol.Gateway.GatewayIntents.None);
        List<GuildStep> steps = [];
        foreach (DecidedFact fact in decision.Facts)
        {
            IEnumerable<Relayed> events = heard && !fact.Silent
                ? GuildDispatches.Of(fact.Before, fact.Fact, fact.After, _handle.WithLastMessage)
                : [];
            steps.Add(new GuildStep(fact.Before, fact.Fact, fact.After, Stated(events, fact.After)));
        }
        if (heard)
        {
            IEnumerable<Relayed> audit = decision.AuditEntries.Select(entry => GuildDispatches.AuditEntry(entry, _handle.Id));
            steps.Add(new GuildStep(_state, null, _state, Stated(decision.Extra.Concat(audit), _state)));
        }
        return steps;
    }

    private static Relayed[] Stated(IEnumerable<Relayed> events, GuildState state) =>
        [.. events.Select(e => e.State is null ? e with { State = state } : e)];

    private void After(DecidedFact fact)
    {
        switch (fact.Fact)
        {
            // Sessions of a user that has just become a member learn of the guild now.
            case MemberPut put when !fact.Before.Members.Contains(put.Member.User!.Id):
                foreach (Session session in _handle.Sessions.Of(put.Member.User.Id))
                {
                    if (session.Identity.Owns(_handle.Id))
                        OnSubscribe(new Subscribe(session));
                }
                break;
            case MemberRemoved removed:
                foreach (Session session in _handle.Sessions.Of(removed.UserId))
                    session.Leave(_handle.Id);
                break;
            case ChannelRemoved removed:
                Remove([removed.ChannelId]);
                break;
            case ThreadRemoved removed:
                Remove([removed.ThreadId]);
                break;
            case GuildDeleted:
                Remove([.. fact.Before.Channels.Keys, .. fact.Before.Threads.Keys]);
                foreach (Session session in _handle.Sessions.All)
                    session.Leave(_handle.Id);
                break;
        }
    }

    private void OnSubscribe(Subscribe subscribe)
    {
        int index = _handle.Relays.IndexOf(subscribe.Session.UserId);
        if (_handle.Relays.At(index) is not { } relay)
        {
            if (!_state.Exists)
            {
                subscribe.Ready?.Invoke(null);
                return;
            }
            GuildState state = _state;
            relay = Context.ActorOf(Props.Create(() => new RelayActor(_handle, state, index)), $"relay-{index}");
            _handle.Relays.Set(index, relay);
        }
        _hasSessions = true;
        subscribe.Session.Enter(_handle.Id);
        relay.Tell(subscribe);
    }

    // GUILD_CREATE comes again: what the sessions missed meanwhile is in it.
    private void OnResubscribe()
    {
        foreach (Session session in _handle.Sessions.All)
        {
            if (session.Identity.Owns(_handle.Id) && _state.Members.Contains(session.UserId))
                OnSubscribe(new Subscribe(session));
        }
        _services.Directory.Adopted(_handle.Id);
    }

    private ChannelHandle? ChannelFor(Snowflake channelId)
    {
        if (_handle.ChannelOrNull(channelId) is { } open)
            return open;
        if (_state.FindChannel(channelId) is null)
            return null;
        GuildChannelHost host = new(_handle, channelId, _services.Unread);
        ChannelLog log = new(host, _services.Channels);
        ChannelHandle handle = new(host, log, Context.ActorOf(ChannelActor.Props(log, _services.Channels), $"channel-{channelId}"));
        _handle.Add(handle);
        return handle;
    }

    private void Close(Snowflake channelId)
    {
        if (_handle.RemoveChannel(channelId) is { } open)
            Context.Stop(open.Actor);
    }

    // Nobody can reach the messages any more; the store takes them away in its own time, and goes on with it after a crash.
    private void Remove(IReadOnlyList<Snowflake> channels)
    {
        foreach (Snowflake channel in channels)
        {
            Close(channel);
            _handle.ForgetChannel(channel);
        }
        ILogger logger = Context.Logger;
        _ = DeleteAsync();

        async Task DeleteAsync()
        {
            foreach (Snowflake channel in channels)
            {
                try
                {
                    await _services.Messages.DeleteChannelAsync(channel);
                    await _services.Channels.Files.DiscardAllAsync(channel);
                }
                catch (StorageException e)
                {
                    LogNotDeleted(logger, e, channel);
                }
            }
        }
    }

    private async Task LoadLastMessagesAsync()
    {
        List<Snowflake> channels = [.. _state.Channels.Keys, .. _state.Threads.Keys];
        foreach ((Snowflake channel, Snowflake last) in await _services.Messages.LatestIdAsync(channels, Context.CancellationToken))
        {
            _handle.SetLastMessage(channel, last);

            // The last message's place tells about how many there are; archived threads have their count stored.
            if (_state.Threads.TryGetValue(channel, out ThreadState? thread) && thread.Channel.ThreadMetadata is { Archived: false }
                && await _services.Messages.GetAsync(channel, last, Context.CancellationToken) is { } row)
                _handle.SetMessageCount(channel, StoredMessages.Decode(channel, last, row.Body).Position ?? 0, thread.Channel);
        }
    }

    [LoggerMessage(3201, LogLevel.Error, "The messages of deleted channel {Channel} could not be removed")]
    private static partial void LogNotDeleted(ILogger logger, Exception error, Snowflake channel);
}

/// <summary>The guild's actor looks at what time has done.</summary>
internal sealed class TidyTime
{
    public static TidyTime Instance { get; } = new();
}

/// <summary>Temporary members who were without a session when the guild was loaded have had the time to come back.</summary>
internal sealed class ReturnTimeOver
{
    public static ReturnTimeOver Instance { get; } = new();
}
