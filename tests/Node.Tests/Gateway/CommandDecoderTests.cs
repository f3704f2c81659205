using System.Text;
using Discord.Actors.Sessions;
using Discord.Node.Gateway;
using Discord.Node.Gateway.Framing;
using Discord.Protocol.Etf;
using Discord.Protocol.Gateway;

namespace Discord.Node.Tests.Gateway;

/// <summary>The reader of client envelopes, in both formats, on input that ends or goes wrong anywhere.</summary>
public sealed class CommandDecoderTests
{
    private static readonly string[] Frames =
    [
        """{"op":1,"d":251}""",
        """{"op":2,"d":{"token":"Bot a.b.c","intents":513,"shard":[0,2],"properties":{"os":"x"},"large_threshold":100}}""",
        """{"op":2,"d":{"token":"a.b.c","capabilities":16381,"presence":{"status":"dnd","activities":[{"name":"é😀"}]}}}""",
        """{"op":3,"d":{"status":"idle","since":1.5e3,"afk":true,"activities":[]}}""",
        """{"op":4,"d":{"guild_id":"1","channel_id":null,"self_mute":true,"self_deaf":false}}""",
        """{"op":6,"d":{"token":"a.b.c","session_id":"abc","seq":7}}""",
        """{"op":8,"d":{"guild_id":"1","user_ids":["2","3"],"nonce":"n","presences":true}}""",
    ];

    public static TheoryData<string, bool> Cases()
    {
        TheoryData<string, bool> cases = [];
        foreach (string frame in Frames)
        {
            cases.Add(frame, false);
            cases.Add(frame, true);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Frame_cut_at_any_byte_is_refused_with_4002(string json, bool etf)
    {
        byte[] whole = Bytes(json, etf);
        Assert.True(TryDecode(whole, etf, out _, out _));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(TryDecode(whole.AsSpan(0, length), etf, out _, out GatewayCloseCode code), $"{length} bytes");
            Assert.Equal(GatewayCloseCode.DecodeError, code);
        }
        Assert.False(TryDecode([.. whole, (byte)'x'], etf, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Frame_with_any_byte_changed_never_throws(string json, bool etf)
    {
        byte[] bytes = Bytes(json, etf);
        Random random = new(1);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte original = bytes[i];
            for (int round = 0; round < 20; round++)
            {
                bytes[i] = (byte)random.Next(256);
                if (!TryDecode(bytes, etf, out _, out GatewayCloseCode code))
                    Assert.InRange((int)code, 4001, 4013);
            }
            bytes[i] = original;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Formats_give_the_same_command(string json, bool etf)
    {
        Assert.True(TryDecode(Bytes(json, etf), etf, out ClientFrame frame, out _));
        Assert.True(TryDecode(Bytes(json, false), false, out ClientFrame plain, out _));
        Assert.Equal((plain.Opcode, plain.Seq, Show(plain.Command)), (frame.Opcode, frame.Seq, Show(frame.Command)));
    }

    // Lists and JSON show what they hold only when they are serialised.
    private static string Show(GatewayCommand? command) =>
        command is null ? "" : System.Text.Json.JsonSerializer.Serialize(command, command.GetType());

    private static byte[] Bytes(string json, bool etf) =>
        etf ? EtfWriter.Transcode(Encoding.UTF8.GetBytes(json)) : Encoding.UTF8.GetBytes(json);

    private static bool TryDecode(ReadOnlySpan<byte> bytes, bool etf, out ClientFrame frame, out GatewayCloseCode code)
    {
        ConnectionParameters parameters = new(10, etf ? PayloadFormat.Etf : PayloadFormat.Json, default);
        return CommandDecoder.TryDecode(bytes, etf ? FrameOpcode.Binary : FrameOpcode.Text, parameters, out frame, out code, out _);
    }
}
