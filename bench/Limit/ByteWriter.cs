using System.Buffers.Text;

namespace Discord.Limit;

/// <summary>Appends text and numbers to a buffer that the caller has made large enough.</summary>
internal ref struct ByteWriter(Span<byte> into)
{
    private readonly Span<byte> _into = into;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Appends bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_into[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Appends a number in decimal.</summary>
    public void Add(long number)
    {
        Utf8Formatter.TryFormat(number, _into[Length..], out int count);
        Length += count;
    }

    /// <summary>Appends one byte n times.</summary>
    public void Fill(byte value, int times)
    {
        if (times <= 0) return;
        _into.Slice(Length, times).Fill(value);
        Length += times;
    }
}
