using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>Makes a value of a row.</summary>
public delegate T RowReader<out T>(Row row);

/// <summary>
/// One page of rows, or the answer to a write. Disposing gives its memory back to the pool; whoever forgets to only costs garbage.
/// Enumerated by one thread, once at a time.
/// </summary>
public sealed class RowSet : IDisposable
{
    /// <summary>The answer to a statement that gives no rows.</summary>
    internal static readonly RowSet Void = new([], null, 0, 0, 0, null);

    private readonly CqlColumn[] _columns;
    private readonly int _start;
    private readonly int _end;
    private readonly int[] _starts;
    private byte[]? _body;

    internal RowSet(CqlColumn[] columns, byte[]? body, int start, int end, int count, byte[]? pagingState)
    {
        _columns = columns;
        _body = body;
        _start = start;
        _end = end;
        _starts = columns.Length == 0 ? [] : new int[columns.Length];
        Count = count;
        if (pagingState is not null) PagingState = pagingState;
    }

    /// <summary>Rows of this page.</summary>
    public int Count { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<CqlColumn> Columns => _columns;

    /// <summary>
    /// Where the next page begins, or null when this is the last one. It is the server's and tells of the data: give it to nobody who may
    /// not read the table.
    /// </summary>
    public ReadOnlyMemory<byte>? PagingState { get; }

    /// <summary>What the server warned of, such as many tombstones; the texts are the server's.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>The host that answered.</summary>
    public IPEndPoint? Host { get; internal init; }

    /// <summary>
    /// Whether a statement with a condition was applied: the column <c>[applied]</c>. True for statements without a condition.
    /// </summary>
    public bool WasApplied
    {
        get
        {
            if (_columns.Length == 0 || Count == 0 || _columns[0].Name != "[applied]") return true;
            return First(static row => row.GetBoolean(0));
        }
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public int IndexOf(string name) => IndexOf(_columns, name);

    /// <summary>The rows, one after another.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>The first row's value.</summary>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public T First<T>(RowReader<T> read)
    {
        foreach (var row in this) return read(row);
        throw new InvalidOperationException("there is no row");
    }

    /// <summary>The first row's value, or the default of <typeparamref name="T"/>.</summary>
    public T? FirstOrDefault<T>(RowReader<T> read)
    {
        foreach (var row in this) return read(row);
        return default;
    }

    /// <summary>All rows' values.</summary>
    public List<T> ToList<T>(RowReader<T> read)
    {
        var list = new List<T>(Count);
        foreach (var row in this) list.Add(read(row));
        return list;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _body, null) is { } body) ArrayPool<byte>.Shared.Return(body);
    }

    /// <summary>The answer to a statement that gives no rows and that the server has something to say about.</summary>
    internal static RowSet Warned(IReadOnlyList<string> warnings, IPEndPoint host) =>
        new([], null, 0, 0, 0, null) { Warnings = warnings, Host = host };

    internal static int IndexOf(CqlColumn[] columns, string name)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (string.Equals(columns[i].Name, name, StringComparison.Ordinal)) return i;
        }
        throw new ArgumentException($"there is no column {name}", nameof(name));
    }

    /// <summary>
    /// Reads RESULT Rows after its kind; the page then owns the body. <paramref name="known"/> stands in for columns that were left out.
    /// </summary>
    internal static RowSet Read(byte[] body, int offset, int length, CqlColumn[]? known, IPEndPoint host, IReadOnlyList<string> warnings)
    {
        var reader = new WireReader(body.AsSpan(offset, length - offset));
        var metadata = RowsMetadata.Read(ref reader);
        var columns = metadata.Columns ?? known;
        if (columns is null || columns.Length != metadata.ColumnCount) throw new StaleMetadataException();
        var count = reader.Count(4 * Math.Max(1, columns.Length));
        return new RowSet(columns, body, offset + reader.Position, length, count, metadata.PagingState)
        {
            Warnings = warnings,
            Host = host,
        };
    }

    /// <summary>Walks the rows.</summary>
    public ref struct Enumerator
    {
        private readonly RowSet _rows;
        private readonly ReadOnlySpan<byte> _body;
        private int _position;
        private int _left;

        internal Enumerator(RowSet rows)
        {
            _rows = rows;
            _left = rows.Count;
            if (_left == 0) return;
            _body = (rows._body ?? throw new ObjectDisposedException(nameof(RowSet))).AsSpan(0, rows._end);
            _position = rows._start;
        }

        /// <summary>The row it stands at.</summary>
        public readonly Row Current => new(_body, _rows._starts, _rows._columns);

        /// <summary>Moves to the next row.</summary>
        /// <exception cref="CqlProtocolException">The answer ends within the row.</exception>
        public bool MoveNext()
        {
            if (_left == 0) return false;
            _left--;
            var starts = _rows._starts;
            var position = _position;
            for (var i = 0; i < starts.Length; i++)
            {
                if (_body.Length - position < 4) throw Cut(i);
                starts[i] = position;
                var length = BinaryPrimitives.ReadInt32BigEndian(_body[position..]);
                position += 4;
                if (length <= 0) continue;
                if (length > _body.Length - position) throw Cut(i);
                position += length;
            }
            _position = position;
            return true;
        }

        private readonly CqlProtocolException Cut(int column) =>
            new($"an answer ends within row {_rows.Count - _left - 1}, column {column}");
    }
}

/// <summary>The rows do not have the columns that the statement had when it was prepared: the table was changed since.</summary>
internal sealed class StaleMetadataException() : Exception("the statement's columns have changed since it was prepared");
