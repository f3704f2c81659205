using System.Buffers.Binary;
using System.Net;
using System.Numerics;
using System.Text;
using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql.Values;

internal sealed class SByteCodec() : FixedCodec<sbyte>(1, CqlTypeCode.Tinyint)
{
    protected override void Put(Span<byte> bytes, sbyte value) => bytes[0] = (byte)value;

    protected override sbyte Get(ReadOnlySpan<byte> bytes) => (sbyte)bytes[0];
}

internal sealed class Int16Codec() : FixedCodec<short>(2, CqlTypeCode.Smallint)
{
    protected override void Put(Span<byte> bytes, short value) => BinaryPrimitives.WriteInt16BigEndian(bytes, value);

    protected override short Get(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16BigEndian(bytes);
}

internal sealed class Int32Codec() : FixedCodec<int>(4, CqlTypeCode.Int)
{
    protected override void Put(Span<byte> bytes, int value) => BinaryPrimitives.WriteInt32BigEndian(bytes, value);

    protected override int Get(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes);
}

internal sealed class Int64Codec() : FixedCodec<long>(8, CqlTypeCode.Bigint, CqlTypeCode.Counter)
{
    protected override void Put(Span<byte> bytes, long value) => BinaryPrimitives.WriteInt64BigEndian(bytes, value);

    protected override long Get(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(bytes);
}

internal sealed class SingleCodec() : FixedCodec<float>(4, CqlTypeCode.Float)
{
    protected override void Put(Span<byte> bytes, float value) => BinaryPrimitives.WriteSingleBigEndian(bytes, value);

    protected override float Get(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadSingleBigEndian(bytes);
}

internal sealed class DoubleCodec() : FixedCodec<double>(8, CqlTypeCode.Double)
{
    protected override void Put(Span<byte> bytes, double value) => BinaryPrimitives.WriteDoubleBigEndian(bytes, value);

    protected override double Get(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadDoubleBigEndian(bytes);
}

internal sealed class BooleanCodec() : FixedCodec<bool>(1, CqlTypeCode.Boolean)
{
    protected override void Put(Span<byte> bytes, bool value) => bytes[0] = value ? (byte)1 : (byte)0;

    protected override bool Get(ReadOnlySpan<byte> bytes) => bytes[0] != 0;
}

internal sealed class GuidCodec() : FixedCodec<Guid>(16, CqlTypeCode.Uuid, CqlTypeCode.Timeuuid)
{
    protected override void Put(Span<byte> bytes, Guid value) => value.TryWriteBytes(bytes, bigEndian: true, out _);

    protected override Guid Get(ReadOnlySpan<byte> bytes) => new(bytes, bigEndian: true);
}

/// <summary>A timestamp; what is finer than a millisecond is dropped, towards the past.</summary>
internal sealed class TimestampCodec() : FixedCodec<DateTimeOffset>(8, CqlTypeCode.Timestamp)
{
    protected override void Put(Span<byte> bytes, DateTimeOffset value) =>
        BinaryPrimitives.WriteInt64BigEndian(bytes, value.ToUnixTimeMilliseconds());

    protected override DateTimeOffset Get(ReadOnlySpan<byte> bytes) =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
}

/// <summary>A date: days, unsigned, with 1970-01-01 at 2^31.</summary>
internal sealed class DateCodec() : FixedCodec<DateOnly>(4, CqlTypeCode.Date)
{
    private static readonly int s_epoch = new DateOnly(1970, 1, 1).DayNumber;

    protected override void Put(Span<byte> bytes, DateOnly value) =>
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)(value.DayNumber - s_epoch) ^ 0x8000_0000);

    protected override DateOnly Get(ReadOnlySpan<byte> bytes) =>
        DateOnly.FromDayNumber(checked((int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) - 0x8000_0000L + s_epoch)));
}

/// <summary>A time: nanoseconds of the day. .NET has a hundred of them; what is finer is dropped when reading.</summary>
internal sealed class TimeCodec() : FixedCodec<TimeOnly>(8, CqlTypeCode.Time)
{
    protected override void Put(Span<byte> bytes, TimeOnly value) => BinaryPrimitives.WriteInt64BigEndian(bytes, value.Ticks * 100);

    protected override TimeOnly Get(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadInt64BigEndian(bytes) / 100);
}

internal sealed class StringCodec() : VariableCodec<string?>(CqlTypeCode.Varchar, CqlTypeCode.Ascii)
{
    public override void Write(ref WireWriter writer, string? value, CqlType type) => writer.Utf8(value);

    public override string? Read(ReadOnlySpan<byte> bytes, CqlType type) => Encoding.UTF8.GetString(bytes);
}

/// <summary>Bytes; of a type of the server's own too.</summary>
internal sealed class BytesCodec() : VariableCodec<byte[]?>(CqlTypeCode.Blob, CqlTypeCode.Custom)
{
    public override void Write(ref WireWriter writer, byte[]? value, CqlType type) => writer.Raw(value);

    public override byte[]? Read(ReadOnlySpan<byte> bytes, CqlType type) => bytes.ToArray();
}

internal sealed class MemoryCodec() : VariableCodec<ReadOnlyMemory<byte>>(CqlTypeCode.Blob, CqlTypeCode.Custom)
{
    public override bool IsNull(ReadOnlyMemory<byte> value) => false;

    public override void Write(ref WireWriter writer, ReadOnlyMemory<byte> value, CqlType type) => writer.Raw(value.Span);

    public override ReadOnlyMemory<byte> Read(ReadOnlySpan<byte> bytes, CqlType type) => bytes.ToArray();
}

internal sealed class InetCodec() : VariableCodec<IPAddress?>(CqlTypeCode.Inet)
{
    public override void Write(ref WireWriter writer, IPAddress? value, CqlType type)
    {
        Span<byte> bytes = stackalloc byte[16];
        value!.TryWriteBytes(bytes, out var length);
        writer.Raw(bytes[..length]);
    }

    public override IPAddress? Read(ReadOnlySpan<byte> bytes, CqlType type) => bytes.Length is 4 or 16
        ? new IPAddress(bytes)
        : throw new CqlProtocolException($"an address of {bytes.Length} bytes");
}

internal sealed class VarintCodec() : VariableCodec<BigInteger>(CqlTypeCode.Varint)
{
    public override bool IsNull(BigInteger value) => false;

    public override void Write(ref WireWriter writer, BigInteger value, CqlType type) =>
        value.TryWriteBytes(writer.Take(value.GetByteCount()), out _, isBigEndian: true);

    public override BigInteger Read(ReadOnlySpan<byte> bytes, CqlType type) => new(bytes, isBigEndian: true);
}

internal sealed class CqlDecimalCodec() : VariableCodec<CqlDecimal>(CqlTypeCode.Decimal)
{
    public override bool IsNull(CqlDecimal value) => false;

    public override void Write(ref WireWriter writer, CqlDecimal value, CqlType type)
    {
        writer.Int(value.Scale);
        value.Unscaled.TryWriteBytes(writer.Take(value.Unscaled.GetByteCount()), out _, isBigEndian: true);
    }

    public override CqlDecimal Read(ReadOnlySpan<byte> bytes, CqlType type)
    {
        var reader = new WireReader(bytes);
        var scale = reader.Int();
        return new CqlDecimal(new BigInteger(reader.Take(reader.Remaining), isBigEndian: true), scale);
    }
}

internal sealed class DecimalCodec() : VariableCodec<decimal>(CqlTypeCode.Decimal)
{
    private static readonly CqlDecimalCodec s_exact = new();

    public override bool IsNull(decimal value) => false;

    public override void Write(ref WireWriter writer, decimal value, CqlType type) =>
        s_exact.Write(ref writer, CqlDecimal.From(value), type);

    public override decimal Read(ReadOnlySpan<byte> bytes, CqlType type) => s_exact.Read(bytes, type).ToDecimal();
}

internal sealed class DurationCodec() : VariableCodec<CqlDuration>(CqlTypeCode.Duration)
{
    public override bool IsNull(CqlDuration value) => false;

    public override void Write(ref WireWriter writer, CqlDuration value, CqlType type)
    {
        VInt.WriteSigned(ref writer, value.Months);
        VInt.WriteSigned(ref writer, value.Days);
        VInt.WriteSigned(ref writer, value.Nanoseconds);
    }

    public override CqlDuration Read(ReadOnlySpan<byte> bytes, CqlType type)
    {
        var reader = new WireReader(bytes);
        return new CqlDuration((int)VInt.ReadSigned(ref reader), (int)VInt.ReadSigned(ref reader), VInt.ReadSigned(ref reader));
    }
}
