using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Discord.Cql.Wire;

/// <summary>
/// Writes the protocol's notations (v4, section 3) into a buffer that grows. A mutable struct: pass it by reference. What is written
/// through it stays its own until <see cref="Clear"/>.
/// </summary>
internal struct WireWriter(int capacity)
{
    private byte[] _bytes = capacity == 0 ? [] : GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public readonly ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>Forgets what was written, and a buffer above <paramref name="keep"/> bytes with it.</summary>
    public void Clear(int keep = int.MaxValue)
    {
        Length = 0;
        if (_bytes.Length > keep) _bytes = [];
    }

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Room for exactly <paramref name="count"/> bytes, which count as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Take(int count)
    {
        var start = Length;
        if (_bytes.Length - start < count) Grow(count);
        Length = start + count;
        return _bytes.AsSpan(start, count);
    }

    public readonly Span<byte> At(int position, int count) => _bytes.AsSpan(position, count);

    public void Byte(byte value) => Take(1)[0] = value;

    public void Short(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>[bytes]: an int, then so many bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Int(bytes.Length);
        Raw(bytes);
    }

    /// <summary>[short bytes].</summary>
    public void ShortBytes(ReadOnlySpan<byte> bytes)
    {
        Short(checked((ushort)bytes.Length));
        Raw(bytes);
    }

    /// <summary>[string]: at most 65,535 bytes of UTF-8.</summary>
    public void String(string value)
    {
        Short(checked((ushort)Encoding.UTF8.GetByteCount(value)));
        Utf8(value);
    }

    /// <summary>[long string].</summary>
    public void LongString(string value)
    {
        var at = BeginBytes();
        Utf8(value);
        EndBytes(at);
    }

    /// <summary>The text's UTF-8 without a length.</summary>
    public void Utf8(ReadOnlySpan<char> text)
    {
        var start = Length;
        var room = Take(Encoding.UTF8.GetMaxByteCount(text.Length) is var most && most <= 256 ? most : Encoding.UTF8.GetByteCount(text));
        Length = start + Encoding.UTF8.GetBytes(text, room);
    }

    /// <summary>[string map].</summary>
    public void StringMap(IReadOnlyCollection<KeyValuePair<string, string>> map)
    {
        Short((ushort)map.Count);
        foreach (var (key, value) in map)
        {
            String(key);
            String(value);
        }
    }

    /// <summary>Starts [bytes] whose length is not known yet; the result goes to <see cref="EndBytes"/>.</summary>
    public int BeginBytes()
    {
        Take(4);
        return Length;
    }

    public readonly void EndBytes(int start) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(start - 4, 4), Length - start);

    private void Grow(int count)
    {
        var wanted = (long)Length + count;
        if (wanted > Array.MaxLength) throw new InvalidOperationException($"a request of {wanted} bytes cannot be written");
        var larger = GC.AllocateUninitializedArray<byte>(
            (int)Math.Min(Array.MaxLength, Math.Max(wanted, Math.Max(64, _bytes.Length * 2L))));
        Written.CopyTo(larger);
        _bytes = larger;
    }
}
