using System.Buffers;
using System.Buffers.Binary;
using Discord.Node.Gateway.Framing;
using Discord.Protocol.Compression;

namespace Discord.Node.Gateway.Sending;

/// <summary>
/// A thread's buffer of frames between a session's first Send and its Flush. A session calls both on one thread under its lock, so a
/// buffer per thread serves all connections and an idle connection owns none. Not thread-safe: its thread's own.
/// </summary>
internal sealed class FrameBatch : IBufferWriter<byte>
{
    /// <summary>Beyond it a batch is handed on before its Flush: bounds the memory of a login that sends hundreds of guilds.</summary>
    public const int SpillAt = 256 << 10;

    // What a thread keeps for good; a larger batch borrows from the pool and gives back.
    private const int KeptSize = 64 << 10;
    private const int LongestHeader = 10;

    [ThreadStatic]
    private static FrameBatch? t_session;

    [ThreadStatic]
    private static FrameBatch? t_control;

    [ThreadStatic]
    private static FrameBatch? t_output;

    private readonly byte[] _kept = GC.AllocateUninitializedArray<byte>(KeptSize);
    private byte[] _buffer;

    public FrameBatch() => _buffer = _kept;

    /// <summary>Frames of the session whose connection <see cref="Owner"/> is.</summary>
    public static FrameBatch Session => t_session ??= new FrameBatch();

    /// <summary>A connection's own frames (HELLO, heartbeat answers), which may be written while the thread's session batch is
    /// open.</summary>
    public static FrameBatch Control => t_control ??= new FrameBatch();

    /// <summary>Where a compressor with a state per connection writes, under that connection's lock.</summary>
    public static FrameBatch Output => t_output ??= new FrameBatch();

    /// <summary>Whose frames these are; null when the batch is empty and free.</summary>
    public GatewayConnection? Owner { get; set; }

    /// <summary>Whether a part of this batch was handed on already.</summary>
    public bool Spilled { get; set; }

    public int Frames { get; set; }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Empties the batch and frees it for another connection.</summary>
    public void Reset()
    {
        Clear();
        Owner = null;
        Spilled = false;
    }

    /// <summary>Empties the batch; it stays its owner's.</summary>
    public void Clear()
    {
        Length = 0;
        Frames = 0;
        if (_buffer == _kept)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = _kept;
    }

    /// <summary>Room for <paramref name="count"/> bytes at the end; <see cref="Advance"/> makes them part of the batch.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_buffer.Length - Length < count)
            Grow(count);
        return _buffer.AsSpan(Length, count);
    }

    public void Advance(int count) => Length += count;

    // Compressors ask for at least what they need.
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(Length);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Begins a frame of known length; exactly <paramref name="length"/> bytes must follow.</summary>
    public void BeginFrame(FrameOpcode opcode, int length)
    {
        var header = Reserve(LongestHeader + length);
        Length += WriteHeader(header, opcode, length);
        Frames++;
    }

    /// <summary>Begins a frame whose length is known only at its end. Returns what <see cref="EndFrame"/> needs.</summary>
    public int BeginFrame()
    {
        Reserve(LongestHeader);
        Length += LongestHeader;
        Frames++;
        return Length;
    }

    /// <summary>Ends a frame begun at <paramref name="start"/>: puts the header before it and closes the gap that a short header
    /// leaves.</summary>
    public void EndFrame(int start, FrameOpcode opcode)
    {
        var length = Length - start;
        Span<byte> header = stackalloc byte[LongestHeader];
        var size = WriteHeader(header, opcode, length);
        var frame = _buffer.AsSpan(start - LongestHeader);
        if (size < LongestHeader)
            frame.Slice(LongestHeader, length).CopyTo(frame[size..]);
        header[..size].CopyTo(frame);
        Length -= LongestHeader - size;
    }

    /// <summary>Fills in the length of a noted payload that begins at <paramref name="start"/>, behind its four bytes.</summary>
    public void EndNote(int start) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start - sizeof(int)), Length - start);

    /// <summary>Fills in the head of a stored deflate block whose five bytes begin at <paramref name="block"/>.</summary>
    public void EndStored(int block) =>
        SharedDeflate.WriteStoredHead(Length - block - SharedDeflate.StoredOverhead, _buffer.AsSpan(block));

    private static int WriteHeader(Span<byte> header, FrameOpcode opcode, int length)
    {
        header[0] = (byte)(0x80 | (byte)opcode);
        if (length < 126)
        {
            header[1] = (byte)length;
            return 2;
        }
        if (length <= ushort.MaxValue)
        {
            header[1] = 126;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
            return 4;
        }
        header[1] = 127;
        BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)length);
        return 10;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), _buffer.Length * 2));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        if (_buffer != _kept)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
