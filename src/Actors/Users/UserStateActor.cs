using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Actors.Users.Persistence;
using Discord.Actors.Users.ReadStates;
using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Users;

/// <summary>
/// The one writer of what an account keeps for itself (<see cref="UserState"/>) and of its profile. Commands are decided against the
/// current state, their facts stored, applied, told to the user's sessions, and only then answered. It leaves the memory when nothing was
/// sent to it for a while; reads go through <see cref="UserDirectory"/> and load it again.
/// </summary>
internal sealed class UserStateActor : PersistentActor
{
    private const int SnapshotEvery = 200;

    // Who writes much is stored once in this time, whatever the number of messages.
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);

    private static readonly UserEventAdapter Adapter = new();

    private readonly Snowflake _userId;
    private readonly DomainServices _domain;
    // Channels whose read states were moved on by the user's own messages and are not stored yet. A crash forgets them, and the user's last
    // messages look unread to itself.
    private readonly HashSet<Snowflake> _unsaved = [];
    private UserState _state = UserState.None;
    private long _snapshotAt;

    public UserStateActor(Snowflake userId, DomainServices domain)
        : base(domain.Storage.Journal, domain.Storage.Snapshots, Adapter)
    {
        _userId = userId;
        _domain = domain;
    }

    /// <summary>Asks for the state as it is stored; answered with <see cref="UserState"/>.</summary>
    internal sealed class Load
    {
        public static Load Instance { get; } = new();
    }

    private sealed class SaveReadStates
    {
        public static SaveReadStates Instance { get; } = new();
    }

    public override string PersistenceId => $"user-{_userId}";

    protected override void Recover(object @event) => _state = ((UserEvent)@event).Apply(_state);

    protected override void RecoverSnapshot(object snapshot)
    {
        _state = (UserState)snapshot;
        _snapshotAt = LastSequenceNr;
    }

    protected override void OnRecoveryCompleted() => _domain.Users.Loaded(_userId, _state);

    protected override void PostStop()
    {
        _domain.Users.Forget(_userId);
        base.PostStop();
    }

    protected override bool StaysInDoubt(Exception failure) => failure is StorageException or TimeoutException;

    protected override void OnCommandInDoubt(object message)
    {
        switch (message)
        {
            case CountMention or OwnMessage or SaveReadStates:
                base.OnCommandInDoubt(message);
                break;
            case UserCommand:
                Sender.Tell(new Status.Failure(new ApiException(ApiError.ServiceUnavailable)));
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
            case Load:
                Sender.Tell(_state);
                break;
            case CountMention mention:
                Decide(mention, null);
                break;
            case UserCommand command:
                Decide(command, Sender);
                break;
            case OwnMessage own:
                OnOwnMessage(own);
                break;
            case SaveReadStates:
                SaveReadStatesNow();
                break;
            case ChangeAccount change:
                IActorRef asker = Sender;
                RunTask(() => ChangeAsync(change, asker));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Decide(UserCommand command, IActorRef? asker)
    {
        UserDecision decision = new(_userId, _state, _domain.Time.GetUtcNow());
        object? result;
        try
        {
            result = command.Run(decision);
        }
        catch (ApiException refused)
        {
            asker?.Tell(new Status.Failure(refused));
            return;
        }
        if (decision.Facts.Count == 0)
            Committed();
        else
            Persist(decision.Facts, [], Committed);

        void Committed()
        {
            UserState before = _state;
            _state = decision.State;
            _domain.Users.Loaded(_userId, _state);
            foreach (UserDispatch told in decision.Told)
                Dispatch(told.Event, told.Without);
            if (before.Status != _state.Status || before.Relationships != _state.Relationships)
                _domain.Users.Tell(_userId, new UserActor.StateStored(before, _state));
            if (LastSequenceNr - _snapshotAt >= SnapshotEvery)
            {
                _snapshotAt = LastSequenceNr;
                SaveSnapshot(_state);
            }
            asker?.Tell(new CommandDone(result), Self);
        }
    }

    private void OnOwnMessage(OwnMessage own)
    {
        if (own.ApplyTo(_state) is not { } read)
            return;
        _state = new ReadStatePut(read, _state.ReadStateVersion + 1).Apply(_state);
        _domain.Users.Loaded(_userId, _state);
        if (_unsaved.Count == 0)
            Context.Timers.StartSingleTimer(nameof(SaveReadStates), SaveReadStates.Instance, SaveEvery);
        _unsaved.Add(own.ChannelId);
    }

    private void SaveReadStatesNow()
    {
        ReadStatePut[] facts =
        [
            .. _unsaved.Select(_state.ReadStates.GetValueOrDefault).OfType<ReadState>()
                .Select(read => new ReadStatePut(read, _state.ReadStateVersion)),
        ];
        if (facts.Length == 0)
        {
            _unsaved.Clear();
            return;
        }
        // Again, should this fail.
        Context.Timers.StartSingleTimer(nameof(SaveReadStates), SaveReadStates.Instance, SaveEvery);
        Persist(facts, [], () =>
        {
            _unsaved.Clear();
            Context.Timers.Cancel(nameof(SaveReadStates));
        });
    }

    // The profile stands in the accounts, where names are unique; this actor is its only writer, so that no change overwrites another.
    private async Task ChangeAsync(ChangeAccount change, IActorRef asker)
    {
        try
        {
            Account account = await _domain.Storage.Accounts.GetAsync(_userId) ?? throw new ApiException(ApiError.UnknownUser);
            Account changed = await StoreAsync(change.Apply(account));
            UserProfile profile = UserProfile.FromBytes(changed.Profile.Span);
            UserProfile before = UserProfile.FromBytes(account.Profile.Span);
            Dispatch(Json.Event(EventNames.UserUpdate, profile.ToSelf(), PayloadJson.Wire.SelfUser), UserCapabilities.None);
            if (profile.ToUser() != before.ToUser())
                await _domain.Users.TellChangedAsync(profile.ToUser());
            asker.Tell(new CommandDone(profile), Self);
        }
        catch (Exception failed) when (failed is ApiException or AccountConflictException or StorageException)
        {
            asker.Tell(new Status.Failure(failed), Self);
        }
    }

    private async ValueTask<Account> StoreAsync(Account changed)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await _domain.Storage.Accounts.UpdateAsync(changed) ? changed : throw new ApiException(ApiError.UnknownUser);
            }
            catch (AccountConflictException taken) when (changed.Bot && taken.Field == AccountField.Username && attempt < 20)
            {
                changed = ChangeAccount.WithOtherDiscriminator(changed);
            }
        }
    }

    private void Dispatch(DispatchEvent dispatch, UserCapabilities without)
    {
        foreach (Session session in _domain.Sessions.Of(_userId))
        {
            if (session.Identity.OwnsPrivate && (session.Identity.Capabilities & without) == 0)
                session.Dispatch(dispatch);
        }
    }
}
