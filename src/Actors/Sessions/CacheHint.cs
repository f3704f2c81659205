using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Discord.Actors.Sessions;

/// <summary>
/// Asks the processor to bring an object nearer before it is needed. In a fan-out to thousands of sessions each one's objects have left the
/// cache since the last event; fetched while others are being sent to, they cost no waiting. A hint alone: nothing depends on it, and where
/// the processor has no such instruction it does nothing.
/// </summary>
public static class CacheHint
{
    private const int Line = 64;

    /// <summary>
    /// Fetches the first <paramref name="lines"/> cache lines of an object. The collector may move it meanwhile: then it was in vain.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch<T>(T? target, int lines = 1) where T : class
    {
        if (!Sse.IsSupported || target is null)
            return;
        byte* address = *(byte**)Unsafe.AsPointer(ref target);
        for (int i = 0; i < lines; i++)
            Sse.Prefetch0(address + i * Line);
    }
}
