using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Discord.Node.Tests.Gateway;

/// <summary>A WebSocket client by hand: sends what a test says, also what no library would.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Socket _socket;

    private RawClient(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    public Socket Socket => _socket;

    public static async Task<RawClient> ConnectAsync(
        GatewayHost host, string target = "/?v=10&encoding=json", bool upgrade = true, int receiveBuffer = 0)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync("127.0.0.1", host.Port);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (host.Route == Route.Tls)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost",
            });
            stream = tls;
        }
        var client = new RawClient(socket, stream);
        if (upgrade)
            await client.UpgradeAsync(target);
        return client;
    }

    public async Task UpgradeAsync(string target)
    {
        await WriteAsync(Encoding.ASCII.GetBytes(Request(target)));
        var head = await ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101", head);
        // The accept value of this key, from the specification's own example.
        Assert.Contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", head);
    }

    public static string Request(string target) =>
        $"GET {target} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    public async Task<string> ReadHeadAsync(string end = "\r\n\r\n")
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.Equal(1, await _stream.ReadAsync(one).AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
            text.Append((char)one[0]);
        }
        return text.ToString();
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        await _stream.FlushAsync();
    }

    public Task SendAsync(string text) => WriteAsync(Frames.Client(1, Encoding.UTF8.GetBytes(text)));

    public Task SendBinaryAsync(byte[] payload) => WriteAsync(Frames.Client(2, payload));

    public Task CloseAsync(int code)
    {
        var payload = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        return WriteAsync(Frames.Client(8, payload));
    }

    /// <summary>The next frame; null at the end of the stream.</summary>
    public async Task<(int Opcode, byte[] Payload)?> FrameAsync()
    {
        var head = new byte[2];
        try
        {
            if (await ReadAsync(head, 1) == 0)
                return null;
            await ReadAsync(head.AsMemory(1), 1);
            Assert.Equal(0, head[1] & 0x80);
            var length = head[1] & 0x7F;
            if (length >= 126)
            {
                var wide = new byte[length == 126 ? 2 : 8];
                await ReadAsync(wide, wide.Length);
                length = length == 126
                    ? BinaryPrimitives.ReadUInt16BigEndian(wide)
                    : checked((int)BinaryPrimitives.ReadUInt64BigEndian(wide));
            }
            var payload = new byte[length];
            await ReadAsync(payload, length);
            return (head[0] & 0x0F, payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The next data frame as JSON.</summary>
    public async Task<JsonElement> JsonAsync()
    {
        var frame = await FrameAsync();
        Assert.NotNull(frame);
        Assert.True(frame.Value.Opcode == 1, $"Expected text, got opcode {frame.Value.Opcode}: {CloseText(frame.Value)}");
        return JsonDocument.Parse(frame.Value.Payload).RootElement;
    }

    public async Task<JsonElement> HelloAsync()
    {
        var hello = await JsonAsync();
        Assert.Equal(10, hello.GetProperty("op").GetInt32());
        return hello;
    }

    /// <summary>HELLO, IDENTIFY, and the session that the domain opened.</summary>
    public async Task<FakeSession> IdentifyAsync(GatewayHost host, string extra = ",\"intents\":513")
    {
        await HelloAsync();
        await SendAsync($$$"""{"op":2,"d":{"token":"Bot secret","properties":{"os":"linux"}{{{extra}}}}}""");
        return await host.Sessions.NextAsync();
    }

    /// <summary>Reads on until the server's close frame and answers it; returns its code and reason.</summary>
    public async Task<(int Code, string Reason)> ClosedAsync()
    {
        while (await FrameAsync() is { } frame)
        {
            if (frame.Opcode != 8)
                continue;
            var code = BinaryPrimitives.ReadUInt16BigEndian(frame.Payload);
            try
            {
                await CloseAsync(code);
            }
            catch (IOException)
            {
                // The server needs no answer after a protocol violation.
            }
            return (code, CloseText(frame));
        }
        return (0, "cut");
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private static string CloseText((int Opcode, byte[] Payload) frame) =>
        frame.Payload.Length > 2 ? Encoding.UTF8.GetString(frame.Payload[2..]) : "";

    private async Task<int> ReadAsync(Memory<byte> target, int count)
    {
        var read = await _stream.ReadAtLeastAsync(target[..count], count, throwOnEndOfStream: false)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        if (read != count && read != 0)
            throw new IOException("cut off");
        return read;
    }
}

/// <summary>Client frames, right and wrong.</summary>
internal static class Frames
{
    public static byte[] Client(
        int opcode, ReadOnlySpan<byte> payload, bool fin = true, bool masked = true, int reserved = 0, uint mask = 0xA1B2C3D4)
    {
        var bytes = new List<byte> { (byte)((fin ? 0x80 : 0) | (reserved << 4) | opcode) };
        var flag = masked ? 0x80 : 0;
        if (payload.Length < 126)
        {
            bytes.Add((byte)(flag | payload.Length));
        }
        else if (payload.Length <= ushort.MaxValue)
        {
            bytes.Add((byte)(flag | 126));
            bytes.AddRange([(byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        else
        {
            bytes.Add((byte)(flag | 127));
            var wide = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(wide, (ulong)payload.Length);
            bytes.AddRange(wide);
        }
        var key = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(key, mask);
        if (masked)
            bytes.AddRange(key);
        for (var i = 0; i < payload.Length; i++)
            bytes.Add(masked ? (byte)(payload[i] ^ key[i & 3]) : payload[i]);
        return [.. bytes];
    }
}
