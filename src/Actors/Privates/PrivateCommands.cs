using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Privates;

/// <summary>
/// Begins the DM of two users, or opens it again for <paramref name="From"/>. The other hears of it with the first message
/// (<see cref="OpenForAll"/>): until then it is closed for it. Answers with the channel as <paramref name="From"/> sees it.
/// </summary>
public sealed record OpenDirect(Snowflake ChannelId, User From, User To) : PrivateCommand<Channel>
{
    protected override Channel Decide(PrivateDecision channel)
    {
        if (!channel.State.Exists)
        {
            channel.Put(new PrivateChannelCreated(ChannelId, ChannelType.Dm, [From, To], null));
            channel.Put(new ClosedByRecipient(To.Id));
            channel.Tell(From.Id, PrivatePayloads.Created(channel.Payload(From.Id)));
        }
        else
        {
            channel.RequireIn(From.Id);
            if (channel.State.ClosedBy.Contains(From.Id))
            {
                channel.Put(new ReopenedForRecipient(From.Id));
                channel.Tell(From.Id, PrivatePayloads.Created(channel.Payload(From.Id)));
            }
        }
        return channel.Payload(From.Id);
    }
}

/// <summary>Opens the DM for those who had it closed: before a message is sent into it.</summary>
public sealed record OpenForAll : PrivateCommand<bool>
{
    protected override bool Decide(PrivateDecision channel)
    {
        foreach (Snowflake user in channel.State.ClosedBy)
        {
            channel.Put(new ReopenedForRecipient(user));
            channel.Tell(user, PrivatePayloads.Created(channel.Payload(user)));
        }
        return true;
    }
}

/// <summary>Begins a group of its owner and up to nine others. Answers with the channel as its owner sees it.</summary>
public sealed record CreateGroup(Snowflake ChannelId, User Owner, IReadOnlyList<User> Others, string? Name = null) : PrivateCommand<Channel>
{
    protected override Channel Decide(PrivateDecision channel)
    {
        User[] all = [Owner, .. Others.Where(u => u.Id != Owner.Id).DistinctBy(u => u.Id)];
        if (all.Length > Limits.GroupDmRecipients)
            throw new ApiException(ApiError.MaxRecipients);
        channel.Put(new PrivateChannelCreated(ChannelId, ChannelType.GroupDm, all, Owner.Id));
        if (Name is not null)
            channel.Put(new PrivateChannelChanged(Name, null, Owner.Id));
        foreach (User user in all)
            channel.Tell(user.Id, PrivatePayloads.Created(channel.Payload(user.Id)));
        return channel.Payload(Owner.Id);
    }
}

/// <summary>Takes another user into the group. False when it is in already.</summary>
public sealed record AddRecipient(Snowflake By, User User) : PrivateCommand<bool>
{
    protected override bool Decide(PrivateDecision channel)
    {
        channel.RequireIn(By);
        channel.RequireGroup();
        if (channel.State.Recipients.ContainsKey(User.Id))
            return false;
        if (channel.State.Recipients.Count >= Limits.GroupDmRecipients)
            throw new ApiException(ApiError.MaxRecipients);
        channel.TellAll(PrivatePayloads.Recipient(EventNames.ChannelRecipientAdd, channel.State.Id, User));
        channel.Put(new RecipientAdded(User));
        channel.Tell(User.Id, PrivatePayloads.Created(channel.Payload(User.Id)));
        return true;
    }
}

/// <summary>The owner takes a user out of the group, or a user leaves it. Answers with who is gone.</summary>
/// <param name="By">Who does it.</param>
/// <param name="UserId">Who goes.</param>
public sealed record RemoveRecipient(Snowflake By, Snowflake UserId) : PrivateCommand<User>
{
    protected override User Decide(PrivateDecision channel)
    {
        channel.RequireIn(By);
        channel.RequireGroup();
        if (By != UserId && channel.State.OwnerId != By)
            throw new ApiException(ApiError.MissingPermissions);
        if (!channel.State.Recipients.TryGetValue(UserId, out User? gone))
            throw new ApiException(ApiError.UnknownUser);
        Leaving.Of(channel, gone);
        return gone;
    }
}

/// <summary>Closes a DM for a user, or has it leave a group. Answers with the channel as the user saw it.</summary>
public sealed record CloseChannel(Snowflake By) : PrivateCommand<Channel>
{
    protected override Channel Decide(PrivateDecision channel)
    {
        channel.RequireIn(By);
        Channel seen = channel.Payload(By);
        if (channel.State.Type == ChannelType.GroupDm)
            Leaving.Of(channel, channel.State.Recipients[By]);
        else if (!channel.State.ClosedBy.Contains(By))
        {
            channel.Put(new ClosedByRecipient(By));
            channel.Tell(By, PrivatePayloads.Deleted(seen));
        }
        return seen;
    }
}

/// <summary>Changes a group. What is absent stays. Answers with the channel as <paramref name="By"/> sees it.</summary>
/// <param name="Icon">Hash of a stored icon.</param>
/// <param name="OwnerId">The new owner; only the present one may give it away.</param>
public sealed record ModifyGroup(Snowflake By, Optional<string> Name, Optional<string> Icon, Snowflake? OwnerId) : PrivateCommand<Channel>
{
    protected override Channel Decide(PrivateDecision channel)
    {
        channel.RequireIn(By);
        channel.RequireGroup();
        PrivateChannelState state = channel.State;
        if (OwnerId is { } owner && owner != state.OwnerId)
        {
            if (state.OwnerId != By)
                throw new ApiException(ApiError.MissingPermissions);
            if (!state.Recipients.ContainsKey(owner))
                throw new ApiException(ApiError.InvalidRecipients);
        }
        PrivateChannelChanged changed = new(Name.Over(state.Name), Icon.Over(state.Icon), OwnerId ?? state.OwnerId);
        if (changed.Name != state.Name || changed.Icon != state.Icon || changed.OwnerId != state.OwnerId)
        {
            channel.Put(changed);
            foreach (Snowflake user in channel.State.Recipients.Keys)
                channel.Tell(user, PrivatePayloads.Updated(channel.Payload(user)));
        }
        return channel.Payload(By);
    }
}

internal static class Leaving
{
    // The one who goes learns that the channel is gone, the others who went; an owner's group passes to whoever has the oldest account.
    public static void Of(PrivateDecision channel, User gone)
    {
        channel.Tell(gone.Id, PrivatePayloads.Deleted(channel.Payload(gone.Id)));
        channel.Put(new RecipientRemoved(gone.Id));
        channel.TellAll(PrivatePayloads.Recipient(EventNames.ChannelRecipientRemove, channel.State.Id, gone));
        PrivateChannelState left = channel.State;
        if (left.OwnerId != gone.Id || left.Recipients.IsEmpty)
            return;
        channel.Put(new PrivateChannelChanged(left.Name, left.Icon, left.Recipients.Keys.Min()));
        foreach (Snowflake user in left.Recipients.Keys)
            channel.Tell(user, PrivatePayloads.Updated(channel.Payload(user)));
    }
}
