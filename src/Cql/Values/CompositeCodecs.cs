using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql.Values;

/// <summary>A value that may be null.</summary>
internal sealed class NullableCodec<T> : CqlCodec<T?> where T : struct
{
    private static CqlCodec<T> Inner => Codec<T>.Instance;

    public override CqlType DefaultType => Inner.DefaultType;

    public override bool Accepts(CqlType type) => Inner.Accepts(type);

    public override bool IsNull(T? value) => value is null;

    public override void Write(ref WireWriter writer, T? value, CqlType type) => Inner.Write(ref writer, value.GetValueOrDefault(), type);

    public override T? Read(ReadOnlySpan<byte> bytes, CqlType type) => Inner.Read(bytes, type);
}

/// <summary>Lists, sets and vectors. The server keeps no empty list: what was stored as one is null afterwards.</summary>
internal abstract class SequenceCodec<TCollection, T>(CqlTypeCode preferred) : CqlCodec<TCollection>
    where TCollection : class, IReadOnlyCollection<T>
{
    private static CqlCodec<T> Element => Codec<T>.Instance;

    public override CqlType DefaultType => preferred == CqlTypeCode.Set
        ? CqlType.SetOf(Element.DefaultType)
        : CqlType.ListOf(Element.DefaultType);

    public sealed override bool Accepts(CqlType type) =>
        type.Code is CqlTypeCode.List or CqlTypeCode.Set or CqlTypeCode.Vector && Element.Accepts(type.Parts[0]);

    public sealed override void Write(ref WireWriter writer, TCollection value, CqlType type)
    {
        var element = type.Parts[0];
        if (type.Code == CqlTypeCode.Vector)
        {
            WriteVector(ref writer, value, type, element);
            return;
        }
        writer.Int(value.Count);
        foreach (var item in value) Element.WriteValue(ref writer, item, element);
    }

    public sealed override TCollection Read(ReadOnlySpan<byte> bytes, CqlType type)
    {
        var reader = new WireReader(bytes);
        var element = type.Parts[0];
        if (type.Code == CqlTypeCode.Vector) return ReadVector(ref reader, type, element);
        var items = new T[reader.Count(4)];
        for (var i = 0; i < items.Length; i++)
            items[i] = reader.TryBytes(out var item) ? Element.Read(item, element) : Element.Null("an element");
        return Make(items);
    }

    protected abstract TCollection Make(T[] items);

    private static void WriteVector(ref WireWriter writer, TCollection value, CqlType type, CqlType element)
    {
        if (value.Count != type.Dimension) throw new ArgumentException($"{value.Count} values are no {type}");
        foreach (var item in value)
        {
            if (Element.IsNull(item)) throw new ArgumentException("a vector holds no null");
            if (element.FixedLength > 0)
            {
                Element.Write(ref writer, item, element);
                continue;
            }
            var single = new WireWriter(32);
            Element.Write(ref single, item, element);
            VInt.WriteUnsigned(ref writer, (ulong)single.Length);
            writer.Raw(single.Written);
        }
    }

    private TCollection ReadVector(ref WireReader reader, CqlType type, CqlType element)
    {
        if (type.Dimension > reader.Remaining) throw new CqlProtocolException($"{reader.Remaining} bytes are no {type}");
        var items = new T[type.Dimension];
        for (var i = 0; i < items.Length; i++)
        {
            var length = element.FixedLength > 0 ? (ulong)element.FixedLength : VInt.ReadUnsigned(ref reader);
            if (length > (ulong)reader.Remaining) throw new CqlProtocolException($"value {i} of a {type} is cut short");
            items[i] = Element.Read(reader.Take((int)length), element);
        }
        return Make(items);
    }
}

internal sealed class ArrayCodec<T>() : SequenceCodec<T[], T>(CqlTypeCode.List)
{
    protected override T[] Make(T[] items) => items;
}

internal sealed class ListCodec<T>() : SequenceCodec<List<T>, T>(CqlTypeCode.List)
{
    protected override List<T> Make(T[] items) => [.. items];
}

internal sealed class ReadOnlyListCodec<T>() : SequenceCodec<IReadOnlyList<T>, T>(CqlTypeCode.List)
{
    protected override IReadOnlyList<T> Make(T[] items) => items;
}

internal sealed class HashSetCodec<T>() : SequenceCodec<HashSet<T>, T>(CqlTypeCode.Set)
{
    protected override HashSet<T> Make(T[] items) => [.. items];
}

internal sealed class DictionaryCodec<TKey, TValue> : CqlCodec<Dictionary<TKey, TValue>> where TKey : notnull
{
    private static CqlCodec<TKey> Key => Codec<TKey>.Instance;

    private static CqlCodec<TValue> Value => Codec<TValue>.Instance;

    public override CqlType DefaultType => CqlType.MapOf(Key.DefaultType, Value.DefaultType);

    public override bool Accepts(CqlType type) =>
        type.Code == CqlTypeCode.Map && Key.Accepts(type.Parts[0]) && Value.Accepts(type.Parts[1]);

    public override void Write(ref WireWriter writer, Dictionary<TKey, TValue> value, CqlType type)
    {
        writer.Int(value.Count);
        foreach (var (key, item) in value)
        {
            Key.WriteValue(ref writer, key, type.Parts[0]);
            Value.WriteValue(ref writer, item, type.Parts[1]);
        }
    }

    public override Dictionary<TKey, TValue> Read(ReadOnlySpan<byte> bytes, CqlType type)
    {
        var reader = new WireReader(bytes);
        var count = reader.Count(8);
        var map = new Dictionary<TKey, TValue>(count);
        for (var i = 0; i < count; i++)
        {
            var key = reader.TryBytes(out var k) ? Key.Read(k, type.Parts[0]) : throw new CqlProtocolException("a key of a map is null");
            map[key] = reader.TryBytes(out var v) ? Value.Read(v, type.Parts[1]) : Value.Null("a value of a map");
        }
        return map;
    }
}

/// <summary>
/// Tuples of two or three fields; longer ones are a <see cref="CqlUdt"/>. A field that a longer tuple has more is not read.
/// </summary>
internal abstract class TupleCodec<T>(int fields) : CqlCodec<T> where T : struct
{
    public sealed override bool Accepts(CqlType type) =>
        type.Code == CqlTypeCode.Tuple && type.Parts.Count >= fields && AcceptsFields(type);

    public sealed override bool IsNull(T value) => false;

    protected abstract bool AcceptsFields(CqlType type);

    protected static TField Field<TField>(ref WireReader reader, CqlType type, int index) =>
        reader.Remaining > 0 && reader.TryBytes(out var bytes)
            ? Codec<TField>.Instance.Read(bytes, type.Parts[index])
            : Codec<TField>.Instance.Null($"field {index} of a tuple");

    protected static void Field<TField>(ref WireWriter writer, TField value, CqlType type, int index) =>
        Codec<TField>.Instance.WriteValue(ref writer, value, type.Parts[index]);

    protected static bool Accepts<TField>(CqlType type, int index) => Codec<TField>.Instance.Accepts(type.Parts[index]);
}

internal sealed class TupleCodec<T1, T2>() : TupleCodec<(T1, T2)>(2)
{
    public override CqlType DefaultType => CqlType.TupleOf(Codec<T1>.Instance.DefaultType, Codec<T2>.Instance.DefaultType);

    public override void Write(ref WireWriter writer, (T1, T2) value, CqlType type)
    {
        Field(ref writer, value.Item1, type, 0);
        Field(ref writer, value.Item2, type, 1);
    }

    public override (T1, T2) Read(ReadOnlySpan<byte> bytes, CqlType type)
    {
        var reader = new WireReader(bytes);
        return (Field<T1>(ref reader, type, 0), Field<T2>(ref reader, type, 1));
    }

    protected override bool AcceptsFields(CqlType type) => Accepts<T1>(type, 0) && Accepts<T2>(type, 1);
}

internal sealed class TupleCodec<T1, T2, T3>() : TupleCodec<(T1, T2, T3)>(3)
{
    public override CqlType DefaultType =>
        CqlType.TupleOf(Codec<T1>.Instance.DefaultType, Codec<T2>.Instance.DefaultType, Codec<T3>.Instance.DefaultType);

    public override void Write(ref WireWriter writer, (T1, T2, T3) value, CqlType type)
    {
        Field(ref writer, value.Item1, type, 0);
        Field(ref writer, value.Item2, type, 1);
        Field(ref writer, value.Item3, type, 2);
    }

    public override (T1, T2, T3) Read(ReadOnlySpan<byte> bytes, CqlType type)
    {
        var reader = new WireReader(bytes);
        return (Field<T1>(ref reader, type, 0), Field<T2>(ref reader, type, 1), Field<T3>(ref reader, type, 2));
    }

    protected override bool AcceptsFields(CqlType type) => Accepts<T1>(type, 0) && Accepts<T2>(type, 1) && Accepts<T3>(type, 2);
}

internal sealed class UdtCodec : CqlCodec<CqlUdt?>
{
    public override CqlType DefaultType => throw new NotSupportedException("a user-defined type is known from a prepared statement only");

    public override bool Accepts(CqlType type) => type.Code is CqlTypeCode.Udt or CqlTypeCode.Tuple;

    public override void Write(ref WireWriter writer, CqlUdt? value, CqlType type)
    {
        if (value!.Type.Parts.Count > type.Parts.Count) throw new ArgumentException($"the value is of {value.Type}, the column of {type}");
        value.Write(ref writer);
    }

    public override CqlUdt? Read(ReadOnlySpan<byte> bytes, CqlType type) => CqlUdt.Read(bytes, type);
}
