using System.Net;
using System.Numerics;
using Discord.Cql.Errors;
using Discord.Cql.Values;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Wire;

public sealed class ValueTests
{
    [Fact]
    public void Values_have_the_bytes_that_the_specification_gives_them()
    {
        Is([0xFE], (sbyte)-2);
        Is([0xFF, 0xFE], (short)-2);
        Is([0, 0, 1, 0], 256);
        Is([0, 0, 0, 0, 0, 0, 1, 0], 256L);
        Is([1], true);
        Is([0x3F, 0x80, 0, 0], 1f);
        Is([0x3F, 0xF0, 0, 0, 0, 0, 0, 0], 1d);
        Is([0xC3, 0xBC], "ü");
        Is([1, 2], new byte[] { 1, 2 });
        Is([0x80, 0, 0, 1], new DateOnly(1970, 1, 2));
        Is([0x7F, 0xFF, 0xFF, 0xFF], new DateOnly(1969, 12, 31));
        Is([0, 0, 0, 0, 0x3B, 0x9A, 0xCA, 0], new TimeOnly(0, 0, 1));
        Is([0, 0, 0, 0, 0, 0, 3, 0xE8], DateTimeOffset.UnixEpoch.AddSeconds(1));
        Is([127, 0, 0, 1], IPAddress.Loopback);
        Is([0, 0x80], new BigInteger(128));
        Is([0xFF, 0x7F], new BigInteger(-129));
        Is([0, 0, 0, 2, 0x7B], new CqlDecimal(123, 2));
        Is([0, 0, 0, 2, 0x85], -1.23m);
        Is(Convert.FromHexString("112233445566778899AABBCCDDEEFF00"), new Guid("11223344-5566-7788-99aa-bbccddeeff00"));
        Is([2, 4, 6], new CqlDuration(1, 2, 3));
        Is([0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 2], new[] { 1, 2 });
        Is([0, 0, 0, 1, 0, 0, 0, 1, 0x61, 0, 0, 0, 4, 0, 0, 0, 1], new Dictionary<string, int> { ["a"] = 1 });
        Is([0, 0, 0, 4, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF], (1, (string?)null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16383)]
    [InlineData(16384)]
    [InlineData(0x0001_0000_0000_0000)]
    [InlineData(0x00FF_FFFF_FFFF_FFFF)]
    [InlineData(0x0100_0000_0000_0000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Variable_integer_comes_back(long value)
    {
        var writer = new WireWriter(16);
        VInt.WriteSigned(ref writer, value);
        VInt.WriteUnsigned(ref writer, (ulong)value);
        var reader = new WireReader(writer.Written);

        Assert.Equal(value, VInt.ReadSigned(ref reader));
        Assert.Equal((ulong)value, VInt.ReadUnsigned(ref reader));
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0000000000000000000000000001")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("18446744073709551616.5")]
    public void Decimal_keeps_every_digit(string text)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(value, CqlDecimal.From(value).ToDecimal());
    }

    [Fact]
    public void Decimal_that_does_not_fit_is_refused()
    {
        Assert.Throws<OverflowException>(() => new CqlDecimal(BigInteger.Pow(10, 40), 0).ToDecimal());
        Assert.Throws<OverflowException>(() => new CqlDecimal(1, int.MinValue).ToDecimal());
        Assert.Throws<OverflowException>(() => new CqlDecimal(1, int.MaxValue).ToDecimal());
        Assert.Equal(1.5m, new CqlDecimal(new BigInteger(15) * BigInteger.Pow(10, 30), 31).ToDecimal());
    }

    [Fact]
    public void Fixed_value_of_another_length_is_refused()
    {
        Assert.Throws<CqlProtocolException>(() => Codec<long>.Instance.Read(new byte[4], CqlType.Of(CqlTypeCode.Bigint)));
        Assert.Throws<CqlProtocolException>(() => Codec<IPAddress>.Instance.Read(new byte[5], CqlType.Of(CqlTypeCode.Inet)));
    }

    [Fact]
    public void List_that_is_cut_short_is_refused_at_every_byte()
    {
        var bytes = Write(new[] { "a", "b" });
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<CqlProtocolException>(
                () => Codec<string[]>.Instance.Read(bytes.AsSpan(0, length), CqlType.ListOf(CqlType.Of(CqlTypeCode.Varchar))));
        }
    }

    [Fact]
    public void Null_is_read_as_null_where_that_can_be_and_refused_elsewhere()
    {
        Assert.Null(Codec<int?>.Instance.Null("it"));
        Assert.Null(Codec<string?>.Instance.Null("it"));
        Assert.Throws<InvalidCastException>(() => Codec<int>.Instance.Null("it"));
    }

    [Fact]
    public void Vector_of_fixed_values_has_no_lengths_and_others_have()
    {
        var floats = CqlType.VectorOf(CqlType.Of(CqlTypeCode.Float), 2);
        var texts = CqlType.VectorOf(CqlType.Of(CqlTypeCode.Varchar), 2);

        Assert.Equal([0x3F, 0x80, 0, 0, 0x3F, 0x80, 0, 0], Write(new[] { 1f, 1f }, floats));
        Assert.Equal([1, 0x61, 2, 0x62, 0x63], Write(new[] { "a", "bc" }, texts));
        Assert.Equal(["a", "bc"], Codec<string[]>.Instance.Read([1, 0x61, 2, 0x62, 0x63], texts));
        Assert.Throws<ArgumentException>(() => Write(new[] { 1f }, floats));
        Assert.Throws<CqlProtocolException>(() => Codec<float[]>.Instance.Read(new byte[7], floats));
    }

    [Fact]
    public void User_defined_type_keeps_its_fields_and_reads_older_values()
    {
        var type = CqlType.UdtOf("k", "address", ("street", CqlType.Of(CqlTypeCode.Varchar)), ("number", CqlType.Of(CqlTypeCode.Int)));
        var bytes = Write<CqlUdt?>(new CqlUdt(type).Set("street", "a").Set("number", 1), type);

        var read = Codec<CqlUdt>.Instance.Read(bytes, type);
        var older = Codec<CqlUdt>.Instance.Read(bytes.AsSpan(0, 5), type);

        Assert.Equal(("a", 1), (read.Get<string>("street"), read.Get<int>("number")));
        Assert.Equal(("a", null), (older.Get<string>("street"), older.Get<int?>("number")));
        Assert.Throws<ArgumentException>(() => read.Get<int>("nothing"));
    }

    private static void Is<T>(byte[] bytes, T value)
    {
        var codec = Codec<T>.Instance;
        Assert.Equal(bytes, Write(value));
        Assert.Equal(value, codec.Read(Write(value), codec.DefaultType));
    }

    private static byte[] Write<T>(T value, CqlType? type = null)
    {
        var writer = new WireWriter(16);
        var codec = Codec<T>.Instance;
        codec.Write(ref writer, value, type ?? codec.DefaultType);
        return writer.Written.ToArray();
    }
}
