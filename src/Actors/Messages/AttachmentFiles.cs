using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;
using Discord.Storage.Files;
using Microsoft.Extensions.Logging;

namespace Discord.Actors.Messages;

/// <summary>
/// Takes files away when no message names them any more: after the message's end is stored, beside whoever asks, who does not wait. A
/// crash in between leaves files that nobody can name once their signed addresses have expired. Thread-safe.
/// </summary>
public sealed partial class AttachmentFiles(IBlobStore blobs, ILogger logger)
{
    /// <summary>These attachments of a channel are named no more.</summary>
    public void Discard(Snowflake channelId, IReadOnlyList<Snowflake> attachments)
    {
        if (attachments.Count > 0)
            _ = DeleteAsync();

        async Task DeleteAsync()
        {
            try
            {
                foreach (Snowflake id in attachments)
                    await blobs.DeleteAsync(BlobKey.Attachment(channelId, id)).ConfigureAwait(false);
            }
            catch (StorageException e)
            {
                LogNotDeleted(logger, e, channelId);
            }
        }
    }

    /// <summary>All attachments of a channel that is gone.</summary>
    /// <exception cref="StorageException">They cannot be deleted.</exception>
    public async Task DiscardAllAsync(Snowflake channelId) => await blobs.DeleteAttachmentsAsync(channelId).ConfigureAwait(false);

    /// <summary>The files that a message names as its own, its forwarded ones too.</summary>
    internal static IEnumerable<Snowflake> Of(Message message) =>
        message.Attachments.Concat(message.MessageSnapshots?.SelectMany(s => s.Message.Attachments) ?? []).Select(a => a.Id);

    [LoggerMessage(3104, LogLevel.Warning, "Files of deleted messages of channel {Channel} could not be removed")]
    private static partial void LogNotDeleted(ILogger logger, Exception error, Snowflake channel);
}
