using System.Buffers;
using System.Text.Unicode;

namespace Discord.Node.Gateway.Framing;

/// <summary>A whole message or control frame. <see cref="Payload"/> is pooled memory: <see cref="Release"/> it once it was
/// decoded.</summary>
internal readonly struct ClientMessage(FrameOpcode opcode, byte[]? pooled, int length)
{
    /// <summary>Never <see cref="FrameOpcode.Continuation"/>: fragments are put together before.</summary>
    public FrameOpcode Opcode { get; } = opcode;

    public ReadOnlySpan<byte> Payload => pooled.AsSpan(0, length);

    public void Release()
    {
        if (pooled is not null)
            ArrayPool<byte>.Shared.Return(pooled);
    }
}

/// <summary>
/// Turns a connection's bytes into messages: header, mask, fragments, UTF-8 of text. Holds no memory but the fragments of a message that is
/// not finished, at most the message limit. Not thread-safe: the read loop's own.
/// </summary>
internal struct MessageReader
{
    private byte[]? _fragments;
    private int _fragmentBytes;
    private FrameOpcode _fragmentOpcode;

    /// <summary>
    /// Reads one message from the start of <paramref name="bytes"/> and moves it on behind what was consumed. A frame is consumed only when
    /// all of it is there, so a caller buffers at most <paramref name="limit"/> bytes and a header.
    /// </summary>
    public ReadStatus TryRead(ref ReadOnlySequence<byte> bytes, int limit, out ClientMessage message, out FrameViolation violation)
    {
        message = default;
        Span<byte> start = stackalloc byte[FrameHeader.MaxSize];
        while (true)
        {
            var head = bytes.Length <= FrameHeader.MaxSize ? bytes : bytes.Slice(0, FrameHeader.MaxSize);
            head.CopyTo(start);
            var status = FrameHeader.TryRead(start[..(int)head.Length], limit, out var header, out violation);
            if (status != ReadStatus.Complete)
                return status;
            if (!header.IsControl && Misplaced(header, limit, out violation))
                return ReadStatus.Violation;
            if (bytes.Length < header.Size + header.Length)
                return ReadStatus.NeedMore;

            var payload = bytes.Slice(header.Size, header.Length);
            bytes = bytes.Slice(payload.End);
            if (header.IsControl || (header.Fin && header.Opcode != FrameOpcode.Continuation))
            {
                var pooled = header.Length == 0 ? null : ArrayPool<byte>.Shared.Rent(header.Length);
                payload.CopyTo(pooled);
                Masking.Apply(pooled.AsSpan(0, header.Length), header.Mask);
                return Finish(new ClientMessage(header.Opcode, pooled, header.Length), out message, out violation);
            }

            Append(header, payload);
            if (!header.Fin)
                continue;
            var whole = new ClientMessage(_fragmentOpcode, _fragments, _fragmentBytes);
            (_fragments, _fragmentBytes, _fragmentOpcode) = (null, 0, FrameOpcode.Continuation);
            return Finish(whole, out message, out violation);
        }
    }

    /// <summary>Gives back the fragments of a message that will never be finished.</summary>
    public void Release()
    {
        if (_fragments is { } pooled)
            ArrayPool<byte>.Shared.Return(pooled);
        _fragments = null;
    }

    private readonly bool Misplaced(FrameHeader header, int limit, out FrameViolation violation)
    {
        var inside = _fragmentOpcode != FrameOpcode.Continuation;
        violation = default;
        if (inside != (header.Opcode == FrameOpcode.Continuation))
            violation = FrameViolation.Protocol(inside ? "A message began inside another." : "A continuation of no message.");
        else if (header.Length > limit - _fragmentBytes)
            violation = FrameViolation.TooLarge;
        return violation.Code != 0;
    }

    private void Append(FrameHeader header, ReadOnlySequence<byte> payload)
    {
        if (header.Opcode != FrameOpcode.Continuation)
            _fragmentOpcode = header.Opcode;
        var needed = _fragmentBytes + header.Length;
        if (_fragments is null || _fragments.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 256));
            _fragments.AsSpan(0, _fragmentBytes).CopyTo(larger);
            Release();
            _fragments = larger;
        }
        var target = _fragments.AsSpan(_fragmentBytes, header.Length);
        payload.CopyTo(target);
        Masking.Apply(target, header.Mask);
        _fragmentBytes = needed;
    }

    private static ReadStatus Finish(ClientMessage whole, out ClientMessage message, out FrameViolation violation)
    {
        message = whole;
        violation = default;
        if (whole.Opcode != FrameOpcode.Text || Utf8.IsValid(whole.Payload))
            return ReadStatus.Complete;
        whole.Release();
        message = default;
        violation = FrameViolation.NotUtf8;
        return ReadStatus.Violation;
    }
}
