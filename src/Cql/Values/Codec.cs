using System.Net;
using System.Numerics;

namespace Discord.Cql.Values;

/// <summary>The codec of a type of .NET, found once.</summary>
internal static class Codec<T>
{
    public static readonly CqlCodec<T> Instance = (CqlCodec<T>)Codecs.Create(typeof(T));

    /// <summary>The codec, if values of the type can stand in a column of <paramref name="type"/>.</summary>
    public static CqlCodec<T> For(CqlType type) => Instance.Accepts(type)
        ? Instance
        : throw new InvalidCastException($"{typeof(T)} and {type} do not go together");
}

/// <summary>All types of .NET that stand for types of CQL.</summary>
internal static class Codecs
{
    private static readonly Dictionary<Type, object> s_scalars = new()
    {
        [typeof(sbyte)] = new SByteCodec(),
        [typeof(short)] = new Int16Codec(),
        [typeof(int)] = new Int32Codec(),
        [typeof(long)] = new Int64Codec(),
        [typeof(float)] = new SingleCodec(),
        [typeof(double)] = new DoubleCodec(),
        [typeof(bool)] = new BooleanCodec(),
        [typeof(Guid)] = new GuidCodec(),
        [typeof(DateTimeOffset)] = new TimestampCodec(),
        [typeof(DateOnly)] = new DateCodec(),
        [typeof(TimeOnly)] = new TimeCodec(),
        [typeof(string)] = new StringCodec(),
        [typeof(byte[])] = new BytesCodec(),
        [typeof(ReadOnlyMemory<byte>)] = new MemoryCodec(),
        [typeof(IPAddress)] = new InetCodec(),
        [typeof(BigInteger)] = new VarintCodec(),
        [typeof(CqlDecimal)] = new CqlDecimalCodec(),
        [typeof(decimal)] = new DecimalCodec(),
        [typeof(CqlDuration)] = new DurationCodec(),
        [typeof(CqlUdt)] = new UdtCodec(),
    };

    private static readonly Dictionary<Type, Type> s_generic = new()
    {
        [typeof(Nullable<>)] = typeof(NullableCodec<>),
        [typeof(List<>)] = typeof(ListCodec<>),
        [typeof(IReadOnlyList<>)] = typeof(ReadOnlyListCodec<>),
        [typeof(HashSet<>)] = typeof(HashSetCodec<>),
        [typeof(Dictionary<,>)] = typeof(DictionaryCodec<,>),
        [typeof(ValueTuple<,>)] = typeof(TupleCodec<,>),
        [typeof(ValueTuple<,,>)] = typeof(TupleCodec<,,>),
    };

    public static object Create(Type type)
    {
        if (s_scalars.TryGetValue(type, out var scalar)) return scalar;
        if (type.IsSZArray) return Activator.CreateInstance(typeof(ArrayCodec<>).MakeGenericType(type.GetElementType()!))!;
        if (type.IsGenericType && s_generic.TryGetValue(type.GetGenericTypeDefinition(), out var codec))
            return Activator.CreateInstance(codec.MakeGenericType(type.GetGenericArguments()))!;
        throw new NotSupportedException($"{type} stands for no type of CQL");
    }
}
