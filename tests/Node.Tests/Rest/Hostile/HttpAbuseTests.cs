using System.Text;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.Rest.Hostile;

/// <summary>Requests that two servers might read in two ways, paths that would leave their folder, and forms without measure.</summary>
public sealed class HttpAbuseTests(NodeKit node) : IClassFixture<NodeKit>
{
    private const string Next = "GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("two lengths", "POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{")]
    [InlineData("a negative length", "POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("a length in words", "POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 0x10\r\n\r\n")]
    [InlineData("an unknown coding", "POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n")]
    [InlineData("chunked not last", "POST /api/v10/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n")]
    [InlineData("no host", "GET /api/v10/gateway HTTP/1.1\r\n\r\n")]
    [InlineData("two hosts", "GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("a space before the colon", "GET /api/v10/gateway HTTP/1.1\r\nHost : x\r\n\r\n")]
    [InlineData("a folded header", "GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n\tb\r\n\r\n")]
    [InlineData("a null in a header", "GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\nX-A: \0\r\n\r\n")]
    [InlineData("an unknown version", "GET /api/v10/gateway HTTP/3.1\r\nHost: x\r\n\r\n")]
    public async Task Request_that_is_read_in_two_ways_is_refused_and_nothing_behind_it_is_served(string what, string request)
    {
        string answer = await RawHttp.SendAsync(node.Host.Address, request + Next);
        Assert.True(answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 501",
            StringComparison.Ordinal)
            || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task Head_without_measure_is_refused()
    {
        string line = await RawHttp.SendAsync(node.Host.Address, $"GET /api/v10/{new string('x', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 414", line);
        string header = await RawHttp.SendAsync(node.Host.Address,
            $"GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\nX-A: {new string('x', 40_000)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431", header);
        string headers = string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n"));
        Assert.StartsWith("HTTP/1.1 431", await RawHttp.SendAsync(node.Host.Address,
            $"GET /api/v10/gateway HTTP/1.1\r\nHost: x\r\n{headers}\r\n"));
    }

    [Theory]
    [InlineData("/attachments/../../../etc/passwd")]
    [InlineData("/attachments/%2e%2e/%2e%2e/discord.db")]
    [InlineData("/attachments/1/1/..%2f..%2f..%2fdiscord.db")]
    [InlineData("/attachments/1/1/..%5c..%5cops.token")]
    [InlineData("/attachments/1/1/x?ex=7fffffff&is=0&hm=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("/attachments/1/1/x?ex=zz&is=-1&hm=%00")]
    [InlineData("/avatars/1/..%2f..%2f..%2fops.token")]
    [InlineData("/avatars/1/%2e%2e%2fops.token")]
    [InlineData("/icons/..%2f1/00000000000000000000000000000000.png")]
    [InlineData("/emojis/..%2f..%2fnode.json")]
    [InlineData("/guilds/1/users/1/avatars/%00")]
    [InlineData("/embed/avatars/-1.png")]
    [InlineData("//ops.token")]
    [InlineData("/..%2fops.token")]
    public async Task Path_that_would_leave_its_folder_finds_nothing(string path)
    {
        string answer = await RawHttp.SendAsync(node.Host.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.True(answer.StartsWith("HTTP/1.1 404", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 400",
            StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task File_names_cannot_leave_their_message()
    {
        SeededGuild guild = await node.SeedAsync();
        string[] names = ["../../../ops.token", "..\\..\\x.exe", "a\r\nX-Evil: 1.png", "..", ".", "", "con", new string('n', 3000)
            + ".png", "\u202egnp.exe", "<svg onload=1>.svg"];
        foreach (string name in names)
        {
            string disposition = $"form-data; name=\"files[0]\"; filename*=UTF-8''{Uri.EscapeDataString(name)}";
            using StringContent content = new($"--b\r\nContent-Disposition: {disposition}\r\n\r\nx\r\n--b--\r\n");
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
            Reply reply = await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", content);
            if (reply.Status != 200)
            {
                Assert.Null(EveryRoute.Unclear(reply, name));
                continue;
            }
            string url = (string)reply.Body!["attachments"]![0]!["url"]!;
            Assert.Matches("^[A-Za-z0-9._-]{1,260}$", (string)reply.Body["attachments"]![0]!["filename"]!);
            using HttpResponseMessage file = await node.Http.GetAsync(url);
            Assert.Equal("x", await file.Content.ReadAsStringAsync());
            Assert.False(file.Headers.Contains("X-Evil"));
            Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Theory]
    [InlineData("name=\"f\"")]
    [InlineData("name=\"payload_json\"")]
    [InlineData("name=\"files[0]\"; filename=\"x\"")]
    public async Task Form_of_thousands_of_parts_is_refused(string part)
    {
        SeededGuild guild = await node.SeedAsync();
        StringBuilder body = new();
        for (int i = 0; i < 5_000; i++)
            body.Append("--b\r\nContent-Disposition: form-data; ").Append(part).Append("\r\n\r\n\r\n");
        using StringContent content = new(body.Append("--b--\r\n").ToString());
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        Reply reply = await guild.Owner.PostAsync($"/channels/{guild.ChannelId}/messages", content);
        Assert.Equal(400, reply.Status);
        Assert.Null(EveryRoute.Unclear(reply, part));
    }
}
