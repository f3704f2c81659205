using System.Text;
using Discord.Node.Rest.Bodies;
using Discord.Protocol.Errors;
using Microsoft.AspNetCore.Http;

namespace Discord.Node.Tests.Rest.Bodies;

/// <summary>A multipart body that arrives in any pieces, or ends anywhere.</summary>
public sealed class MultipartSplitTests : IDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        "--edge\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n{\"content\":\"é\"}\r\n"
        + "--edge\r\nContent-Disposition: form-data; name=\"files[1]\"; filename=\"a.txt\"\r\n\r\none\r\n--edg\r\n"
        + "--edge\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"b.txt\"\r\n\r\n\r\n--edge--\r\n");

    private readonly string _directory = Directory.CreateTempSubdirectory("node-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Body_in_two_parts_cut_at_every_byte_is_read_alike()
    {
        string whole = await ReadAsync(Body);
        Assert.Equal("""{"content":"é"} 1:a.txt=6F-6E-65-0D-0A-2D-2D-65-64-67 0:b.txt=""", whole);
        for (int cut = 1; cut < Body.Length; cut++)
            Assert.Equal(whole, await ReadAsync(Body[..cut], Body[cut..]));
    }

    [Fact]
    public async Task Body_byte_by_byte_is_read_alike() =>
        Assert.Equal(await ReadAsync(Body), await ReadAsync([.. Body.Select(b => new[] { b })]));

    [Fact]
    public async Task Body_that_ends_too_early_is_refused_wherever_it_ends()
    {
        // The line break behind the last boundary may be missing.
        for (int length = 1; length < Body.Length - 4; length++)
        {
            ApiException refused = await Assert.ThrowsAsync<ApiException>(() => ReadAsync(Body[..length]));
            Assert.Equal(400, refused.Error.HttpStatus);
        }
    }

    private async Task<string> ReadAsync(params byte[][] parts)
    {
        DefaultHttpContext http = new();
        http.Request.ContentType = "multipart/form-data; boundary=edge";
        http.Request.ContentLength = parts.Sum(p => p.Length);
        http.Request.Body = new Parts(parts);
        using RestForm form = await new BodyReader(_directory).ReadAsync(http);
        StringBuilder text = new(form.Json.GetRawText());
        foreach (UploadedFile file in form.Files)
        {
            using MemoryStream content = new();
            await using (Stream stream = file.OpenRead())
                await stream.CopyToAsync(content);
            text.Append($" {file.Index}:{file.FileName}={BitConverter.ToString(content.ToArray())}");
        }
        return text.ToString();
    }

    /// <summary>Gives one part a read, as a socket does.</summary>
    private sealed class Parts(byte[][] parts) : MemoryStream
    {
        private int _next;
        private int _taken;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next == parts.Length)
                return new(0);
            ReadOnlyMemory<byte> rest = parts[_next].AsMemory(_taken);
            int count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            _taken += count;
            if (_taken == parts[_next].Length)
                (_next, _taken) = (_next + 1, 0);
            return new(count);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
