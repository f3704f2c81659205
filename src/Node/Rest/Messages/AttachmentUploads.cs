using System.Text;
using Discord.Node.Rest.Bodies;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Node.Rest.Messages;

/// <summary>
/// Files of a message on their way to the blob store. They are stored before the message is: a message never names a file that is not
/// there.
/// When the message is not made, <see cref="DiscardAsync"/> takes them away again; a crash in between leaves a file nobody can name.
/// </summary>
internal sealed class AttachmentUploads(IBlobStore blobs, SnowflakeGenerator ids, Snowflake channelId)
{
    private const int MaxName = 260;

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".mp4"] = "video/mp4",
        [".webm"] = "video/webm",
        [".mov"] = "video/quicktime",
        [".mp3"] = "audio/mpeg",
        [".ogg"] = "audio/ogg",
        [".wav"] = "audio/x-wav",
        [".flac"] = "audio/x-flac",
        [".m4a"] = "audio/mp4",
        [".txt"] = "text/plain; charset=utf-8",
        [".md"] = "text/markdown; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".pdf"] = "application/pdf",
        [".zip"] = "application/zip",
        [".csv"] = "text/csv; charset=utf-8",
    };

    private readonly List<Snowflake> _stored = [];

    /// <summary>Stores the files.</summary>
    /// <returns>Their attachments, in the order of the files.</returns>
    /// <exception cref="Storage.StorageException">The disk is full, or refuses.</exception>
    public ValueTask<List<Attachment>> StoreAsync(MessageForm form, CancellationToken cancellation) =>
        StoreAsync(form.Files, form.Attachments.OrNullReference(), cancellation);

    /// <inheritdoc cref="StoreAsync(MessageForm, CancellationToken)"/>
    public async ValueTask<List<Attachment>> StoreAsync(
        IReadOnlyList<UploadedFile> files, List<AttachmentForm>? entries, CancellationToken cancellation)
    {
        List<Attachment> attachments = [];
        for (int i = 0; i < files.Count; i++)
        {
            UploadedFile file = files[i];
            AttachmentForm? entry = entries?.Find(a => a.Names(file, i));
            Snowflake id = ids.Next();
            _stored.Add(id);
            await using (Stream content = file.OpenRead())
                await blobs.PutAsync(BlobKey.Attachment(channelId, id), content, BodyLimits.File, cancellation);
            string given = entry?.Filename ?? file.FileName;
            string name = SafeName(given);
            if (entry?.IsSpoiler == true && !name.StartsWith(Attachment.SpoilerPrefix, StringComparison.Ordinal))
                name = Attachment.SpoilerPrefix + name;
            (int width, int height) = await SizeAsync(file, cancellation);
            string? title = entry?.Title.HasValue == true ? entry.Title.Value : name != given
                ? Path.GetFileNameWithoutExtension(given) : null;
            attachments.Add(new Attachment
            {
                Id = id,
                Filename = name,
                Title = string.IsNullOrEmpty(title) ? null : title,
                Description = entry?.Description.HasValue == true && entry.Description.Value.Length > 0 ? entry.Description.Value : null,
                ContentType = Types.GetValueOrDefault(Path.GetExtension(name)),
                Size = file.Length,
                Width = width > 0 ? width : null,
                Height = height > 0 ? height : null,
                DurationSecs = entry?.DurationSecs,
                Waveform = entry?.Waveform,
            }.Named(name));
        }
        return attachments;
    }

    /// <summary>
    /// A forwarded message with copies of its files: they stay when the original is deleted. Those that are gone are left out.
    /// </summary>
    /// <exception cref="Storage.StorageException">The disk is full, or refuses.</exception>
    public async ValueTask<MessageSnapshot> CopyAsync(MessageSnapshot snapshot, Snowflake from, CancellationToken cancellation)
    {
        List<Attachment> copies = [];
        foreach (Attachment original in snapshot.Message.Attachments)
        {
            await using BlobContent? blob = await blobs.OpenAsync(BlobKey.Attachment(from, original.Id), cancellation);
            if (blob is null)
                continue;
            Snowflake id = ids.Next();
            _stored.Add(id);
            await blobs.PutAsync(BlobKey.Attachment(channelId, id), blob.Content, BodyLimits.File, cancellation);
            copies.Add(original with { Id = id });
        }
        return new MessageSnapshot(snapshot.Message with { Attachments = copies });
    }

    /// <summary>Takes the stored files away again.</summary>
    public async ValueTask DiscardAsync()
    {
        foreach (Snowflake id in _stored)
            await blobs.DeleteAsync(BlobKey.Attachment(channelId, id));
    }

    /// <summary>A name made of letters, digits, <c>. _ -</c> only, as Discord's own: what else there was becomes <c>_</c>.</summary>
    public static string SafeName(string given)
    {
        int slash = given.LastIndexOfAny(['/', '\\']);
        StringBuilder name = new();
        foreach (char c in given.AsSpan(slash + 1))
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_');
        string safe = name.ToString().TrimStart('.');
        if (safe.Length > MaxName)
        {
            string extension = Path.GetExtension(safe) is { Length: <= 20 } kept ? kept : "";
            safe = safe[..(MaxName - extension.Length)] + extension;
        }
        return safe.Trim('_').Length == 0 ? "unknown" : safe;
    }

    private static async ValueTask<(int Width, int Height)> SizeAsync(UploadedFile file, CancellationToken cancellation)
    {
        await using Stream content = file.OpenRead();
        byte[] head = new byte[Math.Min(ImageSize.HeadBytes, file.Length)];
        int length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        return ImageSize.TryRead(head.AsSpan(0, length), out int width, out int height) ? (width, height) : default;
    }
}
