using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql.Values;

/// <summary>
/// Writes and reads values of one type of .NET as the types of CQL that hold it. Native protocol v4, section 6. Stateless.
/// </summary>
internal abstract class CqlCodec<T>
{
    private static readonly bool s_canBeNull = default(T) is null;

    /// <summary>The type that a value has where no server said which.</summary>
    public abstract CqlType DefaultType { get; }

    public abstract bool Accepts(CqlType type);

    /// <summary>Writes the value's bytes without their length. It is not null.</summary>
    public abstract void Write(ref WireWriter writer, T value, CqlType type);

    public abstract T Read(ReadOnlySpan<byte> bytes, CqlType type);

    public virtual bool IsNull(T value) => value is null;

    /// <summary>Writes [value]: the length, then the bytes.</summary>
    public virtual void WriteValue(ref WireWriter writer, T value, CqlType type)
    {
        if (IsNull(value))
        {
            writer.Int(-1);
            return;
        }
        var start = writer.BeginBytes();
        Write(ref writer, value, type);
        writer.EndBytes(start);
    }

    /// <summary>What null is read as.</summary>
    public T Null(string what) =>
        s_canBeNull ? default! : throw new InvalidCastException($"{what} is null, which {typeof(T).Name} cannot be");

    protected static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, int length, CqlType type) => bytes.Length == length
        ? bytes
        : throw new CqlProtocolException($"a value of {type} has {bytes.Length} bytes");
}

/// <summary>A codec for values that always take the same number of bytes.</summary>
internal abstract class FixedCodec<T>(int length, params CqlTypeCode[] codes) : CqlCodec<T> where T : struct
{
    public override CqlType DefaultType { get; } = CqlType.Of(codes[0]);

    public sealed override bool Accepts(CqlType type) => Array.IndexOf(codes, type.Code) >= 0;

    public sealed override bool IsNull(T value) => false;

    public sealed override void Write(ref WireWriter writer, T value, CqlType type) => Put(writer.Take(length), value);

    public sealed override void WriteValue(ref WireWriter writer, T value, CqlType type)
    {
        writer.Int(length);
        Put(writer.Take(length), value);
    }

    public sealed override T Read(ReadOnlySpan<byte> bytes, CqlType type) => Get(Exactly(bytes, length, type));

    protected abstract void Put(Span<byte> bytes, T value);

    protected abstract T Get(ReadOnlySpan<byte> bytes);
}

/// <summary>A codec for values whose length differs.</summary>
internal abstract class VariableCodec<T>(params CqlTypeCode[] codes) : CqlCodec<T>
{
    public override CqlType DefaultType { get; } = CqlType.Of(codes[0]);

    public sealed override bool Accepts(CqlType type) => Array.IndexOf(codes, type.Code) >= 0;
}
