using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage.Files;

namespace Discord.Actors.Messages;

/// <summary>Attachment URLs on this node: <c>/attachments/CHANNEL/ATTACHMENT/NAME</c>, signed and expiring.</summary>
internal sealed class AttachmentUrls(DomainOptions options, UrlSigner signer, TimeProvider time) : IAttachmentUrls
{
    public string UrlFor(Snowflake channelId, Attachment attachment)
    {
        string path = $"/attachments/{channelId}/{attachment.Id}/{Uri.EscapeDataString(attachment.Filename)}";
        return options.PublicUrl + signer.Sign(path, time.GetUtcNow(), UrlSigner.DefaultLifetime);
    }
}
