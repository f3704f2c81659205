using System.Text;
using Discord.Load.Wire;

namespace Discord.Load.Tests;

public class ResponseReaderTests
{
    private const string Answers =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 5\r\n\r\nhello" +
        "HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n" +
        "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n" +
        "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}" +
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static readonly (int, long, string, bool)[] Expected =
        [(200, 5, "", false), (204, 0, "", false), (201, 13, "", false), (429, 7, "{\"a\":1}", true), (200, 0, "", false)];

    [Fact]
    public void Answers_received_whole_are_all_read() => Assert.Equal(Expected, Read([Answers]));

    [Fact]
    public void Answers_split_at_every_byte_are_all_read()
    {
        for (int cut = 0; cut <= Answers.Length; cut++) Assert.Equal(Expected, Read([Answers[..cut], Answers[cut..]]));
    }

    [Fact]
    public void Answers_received_one_byte_at_a_time_are_all_read() => Assert.Equal(Expected, Read(Answers.Select(c => c.ToString())));

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2p1 Debian\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nDate: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")]
    public void Bytes_that_are_no_answer_are_refused(string text) => Assert.Throws<InvalidDataException>(() => Read([text]));

    [Fact]
    public void Error_body_is_kept_up_to_its_limit()
    {
        var reader = new ResponseReader();
        ReadOnlySpan<byte> data = Encoding.ASCII.GetBytes($"HTTP/1.1 500 X\r\nContent-Length: 5000\r\n\r\n{new string('e', 5000)}");
        Assert.True(reader.Read(ref data));
        Assert.Equal(2048, reader.ErrorBody.Length);
        Assert.Equal(5000, reader.BodyBytes);
    }

    private static List<(int, long, string, bool)> Read(IEnumerable<string> parts)
    {
        var reader = new ResponseReader();
        var seen = new List<(int, long, string, bool)>();
        foreach (string part in parts)
        {
            ReadOnlySpan<byte> data = Encoding.ASCII.GetBytes(part);
            while (reader.Read(ref data)) seen.Add((reader.Status, reader.BodyBytes, reader.ErrorBody, reader.CloseAfter));
        }
        return seen;
    }
}
