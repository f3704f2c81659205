using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Actors.Messages;

/// <summary>Attachment URLs on this node: <c>/attachments/CHANNEL/ATTACHMENT/NAME</c>, signed and expiring.</summary>
internal sealed class AttachmentUrls(DomainOptions options, UrlSigner signer, TimeProvider time) : IAttachmentUrls
{
    public string UrlFor(Snowflake channelId, Attachment attachment)
    {
        string folder = $"/attachments/{channelId}/{attachment.Id}/";
        string query = signer.Sign(folder + attachment.Filename, time.GetUtcNow(), UrlSigner.DefaultLifetime);
        return $"{options.PublicUrl}{folder}{Uri.EscapeDataString(attachment.Filename)}?{query}";
    }
}
