using System.Buffers.Binary;
using Discord.Cql.Topology;
using Discord.Cql.Values;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>
/// A prepared statement with its values, which are kept as the bytes that go to the server. Values are added in the order of the markers.
/// May be executed any number of times.
/// </summary>
public sealed class BoundStatement : CqlStatement
{
    private const int Unset = -2;

    // Room for the values of a small row; a larger statement grows it once or twice.
    private const int InitialBytes = 192;

    private readonly PreparedState _state;
    private WireWriter _values = new(InitialBytes);
    private int _count;

    internal BoundStatement(PreparedStatement prepared) : base(prepared.Options)
    {
        Prepared = prepared;
        _state = prepared.Query.State;
    }

    /// <summary>What it was bound from.</summary>
    public PreparedStatement Prepared { get; }

    internal override Opcode Opcode => Opcode.Execute;

    internal override bool IdempotentByNature => Prepared.Query.IsSelect;

    internal override string Text => Prepared.Text;

    internal override (string Keyspace, string Table)? RoutingTable =>
        _state.Markers.Length > 0 ? (_state.Markers[0].Keyspace, _state.Markers[0].Table) : null;

    /// <summary>How many values were added.</summary>
    internal int Count => _count;

    internal ReadOnlySpan<byte> Values => _values.Written;

    /// <summary>Adds the next value; null where <typeparamref name="T"/> can be null.</summary>
    /// <exception cref="InvalidCastException">The marker is of a type that <typeparamref name="T"/> cannot be.</exception>
    /// <exception cref="InvalidOperationException">There is no marker left.</exception>
    public BoundStatement Add<T>(T value)
    {
        var type = NextType();
        var codec = Codec<T>.Instance;
        if (!codec.Accepts(type)) throw NoFit(typeof(T).ToString());
        var start = _values.Length;
        try
        {
            codec.WriteValue(ref _values, value, type);
        }
        catch
        {
            _values.Truncate(start);
            throw;
        }
        _count++;
        return this;
    }

    /// <summary>Adds the next value, a text, from its UTF-8. The server checks that it is UTF-8.</summary>
    /// <exception cref="InvalidCastException">The marker is no text.</exception>
    public BoundStatement AddUtf8(ReadOnlySpan<byte> utf8)
    {
        if (NextType().Code is not (CqlTypeCode.Varchar or CqlTypeCode.Ascii)) throw NoFit("text");
        return AddRaw(utf8);
    }

    /// <summary>Adds the next value, bytes.</summary>
    /// <exception cref="InvalidCastException">The marker is no blob.</exception>
    public BoundStatement AddBlob(ReadOnlySpan<byte> bytes)
    {
        if (NextType().Code is not (CqlTypeCode.Blob or CqlTypeCode.Custom)) throw NoFit("bytes");
        return AddRaw(bytes);
    }

    /// <summary>Adds null, which writes a tombstone.</summary>
    public BoundStatement AddNull() => AddAbsent(-1);

    /// <summary>Adds no value: the column stays as it is.</summary>
    public BoundStatement AddUnset() => AddAbsent(Unset);

    internal override void Validate()
    {
        if (_count != _state.Markers.Length)
            throw new InvalidOperationException($"{_count} of {_state.Markers.Length} markers have a value: {Text}");
    }

    internal override void Write(ref WireWriter writer, in RequestParameters parameters)
    {
        writer.ShortBytes(parameters.Prepared!.Id);
        parameters.Write(ref writer, _count, _values.Written);
    }

    internal override bool TryGetToken(out long token)
    {
        token = 0;
        var key = _state.PartitionKey;
        if (key.Length == 0) return false;
        if (key.Length == 1)
        {
            if (!TryValue(key[0], out var only)) return false;
            token = Murmur3.Token(only);
            return true;
        }
        // A key of several parts: for each its length, its bytes and a zero.
        Span<byte> scratch = stackalloc byte[256];
        var length = 0;
        foreach (var index in key)
        {
            if (!TryValue(index, out var part) || part.Length > ushort.MaxValue) return false;
            var needed = length + part.Length + 3;
            if (needed > scratch.Length)
            {
                var larger = new byte[needed * 2];
                scratch[..length].CopyTo(larger);
                scratch = larger;
            }
            BinaryPrimitives.WriteUInt16BigEndian(scratch[length..], (ushort)part.Length);
            part.CopyTo(scratch[(length + 2)..]);
            scratch[needed - 1] = 0;
            length = needed;
        }
        token = Murmur3.Token(scratch[..length]);
        return true;
    }

    private bool TryValue(int index, out ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(_values.Written);
        value = default;
        if (index >= _count) return false;
        var present = reader.TryBytes(out value);
        for (var i = 0; i < index; i++) present = reader.TryBytes(out value);
        return present;
    }

    private CqlType NextType() => _count < _state.Markers.Length
        ? _state.Markers[_count].Type
        : throw new InvalidOperationException($"the statement has {_state.Markers.Length} markers: {Text}");

    private InvalidCastException NoFit(string given) =>
        new($"marker {_count} ('{_state.Markers[_count].Name}') is {_state.Markers[_count].Type}, which {given} does not go with: {Text}");

    private BoundStatement AddRaw(ReadOnlySpan<byte> bytes)
    {
        _values.Bytes(bytes);
        _count++;
        return this;
    }

    private BoundStatement AddAbsent(int length)
    {
        NextType();
        _values.Int(length);
        _count++;
        return this;
    }
}
