using Discord.Actors;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>
/// Files that a user gives with a command or a modal: <c>data.attachments</c> describes the <c>files[n]</c> of the request, and options and
/// file uploads name them by n. They are stored once the whole form is right.
/// </summary>
internal sealed class GivenFiles
{
    private readonly IReadOnlyList<UploadedFile> _files;
    private readonly List<AttachmentForm> _entries;
    private readonly Dictionary<ulong, Attachment> _byNumber = [];

    private GivenFiles(IReadOnlyList<UploadedFile> files, List<AttachmentForm> entries)
    {
        _files = files;
        _entries = entries;
    }

    /// <summary>What was stored.</summary>
    public IReadOnlyList<Attachment> Stored { get; private set; } = [];

    /// <summary>Where a file is named by its number.</summary>
    public Attachment this[ulong number] => _byNumber[number];

    /// <param name="data">The interaction's <c>data</c>.</param>
    public static GivenFiles Read(FormReader data, IReadOnlyList<UploadedFile> files)
    {
        List<AttachmentForm> entries = data.Array("attachments", Limits.MessageAttachments, AttachmentForm.Read) ?? [];
        AttachmentForm.CheckFiles(data, entries, files);
        return new GivenFiles(files, entries);
    }

    /// <summary>Whether a field names one of the files, which it must.</summary>
    public bool Has(FormReader form, string field, ulong number)
    {
        if (_entries.Exists(entry => entry.IsNew && entry.Id.Value == number))
            return true;
        form.Fail(field, "ATTACHMENT_NOT_FOUND", $"There is no attachment {number}");
        return false;
    }

    /// <summary>
    /// Stores the files, and makes them known to <paramref name="resolved"/>. The last step before the interaction, which owns them from
    /// then on.
    /// </summary>
    public async ValueTask StoreAsync(DomainServices domain, Snowflake channelId, ResolvedData resolved, CancellationToken cancellation)
    {
        AttachmentUploads uploads = new(domain.Storage.Blobs, domain.Ids, channelId);
        try
        {
            Stored = await uploads.StoreAsync(_files, _entries, cancellation);
            for (int i = 0; i < Stored.Count; i++)
            {
                Attachment shown = domain.Interactions.WithUrl(channelId, Stored[i]);
                _byNumber[(ulong)(_files[i].Index ?? i)] = shown;
                resolved.Attachment(shown);
            }
        }
        catch
        {
            await uploads.DiscardAsync();
            throw;
        }
    }
}
