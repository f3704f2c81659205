namespace Discord.Node.Gateway.Sending;

/// <summary>
/// Where a connection's bytes go. One call at a time: the connection's lock orders <see cref="TrySend"/>, and nothing calls it while
/// <see cref="SendAsync"/> runs. <see cref="Abort"/> may come from any thread at any time.
/// </summary>
internal interface IFrameSink
{
    /// <summary>Takes as many bytes as it can at once, perhaps none. Never blocks or throws; -1 when the link is broken.</summary>
    int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>Waits until it took some of the bytes and tells how many. 0 or an exception: the link is broken.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>What <see cref="TrySend"/> took and is still on its way inside this process; ends soon after <see cref="Abort"/>, perhaps
    /// with an error.</summary>
    Task Pending { get; }

    /// <summary>Cuts the link; the read loop ends soon after.</summary>
    void Abort();

    /// <summary>A send comes soon: see <see cref="Discord.Actors.Sessions.CacheHint"/>.</summary>
    void Prepare();
}
