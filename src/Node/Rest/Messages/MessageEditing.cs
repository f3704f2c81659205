using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Messages;

/// <summary>
/// Edits of messages, for the author's own route, webhooks and interactions: the author changes everything, a moderator the
/// SUPPRESS_EMBEDS flag alone. Mentions follow the content.
/// </summary>
public static class MessageEditing
{
    /// <summary>Edits a message.</summary>
    /// <param name="isAuthor">The caller is the author; else it needs MANAGE_MESSAGES and may change flags only.</param>
    /// <exception cref="ApiException">50005 not the author, 50021 a system message, 50006 nothing would be left, 50013, 50162,
    /// 50035.</exception>
    public static ValueTask<MessageEdited> EditAsync(
        DomainServices domain, ChannelHandle handle, Message message, MessageForm form, Poster editor, bool isAuthor,
            CancellationToken cancellation = default) => ChangeAsync(
        domain, handle.Host, message, form, editor, isAuthor, edit => MessagePosting.AskAsync<MessageEdited>(handle, edit), cancellation);

    /// <summary>
    /// Makes an edit of a form and has it applied; new files are taken away again when that fails. Content ends a deferred answer's
    /// loading.
    /// </summary>
    /// <inheritdoc cref="EditAsync"/>
    internal static async ValueTask<T> ChangeAsync<T>(
        DomainServices domain, IChannelHost host, Message message, MessageForm form, Poster editor, bool isAuthor,
        Func<EditMessage, ValueTask<T>> apply, CancellationToken cancellation = default)
    {
        bool content = form.HasContent;
        bool fills = content && message.Flags.HasFlag(MessageFlags.Loading);
        if (!isAuthor)
        {
            if (content || form.Flags is null)
                throw new ApiException(ApiError.CannotEditOthersMessage);
            if (!editor.Permissions.Has(Permissions.ManageMessages))
                throw new ApiException(ApiError.MissingPermissions);
        }
        if (!message.Type.IsWritten())
            throw new ApiException(ApiError.CannotExecuteOnSystemMessage);
        if (content && message.Flags.HasFlag(MessageFlags.IsVoiceMessage))
            throw new ApiException(ApiError.VoiceMessageEdit);
        if (content && message.MessageSnapshots is not null)
            throw RestErrors.Field("", new FormError("MESSAGE_FORWARD_CANNOT_EDIT", "Forwarded messages cannot be edited"));
        MessageFlags mask = form.Flags is null ? MessageFlags.None
            : MessageFlags.SuppressEmbeds | (isAuthor ? form.Flags.Value & MessageFlags.IsComponentsV2 : MessageFlags.None);
        if (fills)
            mask |= MessageFlags.Loading;
        bool v2 = message.Flags.HasFlag(MessageFlags.IsComponentsV2);
        if (v2 && !form.IsComponentsV2 && (form.Content.Or("").Length > 0 || form.Embeds.Or([]).Count > 0))
        {
            throw RestErrors.Field("content", new FormError(
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The message consists of components; that cannot be taken back"));
        }
        if (form.Embeds.Or([]).Count > 0 && !editor.Permissions.Has(Permissions.EmbedLinks))
            throw new ApiException(ApiError.MissingPermissions);
        if (form.Files.Count > 0 && !editor.Permissions.Has(Permissions.AttachFiles))
            throw new ApiException(ApiError.MissingPermissions);

        EditMessage edit = new(message.Id) { Flags = form.Flags ?? MessageFlags.None, FlagsMask = mask, MarksEdited = content && !fills };
        if (form.Content.IsPresent || form.Components.IsPresent || form.AllowedMentions is not null)
            edit = await WithMentionsAsync(domain, host.Guild, message, form, editor, edit);
        AttachmentUploads uploads = new(domain.Storage.Blobs, domain.Ids, host.ChannelId);
        try
        {
            edit = edit with
            {
                Content = form.Content.IsPresent ? form.Content.Or("") : null,
                Embeds = form.Embeds.IsPresent ? form.Embeds.Or([]) : null,
                Components = form.Components.IsPresent ? form.Components.Or([]) : null,
                Attachments = await AttachmentsAsync(message, form, uploads, cancellation),
            };
            bool empty = (edit.Content ?? message.Content).Length == 0 && (edit.Embeds ?? message.Embeds).Count == 0
                && (edit.Components ?? message.Components).Count == 0 && (edit.Attachments ?? message.Attachments).Count == 0;
            if (empty && content)
                throw new ApiException(ApiError.CannotSendEmptyMessage);
            return await apply(edit);
        }
        catch
        {
            await uploads.DiscardAsync();
            throw;
        }
    }

    private static async ValueTask<EditMessage> WithMentionsAsync(
        DomainServices domain, GuildState? guild, Message message, MessageForm form, Poster editor, EditMessage edit)
    {
        string text = form.Content.IsPresent ? form.Content.Or("") : message.Content;
        if (form.ComponentText.Length > 0)
            text += "\n" + form.ComponentText;
        MentionsFound found = await MessagePosting.ResolveAsync(domain, guild, editor, form.AllowedMentions ?? editor.DefaultMentions,
            text, null);
        // Whom the reply mentioned by being one stays mentioned.
        HashSet<Snowflake> inOld = [.. MentionParser.Parse(message.Content).Users];
        IEnumerable<User> replied = message.Type == MessageType.Reply
            ? message.Mentions.Where(user => !inOld.Contains(user.Id) && found.Users.All(known => known.Id != user.Id))
            : [];
        return edit with { Mentions = [.. replied, .. found.Users], MentionRoles = found.Roles, MentionEveryone = found.Everyone };
    }

    // Kept ones in the order in which they are named, then the new ones; null when neither list nor files were given.
    private static async ValueTask<IReadOnlyList<Attachment>?> AttachmentsAsync(
        Message message, MessageForm form, AttachmentUploads uploads, CancellationToken cancellation)
    {
        if (!form.Attachments.IsPresent && form.Files.Count == 0)
            return null;
        List<Attachment> remaining = form.Attachments.IsPresent ? [] : [.. message.Attachments];
        List<AttachmentForm> entries = form.Attachments.Or([]);
        for (int i = 0; i < entries.Count; i++)
        {
            AttachmentForm entry = entries[i];
            if (entry.IsNew)
                continue;
            Attachment kept = message.Attachments.FirstOrDefault(a => a.Id == entry.Id) ?? throw RestErrors.Field(
                FormErrors.Join(FormErrors.Join("attachments", i), "id"), new FormError("ATTACHMENT_NOT_FOUND",
                    $"The message has no attachment {entry.Id}"));
            if (entry.Description.IsPresent)
                kept = kept with { Description = entry.Description.Or("") is { Length: > 0 } text ? text : null };
            if (entry.IsSpoiler is { } spoiler && spoiler != kept.Filename.StartsWith(Attachment.SpoilerPrefix, StringComparison.Ordinal))
                kept = kept.Named(spoiler ? Attachment.SpoilerPrefix + kept.Filename : kept.Filename[Attachment.SpoilerPrefix.Length..]);
            remaining.Add(kept);
        }
        if (remaining.Count + form.Files.Count > Limits.MessageAttachments)
            throw new ApiException(ApiError.MaxAttachments);
        remaining.AddRange(await uploads.StoreAsync(form, cancellation));
        return remaining;
    }
}
