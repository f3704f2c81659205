using System.Globalization;
using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>The kinds of CQL's types. The numbers are the protocol's (v4, section 4.2.5.2); a vector has none of its own there.</summary>
public enum CqlTypeCode
{
    /// <summary>A type of the server's own, known by its class; its values are bytes.</summary>
    Custom = 0x00,

    /// <summary>Text of US-ASCII.</summary>
    Ascii = 0x01,

    /// <summary>64 bits, signed.</summary>
    Bigint = 0x02,

    /// <summary>Bytes.</summary>
    Blob = 0x03,

    /// <summary>True or false.</summary>
    Boolean = 0x04,

    /// <summary>A distributed counter, 64 bits.</summary>
    Counter = 0x05,

    /// <summary>An integer of any size and a scale.</summary>
    Decimal = 0x06,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 0x07,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float = 0x08,

    /// <summary>32 bits, signed.</summary>
    Int = 0x09,

    /// <summary>Milliseconds of 1970.</summary>
    Timestamp = 0x0B,

    /// <summary>Any UUID.</summary>
    Uuid = 0x0C,

    /// <summary>Text of UTF-8; CQL's <c>text</c> too.</summary>
    Varchar = 0x0D,

    /// <summary>An integer of any size.</summary>
    Varint = 0x0E,

    /// <summary>A UUID of version 1.</summary>
    Timeuuid = 0x0F,

    /// <summary>An address of IPv4 or IPv6.</summary>
    Inet = 0x10,

    /// <summary>A day.</summary>
    Date = 0x11,

    /// <summary>Nanoseconds of a day.</summary>
    Time = 0x12,

    /// <summary>16 bits, signed.</summary>
    Smallint = 0x13,

    /// <summary>8 bits, signed.</summary>
    Tinyint = 0x14,

    /// <summary>Months, days and nanoseconds.</summary>
    Duration = 0x15,

    /// <summary>A list.</summary>
    List = 0x20,

    /// <summary>A map.</summary>
    Map = 0x21,

    /// <summary>A set.</summary>
    Set = 0x22,

    /// <summary>A type that a keyspace defines.</summary>
    Udt = 0x30,

    /// <summary>A tuple.</summary>
    Tuple = 0x31,

    /// <summary>A fixed number of values of one type.</summary>
    Vector = 0x10000,
}

/// <summary>A type of CQL with the types it is made of. Immutable.</summary>
public sealed class CqlType
{
    // Types nest in a schema by a few levels. The bound keeps a hostile body from exhausting the stack.
    private const int MaxDepth = 32;

    private static readonly Dictionary<CqlTypeCode, CqlType> s_simple = Enum.GetValues<CqlTypeCode>()
        .Where(code => code is > CqlTypeCode.Custom and < CqlTypeCode.List)
        .ToDictionary(code => code, code => new CqlType(code, []));

    private static readonly Dictionary<string, CqlTypeCode> s_classes = new(StringComparer.Ordinal)
    {
        ["AsciiType"] = CqlTypeCode.Ascii,
        ["LongType"] = CqlTypeCode.Bigint,
        ["BytesType"] = CqlTypeCode.Blob,
        ["BooleanType"] = CqlTypeCode.Boolean,
        ["CounterColumnType"] = CqlTypeCode.Counter,
        ["DecimalType"] = CqlTypeCode.Decimal,
        ["DoubleType"] = CqlTypeCode.Double,
        ["FloatType"] = CqlTypeCode.Float,
        ["Int32Type"] = CqlTypeCode.Int,
        ["TimestampType"] = CqlTypeCode.Timestamp,
        ["UUIDType"] = CqlTypeCode.Uuid,
        ["UTF8Type"] = CqlTypeCode.Varchar,
        ["IntegerType"] = CqlTypeCode.Varint,
        ["TimeUUIDType"] = CqlTypeCode.Timeuuid,
        ["InetAddressType"] = CqlTypeCode.Inet,
        ["SimpleDateType"] = CqlTypeCode.Date,
        ["TimeType"] = CqlTypeCode.Time,
        ["ShortType"] = CqlTypeCode.Smallint,
        ["ByteType"] = CqlTypeCode.Tinyint,
        ["DurationType"] = CqlTypeCode.Duration,
    };

    private CqlType(CqlTypeCode code, CqlType[] parts)
    {
        Code = code;
        Parts = parts;
    }

    /// <summary>What kind of type it is.</summary>
    public CqlTypeCode Code { get; }

    /// <summary>The element of a list, set or vector; key and value of a map; the fields of a tuple or UDT; else none.</summary>
    public IReadOnlyList<CqlType> Parts { get; }

    /// <summary>The names of a UDT's fields, in the order of <see cref="Parts"/>; else none.</summary>
    public IReadOnlyList<string> FieldNames { get; private init; } = [];

    /// <summary>The name of a UDT, or the class of a custom type; else empty.</summary>
    public string Name { get; private init; } = "";

    /// <summary>The keyspace of a UDT; else empty.</summary>
    public string Keyspace { get; private init; } = "";

    /// <summary>How many values a vector has; else 0.</summary>
    public int Dimension { get; private init; }

    /// <summary>
    /// How many bytes a value of it takes in a vector, or 0 where each value has its length before it. These are the types for which the
    /// server's own classes state a fixed length; <c>smallint</c>, <c>tinyint</c>, <c>date</c> and <c>time</c> are not among them.
    /// </summary>
    internal int FixedLength => Code switch
    {
        CqlTypeCode.Boolean => 1,
        CqlTypeCode.Int or CqlTypeCode.Float => 4,
        CqlTypeCode.Bigint or CqlTypeCode.Double or CqlTypeCode.Timestamp => 8,
        CqlTypeCode.Uuid or CqlTypeCode.Timeuuid => 16,
        CqlTypeCode.Vector => Parts[0].FixedLength * Dimension,
        _ => 0,
    };

    /// <summary>A type without parts.</summary>
    /// <exception cref="ArgumentException">The type needs parts.</exception>
    public static CqlType Of(CqlTypeCode code) =>
        s_simple.TryGetValue(code, out var type) ? type : throw new ArgumentException($"{code} is made of other types", nameof(code));

    /// <summary>A list.</summary>
    public static CqlType ListOf(CqlType element) => new(CqlTypeCode.List, [element]);

    /// <summary>A set.</summary>
    public static CqlType SetOf(CqlType element) => new(CqlTypeCode.Set, [element]);

    /// <summary>A map.</summary>
    public static CqlType MapOf(CqlType key, CqlType value) => new(CqlTypeCode.Map, [key, value]);

    /// <summary>A tuple.</summary>
    public static CqlType TupleOf(params CqlType[] fields) => new(CqlTypeCode.Tuple, fields);

    /// <summary>A vector.</summary>
    public static CqlType VectorOf(CqlType element, int dimension) => new(CqlTypeCode.Vector, [element]) { Dimension = dimension };

    /// <summary>A type that a keyspace defines.</summary>
    public static CqlType UdtOf(string keyspace, string name, params (string Name, CqlType Type)[] fields) =>
        new(CqlTypeCode.Udt, [.. fields.Select(field => field.Type)])
        {
            Keyspace = keyspace,
            Name = name,
            FieldNames = [.. fields.Select(field => field.Name)],
        };

    /// <summary>The type as CQL writes it.</summary>
    public override string ToString() => Code switch
    {
        CqlTypeCode.Custom => $"'{Name}'",
        CqlTypeCode.Varchar => "text",
        CqlTypeCode.Udt => $"{Keyspace}.{Name}",
        CqlTypeCode.Vector => $"vector<{Parts[0]}, {Dimension}>",
        >= CqlTypeCode.List => $"{Code.ToString().ToLowerInvariant()}<{string.Join(", ", Parts)}>",
        _ => Code.ToString().ToLowerInvariant(),
    };

    /// <summary>Reads an [option] (v4, section 4.2.5.2).</summary>
    internal static CqlType Read(ref WireReader reader) => Read(ref reader, 0);

    private static CqlType Read(ref WireReader reader, int depth)
    {
        if (depth > MaxDepth) throw new CqlProtocolException($"a type is nested more than {MaxDepth} deep");
        var code = (CqlTypeCode)reader.Short();
        switch (code)
        {
            case CqlTypeCode.Custom:
                return OfClass(reader.String(), depth);
            case CqlTypeCode.List or CqlTypeCode.Set:
                return new CqlType(code, [Read(ref reader, depth + 1)]);
            case CqlTypeCode.Map:
                return new CqlType(code, [Read(ref reader, depth + 1), Read(ref reader, depth + 1)]);
            case CqlTypeCode.Tuple:
                var parts = new CqlType[reader.ShortCount(2)];
                for (var i = 0; i < parts.Length; i++) parts[i] = Read(ref reader, depth + 1);
                return new CqlType(code, parts);
            case CqlTypeCode.Udt:
                var keyspace = reader.String();
                var name = reader.String();
                var fields = new (string, CqlType)[reader.ShortCount(4)];
                for (var i = 0; i < fields.Length; i++) fields[i] = (reader.String(), Read(ref reader, depth + 1));
                return UdtOf(keyspace, name, fields);
            default:
                return s_simple.TryGetValue(code, out var simple)
                    ? simple
                    : throw new CqlProtocolException($"0x{(int)code:x4} is no type that is known");
        }
    }

    // "org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType , 3)"
    private static CqlType OfClass(string name, int depth)
    {
        if (depth > MaxDepth) throw new CqlProtocolException($"a type is nested more than {MaxDepth} deep");
        var open = name.IndexOf('(', StringComparison.Ordinal);
        var outer = open < 0 ? name : name[..open];
        var simple = outer[(outer.LastIndexOf('.') + 1)..].Trim();
        if (open < 0) return s_classes.TryGetValue(simple, out var code) ? s_simple[code] : Custom(name);
        if (!name.EndsWith(')')) return Custom(name);
        var arguments = SplitArguments(name[(open + 1)..^1]);
        return (simple, arguments.Count) switch
        {
            ("VectorType", 2) when int.TryParse(arguments[1], NumberStyles.None, null, out var dimension) =>
                VectorOf(OfClass(arguments[0], depth + 1), dimension),
            ("ListType", 1) => ListOf(OfClass(arguments[0], depth + 1)),
            ("SetType", 1) => SetOf(OfClass(arguments[0], depth + 1)),
            ("MapType", 2) => MapOf(OfClass(arguments[0], depth + 1), OfClass(arguments[1], depth + 1)),
            ("TupleType", > 0) => TupleOf([.. arguments.Select(argument => OfClass(argument, depth + 1))]),
            ("FrozenType" or "ReversedType", 1) => OfClass(arguments[0], depth + 1),
            _ => Custom(name),
        };
    }

    private static CqlType Custom(string name) => new(CqlTypeCode.Custom, []) { Name = name };

    private static List<string> SplitArguments(string text)
    {
        var arguments = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                arguments.Add(text[start..i].Trim());
                start = i + 1;
            }
            else if (text[i] == '(')
            {
                depth++;
            }
            else if (text[i] == ')')
            {
                depth--;
            }
        }
        return arguments;
    }
}
