using System.Text;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Protocol.Tests.Forms;

public sealed class JsonBodyTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void Body_without_content_reads_as_empty_object(string body)
    {
        var form = FormReader.Parse(Encoding.UTF8.GetBytes(body));
        Assert.False(form.Has("name"));
        Assert.True(form.IsValid);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{} x")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("// no")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    public void Body_malformed_is_50109(string body)
    {
        var thrown = Assert.Throws<ApiException>(() => FormReader.Parse(Encoding.UTF8.GetBytes(body)));
        Assert.Same(ApiError.InvalidJson, thrown.Error);
    }

    [Fact]
    public void Body_too_deep_or_not_utf8_is_50109()
    {
        var deep = new string('[', JsonBody.MaxDepth + 1) + new string(']', JsonBody.MaxDepth + 1);
        Assert.Throws<ApiException>(() => JsonBody.Parse(Encoding.UTF8.GetBytes(deep)));
        Assert.Throws<ApiException>(() => JsonBody.Parse([(byte)'"', 0xFF, (byte)'"']));
    }

    [Fact]
    public void Body_every_prefix_is_50109()
    {
        var whole = Encoding.UTF8.GetBytes("""{"a":[1,"\u00e4",{"b":null}]}""");
        Assert.Equal(1, JsonBody.Parse(whole).GetProperty("a")[0].GetInt32());
        for (var length = 1; length < whole.Length; length++)
            Assert.Throws<ApiException>(() => JsonBody.Parse(whole.AsSpan(0, length)));
    }

    [Fact]
    public void Fields_read_like_a_body()
    {
        var form = FormReader.FromFields(
            [new("content", "hi"), new("tts", "true"), new("flags", "4"), new("id", "17"), new("content", "last")]);
        Assert.Equal("last", form.String("content", 1, 10));
        Assert.True(form.Bool("tts"));
        Assert.Equal(MessageFlags.SuppressEmbeds, form.Flags("flags", MessageFlags.Settable));
        Assert.Equal(new Snowflake(17), form.Snowflake("id"));
        Assert.True(form.IsValid);
    }
}
