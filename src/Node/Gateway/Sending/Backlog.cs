using System.Buffers;

namespace Discord.Node.Gateway.Sending;

/// <summary>
/// What a connection's sink did not take, in pooled chunks. Guarded by the connection's lock; only the drain loop consumes and releases,
/// because only it knows when the sink let go of the first chunk.
/// </summary>
internal sealed class Backlog
{
    private const int SmallestChunk = 4 << 10;
    private const int LargestChunk = 64 << 10;

    private readonly Queue<byte[]> _chunks = new();
    private byte[]? _tail;
    private int _tailEnd;
    private int _headStart;

    /// <summary>Completes when the drain loop has let go of the sink; never fails.</summary>
    public Task Draining { get; set; } = Task.CompletedTask;

    /// <summary>Bytes that wait.</summary>
    public int Bytes { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_tail is null || _tailEnd == _tail.Length)
            {
                _tail = ArrayPool<byte>.Shared.Rent(Math.Clamp(bytes.Length, SmallestChunk, LargestChunk));
                _tailEnd = 0;
                _chunks.Enqueue(_tail);
            }
            var part = Math.Min(bytes.Length, _tail.Length - _tailEnd);
            bytes[..part].CopyTo(_tail.AsSpan(_tailEnd));
            _tailEnd += part;
            bytes = bytes[part..];
        }
    }

    /// <summary>The first bytes that wait; empty when none do. They stay valid until they are consumed.</summary>
    public ReadOnlyMemory<byte> Peek()
    {
        if (Bytes == 0)
            return default;
        var head = _chunks.Peek();
        return head.AsMemory(_headStart, (head == _tail ? _tailEnd : head.Length) - _headStart);
    }

    public void Consume(int count)
    {
        Bytes -= count;
        _headStart += count;
        var head = _chunks.Peek();
        if (_headStart < (head == _tail ? _tailEnd : head.Length))
            return;
        _chunks.Dequeue();
        if (head == _tail)
            _tail = null;
        ArrayPool<byte>.Shared.Return(head);
        _headStart = 0;
    }

    /// <summary>Gives all memory back.</summary>
    public void Release()
    {
        while (_chunks.TryDequeue(out var chunk))
            ArrayPool<byte>.Shared.Return(chunk);
        _tail = null;
        Bytes = 0;
    }
}
