using System.Text.Json;
using Discord.Node.Rest.Bodies;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Messages;

/// <summary>
/// What a request says a message shall be: read and checked in form, for create, edit, webhooks and interaction responses alike. Everything
/// in
/// it outlives the request's body. Permissions and what needs the channel are checked where it is used. See the API reference, "Create
/// Message".
/// </summary>
public sealed record MessageForm
{
    /// <summary>Says nothing.</summary>
    public static MessageForm Empty { get; } = new();

    /// <summary>Trimmed; null = "".</summary>
    public Optional<string> Content { get; private init; }

    /// <summary>Normalised embeds.</summary>
    public Optional<List<JsonElement>> Embeds { get; private init; }

    /// <summary>Normalised components, ids assigned.</summary>
    public Optional<JsonElement[]> Components { get; private init; }

    /// <summary>Text in components, in which mentions count as in content.</summary>
    public string ComponentText { get; private init; } = "";

    /// <summary>Of the settable flags; null when not given.</summary>
    public MessageFlags? Flags { get; private init; }

    /// <summary>The bit 64 (ephemeral) was given; only interaction responses heed it.</summary>
    public bool Ephemeral { get; private init; }

    public bool Tts { get; private init; }
    public JsonElement? Nonce { get; private init; }
    public bool EnforceNonce { get; private init; }

    /// <summary>Null when not given: the route's own default holds.</summary>
    public AllowedMentions? AllowedMentions { get; private init; }

    public ReferenceForm? Reference { get; private init; }

    /// <summary>The list of attachments: new ones by number, kept ones by id.</summary>
    public Optional<List<AttachmentForm>> Attachments { get; private init; }

    /// <summary>The request's files; they end with the request.</summary>
    public IReadOnlyList<UploadedFile> Files { get; private init; } = [];

    /// <summary>It says what the message shall show, be it that something goes.</summary>
    public bool HasContent => Content.IsPresent || Embeds.IsPresent || Components.IsPresent || Attachments.IsPresent || Files.Count > 0;

    public bool IsComponentsV2 => Flags is { } flags && flags.HasFlag(MessageFlags.IsComponentsV2);

    /// <summary>As an answer to an interaction: what it replies to is not the sender's to say.</summary>
    internal MessageForm Answering(Snowflake? message) => this with
    {
        Reference = message is { } id ? new ReferenceForm(0, id, null, null, FailIfNotExists: false) : null,
        Nonce = null,
        EnforceNonce = false,
    };

    /// <summary>Reads a body.</summary>
    /// <param name="isComponentsV2">The message that is edited is of components already: its new ones are read as such.</param>
    /// <exception cref="ApiException">50035 with everything that is wrong; 50081 for stickers.</exception>
    public static MessageForm Read(RestForm body, bool isComponentsV2 = false) => Read(body.Reader(), body.Files, isComponentsV2);

    /// <summary>Reads a message within a body, as interaction responses and forum posts have it; errors name places below the
    /// reader's.</summary>
    /// <exception cref="ApiException">50035 with everything that is wrong; 50081 for stickers.</exception>
    public static MessageForm Read(FormReader form, IReadOnlyList<UploadedFile> files, bool isComponentsV2 = false)
    {
        int? bits = form.Int("flags");
        MessageFlags? flags = bits is { } given ? (MessageFlags)given & MessageFlags.Settable : null;
        bool v2 = isComponentsV2 || (flags is { } f && f.HasFlag(MessageFlags.IsComponentsV2));
        Optional<List<JsonElement>> embeds = form.OptionalArray("embeds", Limits.MessageEmbeds, EmbedForm.Read);
        if (!embeds.IsPresent && form.Object("embed", static reader => (object)EmbedForm.Read(reader)) is JsonElement single)
            embeds = new List<JsonElement> { single };
        if (embeds.HasValue)
            EmbedForm.CheckTotal(form, embeds.Value);
        Optional<string> content = form.OptionalString("content", 0, Limits.MessageContent, trim: true);
        ComponentForm components = ComponentForm.Read(form, v2);
        if (v2)
        {
            RefuseLegacy(form, "content", content.HasValue && content.Value.Length > 0);
            RefuseLegacy(form, "embeds", embeds.HasValue && embeds.Value.Count > 0);
        }
        if (form.Raw("poll") is { ValueKind: JsonValueKind.Object })
            form.Fail("poll", "FEATURE_NOT_AVAILABLE", "Polls are not available on this server");
        List<Snowflake>? stickers = form.SnowflakeArray("sticker_ids", Limits.MessageStickers);
        MessageForm read = new()
        {
            Content = content,
            Embeds = embeds,
            Components = components.Elements,
            ComponentText = components.Text,
            Flags = flags,
            Ephemeral = bits is { } all && ((MessageFlags)all).HasFlag(MessageFlags.Ephemeral),
            Tts = form.Bool("tts") ?? false,
            Nonce = ReadNonce(form),
            EnforceNonce = form.Bool("enforce_nonce") ?? false,
            AllowedMentions = form.Object("allowed_mentions", Messages.AllowedMentions.Read),
            Reference = form.Object("message_reference", ReferenceForm.Read),
            Attachments = form.OptionalArray("attachments", Limits.MessageAttachments, AttachmentForm.Read),
            Files = files,
        };
        AttachmentForm.CheckFiles(form, read.Attachments.OrNullReference(), files);
        form.ThrowIfInvalid();
        if (stickers is { Count: > 0 })
            throw new ApiException(ApiError.InvalidSticker);
        return read;
    }

    private static void RefuseLegacy(FormReader form, string field, bool used)
    {
        if (used)
            form.Fail(field, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                $"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
    }

    private static JsonElement? ReadNonce(FormReader form)
    {
        if (form.Raw("nonce") is not { } nonce || nonce.ValueKind == JsonValueKind.Null)
            return null;
        bool isNumber = nonce.ValueKind == JsonValueKind.Number && nonce.TryGetInt64(out _);
        if (!isNumber && nonce.ValueKind != JsonValueKind.String)
        {
            form.Fail("nonce", FormError.NotAString("nonce"));
            return null;
        }
        return form.String("nonce", 0, Limits.MessageNonce) is null ? null : nonce.Clone();
    }
}

/// <summary>What a message refers to.</summary>
/// <param name="Type">0 reply, 1 forward.</param>
/// <param name="ChannelId">Null: the channel of the message itself.</param>
/// <param name="FailIfNotExists">A reply to a message that is gone is refused; else it is sent as no reply.</param>
public sealed record ReferenceForm(int Type, Snowflake MessageId, Snowflake? ChannelId, Snowflake? GuildId, bool FailIfNotExists)
{
    internal static ReferenceForm Read(FormReader form)
    {
        int type = form.Int("type", 0, 1) ?? 0;
        Snowflake? message = form.Snowflake("message_id", required: true);
        Snowflake? channel = form.Snowflake("channel_id", required: type == 1);
        return new(type, message ?? default, channel, form.Snowflake("guild_id"), form.Bool("fail_if_not_exists") ?? true);
    }
}

/// <summary>One entry of <c>attachments</c>.</summary>
/// <param name="Id">The n of <c>files[n]</c>, or the id of an attachment that stays.</param>
public sealed record AttachmentForm(Snowflake Id)
{
    // Snowflakes are far greater than the numbers of files.
    private const ulong FileNumbers = 1_000;

    public string? Filename { get; private init; }
    public Optional<string> Description { get; private init; }
    public Optional<string> Title { get; private init; }
    public bool? IsSpoiler { get; private init; }
    public double? DurationSecs { get; private init; }
    public string? Waveform { get; private init; }

    /// <summary>It names a file of this request.</summary>
    public bool IsNew => Id.Value < FileNumbers;

    internal static AttachmentForm Read(FormReader form)
    {
        if (form.Has("uploaded_filename") && !form.IsNull("uploaded_filename"))
            form.Fail("uploaded_filename", "FEATURE_NOT_AVAILABLE", "Uploads outside of the request are not available on this server");
        return new(form.Snowflake("id", required: true) ?? default)
        {
            Filename = form.String("filename", 1, 1024),
            Description = form.OptionalString("description", 0, Limits.AttachmentDescription),
            Title = form.OptionalString("title", 0, 1024),
            IsSpoiler = form.Bool("is_spoiler"),
            DurationSecs = form.Double("duration_secs", 0, 24 * 60 * 60),
            Waveform = form.String("waveform", 0, 400),
        };
    }

    /// <summary>Every new entry has its file, and no more files than a message may have.</summary>
    internal static void CheckFiles(FormReader form, List<AttachmentForm>? entries, IReadOnlyList<UploadedFile> files)
    {
        if (files.Count > Limits.MessageAttachments)
            form.Fail("files", FormError.MaxLength(Limits.MessageAttachments));
        for (int i = 0; i < entries?.Count; i++)
        {
            AttachmentForm entry = entries[i];
            if (entry.IsNew && !files.Where((file, at) => entry.Names(file, at)).Any())
                form.Fail(FormErrors.Join(FormErrors.Join("attachments", i), "id"), "ATTACHMENT_NOT_FOUND",
                    $"There is no file files[{entry.Id}]");
        }
    }

    /// <summary>Whether this entry is about that file. Files without a number in their field count in the order of the body.</summary>
    internal bool Names(UploadedFile file, int position) => IsNew && (ulong)(file.Index ?? position) == Id.Value;
}
