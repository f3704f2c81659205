using Discord.Actors;
using Discord.Actors.Guilds;
using Discord.Actors.Interactions;
using Discord.Actors.Messages;
using Discord.Actors.Privates;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>A message of an interaction as its application is answered it.</summary>
internal readonly record struct AnswerMessage(Snowflake Id, ReadOnlyMemory<byte> Json, bool IsEphemeral);

/// <summary>
/// The messages by which an application answers an interaction: in the channel's history, or ephemeral, which only the user sees and the
/// <see cref="InteractionRegistry"/> keeps. The application needs no rights in the channel: the user has called it there.
/// </summary>
internal sealed class InteractionMessages
{
    private readonly DomainServices _domain;
    private readonly Interaction _interaction;
    private readonly ChannelHandle _channel;
    private readonly User _bot;

    private InteractionMessages(DomainServices domain, Interaction interaction, ChannelHandle channel, User bot)
    {
        _domain = domain;
        _interaction = interaction;
        _channel = channel;
        _bot = bot;
    }

    private Snowflake Application => _interaction.Facts.ApplicationId;

    private InteractionRegistry Registry => _domain.Interactions;

    /// <exception cref="ApiException">10003 the channel is gone, 50001 the application was removed from the guild.</exception>
    public static async ValueTask<InteractionMessages> OpenAsync(DomainServices domain, Interaction interaction)
    {
        InteractionFacts facts = interaction.Facts;
        if (facts.GuildId is { } guildId)
        {
            GuildHandle guild = await domain.Guilds.FindAsync(guildId) ?? throw new ApiException(ApiError.UnknownChannel);
            ChannelHandle channel = await domain.Guilds.OpenChannelAsync(guild, facts.ChannelId)
                ?? throw new ApiException(ApiError.UnknownChannel);
            return guild.State.Members.TryGet(facts.ApplicationId, out Member? bot)
                ? new InteractionMessages(domain, interaction, channel, bot.User!)
                : throw new ApiException(ApiError.MissingAccess);
        }
        PrivateHandle direct = await domain.Privates.FindAsync(facts.ChannelId) ?? throw new ApiException(ApiError.UnknownChannel);
        ChannelHandle handle = await domain.Privates.OpenChannelAsync(direct) ?? throw new ApiException(ApiError.UnknownChannel);
        return new InteractionMessages(domain, interaction, handle, direct.State.Recipients[facts.ApplicationId]);
    }

    /// <summary>The first answer: the command's own kind of message, or a reply to the message whose component was used.</summary>
    /// <param name="isLoading">It is deferred: empty until it is filled.</param>
    public ValueTask<AnswerMessage> AnswerAsync(MessageForm form, bool isEphemeral, bool isLoading = false)
    {
        InteractionFacts facts = _interaction.Facts;
        bool refers = facts.CommandName is null && facts.SourceMessageId is not null && (isEphemeral || !facts.SourceIsEphemeral);
        return SendAsync(form, isEphemeral, refers ? facts.SourceMessageId : null, Poster() with
        {
            Type = facts.CommandName is null ? MessageType.Default
                : facts.CommandType == 1 ? MessageType.ChatInputCommand : MessageType.ContextMenuCommand,
            Interaction = _interaction.Metadata(),
            IsLoading = isLoading,
        });
    }

    /// <summary>A further answer: a reply to the first one.</summary>
    public ValueTask<AnswerMessage> FollowUpAsync(MessageForm form)
    {
        Snowflake? original = _interaction.OriginalId;
        bool refers = form.Ephemeral || !_interaction.OriginalIsEphemeral;
        return SendAsync(form, form.Ephemeral, refers ? original : null, Poster() with { Interaction = _interaction.Metadata(original) });
    }

    /// <exception cref="ApiException">10008: it is gone, or not the application's.</exception>
    public async ValueTask<AnswerMessage> ReadAsync(Snowflake id)
    {
        if (Ephemeral(id) is { } shown)
            return new AnswerMessage(id, shown.Json, true);
        await StoredAsync(id);
        ReadOnlyMemory<byte>? json = await _channel.Log.ReadAsync(id, new MessageViewer(Application, SeesContent: true));
        return new AnswerMessage(id, json ?? throw new ApiException(ApiError.UnknownMessage), false);
    }

    /// <summary>Reads what a message is to become: one that consists of components goes on doing so, whether or not the body says
    /// it.</summary>
    /// <exception cref="ApiException">10008: it is gone, or not the application's; or what is wrong in the body.</exception>
    public async ValueTask<MessageForm> ReadFormAsync(Snowflake id, FormReader form, IReadOnlyList<UploadedFile> files)
    {
        Message message = Ephemeral(id)?.Message ?? await StoredAsync(id);
        return MessageForm.Read(form, files, message.Flags.HasFlag(MessageFlags.IsComponentsV2));
    }

    /// <exception cref="ApiException">10008: it is gone, or not the application's; or the form does not fit it.</exception>
    public async ValueTask<AnswerMessage> EditAsync(Snowflake id, MessageForm form)
    {
        if (Ephemeral(id) is { } shown)
        {
            EphemeralMessage changed = await MessageEditing.ChangeAsync(
                _domain, _channel.Host, shown.Message, form, Poster(), isAuthor: true, edit => ValueTask.FromResult(Change(shown, edit)));
            return new AnswerMessage(id, changed.Json, true);
        }
        await MessageEditing.EditAsync(_domain, _channel, await StoredAsync(id), form, Poster(), isAuthor: true);
        return await ReadAsync(id);
    }

    /// <exception cref="ApiException">10008: it is gone, or not the application's.</exception>
    public async ValueTask DeleteAsync(Snowflake id)
    {
        if (Ephemeral(id) is not null)
        {
            if (!Registry.Hide(_interaction, id))
                throw new ApiException(ApiError.UnknownMessage);
            return;
        }
        await StoredAsync(id);
        await MessagePosting.AskAsync<MessagesDeleted>(_channel, new DeleteMessages([id]));
    }

    private async ValueTask<AnswerMessage> SendAsync(MessageForm form, bool isEphemeral, Snowflake? repliesTo, Poster poster)
    {
        if (isEphemeral)
        {
            // What it replies to may be ephemeral as well, and then stands in no history.
            bool inHistory = repliesTo is { } id && Registry.FindEphemeral(id) is null;
            EphemeralMessage shown = await MessagePosting.DraftAsync(
                _domain, _channel, poster, form.Answering(inHistory ? repliesTo : null),
                (draft, _) => ValueTask.FromResult(Show(inHistory ? draft : Replying(draft, repliesTo))));
            return new AnswerMessage(shown.Message.Id, shown.Json, true);
        }
        if (_channel.Host.Channel is { ThreadMetadata.Archived: true })
        {
            Caller by = new(Application) { System = true };
            await _domain.Guilds.RunAsync(_interaction.Facts.GuildId!.Value, new EnterThread(_channel.Host.ChannelId) { By = by });
        }
        MessageCreated created = await MessagePosting.PostAsync(_domain, _channel, poster, form.Answering(repliesTo));
        return new AnswerMessage(created.Message.Id, created.Json, false);
    }

    private MessageDraft Replying(MessageDraft draft, Snowflake? message) => message is not { } id ? draft : draft with
    {
        Type = MessageType.Reply,
        Reference = new MessageReference { MessageId = id, ChannelId = _channel.Host.ChannelId, GuildId = _channel.Host.GuildId },
    };

    private EphemeralMessage Show(MessageDraft draft) =>
        Registry.Show(_interaction, draft) ?? throw new ApiException(ApiError.ServiceUnavailable);

    private EphemeralMessage Change(EphemeralMessage known, EditMessage edit)
    {
        Message changed = edit.ApplyTo(known.Message, _domain.Time.GetUtcNow());
        return Registry.Change(_interaction, known, changed)
            ?? throw new ApiException(Registry.FindEphemeral(changed.Id) is null ? ApiError.UnknownMessage : ApiError.ServiceUnavailable);
    }

    private EphemeralMessage? Ephemeral(Snowflake id) =>
        Registry.FindEphemeral(id) is { } shown && shown.ApplicationId == Application && shown.UserId == _interaction.Facts.User.Id
            && shown.Message.ChannelId == _channel.Host.ChannelId
                ? shown
                : null;

    // All answers of the application in this channel, and the source message, which may be one that its bot wrote by itself.
    private async ValueTask<Message> StoredAsync(Snowflake id) =>
        await _channel.Log.FindAsync(id) is { } message && (message.WebhookId == Application || id == _interaction.OriginalId
            || id == _interaction.Facts.SourceMessageId)
            ? message
            : throw new ApiException(ApiError.UnknownMessage);

    private Poster Poster() => new(_bot, Permissions.All & ~(Permissions.MentionEveryone & ~_interaction.Facts.AppPermissions))
    {
        BypassSlowmode = true,
        WebhookId = Application,
        ApplicationId = Application,
        DefaultMentions = AllowedMentions.UsersOnly with { RepliedUser = false },
    };
}
