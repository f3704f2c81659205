using Discord.Protocol.Forms;

namespace Discord.Protocol.Tests.Forms;

public sealed class QueryReaderTests
{
    [Fact]
    public void Fields_of_every_kind_are_read()
    {
        var query = QueryReader.FromQueryString(
            "?limit=50&before=123&wait=True&off=0&q=a%20b%2Bc+d&has=link&has=file&ids=1,2&t=2&at=2026-01-01T00:00:00Z&e=");
        Assert.Equal(50, query.IntOr("limit", 10, 1, 100));
        Assert.Equal(10, query.IntOr("absent", 10, 1, 100));
        Assert.Equal(new Snowflake(123), query.Snowflake("before"));
        Assert.True(query.Bool("wait"));
        Assert.False(query.Bool("off"));
        Assert.Null(query.Bool("absent"));
        Assert.Equal("a b+c d", query.String("q"));
        Assert.Equal(["link", "file"], query.Strings("has", 5));
        Assert.Equal([new(1), new(2)], query.Snowflakes("ids", 5, commas: true));
        Assert.Equal(ChannelType.GuildVoice, query.Enum<ChannelType>("t"));
        Assert.Equal(2026, query.Timestamp("at")!.Value.Year);
        Assert.Equal("", query.String("e"));
        Assert.Null(query.Int("e"));
        Assert.True(query.Has("e"));
        query.ThrowIfInvalid();
    }

    [Theory]
    [InlineData("limit=0", "NUMBER_TYPE_MIN")]
    [InlineData("limit=101", "NUMBER_TYPE_MAX")]
    [InlineData("limit=x", "NUMBER_TYPE_COERCE")]
    [InlineData("limit=1.5", "NUMBER_TYPE_COERCE")]
    [InlineData("limit=99999999999999999999", "NUMBER_TYPE_COERCE")]
    public void Int_wrong_says_why(string raw, string code)
    {
        var query = QueryReader.FromQueryString(raw);
        Assert.Null(query.Int("limit", 1, 100));
        Assert.Contains(code, query.Errors.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("&&&=&%zz=%")]
    public void Odd_query_strings_read_as_nothing(string? raw)
    {
        var query = QueryReader.FromQueryString(raw);
        Assert.Null(query.Snowflake("before"));
        Assert.True(query.IsValid);
    }

    [Fact]
    public void Snowflakes_wrong_one_is_named_by_index()
    {
        var query = QueryReader.FromQueryString("id=1&id=x");
        query.Snowflakes("id", 5);
        Assert.StartsWith("""{"id":{"1":{"_errors":[{"code":"NUMBER_TYPE_COERCE""", query.Errors.ToString());
        query.Snowflakes("id", 1);
        Assert.Contains("Must be 1 or fewer in length.", query.Errors.ToString());
    }
}
