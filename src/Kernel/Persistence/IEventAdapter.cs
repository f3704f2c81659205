namespace Discord.Kernel.Persistence;

/// <summary>Turns an actor's events and snapshots into bytes and back. What it once wrote, every later version must read.</summary>
public interface IEventAdapter
{
    /// <summary>The bytes of an event or a snapshot; called on the actor's thread.</summary>
    ReadOnlyMemory<byte> ToBytes(object value);

    /// <summary>
    /// The event or snapshot of those bytes; called on the actor's thread. Keep no reference into <paramref name="bytes"/>.
    /// </summary>
    object FromBytes(ReadOnlyMemory<byte> bytes);
}
