using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Composition;

/// <summary>What clients are told of where the node is.</summary>
public sealed class PublicAddressTests
{
    [Fact]
    public async Task Behind_a_proxy_every_url_is_the_public_one()
    {
        await using NodeKit node = await NodeKit.StartAsync(options => options.Listen.PublicUrl = new Uri("https://chat.example.org/base"));
        SeededGuild guild = await node.SeedAsync();
        Assert.Equal("wss://chat.example.org/base", (string?)(await guild.Bot.GetAsync("/gateway")).Expect(200)["url"]);
        Assert.Equal("wss://chat.example.org/base", (string?)(await guild.Bot.GetAsync("/gateway/bot")).Expect(200)["url"]);
        await using GatewayClient bot = await (await node.ConnectAsync(guild.Bot)).IdentifyAsync();
        Assert.Equal("wss://chat.example.org/base", (string?)bot.Ready["resume_gateway_url"]);

        using MultipartFormDataContent form = new() { { new StringContent("""{"content":"with a file"}"""), "payload_json" } };
        ByteArrayContent file = new("text"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } };
        form.Add(file, "files[0]", "a.txt");
        JsonNode message = (await guild.Bot.PostAsync($"/channels/{guild.ChannelId}/messages", form)).Expect(200);
        Assert.StartsWith($"https://chat.example.org/base/attachments/{guild.ChannelId}/", (string?)message["attachments"]![0]!["url"]);

        string found = await node.Http.GetStringAsync(new Uri(node.Host.Address, "/.well-known/spacebar/client"));
        foreach ((string part, string scheme) in ((string, string)[])[("api", "https"), ("cdn", "https"), ("gateway", "wss")])
            Assert.Equal($"{scheme}://chat.example.org/base", (string?)JsonNode.Parse(found)![part]!["baseUrl"]);
    }

    [Fact]
    public async Task With_a_certificate_clients_are_served_by_https_and_wss()
    {
        string directory = Directory.CreateTempSubdirectory("node-test-").FullName;
        (string chain, string key, string thumbprint) = Certificate(directory);
        await using NodeKit node = await NodeKit.StartAsync(
            options => (options.Listen.TlsCertificate, options.Listen.TlsKey) = (chain, key));
        using HttpClientHandler handler = new();
        handler.ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Thumbprint == thumbprint;
        using HttpClient http = new(handler);
        Uri gateway = new((string)JsonNode.Parse(await http.GetStringAsync(new Uri(node.Host.Address, "/api/v10/gateway")))!["url"]!);
        Assert.Equal("wss", gateway.Scheme);
        using ClientWebSocket socket = new();
        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == thumbprint;
        using CancellationTokenSource patience = new(NodeKit.Patience);
        await socket.ConnectAsync(new Uri(gateway, "/?v=10&encoding=json"), patience.Token);
        byte[] buffer = new byte[1024];
        ValueWebSocketReceiveResult hello = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
        Assert.Equal(10, (int)JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, hello.Count))!["op"]!);
        Directory.Delete(directory, recursive: true);
    }

    private static (string Chain, string Key, string Thumbprint) Certificate(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        (string chain, string secret) = (Path.Combine(directory, "chain.pem"), Path.Combine(directory, "key.pem"));
        File.WriteAllText(chain, made.ExportCertificatePem());
        File.WriteAllText(secret, key.ExportPkcs8PrivateKeyPem());
        return (chain, secret, made.Thumbprint);
    }
}
