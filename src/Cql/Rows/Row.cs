using System.Buffers.Binary;
using Discord.Cql.Values;

namespace Discord.Cql;

/// <summary>
/// One row, where the answer's bytes lie. Valid until the enumeration moves on or the <see cref="RowSet"/> is disposed.
/// </summary>
public readonly ref struct Row
{
    private readonly ReadOnlySpan<byte> _body;
    private readonly ReadOnlySpan<int> _starts;
    private readonly CqlColumn[] _columns;

    internal Row(ReadOnlySpan<byte> body, ReadOnlySpan<int> starts, CqlColumn[] columns)
    {
        _body = body;
        _starts = starts;
        _columns = columns;
    }

    /// <summary>The columns, in the order of the values.</summary>
    public IReadOnlyList<CqlColumn> Columns => _columns;

    /// <summary>Whether the value is null.</summary>
    public bool IsNull(int index) => !TryBytes(index, out _);

    /// <summary>A value of any type that goes with the column's. No value is boxed.</summary>
    /// <exception cref="InvalidCastException">The column is of another type, or null where <typeparamref name="T"/> cannot be.</exception>
    public T Get<T>(int index)
    {
        var column = _columns[index];
        var codec = Codec<T>.Instance;
        if (!codec.Accepts(column.Type)) throw new InvalidCastException($"column {column.Name} is {column.Type}, not {typeof(T)}");
        return TryBytes(index, out var bytes) ? codec.Read(bytes, column.Type) : codec.Null($"column {column.Name}");
    }

    /// <summary>A value by its column's name; looks the name up, so take the index where it counts.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public T Get<T>(string name) => Get<T>(RowSet.IndexOf(_columns, name));

    /// <summary>A <c>bigint</c> or <c>counter</c>.</summary>
    public long GetInt64(int index) => Get<long>(index);

    /// <summary>An <c>int</c>.</summary>
    public int GetInt32(int index) => Get<int>(index);

    /// <summary>A <c>boolean</c>.</summary>
    public bool GetBoolean(int index) => Get<bool>(index);

    /// <summary>A <c>text</c> or <c>ascii</c>; null for null.</summary>
    public string? GetText(int index) => Get<string?>(index);

    /// <summary>The UTF-8 of a <c>text</c> or <c>ascii</c>, not copied; empty for null.</summary>
    public ReadOnlySpan<byte> GetUtf8(int index)
    {
        var type = _columns[index].Type;
        if (type.Code is not (CqlTypeCode.Varchar or CqlTypeCode.Ascii))
            throw new InvalidCastException($"column {_columns[index].Name} is {type}, not text");
        TryBytes(index, out var bytes);
        return bytes;
    }

    /// <summary>The bytes of a value of any type as the server sent them, not copied; empty for null.</summary>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        TryBytes(index, out var bytes);
        return bytes;
    }

    private bool TryBytes(int index, out ReadOnlySpan<byte> bytes)
    {
        var start = _starts[index];
        var length = BinaryPrimitives.ReadInt32BigEndian(_body[start..]);
        bytes = length < 0 ? default : _body.Slice(start + 4, length);
        return length >= 0;
    }
}
