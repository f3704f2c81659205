using System.Text;
using System.Text.Json;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;

namespace Discord.Protocol.Tests.Forms;

public sealed class FormReaderTests
{
    private const string Png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==";

    private static FormReader Read(string json) => FormReader.From(JsonElement.Parse(json));

    private static string Errors(FormReader form) => form.Errors.ToString();

    [Fact]
    public void Fields_of_every_kind_are_read()
    {
        var form = Read("""
            {"name":" näme ","slow":"30","big":9007199254740993,"f":0.5,"yes":true,"no":"0","id":"123","idn":456,"type":5,
             "flags":65535,"perms":"8","permsn":2048,"at":"2026-01-02T03:04:05+01:00","color":16711680,"list":["1",2,"1"],"texts":["a","b"],
             "ints":[1,"2"],"embeds":[{"title":"t"}],"sub":{"x":1},"map":{"de":"hallo"},"choice":"b"}
            """);
        Assert.Equal("näme", form.String("name", 1, 100, required: true, trim: true));
        Assert.Equal(" näme ", form.String("name"));
        Assert.Equal(30, form.Int("slow", 0, 21600));
        Assert.Equal(9007199254740993, form.Long("big"));
        Assert.Equal(0.5, form.Double("f", 0, 1));
        Assert.True(form.Bool("yes"));
        Assert.False(form.Bool("no"));
        Assert.Equal(new Snowflake(123), form.Snowflake("id"));
        Assert.Equal(new Snowflake(456), form.Snowflake("idn"));
        Assert.Equal(ChannelType.GuildAnnouncement, form.Enum<ChannelType>("type"));
        Assert.Equal(MessageFlags.Settable, form.Flags("flags", MessageFlags.Settable));
        Assert.Equal(Permissions.Administrator, form.Permissions("perms"));
        Assert.Equal(Permissions.SendMessages, form.Permissions("permsn"));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 2, 4, 5, TimeSpan.Zero), form.Timestamp("at"));
        Assert.Equal(0xFF0000, form.Color("color"));
        Assert.Equal([new(1), new(2), new(1)], form.SnowflakeArray("list", 3)!);
        Assert.Equal([new(1), new(2)], form.SnowflakeSet("list", 3)!);
        Assert.Equal(["a", "b"], form.StringArray("texts", 2, 1, 1)!);
        Assert.Equal([1, 2], form.IntArray("ints", 2, 1, 2)!);
        Assert.Equal(["t"], form.Array("embeds", 10, static embed => embed.String("title"))!);
        Assert.Equal(1, form.Sub("sub")!.Int("x"));
        Assert.Equal("hallo", form.OptionalStringMap("map", 1, 32).Value["de"]);
        Assert.Equal("b", form.Choice("choice", ["a", "b"]));
        form.ThrowIfInvalid();
    }

    [Fact]
    public void Optional_absent_null_and_value_differ()
    {
        var form = Read("""{"n":null,"v":"x","i":1,"in":null}""");
        Assert.Equal(Optional<string>.Absent, form.OptionalString("a"));
        Assert.Equal(Optional<string>.Null, form.OptionalString("n"));
        Assert.Equal<Optional<string>>("x", form.OptionalString("v"));
        Assert.Equal("old", form.OptionalString("a").Over("old"));
        Assert.Null(form.OptionalString("n").Over("old"));
        Assert.Equal("x", form.OptionalString("v").Over("old"));
        Assert.Equal(7, form.OptionalInt("ia").Over(7));
        Assert.Null(form.OptionalInt("in").Over(7));
        Assert.Equal(1, form.OptionalInt("i").Over(7));
        Assert.True(form.IsValid);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"name":null}""")]
    public void Required_missing_or_null_is_an_error(string json)
    {
        var form = Read(json);
        Assert.Null(form.String("name", required: true));
        Assert.Equal("""{"name":{"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"This field is required"}]}}""", Errors(form));
    }

    [Fact]
    public void Errors_nested_mirror_the_request()
    {
        var form = Read("""{"embeds":[{"title":"ok"},{"title":"toolong","fields":[{"name":""}]}]}""");
        form.Array("embeds", 10, static embed =>
        {
            embed.String("title", max: 4);
            embed.Array("fields", 25, static field => field.String("name", 1, 256));
            return 0;
        });
        var thrown = Assert.Throws<ApiException>(form.ThrowIfInvalid);
        Assert.Same(ApiError.InvalidFormBody, thrown.Error);
        Assert.Equal(
            """{"message":"Invalid Form Body","code":50035,"errors":{"embeds":{"1":{"title":"""
            + """{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4 or fewer in length."}]},"fields":"""
            + """{"0":{"name":{"_errors":[{"code":"BASE_TYPE_BAD_LENGTH","message":"Must be between 1 and 256 in length."}]}}}}}}}""",
            Encoding.UTF8.GetString(ErrorPayload.ToBytes(thrown.Error, thrown.Form)));
    }

    [Theory]
    [InlineData("true", "NUMBER_TYPE_COERCE", "Value \\\"True\\\" is not int.")]
    [InlineData("\"x\"", "NUMBER_TYPE_COERCE", "Value \\\"x\\\" is not int.")]
    [InlineData("1.5", "NUMBER_TYPE_COERCE", "Value \\\"1.5\\\" is not int.")]
    [InlineData("1e400", "NUMBER_TYPE_COERCE", "Value \\\"1e400\\\" is not int.")]
    [InlineData("-1", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 0.")]
    [InlineData("21601", "NUMBER_TYPE_MAX", "int value should be less than or equal to 21600.")]
    [InlineData("99999999999", "NUMBER_TYPE_MAX", "int value should be less than or equal to 21600.")]
    public void Int_wrong_says_why(string value, string code, string message)
    {
        var form = Read($$"""{"n":{{value}}}""");
        Assert.Null(form.Int("n", 0, 21600));
        Assert.Equal($$$"""{"n":{"_errors":[{"code":"{{{code}}}","message":"{{{message}}}"}]}}""", Errors(form));
    }

    [Theory]
    [InlineData("5.0", 5)]
    [InlineData("\" 7 \"", 7)]
    [InlineData("-0", 0)]
    public void Int_lenient_forms_are_read(string value, int expected) => Assert.Equal(expected, Read($$"""{"n":{{value}}}""").Int("n"));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"-1\"")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("\"18446744073709551616\"")]
    public void Snowflake_wrong_is_an_error(string value)
    {
        var form = Read($$"""{"id":{{value}}}""");
        Assert.Null(form.Snowflake("id"));
        Assert.Contains("is not snowflake.", Errors(form));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("\"x\"")]
    public void Body_that_is_no_object_is_one_error(string json)
    {
        var form = Read(json);
        form.String("a", required: true);
        form.Int("b", required: true);
        Assert.Equal("""{"_errors":[{"code":"MODEL_TYPE_CONVERT","message":"Expected an object/dictionary."}]}""", Errors(form));
    }

    [Fact]
    public void Body_missing_reads_as_empty_object()
    {
        var form = FormReader.From(default);
        Assert.Null(form.String("a"));
        Assert.True(form.IsValid);
    }

    [Fact]
    public void Text_with_a_lone_surrogate_is_an_error_and_never_throws()
    {
        var form = Read("""{"a":"\ud800","b":["\udc00"],"c":{"\ud800":"x"},"d":"\ud83d\ude00"}""");
        Assert.Null(form.String("a"));
        form.StringArray("b", 5);
        form.Int("a");
        form.Snowflake("a");
        form.Timestamp("a");
        form.Bool("a");
        form.ImageData("a", 10);
        form.OptionalStringMap("c", 1, 5);
        form.Object("c", static sub => sub.String("key") ?? "");
        Assert.Equal("😀", form.String("d", 1, 1));
        Assert.False(form.IsValid);
        Assert.NotEmpty(Errors(form));
    }

    [Fact]
    public void Length_counts_code_points()
    {
        var form = Read("""{"n":"😀😀"}""");
        Assert.Equal("😀😀", form.String("n", 1, 2));
        Assert.Null(form.String("n", 1, 1));
    }

    [Fact]
    public void Array_too_long_is_not_read()
    {
        var form = Read($$"""{"a":[{{string.Join(',', Enumerable.Repeat("{}", 11))}}]}""");
        var read = 0;
        Assert.Null(form.Array("a", 10, _ => read++));
        Assert.Equal(0, read);
        Assert.Contains("Must be 10 or fewer in length.", Errors(form));
    }

    [Fact]
    public void Items_body_array_is_read_with_indices()
    {
        var form = Read("""[{"id":"1"},{"id":"x"}]""");
        var ids = form.Items(10, static item => item.Snowflake("id", required: true));
        Assert.Equal(2, ids!.Count);
        Assert.Equal(
            """{"1":{"id":{"_errors":[{"code":"NUMBER_TYPE_COERCE","message":"Value \"x\" is not snowflake."}]}}}""", Errors(form));
    }

    [Fact]
    public void Enum_outside_lists_the_choices()
    {
        var form = Read("""{"t":3}""");
        Assert.Null(form.Enum<ChannelType>("t", [ChannelType.GuildText, ChannelType.GuildVoice]));
        Assert.Contains("Value must be one of (0, 2).", Errors(form));
    }

    [Fact]
    public void Image_by_its_magic_bytes_is_read()
    {
        var form = Read($$"""{"icon":"{{Png}}","none":null}""");
        var image = form.OptionalImageData("icon", 1024).Value;
        Assert.Equal((ImageFormat.Png, "png", "image/png", false), (image.Format, image.Extension, image.ContentType, image.IsAnimated));
        Assert.Equal(16, image.Bytes.Length);
        Assert.True(form.OptionalImageData("none", 1024).IsNull);
        Assert.True(form.IsValid);
    }

    [Theory]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("data:text/plain;base64,iVBORw0KGgo=")]
    [InlineData("data:image/png;base64,****")]
    [InlineData("data:image/png,iVBORw0KGgo=")]
    [InlineData("iVBORw0KGgo=")]
    [InlineData("")]
    public void Image_that_is_none_is_an_error(string uri)
    {
        var form = Read(JsonSerializer.Serialize(new Dictionary<string, string> { ["icon"] = uri }));
        Assert.Null(form.ImageData("icon", 1024));
        Assert.Contains("IMAGE_INVALID", Errors(form));
    }

    [Fact]
    public void Image_limits_of_size_and_format_hold()
    {
        var form = Read($$"""{"icon":"{{Png}}"}""");
        Assert.NotNull(form.ImageData("icon", 16));
        Assert.True(form.IsValid);
        Assert.Null(form.ImageData("icon", 15));
        Assert.Contains("BINARY_TYPE_MAX_SIZE", Errors(form));
        Assert.Null(form.ImageData("icon", 1024, ImageFormat.Gif));
        Assert.Contains("IMAGE_INVALID", Errors(form));
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05.123456+00:00", true)]
    [InlineData("2026-01-02T03:04:05Z", true)]
    [InlineData("2026-01-02", true)]
    [InlineData("01/02/2026", false)]
    [InlineData("yesterday!", false)]
    [InlineData("2026-13-02T03:04:05Z", false)]
    [InlineData("", false)]
    public void Timestamp_iso_8601_only(string text, bool good)
    {
        var form = Read($$"""{"at":"{{text}}"}""");
        Assert.Equal(good, form.Timestamp("at") is not null);
        Assert.Equal(good, form.IsValid);
    }

    [Fact]
    public void Errors_of_a_hostile_body_are_bounded()
    {
        var form = Read($"[{string.Join(',', Enumerable.Repeat("{\"id\":[]}", 5000))}]");
        form.Items(10_000, static item => item.Snowflake("id"));
        Assert.Equal(FormErrors.MaxErrors, form.Errors.Count);
    }
}
