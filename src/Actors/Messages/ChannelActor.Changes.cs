using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Messages;

// The lane of changes: one at a time. The part before the store's acknowledgement runs beside the actor and touches only what is
// thread-safe;
// what it returns is applied in the actor.
public sealed partial class ChannelActor
{
    // Done while the log was being loaded.
    private ChangeDone? _held;

    // For the change that runs: no change before it may have been stored without the log's knowing.
    private bool _logIsSure;

    private void OnChange(ChannelCommand command, IActorRef sender)
    {
        if (_host.Channel is null)
            sender.Tell(new Status.Failure(new ApiException(ApiError.UnknownChannel)));
        else if (_changes.Count >= _services.Options.MaxInFlight)
            Refuse(sender);
        else if (_changing)
            _changes.Enqueue((command, sender));
        else
            Start(command, sender);
    }

    private void Start(ChannelCommand command, IActorRef sender)
    {
        _changing = true;
        _logIsSure = _doubt == Doubt.None;
        RunAsync(command).PipeTo(
            Self, success: outcome => new ChangeDone(this, sender, outcome, null), failure: e => new ChangeDone(this, sender, null, e));
    }

    private void OnChanged(ChangeDone done)
    {
        if (!IsReady)
        {
            // Applied once what is being read cannot lack it.
            _held = done;
            Load();
            return;
        }
        _changing = false;
        if (done.Error is { } error)
        {
            if (error is not ApiException)
                ChangeFailed(error);
            DoubtAfter(error);
            done.Sender.Tell(new Status.Failure(Refusal(error)));
        }
        else
        {
            if (_host.Channel is { } channel)
                done.Outcome!.Apply?.Invoke(channel);
            done.Sender.Tell(done.Outcome!.Reply);
            if (_doubt == Doubt.Fresh)
                ReadAnew();
        }
        if (_changes.TryDequeue(out var next))
            Start(next.Command, next.Sender);
    }

    private Task<Outcome> RunAsync(ChannelCommand command) => command switch
    {
        EditMessage edit => EditAsync(edit),
        DeleteMessages delete => DeleteAsync(delete),
        DeleteByAuthor delete => DeleteByAuthorAsync(delete),
        AddReaction add => AddReactionAsync(add),
        RemoveReaction remove => RemoveReactionAsync(remove),
        ClearReactions clear => ClearReactionsAsync(clear),
        PinMessage pin => PinAsync(pin),
        UnpinMessage unpin => UnpinAsync(unpin),
        _ => Task.FromException<Outcome>(new NotSupportedException($"{command.GetType().Name} is no command of a channel")),
    };

    private async Task<Outcome> EditAsync(EditMessage edit)
    {
        LogEntry entry = await ExistingAsync(edit.MessageId).ConfigureAwait(false);
        Message before = entry.Message;
        Message after = edit.ApplyTo(before, _services.Time.GetUtcNow());
        MessageRow row = new(_host.ChannelId, after.Id, after.WebhookId ?? after.Author.Id, StoredMessages.Encode(after));
        if (!await _services.Store.UpdateAsync(row).ConfigureAwait(false))
            throw new ApiException(ApiError.UnknownMessage);
        _services.Files.Discard(_host.ChannelId, [.. AttachmentFiles.Of(before).Except(AttachmentFiles.Of(after))]);
        LogEntry? inside = await InsideAsync(entry).ConfigureAwait(false);
        return new Outcome(new MessageEdited(before, after), channel => Show(after, inside, channel));
    }

    private async Task<Outcome> DeleteAsync(DeleteMessages delete)
    {
        // Only the message knows its files; nearly always it is in memory.
        Dictionary<Snowflake, Snowflake[]> files = [];
        foreach (Snowflake id in delete.Ids)
        {
            if (await _log.EntryAsync(id, default).ConfigureAwait(false) is { } entry)
                files[id] = [.. AttachmentFiles.Of(entry.Message)];
        }
        IReadOnlyList<Snowflake> gone = await _services.Store.DeleteAsync(_host.ChannelId, delete.Ids).ConfigureAwait(false);
        _services.Files.Discard(_host.ChannelId, [.. gone.SelectMany(id => files.GetValueOrDefault(id) ?? [])]);
        if (gone.Count == 0 && delete.Ids.Count == 1)
            throw new ApiException(ApiError.UnknownMessage);
        return new Outcome(new MessagesDeleted(gone), channel => Gone(gone, channel, delete.Ids.Count > 1));
    }

    private async Task<Outcome> DeleteByAuthorAsync(DeleteByAuthor delete)
    {
        Dictionary<Snowflake, Snowflake[]> files = await FilesOfAsync(delete).ConfigureAwait(false);
        var byChannel = await _services.Store.DeleteByAuthorAsync([_host.ChannelId], delete.AuthorId, delete.Since).ConfigureAwait(false);
        IReadOnlyList<Snowflake> gone = byChannel.TryGetValue(_host.ChannelId, out var ids) ? ids : [];
        _services.Files.Discard(_host.ChannelId, [.. gone.SelectMany(id => files.GetValueOrDefault(id) ?? [])]);
        return new Outcome(new MessagesDeleted(gone), channel => Gone(gone, channel, bulk: true));
    }

    // By message; of the author's messages alone the body is looked at.
    private async Task<Dictionary<Snowflake, Snowflake[]>> FilesOfAsync(DeleteByAuthor delete)
    {
        Dictionary<Snowflake, Snowflake[]> files = [];
        Snowflake after = new(Math.Max(1, Snowflake.FromTimestamp(delete.Since).Value) - 1);
        while (true)
        {
            IReadOnlyList<MessageRow> rows = await _services.Store
                .PageAsync(_host.ChannelId, MessagePage.After(after, MessagePage.MaxLimit)).ConfigureAwait(false);
            foreach (MessageRow row in rows.Where(row => row.AuthorId == delete.AuthorId))
            {
                Snowflake[] named = [.. AttachmentFiles.Of(StoredMessages.Decode(row.ChannelId, row.Id, row.Body))];
                if (named.Length > 0)
                    files.Add(row.Id, named);
            }
            if (rows.Count < MessagePage.MaxLimit)
                return files;
            after = rows[0].Id;
        }
    }

    private async Task<Outcome> AddReactionAsync(AddReaction add)
    {
        LogEntry entry = await ExistingAsync(add.MessageId).ConfigureAwait(false);
        IReadOnlyList<ReactionCount> present = await ReactionsAsync(add.MessageId, add.UserId).ConfigureAwait(false);
        ReactionEmoji emoji = add.Emoji;
        if (Find(present, emoji) is { } known)
        {
            // One reaction a user and emoji, under the name the emoji had first.
            emoji = ReactionEmoji.FromKey(known.Emoji);
            if (known.Me || known.MeBurst)
                return new Outcome(new ReactionChanged(false), null);
        }
        else if (!add.MayAddNew)
            throw new ApiException(ApiError.MissingPermissions);
        else if (present.Count >= _services.Options.MaxReactions)
            throw new ApiException(ApiError.MaxReactions);
        if (!await _services.Store.AddReactionAsync(_host.ChannelId, add.MessageId, emoji.Key, add.UserId, add.Burst).ConfigureAwait(false))
            return new Outcome(new ReactionChanged(false), null);
        return new Outcome(new ReactionChanged(true), channel =>
        {
            _log.React(add.MessageId, reactions => reactions.With(emoji.Key, add.UserId, add.Burst));
            _events.PublishReactionAdd(add, emoji, entry.Message, channel);
        });
    }

    private async Task<Outcome> RemoveReactionAsync(RemoveReaction remove)
    {
        await ExistingAsync(remove.MessageId).ConfigureAwait(false);
        IReadOnlyList<ReactionCount> present = await ReactionsAsync(remove.MessageId, remove.UserId).ConfigureAwait(false);
        if (Find(present, remove.Emoji) is not { } known)
            throw new ApiException(ApiError.UnknownEmoji);
        if (!await _services.Store.RemoveReactionAsync(_host.ChannelId, remove.MessageId, known.Emoji, remove.UserId).ConfigureAwait(false))
            return new Outcome(new ReactionChanged(false), null);
        return new Outcome(new ReactionChanged(true), channel =>
        {
            _log.React(remove.MessageId, reactions => reactions.Without(known.Emoji, remove.UserId));
            _events.PublishReactionRemove(remove, ReactionEmoji.FromKey(known.Emoji), known.MeBurst, channel);
        });
    }

    private async Task<Outcome> ClearReactionsAsync(ClearReactions clear)
    {
        await ExistingAsync(clear.MessageId).ConfigureAwait(false);
        string? key = null;
        if (clear.Emoji is { } emoji)
        {
            IReadOnlyList<ReactionCount> present = await ReactionsAsync(clear.MessageId, Snowflake.None).ConfigureAwait(false);
            if (Find(present, emoji) is not { } known)
                throw new ApiException(ApiError.UnknownEmoji);
            key = known.Emoji;
        }
        if (await _services.Store.RemoveReactionsAsync(_host.ChannelId, clear.MessageId, key).ConfigureAwait(false) == 0)
            return new Outcome(new ReactionChanged(false), null);
        return new Outcome(new ReactionChanged(true), channel =>
        {
            _log.React(clear.MessageId, reactions => key is null ? MessageReactions.None : reactions.Without(key));
            _events.PublishReactionsCleared(clear.MessageId, key is null ? null : ReactionEmoji.FromKey(key), channel);
        });
    }

    private async Task<Outcome> PinAsync(PinMessage pin)
    {
        LogEntry entry = await ExistingAsync(pin.MessageId).ConfigureAwait(false);
        if (_log.IsPinned(pin.MessageId))
            return new Outcome(new PinChanged(false), null);
        if (_log.PinCount >= _services.Options.MaxPins)
            throw new ApiException(ApiError.MaxPins);
        DateTimeOffset now = EditMessage.Milliseconds(_services.Time.GetUtcNow());

        // No two at the same time: pages of pins go on from a time.
        if (_log.LastPinTimestamp is { } last && now <= last)
            now = last.AddMilliseconds(1);
        if (!await _services.Store.PinAsync(_host.ChannelId, pin.MessageId, now).ConfigureAwait(false))
            return new Outcome(new PinChanged(false), null);
        LogEntry? inside = await InsideAsync(entry).ConfigureAwait(false);
        return new Outcome(new PinChanged(true), channel => Pinned(entry, now, inside, channel));
    }

    private async Task<Outcome> UnpinAsync(UnpinMessage unpin)
    {
        LogEntry entry = await ExistingAsync(unpin.MessageId).ConfigureAwait(false);
        if (!await _services.Store.UnpinAsync(_host.ChannelId, unpin.MessageId).ConfigureAwait(false))
            return new Outcome(new PinChanged(false), null);
        LogEntry? inside = await InsideAsync(entry).ConfigureAwait(false);
        return new Outcome(new PinChanged(true), channel => Pinned(entry, null, inside, channel));
    }

    private void Pinned(LogEntry entry, DateTimeOffset? at, LogEntry? inside, Channel channel)
    {
        _log.SetPin(entry.Id, at);
        Show(entry.Message, inside, channel);
        _events.PublishPins(_log.LastPinTimestamp, channel);
    }

    // Puts a changed message into the log and tells of it.
    private void Show(Message message, LogEntry? inside, Channel channel)
    {
        AuthorFacts facts = _events.FactsOf(message.Author, message.IsByWebhook, channel);
        LogEntry entry = _log.Render(message, reactions: null);
        _log.Replace(entry);
        _events.PublishUpdate(entry, facts, channel, inside);
    }

    private void Gone(IReadOnlyList<Snowflake> ids, Channel channel, bool bulk)
    {
        if (ids.Count == 0)
            return;
        bool unpinned = _log.Remove(ids);
        _host.Removed(ids);
        _events.PublishDelete(ids, channel, bulk);
        if (unpinned)
            _events.PublishPins(_log.LastPinTimestamp, channel);
    }

    private async ValueTask<LogEntry> ExistingAsync(Snowflake id) =>
        await _log.EntryAsync(id, default).ConfigureAwait(false) ?? throw new ApiException(ApiError.UnknownMessage);

    private ValueTask<LogEntry?> InsideAsync(LogEntry entry) =>
        entry.HasReference ? _log.ReferencedAsync(entry.Message.MessageReference!, default) : new((LogEntry?)null);

    private async ValueTask<IReadOnlyList<ReactionCount>> ReactionsAsync(Snowflake message, Snowflake viewer)
    {
        if (_logIsSure && _log.ReactionsOrNull(message) is { } known)
            return known.For(viewer);
        var stored = await _services.Store.ReactionsAsync(_host.ChannelId, [message], viewer).ConfigureAwait(false);
        return stored.GetValueOrDefault(message, []);
    }

    private static ReactionCount? Find(IReadOnlyList<ReactionCount> present, ReactionEmoji emoji)
    {
        foreach (ReactionCount count in present)
        {
            if (ReactionEmoji.FromKey(count.Emoji).IsSame(emoji))
                return count;
        }
        return null;
    }

    /// <param name="Reply">What the sender is told.</param>
    /// <param name="Apply">Changes the log and tells the guild, in the actor.</param>
    private sealed record Outcome(object Reply, Action<Channel>? Apply);

    private sealed record ChangeDone(ChannelActor Owner, IActorRef Sender, Outcome? Outcome, Exception? Error);
}
