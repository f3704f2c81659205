using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Messages;

/// <summary>
/// A message on its way into the store. It is its own notice: when the write is over it sends itself to the actor. All fields but
/// <see cref="Settled"/> belong to the actor; the outcome is written before <see cref="Settled"/> is, and read after it.
/// </summary>
internal sealed class PendingCreate(
    ChannelActor owner, IActorRef actor, IActorRef sender, MessageDraft draft, Message message, DateTimeOffset? slowSince)
{
    private volatile bool _settled;

    public ChannelActor Owner => owner;

    public IActorRef Sender => sender;

    public MessageDraft Draft => draft;

    public Message Message => message;

    /// <summary>When slow mode began to count for the sender; null where it does not bind.</summary>
    public DateTimeOffset? SlowSince => slowSince;

    public AuthorFacts? Facts { get; set; }

    public EncodedMessage Encoded { get; set; }

    /// <summary>The write is over, either way.</summary>
    public bool Settled => _settled;

    public Exception? Error { get; private set; }

    /// <summary>Another id than the message's where the store knew the nonce.</summary>
    public Snowflake StoredId { get; private set; } = message.Id;

    /// <summary>Hands the row to the store and returns; with a nonce only if the author has not used it since then.</summary>
    public void Begin(IMessageStore store, MessageRow row, string? nonce, DateTimeOffset since) => _ = RunAsync(store, row, nonce, since);

    private async Task RunAsync(IMessageStore store, MessageRow row, string? nonce, DateTimeOffset since)
    {
        try
        {
            if (nonce is null)
                await store.AppendAsync(row).ConfigureAwait(false);
            else
                StoredId = await store.AppendOnceAsync(row, nonce, since).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it was, the sender must hear of it and those behind must not wait.
            Error = e;
        }
        _settled = true;
        actor.Tell(this);
    }
}
