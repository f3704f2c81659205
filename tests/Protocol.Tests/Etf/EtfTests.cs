using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Protocol.Etf;
using FsCheck;
using FsCheck.Fluent;

namespace Discord.Protocol.Tests.Etf;

public sealed class EtfTests
{
    private static string Back(byte[] etf, int maxLength = EtfReader.DefaultMaxLength) =>
        Encoding.UTF8.GetString(EtfReader.ToJson(etf, maxLength));

    private static byte[] To(string json) => EtfWriter.Transcode(Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData("null", "83-73-03-6E-69-6C")]
    [InlineData("true", "83-73-04-74-72-75-65")]
    [InlineData("0", "83-61-00")]
    [InlineData("255", "83-61-FF")]
    [InlineData("256", "83-62-00-00-01-00")]
    [InlineData("-1", "83-62-FF-FF-FF-FF")]
    [InlineData("2147483648", "83-6E-04-00-00-00-00-80")]
    [InlineData("-9223372036854775808", "83-6E-08-01-00-00-00-00-00-00-00-80")]
    [InlineData("18446744073709551615", "83-6E-08-00-FF-FF-FF-FF-FF-FF-FF-FF")]
    [InlineData("0.5", "83-46-3F-E0-00-00-00-00-00-00")]
    [InlineData("[]", "83-6A")]
    [InlineData("[1]", "83-6C-00-00-00-01-61-01-6A")]
    [InlineData("{}", "83-74-00-00-00-00")]
    [InlineData("""{"a":"\u00e4"}""", "83-74-00-00-00-01-6D-00-00-00-01-61-6D-00-00-00-02-C3-A4")]
    [InlineData(
        """[[],{"b":[2,null]}]""",
        "83-6C-00-00-00-02-6A-74-00-00-00-01-6D-00-00-00-01-62-6C-00-00-00-02-61-02-73-03-6E-69-6C-6A-6A")]
    public void Terms_are_written_as_erlang_has_them(string json, string hex)
    {
        Assert.Equal(hex, BitConverter.ToString(To(json)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(Back(To(json)))));
    }

    [Theory]
    [InlineData("83-6B-00-02-00-01", "[0,1]")]
    [InlineData("83-68-02-61-01-61-02", "[1,2]")]
    [InlineData("83-69-00-00-00-01-61-01", "[1]")]
    [InlineData("83-64-00-03-6E-69-6C", "null")]
    [InlineData("83-77-09-75-6E-64-65-66-69-6E-65-64", "null")]
    [InlineData("83-76-00-02-C3-A4", "\"ä\"")]
    [InlineData("83-73-05-66-61-6C-73-65", "false")]
    [InlineData("83-6E-00-00", "0")]
    [InlineData("83-6E-0A-00-05-00-00-00-00-00-00-00-00-00", "5")]
    [InlineData("83-74-00-00-00-03-73-02-6F-70-61-02-62-00-00-01-00-6A-6E-03-01-01-00-01-6A", """{"op":2,"256":[],"-65537":[]}""")]
    [InlineData("83-74-00-00-00-01-6B-00-01-61-61-01", """{"a":1}""")]
    [InlineData("83-63-31-2E-35-30-30-30-30-30-30-30-30-30-30-30-30-30-30-30-30-30-30-30-65-2B-30-30-00-00-00-00-00", "1.5")]
    public void Terms_that_clients_write_are_read(string hex, string json) =>
        Assert.Equal(json, Back(Convert.FromHexString(hex.Replace("-", ""))));

    [Theory]
    [InlineData("", 0)]
    [InlineData("82-61-01", 0)]
    [InlineData("83", 1)]
    [InlineData("83-61-01-61", 3)]
    [InlineData("83-50-00-00-00-10", 1)]
    [InlineData("83-6D-FF-FF-FF-FF-61", 1)]
    [InlineData("83-6C-FF-FF-FF-FF-6A", 1)]
    [InlineData("83-74-FF-FF-FF-FF", 1)]
    [InlineData("83-74-00-00-00-02-61-01-61-01", 10)]
    [InlineData("83-74-00-00-00-03-61-01-61-01", 1)]
    [InlineData("83-6C-00-00-00-01-61-01-61-02", 1)]
    [InlineData("83-6D-00-00-00-01-FF", 1)]
    [InlineData("83-6E-09-00-00-00-00-00-00-00-00-00-01", 1)]
    [InlineData("83-6E-08-01-01-00-00-00-00-00-00-80", 1)]
    [InlineData("83-46-7F-F0-00-00-00-00-00-00", 1)]
    [InlineData("83-74-00-00-00-01-6A-61-01", 6)]
    [InlineData("83-67-00", 1)]
    public void Malformed_says_where(string hex, int offset)
    {
        var thrown = Assert.Throws<EtfException>(() => Back(Convert.FromHexString(hex.Replace("-", ""))));
        Assert.Equal(offset, thrown.Offset);
    }

    [Fact]
    public void Depth_is_bounded_both_ways()
    {
        var deepest = new string('[', EtfWriter.MaxDepth) + new string(']', EtfWriter.MaxDepth);
        Assert.Equal(deepest, Back(To(deepest)));
        Assert.ThrowsAny<JsonException>(() => To("[" + deepest + "]"));
        byte[] tooDeep = [131, .. Enumerable.Repeat<byte[]>([108, 0, 0, 0, 1], EtfWriter.MaxDepth + 1).SelectMany(static x => x), 97, 1,
            .. Enumerable.Repeat((byte)106, EtfWriter.MaxDepth + 1)];
        Assert.Contains("deep", Assert.Throws<EtfException>(() => Back(tooDeep)).Message);
        byte[] hostile = [131, .. Enumerable.Repeat<byte[]>([108, 0, 0, 0, 1], 10_000).SelectMany(static x => x)];
        Assert.Throws<EtfException>(() => Back(hostile));
    }

    [Fact]
    public void Length_is_bounded() => Assert.Throws<EtfException>(() => Back(To("\"" + new string('x', 100) + "\""), 99));

    [Theory]
    [InlineData("[1e400]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("[1")]
    [InlineData("")]
    public void Json_that_has_no_term_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => To(json));

    [Fact]
    public void Every_prefix_is_refused_and_nothing_else_is_thrown()
    {
        const string Json =
            """{"op":2,"d":{"token":"a.b.c","intents":3276799,"shard":[0,1],"big":12345678901,"f":1.5,"n":null,"t":true,"l":[{}]}}""";
        var etf = To(Json);
        Assert.Equal(Json, Back(etf));
        for (var length = 0; length < etf.Length; length++)
            Assert.Throws<EtfException>(() => Back(etf[..length]));
        var utf8 = Encoding.UTF8.GetBytes(Json);
        for (var length = 0; length < utf8.Length; length++)
            Assert.ThrowsAny<JsonException>(() => EtfWriter.Transcode(utf8.AsSpan(0, length)));
    }

    [Fact]
    public void Any_bytes_give_json_or_an_EtfException()
    {
        var random = new Random(4);
        byte[] tags = [70, 97, 98, 99, 100, 104, 105, 106, 107, 108, 109, 110, 115, 116, 118, 119, 0, 1, 2];
        for (var round = 0; round < 30_000; round++)
        {
            var bytes = new byte[random.Next(1, 40)];
            bytes[0] = 131;
            for (var i = 1; i < bytes.Length; i++)
                bytes[i] = random.Next(3) == 0 ? (byte)random.Next(256) : tags[random.Next(tags.Length)];
            try
            {
                using var parsed = JsonDocument.Parse(EtfReader.ToJson(bytes));
            }
            catch (EtfException refused)
            {
                Assert.InRange(refused.Offset, 0, bytes.Length);
            }
        }
    }

    [Fact]
    public void RoundTrip_any_json_is_the_same()
    {
        var text = Gen.Elements("", "a", "äö", "😀", "quote\" back\\slash", "new\nline\u0001", new string('x', 300), "nil", "true");
        var scalar = Gen.OneOf(
            text.Select(static value => (JsonNode?)JsonValue.Create(value)),
            Gen.Elements<JsonNode?>(null, true, false, long.MinValue, long.MaxValue,
                ulong.MaxValue, 4294967295, -4294967296, 0.1, -1e300, 5e-324),
            Gen.Choose(int.MinValue, int.MaxValue).Select(static value => (JsonNode?)JsonValue.Create(value)),
            Gen.Choose(-300, 300).Select(static value => (JsonNode?)JsonValue.Create(value)));
        Gen<JsonNode?> Node(int depth) => depth == 0
            ? scalar
            : Gen.OneOf(
                scalar,
                Node(depth - 1).ListOf().Select(static items =>
                    (JsonNode?)new JsonArray([.. items.Select(static item => item?.DeepClone())])),
                (from keys in text.ListOf()
                 from value in Node(depth - 1)
                 select (JsonNode?)new JsonObject(keys.Distinct().Select(key => KeyValuePair.Create(key, value?.DeepClone())))));
        Prop.ForAll(Node(4).ToArbitrary(), static node =>
        {
            var json = node?.ToJsonString() ?? "null";
            Assert.True(JsonNode.DeepEquals(node, JsonNode.Parse(Back(To(json), int.MaxValue))), json);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}
