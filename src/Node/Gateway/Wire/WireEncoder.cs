using Discord.Actors.Sessions;
using Discord.Node.Gateway.Sending;

namespace Discord.Node.Gateway.Wire;

/// <summary>
/// Writes payloads as WebSocket frames in what a connection's query asked for. Encoders without a state are shared by all connections and
/// safe on any thread; those with one (<see cref="IsStateful"/>) belong to one connection and encode under its lock, in the order of the
/// wire.
/// </summary>
internal abstract class WireEncoder : IDisposable
{
    /// <summary>
    /// True when the order of encoding must be the order of sending: then <see cref="Dispatch"/> and <see cref="Control"/> only note the
    /// payload in the batch, and <see cref="Encode"/> turns the batch into frames.
    /// </summary>
    public virtual bool IsStateful => false;

    /// <summary>Appends one event.</summary>
    public abstract void Dispatch(FrameBatch batch, DispatchEvent dispatch, int seq);

    /// <summary>
    /// Appends one payload that is no event; <paramref name="d"/> is JSON. <paramref name="first"/>: nothing was sent on the connection
    /// before.
    /// </summary>
    public abstract void Control(FrameBatch batch, int opcode, ReadOnlySpan<byte> d, bool first);

    /// <summary>Turns noted payloads into frames; only of encoders with a state.</summary>
    public virtual void Encode(ReadOnlySpan<byte> noted, FrameBatch output) => throw new NotSupportedException();

    /// <summary>Frees the connection's state; only of encoders with a state.</summary>
    public virtual void Dispose()
    {
    }
}
