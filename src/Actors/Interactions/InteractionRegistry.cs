using System.Collections.Concurrent;
using Discord.Actors.Messages;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;

namespace Discord.Actors.Interactions;

/// <summary>
/// The interactions of the last fifteen minutes and the ephemeral messages that came of them. In memory only: a restart of the node forgets
/// them, as their tokens would soon be worth nothing anyway. Bounded in number, bytes and time. Thread-safe.
/// </summary>
public sealed class InteractionRegistry(
    SessionRegistry sessions, SnowflakeGenerator ids, TimeProvider time, IAttachmentUrls urls, IBlobStore blobs)
{
    /// <summary>Interactions kept at most: about a hundred a second over fifteen minutes, at 1 KiB each.</summary>
    public const int MaxInteractions = 100_000;

    /// <summary>Bytes of all ephemeral messages and modals, encoded; beyond it further ones are refused.</summary>
    public const long MaxKeptBytes = 64L << 20;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Snowflake, Interaction> _interactions = new();
    private readonly ConcurrentDictionary<Snowflake, EphemeralMessage> _ephemerals = new();
    private readonly ConcurrentQueue<Interaction> _byAge = new();
    private long _keptBytes;
    private int _sweeping;

    /// <summary>Interactions that are kept now.</summary>
    public int Count => _interactions.Count;

    /// <summary>Begins an interaction: the application has three seconds from now. Null, and its files go, when there are too
    /// many.</summary>
    public Interaction? Add(InteractionFacts facts)
    {
        if (_interactions.Count >= MaxInteractions)
        {
            Sweep();
            if (_interactions.Count >= MaxInteractions)
            {
                Discard(facts.Files, facts.ChannelId);
                return null;
            }
        }
        Interaction interaction = new(ids.Next(), facts, time.GetUtcNow());
        _interactions[interaction.Id] = interaction;
        _byAge.Enqueue(interaction);
        Arm();
        return interaction;
    }

    /// <summary>Counts the three seconds; when they end without an answer the user is told.</summary>
    public void Watch(Interaction interaction)
    {
        TimeSpan left = interaction.AnswerUntil - time.GetUtcNow();
        interaction.Watch(time.CreateTimer(
            _ => TimeOut(interaction), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    /// <summary>The interaction fails now: its application cannot be reached.</summary>
    public void Fail(Interaction interaction) => TimeOut(interaction);

    /// <summary>An answer that had begun was refused; it may be tried again while there is time.</summary>
    public void GiveUp(Interaction interaction)
    {
        if (interaction.GiveUp())
            Tell(interaction, InteractionEvents.Failure(interaction));
    }

    /// <summary>The interaction with this id and token, alive or failed; null when there is none any more.</summary>
    public Interaction? Find(Snowflake id, string token) =>
        _interactions.TryGetValue(id, out Interaction? found) && InteractionToken.Equal(found.Token, token)
            && found.ExpiresAt > time.GetUtcNow()
            ? found
            : null;

    /// <summary>The interaction of an application by its token alone.</summary>
    public Interaction? FindByToken(Snowflake application, string token) =>
        InteractionToken.TryReadId(token, out Snowflake id) && Find(id, token) is { } found && found.Facts.ApplicationId == application
            ? found
            : null;

    /// <summary>The interaction whose answer opened this modal for the user; null when there is none any more.</summary>
    /// <param name="id">The interaction's id, as INTERACTION_MODAL_CREATE told it; null: the latest one is meant.</param>
    public Interaction? FindModal(Snowflake user, Snowflake application, Snowflake? id, string customId)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (id is { } given)
            return _interactions.TryGetValue(given, out Interaction? known) && IsIt(known) ? known : null;
        return _interactions.Values.Where(IsIt).MaxBy(i => i.Id.Value);

        bool IsIt(Interaction i) =>
            i.Facts.User.Id == user && i.Facts.ApplicationId == application && i.Modal?.CustomId == customId && i.ExpiresAt > now;
    }

    /// <summary>Sends an event to the session in which the interaction was done, or to all of the user's if it is not known.</summary>
    public void Tell(Interaction interaction, DispatchEvent dispatch)
    {
        InteractionFacts facts = interaction.Facts;
        if (facts.SessionId is { } id && sessions.Find(id) is { } session && session.UserId == facts.User.Id)
        {
            session.Dispatch(dispatch);
            return;
        }
        foreach (Session each in sessions.Of(facts.User.Id))
            each.Dispatch(dispatch);
    }

    /// <summary>Sends INTERACTION_CREATE to the application's sessions that own the guild, or private channels. False when there is
    /// none.</summary>
    public bool TellApplication(Interaction interaction, DispatchEvent dispatch)
    {
        bool any = false;
        foreach (Session session in sessions.Of(interaction.Facts.ApplicationId))
        {
            if (interaction.Facts.GuildId is { } guild ? !session.Identity.Owns(guild) : !session.Identity.OwnsPrivate)
                continue;
            session.Dispatch(dispatch);
            any = true;
        }
        return any;
    }

    /// <summary>A file of an interaction with the address that serves it.</summary>
    public Attachment WithUrl(Snowflake channel, Attachment file) =>
        urls.UrlFor(channel, file) is var url ? file with { Url = url, ProxyUrl = url, Ephemeral = true } : file;

    /// <summary>The answer opens a modal, which is kept until it can no longer be submitted. False when too many bytes are kept.</summary>
    public bool Open(Interaction interaction, OpenedModal modal)
    {
        if (Interlocked.Add(ref _keptBytes, modal.Length) > MaxKeptBytes)
        {
            Interlocked.Add(ref _keptBytes, -modal.Length);
            return false;
        }
        interaction.Complete(modal: modal);
        return true;
    }

    // Ephemeral messages: only the user's sessions hear of them.

    /// <summary>Shows a message to the interaction's user alone, and keeps it for edits. Null when too many bytes are kept.</summary>
    public EphemeralMessage? Show(Interaction interaction, MessageDraft draft)
    {
        Message message = draft.ToMessage(ids.Next(), interaction.Facts.ChannelId, null);
        EphemeralMessage shown = Make(message, interaction.Facts, interaction.ExpiresAt);
        if (Interlocked.Add(ref _keptBytes, shown.Json.Length) > MaxKeptBytes)
        {
            Interlocked.Add(ref _keptBytes, -shown.Json.Length);
            return null;
        }
        _ephemerals[message.Id] = shown;
        Tell(interaction, InteractionEvents.Message(EventNames.MessageCreate, shown, draft.Nonce));
        return shown;
    }

    /// <summary>An ephemeral message that lives; null when there is none.</summary>
    public EphemeralMessage? FindEphemeral(Snowflake id) =>
        _ephemerals.TryGetValue(id, out EphemeralMessage? found) && found.ExpiresAt > time.GetUtcNow() ? found : null;

    /// <summary>Changes an ephemeral message; null when it is gone or too many bytes are kept.</summary>
    /// <param name="interaction">Whose answer changes it; the message lives as long as its token.</param>
    public EphemeralMessage? Change(Interaction interaction, EphemeralMessage known, Message message)
    {
        DateTimeOffset until = interaction.ExpiresAt > known.ExpiresAt ? interaction.ExpiresAt : known.ExpiresAt;
        EphemeralMessage changed = Make(message, interaction.Facts, until);
        int grown = changed.Json.Length - known.Json.Length;
        if (Interlocked.Add(ref _keptBytes, grown) > MaxKeptBytes && grown > 0 || !_ephemerals.TryUpdate(message.Id, changed, known))
        {
            Interlocked.Add(ref _keptBytes, -grown);
            return null;
        }
        Discard(known.Message.Attachments.Where(a => message.Attachments.All(b => b.Id != a.Id)), message.ChannelId);
        Tell(interaction, InteractionEvents.Message(EventNames.MessageUpdate, changed, null));
        return changed;
    }

    /// <summary>Takes an ephemeral message away. False when it is gone already.</summary>
    public bool Hide(Interaction interaction, Snowflake messageId)
    {
        if (!_ephemerals.TryRemove(messageId, out EphemeralMessage? gone))
            return false;
        Interlocked.Add(ref _keptBytes, -gone.Json.Length);
        Discard(gone.Message.Attachments, gone.Message.ChannelId);
        Tell(interaction, InteractionEvents.Deleted(gone));
        return true;
    }

    private EphemeralMessage Make(Message message, InteractionFacts facts, DateTimeOffset until)
    {
        message = message with
        {
            Flags = message.Flags | MessageFlags.Ephemeral,
            Attachments = [.. message.Attachments.Select(a => a with { Ephemeral = true })],
        };
        byte[] json = MessageJson.Encode(message, message.Author, null, urls).Json;
        return new EphemeralMessage(message, json, facts.User.Id, facts.ApplicationId, facts.GuildId, until);
    }

    private void TimeOut(Interaction interaction)
    {
        if (interaction.TimeOut())
            Tell(interaction, InteractionEvents.Failure(interaction));
    }

    // One sweep is under way while anything is kept; an idle node has no timer.
    private void Arm()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
            return;
        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                Volatile.Write(ref _sweeping, 0);
                Sweep();
                if (!_interactions.IsEmpty || !_ephemerals.IsEmpty)
                    Arm();
            },
            null, SweepEvery, Timeout.InfiniteTimeSpan);
    }

    private void Sweep()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (_byAge.TryPeek(out Interaction? oldest) && oldest.ExpiresAt <= now && _byAge.TryDequeue(out Interaction? taken))
        {
            _interactions.TryRemove(taken.Id, out _);
            Interlocked.Add(ref _keptBytes, -(taken.Modal?.Length ?? 0));
            Discard(taken.Facts.Files, taken.Facts.ChannelId);
        }
        foreach ((Snowflake id, EphemeralMessage message) in _ephemerals)
        {
            if (message.ExpiresAt > now || !_ephemerals.TryRemove(new KeyValuePair<Snowflake, EphemeralMessage>(id, message)))
                continue;
            Interlocked.Add(ref _keptBytes, -message.Json.Length);
            Discard(message.Message.Attachments, message.Message.ChannelId);
        }
    }

    // Files of a message that is gone. What cannot be deleted now stays on the disk and can be named by nobody: as after a crash.
    private void Discard(IEnumerable<Attachment> attachments, Snowflake channel)
    {
        foreach (Attachment attachment in attachments)
            _ = DeleteAsync(BlobKey.Attachment(channel, attachment.Id));

        async Task DeleteAsync(BlobKey key)
        {
            try
            {
                await blobs.DeleteAsync(key).ConfigureAwait(false);
            }
            catch (StorageException e)
            {
                System.Diagnostics.Trace.TraceWarning($"A file of an ephemeral message stays: {e.Message}");
            }
        }
    }
}

/// <summary>A message that one user alone sees, in no channel's history.</summary>
/// <param name="Json">The message object.</param>
/// <param name="UserId">Who sees it.</param>
/// <param name="ApplicationId">Whose it is.</param>
/// <param name="ExpiresAt">When it is forgotten.</param>
public sealed record EphemeralMessage(
    Message Message, byte[] Json, Snowflake UserId, Snowflake ApplicationId, Snowflake? GuildId, DateTimeOffset ExpiresAt);
