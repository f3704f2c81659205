using Discord.Actors.Relays;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Privates;

/// <summary>
/// A wish to change a private channel, sent to its actor. As a guild's command it is a pure decision on the state that names facts; who is
/// told what is decided with them, because it differs by recipient.
/// </summary>
public abstract record PrivateCommand
{
    internal abstract object? Run(PrivateDecision decision);
}

/// <summary>A command with an answer.</summary>
/// <typeparam name="TResult">What the caller is told once the facts are stored.</typeparam>
public abstract record PrivateCommand<TResult> : PrivateCommand
{
    /// <summary>Decides.</summary>
    /// <exception cref="ApiException">The wish is refused; nothing happened.</exception>
    protected abstract TResult Decide(PrivateDecision channel);

    internal sealed override object? Run(PrivateDecision decision) => Decide(decision);
}

/// <summary>One command's decision in the making. When it throws, nothing of it remains.</summary>
/// <param name="before">The channel before the command.</param>
/// <param name="lastMessageId">Its newest message, for the payloads.</param>
public sealed class PrivateDecision(PrivateChannelState before, Snowflake? lastMessageId)
{
    private readonly List<PrivateChannelEvent> _facts = [];
    private readonly List<ILookupWrite> _lookups = [];
    private readonly List<(Snowflake User, Relayed Event)> _told = [];

    /// <summary>The channel with the facts decided so far.</summary>
    public PrivateChannelState State { get; private set; } = before;

    internal IReadOnlyList<PrivateChannelEvent> Facts => _facts;
    internal IReadOnlyList<ILookupWrite> Lookups => _lookups;
    internal IReadOnlyList<(Snowflake User, Relayed Event)> Told => _told;

    /// <summary>Adds a fact.</summary>
    public void Put(PrivateChannelEvent fact)
    {
        PrivateChannelState was = State;
        State = fact.Apply(was);
        _facts.Add(fact);
        PrivateLookups.Add(_lookups, was, fact);
    }

    /// <summary>Tells a user's sessions, once the facts are stored.</summary>
    public void Tell(Snowflake user, Relayed relayed) => _told.Add((user, relayed));

    /// <summary>Tells everyone for whom the channel is open.</summary>
    public void TellAll(Relayed relayed)
    {
        foreach (Snowflake user in State.OpenFor)
            Tell(user, relayed);
    }

    /// <summary>The channel as that recipient sees it.</summary>
    public Channel Payload(Snowflake viewer) => PrivatePayloads.Channel(State, viewer, lastMessageId);

    /// <exception cref="ApiException">50001: the user is not in it.</exception>
    public void RequireIn(Snowflake user)
    {
        if (!State.Recipients.ContainsKey(user))
            throw new ApiException(ApiError.MissingAccess);
    }

    /// <exception cref="ApiException">50024: the channel is no group.</exception>
    public void RequireGroup()
    {
        if (State.Type != ChannelType.GroupDm)
            throw new ApiException(ApiError.CannotExecuteOnChannelType);
    }
}

/// <summary>The look-up rows that follow from a private channel's facts; written in the same commit.</summary>
internal static class PrivateLookups
{
    /// <summary>The key under which the DM of two users is found.</summary>
    public static string DirectKey(Snowflake a, Snowflake b) => a.Value < b.Value ? $"{a}:{b}" : $"{b}:{a}";

    public static void Add(List<ILookupWrite> rows, PrivateChannelState before, PrivateChannelEvent fact)
    {
        switch (fact)
        {
            case PrivateChannelCreated created:
                rows.Add(LookupWrite.Put(LookupKind.ChannelOwner, created.ChannelId, Snowflake.None));
                if (created.Type == ChannelType.Dm)
                    rows.Add(LookupWrite.PutUnique(
                        LookupKind.DirectChannel, DirectKey(created.Recipients[0].Id, created.Recipients[1].Id), created.ChannelId));
                foreach (User user in created.Recipients)
                {
                    rows.Add(SetWrite.Add(SetKind.PrivateChannelRecipients, created.ChannelId, user.Id));
                    rows.Add(SetWrite.Add(SetKind.UserPrivateChannels, user.Id, created.ChannelId));
                }
                break;
            case RecipientAdded added when !before.Recipients.ContainsKey(added.User.Id):
                rows.Add(SetWrite.Add(SetKind.PrivateChannelRecipients, before.Id, added.User.Id));
                rows.Add(SetWrite.Add(SetKind.UserPrivateChannels, added.User.Id, before.Id));
                break;
            case RecipientRemoved removed:
                rows.Add(SetWrite.Remove(SetKind.PrivateChannelRecipients, before.Id, removed.UserId));
                rows.Add(SetWrite.Remove(SetKind.UserPrivateChannels, removed.UserId, before.Id));
                if (before.Recipients.Count == 1)
                    rows.Add(LookupWrite.Delete(LookupKind.ChannelOwner, before.Id));
                break;
            case ClosedByRecipient closed:
                rows.Add(SetWrite.Remove(SetKind.UserPrivateChannels, closed.UserId, before.Id));
                break;
            case ReopenedForRecipient reopened:
                rows.Add(SetWrite.Add(SetKind.UserPrivateChannels, reopened.UserId, before.Id));
                break;
        }
    }
}
