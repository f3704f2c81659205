using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Discord.Storage.Migration;

/// <summary>One value of a row that is carried from store to store: nothing, a number, a text or bytes. Compared by value.</summary>
public readonly struct Cell : IEquatable<Cell>
{
    private readonly object? _reference;
    private readonly long _number;

    private Cell(object? reference, long number) => (_reference, _number) = (reference, number);

    // Says that the number counts; its identity is all that matters.
    private static readonly object NumberMark = new();

    /// <summary>No value: what <c>default</c> is.</summary>
    public static Cell Null => default;

    /// <summary>Whether there is no value.</summary>
    public bool IsNull => _reference is null;

    internal bool IsNumber => ReferenceEquals(_reference, NumberMark);

    internal bool IsText => _reference is string;

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public long Number => IsNumber ? _number : throw Wrong("number");

    /// <summary>The text.</summary>
    /// <inheritdoc cref="Number" path="/exception"/>
    public string Text => _reference as string ?? throw Wrong("text");

    /// <summary>The bytes, not copied.</summary>
    /// <inheritdoc cref="Number" path="/exception"/>
    public byte[] Bytes => _reference as byte[] ?? throw Wrong("bytes");

    /// <summary>A number.</summary>
    public static implicit operator Cell(long number) => new(NumberMark, number);

    /// <summary>A text, or no value.</summary>
    public static implicit operator Cell(string? text) => new(text, 0);

    /// <summary>Bytes, which must not change any more, or no value.</summary>
    public static implicit operator Cell(byte[]? bytes) => new(bytes, 0);

    /// <summary>An id, as a number.</summary>
    public static implicit operator Cell(Protocol.Snowflake id) => new(NumberMark, (long)id.Value);

    /// <inheritdoc/>
    public bool Equals(Cell other) => (_reference, other._reference) switch
    {
        (byte[] mine, byte[] theirs) => mine.AsSpan().SequenceEqual(theirs),
        (string mine, string theirs) => string.Equals(mine, theirs, StringComparison.Ordinal),
        _ => ReferenceEquals(_reference, other._reference) && _number == other._number,
    };

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Cell other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_reference is not byte[] bytes) return HashCode.Combine(_reference as string, _number);
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc cref="Equals(Cell)"/>
    public static bool operator ==(Cell left, Cell right) => left.Equals(right);

    /// <summary>The opposite of equal.</summary>
    public static bool operator !=(Cell left, Cell right) => !left.Equals(right);

    // One byte says the kind; numbers have eight more, texts and bytes a length of four and as many.
    private const byte NumberKind = 1;
    private const byte TextKind = 2;
    private const byte BytesKind = 3;

    /// <summary>Writes cells one after another, so that equal cells give equal bytes and different ones different bytes.</summary>
    internal static void Write(IBufferWriter<byte> output, ReadOnlySpan<Cell> cells)
    {
        foreach (var cell in cells)
        {
            switch (cell._reference)
            {
                case null:
                    output.Write([(byte)0]);
                    break;
                case string text:
                    var size = Encoding.UTF8.GetByteCount(text);
                    var span = Head(output, TextKind, size, size);
                    Encoding.UTF8.GetBytes(text, span);
                    output.Advance(5 + size);
                    break;
                case byte[] bytes:
                    bytes.CopyTo(Head(output, BytesKind, bytes.Length, bytes.Length));
                    output.Advance(5 + bytes.Length);
                    break;
                default:
                    var number = output.GetSpan(9);
                    number[0] = NumberKind;
                    BinaryPrimitives.WriteInt64LittleEndian(number[1..], cell._number);
                    output.Advance(9);
                    break;
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    internal static Cell[] Read(ReadOnlySpan<byte> bytes)
    {
        var cells = new List<Cell>();
        while (!bytes.IsEmpty)
        {
            var kind = bytes[0];
            bytes = bytes[1..];
            switch (kind)
            {
                case 0:
                    cells.Add(Null);
                    break;
                case NumberKind when bytes.Length >= 8:
                    cells.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes));
                    bytes = bytes[8..];
                    break;
                case TextKind or BytesKind when bytes.Length >= 4
                    && BinaryPrimitives.ReadInt32LittleEndian(bytes) is var size && size >= 0 && size <= bytes.Length - 4:
                    var value = bytes.Slice(4, size);
                    cells.Add(kind == TextKind ? Encoding.UTF8.GetString(value) : value.ToArray());
                    bytes = bytes[(4 + size)..];
                    break;
                default:
                    throw new FormatException("the bytes are no cells");
            }
        }
        return [.. cells];
    }

    private static Span<byte> Head(IBufferWriter<byte> output, byte kind, int length, int room)
    {
        var span = output.GetSpan(5 + room);
        span[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(span[1..], length);
        return span.Slice(5, room);
    }

    private InvalidOperationException Wrong(string wanted) =>
        new($"a {_reference switch { null => "missing value", string => "text", byte[] => "byte string", _ => "number" }} is no {wanted}");
}
