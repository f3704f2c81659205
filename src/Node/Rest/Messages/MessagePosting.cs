using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Actors.Users;
using Discord.Kernel;
using Discord.Node.Rest.RateLimits;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Messages;

/// <summary>Who posts, for <see cref="MessagePosting"/>: an account, a webhook, or an application that answers an interaction.</summary>
/// <param name="Author">Shown as the author.</param>
/// <param name="Permissions">What it may do in the channel; webhooks and interaction responses have their own.</param>
public sealed record Poster(User Author, Permissions Permissions)
{
    public bool BypassSlowmode { get; init; }
    public Snowflake? WebhookId { get; init; }
    public Snowflake? ApplicationId { get; init; }
    public InteractionMetadata? Interaction { get; init; }

    /// <summary>Mentions that are allowed when the request says nothing.</summary>
    public AllowedMentions DefaultMentions { get; init; } = AllowedMentions.All;

    /// <summary>The message's id where it is given beforehand: see <see cref="MessageDraft.Id"/>.</summary>
    public Snowflake? MessageId { get; init; }

    /// <summary>The message's type unless it is a reply.</summary>
    public MessageType Type { get; init; }

    /// <summary>It is a deferred answer: empty until it gets its content.</summary>
    public bool IsLoading { get; init; }
}

/// <summary>
/// From a form to a message in a channel: resolves mentions, replies and forwards, stores files, asks the channel's actor. Endpoints of
/// messages, webhooks and interactions share it.
/// </summary>
public static class MessagePosting
{
    // Longer than the store takes on a bad day; the actor refuses long before its queue takes this long.
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(15);

    /// <summary>Posts a message.</summary>
    /// <exception cref="ApiException">The form does not fit the channel or the poster's permissions; 50006 it is empty; 503 the channel is
    /// overloaded.</exception>
    /// <exception cref="RateLimitedException">20016: slow mode.</exception>
    public static ValueTask<MessageCreated> PostAsync(
        DomainServices domain, ChannelHandle handle, Poster poster, MessageForm form, CancellationToken cancellation = default)
    {
        return DraftAsync(domain, handle, poster, form, SendAsync, cancellation);

        async ValueTask<MessageCreated> SendAsync(MessageDraft draft, AttachmentUploads uploads)
        {
            if (handle.Host.Guild is not { } guild)
            {
                await RequireNoBlockAsync(domain, handle.Host.Channel, poster.Author.Id);
                await domain.Privates.OpenForAllAsync(handle);
            }
            else if (handle.Host.Channel is { ThreadMetadata: not null } thread && poster.WebhookId is null)
                await EnterThreadAsync(domain, guild, thread, poster.Author.Id);
            MessageCreated created = await AskAsync<MessageCreated>(handle, new CreateMessage(draft));
            if (created.Existing)
                await uploads.DiscardAsync();
            return created;
        }
    }

    /// <summary>Makes a message of a form and has it sent; its files are taken away again when it is refused.</summary>
    /// <inheritdoc cref="PostAsync"/>
    internal static async ValueTask<T> DraftAsync<T>(
        DomainServices domain, ChannelHandle handle, Poster poster, MessageForm form,
        Func<MessageDraft, AttachmentUploads, ValueTask<T>> send, CancellationToken cancellation = default)
    {
        Channel channel = handle.Host.Channel ?? throw new ApiException(ApiError.UnknownChannel);
        GuildState? guild = handle.Host.Guild;
        CheckContent(poster, form);
        if (channel.ThreadMetadata is { Locked: true, Archived: false } && !poster.Permissions.Has(Permissions.ManageThreads))
            throw new ApiException(ApiError.ThreadLocked);
        (MessageReference? reference, Message? referenced, MessageSnapshot? snapshot) = await ReferAsync(domain, handle, poster, form);
        bool isReply = referenced is not null && reference!.Type == 0;
        AllowedMentions allowed = form.AllowedMentions ?? poster.DefaultMentions;
        MentionsFound mentions = await ResolveAsync(domain, guild, poster, allowed, Text(form), isReply ? referenced!.Author : null);
        AttachmentUploads uploads = new(domain.Storage.Blobs, domain.Ids, handle.Host.ChannelId);
        bool asked = false;
        try
        {
            List<Attachment> attachments = await uploads.StoreAsync(form, cancellation);
            CheckVoice(form, attachments);
            if (snapshot is not null)
                snapshot = await uploads.CopyAsync(snapshot, reference!.ChannelId, cancellation);
            MessageDraft draft = new()
            {
                Author = poster.Author,
                Id = poster.MessageId,
                Type = isReply ? MessageType.Reply : poster.Type,
                Content = form.Content.Or(""),
                Embeds = form.Embeds.Or([]),
                Components = form.Components.Or([]),
                Attachments = attachments,
                Reference = reference,
                Referenced = isReply ? referenced : null,
                Snapshots = snapshot is null ? null : [snapshot],
                Flags = (form.Flags ?? MessageFlags.None) | (snapshot is null ? MessageFlags.None : MessageFlags.HasSnapshot)
                    | (poster.IsLoading ? MessageFlags.Loading : MessageFlags.None),
                Tts = form.Tts,
                Mentions = mentions.Users,
                MentionRoles = mentions.Roles,
                MentionEveryone = mentions.Everyone,
                Nonce = form.Nonce,
                EnforceNonce = form.EnforceNonce,
                WebhookId = poster.WebhookId,
                ApplicationId = poster.ApplicationId,
                InteractionMetadata = poster.Interaction,
                BypassSlowmode = poster.BypassSlowmode,
            };
            asked = true;
            return await send(draft, uploads);
        }
        catch (Exception e)
        {
            // Once asked, only a refusal says that nothing was stored. After a time-out files without a message are better than a message
            // without its files.
            if (!asked || e is RateLimitedException || (e is ApiException refused && refused.Error != ApiError.ServiceUnavailable))
                await uploads.DiscardAsync();
            throw;
        }
    }

    /// <summary>Sends a command to a channel and waits for its answer.</summary>
    /// <exception cref="ApiException">It was refused, or the channel is gone or overloaded.</exception>
    /// <exception cref="RateLimitedException">20016: slow mode.</exception>
    public static async ValueTask<TAnswer> AskAsync<TAnswer>(ChannelHandle handle, ChannelCommand command)
    {
        try
        {
            return await handle.Actor.Ask<TAnswer>(command, CommandLimit);
        }
        catch (SlowmodeException slow)
        {
            throw new RateLimitedException(slow.RetryAfter, ApiError.SlowmodeRateLimited.Code, slow.Message);
        }
        catch (AskUndeliveredException)
        {
            // The channel's actor stopped between the look-up and now: the channel was deleted, or the node is stopping.
            throw new ApiException(handle.Host.Channel is null ? ApiError.UnknownChannel : ApiError.ServiceUnavailable);
        }
        catch (AskTimeoutException)
        {
            throw new ApiException(ApiError.ServiceUnavailable);
        }
    }

    /// <summary>The users, roles and everyone that a text mentions and may.</summary>
    internal static async ValueTask<MentionsFound> ResolveAsync(
        DomainServices domain, GuildState? guild, Poster poster, AllowedMentions allowed, string text, User? repliedTo)
    {
        List<User> users = [];
        if (repliedTo is not null && allowed.RepliedUser)
            users.Add(repliedTo);
        if (!text.Contains('@'))
            return new(users, [], false);
        MentionParser found = MentionParser.Parse(text);
        List<Snowflake> unknown = [];
        foreach (Snowflake id in found.Users.Where(allowed.AllowsUser))
        {
            if (users.Exists(user => user.Id == id))
                continue;
            if (guild?.Members[id]?.User is { } user)
                users.Add(user);
            else
                unknown.Add(id);
        }
        if (unknown.Count > 0)
        {
            foreach (Account account in await domain.Storage.Accounts.GetManyAsync(unknown))
                users.Add(UserProfile.FromBytes(account.Profile.Span).ToUser());
        }
        bool all = poster.Permissions.Has(Permissions.MentionEveryone);
        Snowflake[] roles = guild is null ? [] : [.. found.Roles.Where(id => allowed.AllowsRole(id) && id != guild.Id
            && guild.Roles.TryGetValue(id, out Role? role) && (role.Mentionable || all))];
        return new(users, roles, guild is not null && found.Everyone && all && allowed.Everyone);
    }

    /// <summary>What is searched for mentions.</summary>
    internal static string Text(MessageForm form) =>
        form.ComponentText.Length > 0 ? form.Content.Or("") + "\n" + form.ComponentText : form.Content.Or("");

    private static void CheckContent(Poster poster, MessageForm form)
    {
        bool forward = form.Reference is { Type: 1 };
        bool empty = form.Content.Or("").Length == 0 && form.Embeds.Or([]).Count == 0 && form.Components.Or([]).Length == 0
            && form.Files.Count == 0;
        if (empty && !forward && !poster.IsLoading)
            throw new ApiException(ApiError.CannotSendEmptyMessage);
        if (forward && !empty)
        {
            throw RestErrors.Field("message_reference", new FormError(
                "MESSAGE_REFERENCE_FORWARD_CANNOT_HAVE_CONTENT", "A forwarded message cannot have content of its own"));
        }
        if (form.Embeds.Or([]).Count > 0)
            Require(Permissions.EmbedLinks);
        if (form.Files.Count > 0)
            Require(Permissions.AttachFiles);
        if (form.Tts)
            Require(Permissions.SendTtsMessages);

        void Require(Permissions wanted)
        {
            if (!poster.Permissions.Has(wanted))
                throw new ApiException(ApiError.MissingPermissions);
        }
    }

    private static void CheckVoice(MessageForm form, List<Attachment> attachments)
    {
        if (form.Flags is not { } flags || !flags.HasFlag(MessageFlags.IsVoiceMessage))
            return;
        if (form.Content.Or("").Length > 0 || form.Embeds.Or([]).Count > 0 || form.Components.Or([]).Length > 0)
            throw new ApiException(ApiError.VoiceMessageContent);
        if (attachments.Count != 1 || attachments[0].ContentType?.StartsWith("audio/", StringComparison.Ordinal) != true)
            throw new ApiException(ApiError.VoiceMessageAttachment);
        if (attachments[0].DurationSecs is null || attachments[0].Waveform is null)
            throw new ApiException(ApiError.VoiceMessageMetadata);
    }

    private static async ValueTask<(MessageReference? Reference, Message? Referenced, MessageSnapshot? Snapshot)> ReferAsync(
        DomainServices domain, ChannelHandle handle, Poster poster, MessageForm form)
    {
        if (form.Reference is not { } wanted)
            return default;
        if (wanted.Type == 1)
        {
            ChannelAccess source = await ChannelAccess.OpenAsync(domain, poster.Author.Id, wanted.ChannelId!.Value,
                Permissions.ReadMessageHistory);
            Message original = await source.Log.FindAsync(wanted.MessageId) ?? throw Wrong("REPLIES_UNKNOWN_MESSAGE", "Unknown message");
            if (!original.Type.IsWritten() || original.MessageSnapshots is not null)
                throw Wrong("MESSAGE_REFERENCE_CANNOT_FORWARD", "This message cannot be forwarded");
            return (
                new MessageReference { Type = 1, MessageId = original.Id, ChannelId = original.ChannelId, GuildId = source.Guild?.Id },
                null,
                new MessageSnapshot(new SnapshotMessage
                {
                    Type = original.Type,
                    Content = original.Content,
                    Embeds = original.Embeds,
                    Attachments = original.Attachments,
                    Timestamp = original.Timestamp,
                    EditedTimestamp = original.EditedTimestamp,
                    Flags = original.Flags,
                    Mentions = original.Mentions,
                    MentionRoles = original.MentionRoles,
                    Components = original.Components,
                    StickerItems = original.StickerItems,
                }));
        }
        if (!poster.Permissions.Has(Permissions.ReadMessageHistory))
            throw new ApiException(ApiError.CannotReplyWithoutHistory);
        if (wanted.ChannelId is { } channel && channel != handle.Host.ChannelId)
            throw Wrong("REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL", "Cannot reply to a message in a different channel");
        Message? message = await handle.Log.FindAsync(wanted.MessageId);
        if (message is null)
            return wanted.FailIfNotExists ? throw Wrong("REPLIES_UNKNOWN_MESSAGE", "Unknown message") : default;
        if (!message.Type.IsWritten())
            throw Wrong("REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "Cannot reply to a system message");
        return (new MessageReference { MessageId = message.Id, ChannelId = message.ChannelId, GuildId = handle.Host.GuildId }, message,
            null);

        static ApiException Wrong(string code, string message) => RestErrors.Field("message_reference", new FormError(code, message));
    }

    // Whoever of two people has blocked the other: nothing is sent between them. Bots block nobody.
    private static async ValueTask RequireNoBlockAsync(DomainServices domain, Channel? channel, Snowflake author)
    {
        if (channel is not { Type: ChannelType.Dm, Recipients: { } both })
            return;
        foreach (User user in both.Where(u => u.Bot != true))
        {
            UserState state = await domain.Users.StateOfAsync(user.Id);
            if (both.Any(other => state.Relationships.GetValueOrDefault(other.Id)?.Type == RelationshipType.Blocked))
                throw new ApiException(ApiError.CannotSendToUser);
        }
    }

    // Posting unarchives a thread and makes the poster a member of it.
    private static async ValueTask EnterThreadAsync(DomainServices domain, GuildState guild, Channel thread, Snowflake userId)
    {
        bool isIn = guild.Threads.TryGetValue(thread.Id, out Actors.Guilds.ThreadState? state) && state.Members.ContainsKey(userId);
        if (isIn && !thread.ThreadMetadata!.Archived)
            return;
        await domain.Guilds.RunAsync(guild.Id, new EnterThread(thread.Id) { By = new Caller(userId) });
    }
}

/// <summary>Mentions of a message, resolved.</summary>
internal readonly record struct MentionsFound(IReadOnlyList<User> Users, IReadOnlyList<Snowflake> Roles, bool Everyone);
