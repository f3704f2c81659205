using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Actors.Privates.Persistence;
using Discord.Actors.Relays;
using Discord.Actors.Users.ReadStates;
using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Privates;

/// <summary>What private channels' actors need from the node.</summary>
internal sealed record PrivateServices(DomainServices Domain, ChannelServices Channels, UnreadCounter Unread)
{
    public IEventAdapter Events { get; } = new PrivateChannelEventAdapter();
}

/// <summary>
/// The one writer of a private channel: who is in it, its name, for whom it is open. Its messages are its child's, a channel actor like a
/// guild channel's. Facts and look-up rows are one commit; nobody is told before it. It leaves the memory when neither it nor its messages
/// were used for a while.
/// </summary>
internal sealed class PrivateChannelActor : PersistentActor
{
    private const int SnapshotEvery = 200;

    // Longer than a channel keeps its messages in memory, so that nothing warm is thrown away.
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(15);

    private readonly PrivateServices _services;
    private readonly PrivateHandle _handle;
    private PrivateChannelState _state = PrivateChannelState.None;
    private long _snapshotAt;

    public PrivateChannelActor(Snowflake id, PrivateServices services)
        : base(services.Domain.Storage.Journal, services.Domain.Storage.Snapshots, services.Events)
    {
        _services = services;
        _handle = services.Domain.Privates.HandleOf(id);
    }

    public override string PersistenceId => $"private-{_handle.Id}";

    protected override void Recover(object @event) => _state = ((PrivateChannelEvent)@event).Apply(_state);

    protected override void RecoverSnapshot(object snapshot)
    {
        _state = (PrivateChannelState)snapshot;
        _snapshotAt = LastSequenceNr;
    }

    protected override void OnRecoveryCompleted()
    {
        _handle.Actor = Self;
        _handle.Touch(_services.Domain.Time.GetUtcNow());
        Context.SetReceiveTimeout(IdleAfter);
    }

    protected override async Task OnRecoveryCompletedAsync()
    {
        if (_state.IsAlive)
        {
            var last = await _services.Domain.Storage.Messages.LatestIdAsync([_handle.Id], Context.CancellationToken);
            if (last.TryGetValue(_handle.Id, out Snowflake id))
                _handle.SetLastMessage(id);
        }
        _handle.State = _state;
    }

    protected override void PostStop()
    {
        _services.Domain.Privates.Forget(_handle);
        base.PostStop();
    }

    protected override bool StaysInDoubt(Exception failure) => _state.Exists && failure is StorageException or TimeoutException;

    protected override void OnCommandInDoubt(object message)
    {
        if (message is PrivateCommand)
            Sender.Tell(new Status.Failure(new ApiException(ApiError.ServiceUnavailable)));
        else if (message is UserChanged)
            base.OnCommandInDoubt(message);
        else
            OnCommand(message);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case PrivateCommand command:
                Decide(command);
                break;
            case LoadPrivate:
                Sender.Tell(new PrivateLoaded(_state.IsAlive ? _handle : null));
                if (!_state.IsAlive)
                    Context.Parent.Tell(new Kernel.Sharding.Passivate());
                break;
            case OpenChannel:
                Sender.Tell(new ChannelOpened(Messages()));
                break;
            case UserChanged changed when _state.Recipients.ContainsKey(changed.User.Id):
                Persist(new RecipientAdded(changed.User), fact => _handle.State = _state = fact.Apply(_state));
                break;
            case UserChanged:
                break;
            case ReceiveTimeout:
                if (_services.Domain.Time.GetUtcNow() - _handle.Used >= IdleAfter)
                    Context.Parent.Tell(new Kernel.Sharding.Passivate());
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Decide(PrivateCommand command)
    {
        if (!_state.IsAlive && (_state.Exists || command is not (OpenDirect or CreateGroup)))
        {
            Sender.Tell(new Status.Failure(new ApiException(ApiError.UnknownChannel)));
            return;
        }
        PrivateDecision decision = new(_state, _handle.LastMessageId);
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
        IActorRef sender = Sender;
        if (decision.Facts.Count == 0)
            Committed();
        else
            Persist(decision.Facts, decision.Lookups, Committed);

        void Committed()
        {
            _state = decision.State;
            _handle.State = _state;
            foreach ((Snowflake user, Relayed told) in decision.Told)
                _services.Domain.Sessions.Publish(user, told);
            if (!_state.IsAlive && _handle.Messages is { } messages)
            {
                _handle.Messages = null;
                Context.Stop(messages.Actor);
            }
            if (LastSequenceNr - _snapshotAt >= SnapshotEvery)
            {
                _snapshotAt = LastSequenceNr;
                SaveSnapshot(_state);
            }
            sender.Tell(new CommandDone(result), Self);
        }
    }

    private ChannelHandle? Messages()
    {
        if (_handle.Messages is { } open)
            return open;
        if (!_state.IsAlive)
            return null;
        ChannelLog log = new(new PrivateChannelHost(_handle, _services.Unread), _services.Channels);
        ChannelHandle handle = new(log.Host, log, Context.ActorOf(ChannelActor.Props(log, _services.Channels), "messages"));
        _handle.Messages = handle;
        return handle;
    }
}
