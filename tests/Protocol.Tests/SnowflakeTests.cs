using System.Text.Json;

namespace Discord.Protocol.Tests;

public sealed class SnowflakeTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("175928847299117063", 175928847299117063UL)]
    [InlineData("00000000000000000001", 1UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    public void TryParse_digits_that_fit_are_read(string text, ulong expected)
    {
        Assert.True(Snowflake.TryParse(text, out var id));
        Assert.Equal(expected, id.Value);
        Assert.True(Snowflake.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out id));
        Assert.Equal(expected, id.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999")]
    [InlineData("000000000000000000001")]
    [InlineData("١٢٣")]
    public void TryParse_anything_else_is_refused(string text)
    {
        Assert.False(Snowflake.TryParse(text, out _));
        Assert.False(Snowflake.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out _));
        Assert.Throws<FormatException>(() => Snowflake.Parse(text));
    }

    [Fact]
    public void Fields_documented_example_is_decoded()
    {
        var id = new Snowflake(175928847299117063);
        Assert.Equal(DateTimeOffset.Parse("2016-04-30T11:18:25.796Z"), id.Timestamp);
        Assert.Equal((1, 0, 7), (id.Worker, id.Process, id.Increment));
        Assert.Equal(id.Value >> 22 << 22, Snowflake.FromTimestamp(id.Timestamp).Value);
    }

    [Fact]
    public void FromTimestamp_out_of_range_is_clamped()
    {
        Assert.Equal(Snowflake.None, Snowflake.FromTimestamp(DateTimeOffset.UnixEpoch));
        Assert.Equal(new Snowflake(ulong.MaxValue >> 22 << 22), Snowflake.FromTimestamp(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Json_writes_strings_and_reads_strings_numbers_and_keys()
    {
        var map = new Dictionary<Snowflake, Snowflake> { [new(12)] = new(ulong.MaxValue) };
        var json = JsonSerializer.Serialize(map);
        Assert.Equal("""{"12":"18446744073709551615"}""", json);
        Assert.Equal(map, JsonSerializer.Deserialize<Dictionary<Snowflake, Snowflake>>(json));
        Assert.Equal(new Snowflake(5), JsonSerializer.Deserialize<Snowflake>("5"));
        Assert.Equal(new Snowflake(5), JsonSerializer.Deserialize<Snowflake>("\"\\u0035\""));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("-5")]
    [InlineData("5.5")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\"99999999999999999999\"")]
    public void Json_anything_else_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Snowflake>(json));

    [Fact]
    public void Json_text_of_any_length_is_refused_or_read_without_harm()
    {
        var escaped = string.Concat(Enumerable.Repeat("\\u0031", Snowflake.MaxDigits - 1));
        Assert.Equal(1111111111111111111UL, JsonSerializer.Deserialize<Snowflake>($"\"{escaped}\"").Value);
        foreach (var length in new[] { 21, 120, 121, 100_000 })
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Snowflake>($"\"{new string('9', length)}\""));
    }

    [Fact]
    public void Bucket_is_ten_days_and_ranges_meet()
    {
        Assert.Equal(0, MessageBucket.Of(Snowflake.None));
        for (var bucket = 0; bucket < 1000; bucket++)
        {
            Assert.Equal(bucket, MessageBucket.Of(MessageBucket.First(bucket)));
            Assert.Equal(bucket, MessageBucket.Of(MessageBucket.Last(bucket)));
            Assert.Equal(MessageBucket.Last(bucket).Value + 1, MessageBucket.First(bucket + 1).Value);
            Assert.Equal(TimeSpan.FromDays(10), MessageBucket.First(bucket + 1).Timestamp - MessageBucket.First(bucket).Timestamp);
        }
        var last = MessageBucket.Of(Snowflake.MaxValue);
        Assert.Equal(Snowflake.MaxValue, MessageBucket.Last(last));
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageBucket.First(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MessageBucket.First(last + 1));
    }
}
