using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Messages;

/// <summary>What channels share on a node. Thread-safe.</summary>
public sealed record ChannelServices(
    IMessageStore Store, SnowflakeGenerator Ids, TimeProvider Time, IAttachmentUrls AttachmentUrls, AttachmentFiles Files)
{
    public ChannelOptions Options { get; init; } = new();
}

/// <summary>The limits of one channel.</summary>
public sealed record ChannelOptions
{
    /// <summary>Creates and changes that may wait for the store, each; beyond it they are refused with 503. A thousand is a second of a
    /// slow disk.</summary>
    public int MaxInFlight { get; init; } = 1_000;

    /// <summary>Newest messages kept in memory: what one page of history can hold. 1 to 100.</summary>
    public int TailMessages { get; init; } = MessagePage.MaxLimit;

    /// <summary>Bytes of encoded messages kept in memory; the newest stay. 100 messages of ordinary size take 60 KiB.</summary>
    public int TailBytes { get; init; } = 512 * 1024;

    /// <summary>How long a nonce is remembered with <c>enforce_nonce</c>.</summary>
    public TimeSpan NonceWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Without reads and writes for this long a channel gives its memory back; the next one loads it again.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Cached pages with attachments are rendered anew after this time, so that their URLs stay valid. Below the URLs' own
    /// lifetime.</summary>
    public TimeSpan AttachmentUrlAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a read waits for a channel that is being loaded.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after a write of unknown outcome the log is read anew.</summary>
    public TimeSpan DoubtPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after that it is read once more: a server that had stopped answering carries out what it had taken when it goes
    /// on.</summary>
    public TimeSpan LateWrites { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pins of a channel ("Pin Message"): 250.</summary>
    public int MaxPins { get; init; } = 250;

    /// <summary>Different emoji on one message: 20.</summary>
    public int MaxReactions { get; init; } = 20;
}

/// <summary>Makes the URL of an attachment when a message is read: signed, expiring.</summary>
public interface IAttachmentUrls
{
    /// <summary>The URL; called for each attachment of each message that is rendered. Must not block.</summary>
    string UrlFor(Snowflake channelId, Attachment attachment);
}
