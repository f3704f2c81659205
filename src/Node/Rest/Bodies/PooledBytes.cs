using System.Buffers;

namespace Discord.Node.Rest.Bodies;

/// <summary>A body in rented memory. Grows with what has come, not with what a header promises. One owner; dispose once.</summary>
internal sealed class PooledBytes(ByteBudget budget) : IDisposable
{
    private const int Free = 64 * 1024;

    private byte[] _buffer = [];
    private long _charged;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">What is read.</param>
    /// <param name="expected">Bytes that will come, if known.</param>
    /// <param name="max">Bytes at most.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="Protocol.Errors.ApiException">More than <paramref name="max"/> came: 40005.</exception>
    public async ValueTask FillAsync(Stream stream, long? expected, int max, CancellationToken cancellation)
    {
        if (expected > max)
            throw RestErrors.TooLarge();
        Grow((int)Math.Clamp(expected ?? 4096, 256, Free));
        while (expected != Length)
        {
            if (Length == _buffer.Length)
                Grow(Math.Min(_buffer.Length * 2, max + 1));
            var read = await stream.ReadAsync(_buffer.AsMemory(Length), cancellation);
            if (read == 0)
                return;
            Length += read;
            if (Length > max)
                throw RestErrors.TooLarge();
        }
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _buffer.Length)
            Grow(Math.Max(Length + bytes.Length, _buffer.Length * 2));
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
        budget.Give(_charged);
        _charged = 0;
    }

    private void Grow(int size)
    {
        if (size > Free)
        {
            budget.Take(size - Free - _charged);
            _charged = size - Free;
        }
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, Length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
