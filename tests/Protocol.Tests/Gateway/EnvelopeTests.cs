using System.Text;
using System.Text.Json;
using Discord.Protocol.Etf;
using Discord.Protocol.Gateway;

namespace Discord.Protocol.Tests.Gateway;

public sealed class EnvelopeTests
{
    [Fact]
    public void Json_head_and_tail_make_the_envelope()
    {
        var head = DispatchHead.Of("TYPING_START");
        Assert.Same(head, DispatchHead.Of("TYPING_START"));
        foreach (var sequence in new[] { 1L, 99, int.MaxValue, long.MaxValue })
        {
            var bytes = new byte[head.MaxJsonLength];
            var length = head.WriteJson(sequence, bytes);
            var text = Encoding.UTF8.GetString([.. bytes.AsSpan(0, length), .. EnvelopeWriter.JsonTail("""{"a":1}"""u8)]);
            Assert.Equal($$$"""{"t":"TYPING_START","s":{{{sequence}}},"op":0,"d":{"a":1}}""", text);
        }
        Assert.Equal(
            """{"t":"TYPING_START","s":7,"op":0,"d":null}""",
            Encoding.UTF8.GetString(EnvelopeWriter.JsonDispatch("TYPING_START", 7, "null"u8)));
    }

    [Fact]
    public void Json_other_payloads_have_all_four_keys()
    {
        Assert.Equal(
            """{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}""",
            Encoding.UTF8.GetString(EnvelopeWriter.Json(GatewayOpcode.Hello, EnvelopeWriter.HelloData(41250))));
        Assert.Equal(
            """{"t":null,"s":null,"op":9,"d":false}""",
            Encoding.UTF8.GetString(EtfReader.ToJson(EnvelopeWriter.Etf(GatewayOpcode.InvalidSession, "false"u8))));
    }

    [Fact]
    public void Etf_head_and_tail_make_the_envelope()
    {
        var head = DispatchHead.Of("MESSAGE_CREATE");
        var tail = EnvelopeWriter.EtfTailFromJson("""{"content":"hi","id":"1"}"""u8);
        foreach (var sequence in new[] { 1, 255, 256, int.MaxValue })
        {
            var bytes = new byte[head.EtfLength];
            Assert.Equal(head.EtfLength, head.WriteEtf(sequence, bytes));
            Assert.Equal(
                $$$"""{"t":"MESSAGE_CREATE","s":{{{sequence}}},"op":0,"d":{"content":"hi","id":"1"}}""",
                Encoding.UTF8.GetString(EtfReader.ToJson([.. bytes, .. tail])));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("lower")]
    [InlineData("QUOTE\"")]
    public void Head_name_that_is_none_is_refused(string name) => Assert.Throws<ArgumentException>(() => DispatchHead.Of(name));

    [Fact]
    public void Head_write_allocates_nothing()
    {
        var head = DispatchHead.Of("MESSAGE_CREATE");
        var bytes = new byte[128];
        head.WriteJson(1, bytes);
        head.WriteEtf(1, bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            head.WriteJson(i, bytes);
            head.WriteEtf(i, bytes);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Intents_are_21_and_privileged_follow_the_flags()
    {
        Assert.Equal(21, int.PopCount((int)GatewayIntents.All));
        Assert.Equal(GatewayIntents.None, ApplicationFlags.None.AllowedIntents());
        Assert.Equal(
            GatewayIntents.Privileged,
            (ApplicationFlags.GatewayPresenceLimited | ApplicationFlags.GatewayGuildMembers | ApplicationFlags.GatewayMessageContentLimited)
                .AllowedIntents());
    }

    [Theory]
    [InlineData(4000, true)]
    [InlineData(4001, true)]
    [InlineData(4002, true)]
    [InlineData(4003, true)]
    [InlineData(4004, false)]
    [InlineData(4005, true)]
    [InlineData(4007, true)]
    [InlineData(4008, true)]
    [InlineData(4009, true)]
    [InlineData(4010, false)]
    [InlineData(4011, false)]
    [InlineData(4012, false)]
    [InlineData(4013, false)]
    [InlineData(4014, false)]
    public void CloseCode_reconnectable_as_documented(int code, bool expected)
    {
        Assert.True(Enum.IsDefined((GatewayCloseCode)code));
        Assert.Equal(expected, ((GatewayCloseCode)code).IsReconnectable());
        Assert.InRange(Encoding.UTF8.GetByteCount(((GatewayCloseCode)code).Reason()), 1, 123);
    }
}
