using System.Numerics;
using System.Runtime.InteropServices;

namespace Discord.Node.Gateway.Framing;

/// <summary>RFC 6455 section 5.3.</summary>
internal static class Masking
{
    /// <summary>XORs <paramref name="payload"/>, whose first byte is the payload's first, with the key as it lies in memory.</summary>
    public static void Apply(Span<byte> payload, uint mask)
    {
        if (mask == 0)
            return;
        var vectors = MemoryMarshal.Cast<byte, Vector<uint>>(payload);
        var key = new Vector<uint>(mask);
        foreach (ref var vector in vectors)
            vector ^= key;
        var rest = payload[(vectors.Length * Vector<byte>.Count)..];
        var keyBytes = MemoryMarshal.AsBytes(new Span<uint>(ref mask));
        for (var i = 0; i < rest.Length; i++)
            rest[i] ^= keyBytes[i & 3];
    }
}
