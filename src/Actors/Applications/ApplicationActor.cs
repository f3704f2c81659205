using Discord.Actors.Applications.Persistence;
using Discord.Actors.Guilds;
using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Applications;

/// <summary>
/// The one writer of an application: of its commands and emojis, which are the sum of the facts in its journal, and of its settings, which
/// are a row of the accounts store (sessions and token look-ups read it there). Readers take <see cref="ApplicationHandle.State"/> without
/// asking.
/// <para>
/// Crash: what was answered is stored. It has no children and no time of its own; its region passivates it when nobody has asked for a
/// while.
/// </para>
/// </summary>
internal sealed class ApplicationActor : PersistentActor
{
    private const int SnapshotEvery = 100;

    private readonly DomainServices _domain;
    private readonly ApplicationHandle _handle;
    private ApplicationState _state = ApplicationState.None;
    private long _snapshotAt;

    public ApplicationActor(ApplicationHandle handle, DomainServices domain, ApplicationEventAdapter adapter)
        : base(domain.Storage.Journal, domain.Storage.Snapshots, adapter)
    {
        _handle = handle;
        _domain = domain;
    }

    public override string PersistenceId => $"application-{_handle.Id}";

    protected override void Recover(object @event) => _state = ((ApplicationEvent)@event).Apply(_state);

    protected override void RecoverSnapshot(object snapshot)
    {
        _state = (ApplicationState)snapshot;
        _snapshotAt = LastSequenceNr;
    }

    protected override void OnRecoveryCompleted() => _handle.State = _state;

    protected override void PostStop()
    {
        _domain.Applications.Forget(_handle);
        base.PostStop();
    }

    protected override bool StaysInDoubt(Exception failure) => failure is StorageException or TimeoutException;

    protected override void OnCommandInDoubt(object message)
    {
        if (message is ApplicationRequest)
            Sender.Tell(new Status.Failure(new ApiException(ApiError.ServiceUnavailable)));
        else
            OnCommand(message);
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case ApplicationRequest request:
                Decide(request);
                break;
            case ModifyApplication modify:
                Context.RunTask(() => ModifyAsync(modify, Sender));
                break;
            case LoadApplication:
                Sender.Tell(new ApplicationLoaded(_handle));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Decide(ApplicationRequest request)
    {
        ApplicationDecision decision = new(_handle.Id, _state, _domain.Ids);
        object? result;
        try
        {
            result = request.Run(decision);
        }
        catch (ApiException refused)
        {
            Sender.Tell(new Status.Failure(refused));
            return;
        }
        if (decision.Facts.Count == 0)
        {
            Sender.Tell(new CommandDone(result));
            return;
        }
        Persist(decision.Facts, decision.Lookups, () =>
        {
            _state = decision.State;
            _handle.State = _state;
            Sender.Tell(new CommandDone(result));
            if (LastSequenceNr - _snapshotAt < SnapshotEvery)
                return;
            _snapshotAt = LastSequenceNr;
            SaveSnapshot(_state);
        });
    }

    // Read, changed and written in one turn of the actor, so that no change is lost to another.
    private async Task ModifyAsync(ModifyApplication modify, IActorRef sender)
    {
        try
        {
            ApplicationRow row = await _domain.Storage.Accounts.GetApplicationAsync(_handle.Id, Context.CancellationToken)
                ?? throw new ApiException(ApiError.UnknownApplication);
            Application changed = modify.Change(ApplicationProfile.FromBytes(row.Body.Span));
            await _domain.Storage.Accounts.SaveApplicationAsync(
                row with { Body = ApplicationProfile.ToBytes(changed) }, Context.CancellationToken);
            sender.Tell(new CommandDone(changed));
        }
        catch (Exception refused) when (refused is ApiException or StorageException)
        {
            sender.Tell(new Status.Failure(refused));
        }
    }
}

/// <summary>Asks an application's actor to be there; it answers <see cref="ApplicationLoaded"/>.</summary>
internal sealed class LoadApplication
{
    public static LoadApplication Instance { get; } = new();
}

internal sealed record ApplicationLoaded(ApplicationHandle Handle);

/// <summary>Changes the settings in the row of the accounts store. Answered by their new value.</summary>
/// <param name="Change">From the settings as they are to what they shall be. Pure; may run more than once.</param>
internal sealed record ModifyApplication(Func<Application, Application> Change);
