using System.Text;
using Discord.Protocol;
using Discord.Storage.Files;

namespace Discord.Storage.Tests.Contract;

public abstract class BlobContract(IStoreFixture fixture) : StorageContract(fixture)
{
    private static readonly BlobKey Key = BlobKey.Attachment(new(12), new(34));

    private IBlobStore Blobs => Storage.Blobs;

    [Fact]
    public async Task Put_then_open_returns_the_content()
    {
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        Assert.Equal(content.Length, await Blobs.PutAsync(Key, new MemoryStream(content), content.Length));
        await using var blob = await Blobs.OpenAsync(Key);
        Assert.Equal(content.Length, blob!.Length);
        using var copy = new MemoryStream();
        await blob.Content.CopyToAsync(copy);
        Assert.Equal(content, copy.ToArray());
        blob.Content.Position = content.Length - 1;
        Assert.Equal(content[^1], blob.Content.ReadByte());
    }

    [Fact]
    public async Task Put_of_more_than_the_limit_is_refused_early_and_leaves_the_old_blob()
    {
        await Blobs.PutAsync(Key, new MemoryStream(Utf8("old")), 10);
        using var endless = new EndlessStream();
        var error = await Assert.ThrowsAsync<StorageException>(async () => await Blobs.PutAsync(Key, endless, 1_000_000));
        Assert.Equal(StorageError.TooLarge, error.Error);
        Assert.True(endless.Position < 1_200_000);
        Assert.Equal("old", await ReadAsync(Key));
    }

    [Fact]
    public async Task Put_whose_source_breaks_throws_the_sources_error_and_leaves_nothing()
    {
        using var broken = new BrokenStream();
        await Assert.ThrowsAnyAsync<IOException>(async () => await Blobs.PutAsync(Key, broken, 1_000_000));
        Assert.Null(await Blobs.OpenAsync(Key));
    }

    [Fact]
    public async Task Put_of_the_same_key_replaces_for_new_readers_only()
    {
        await Blobs.PutAsync(Key, new MemoryStream(Utf8("old")), 10);
        await using var reading = await Blobs.OpenAsync(Key);
        await Blobs.PutAsync(Key, new MemoryStream(Utf8("new")), 10);
        using var reader = new StreamReader(reading!.Content);
        Assert.Equal("old", await reader.ReadToEndAsync());
        Assert.Equal("new", await ReadAsync(Key));
    }

    [Fact]
    public async Task Delete_removes_the_blob()
    {
        Assert.False(await Blobs.DeleteAsync(Key));
        await Blobs.PutAsync(Key, new MemoryStream(), 0);
        Assert.Equal("", await ReadAsync(Key));
        Assert.True(await Blobs.DeleteAsync(Key));
        Assert.False(await Blobs.DeleteAsync(Key));
        Assert.Null(await Blobs.OpenAsync(Key));
    }

    [Fact]
    public async Task Keys_that_differ_in_anything_are_different_blobs()
    {
        var content = Utf8("image");
        BlobKey[] keys =
        [
            Key, BlobKey.Attachment(new(12), new(35)), BlobKey.Attachment(new(13), new(34)), BlobKey.Image(BlobKind.Emoji, new(12)),
            BlobKey.Image(BlobKind.Sticker, new(12)), BlobKey.ForContent(BlobKind.Avatar, new(12), content, animated: false),
            BlobKey.ForContent(BlobKind.Avatar, new(12), content, animated: true), BlobKey.ForContent(BlobKind.Banner, new(12), content,
                animated: true),
        ];
        for (var i = 0; i < keys.Length; i++) await Blobs.PutAsync(keys[i], new MemoryStream(Encoding.UTF8.GetBytes($"{i}")), 10);
        for (var i = 0; i < keys.Length; i++) Assert.Equal($"{i}", await ReadAsync(keys[i]));
        Assert.Equal("5", await ReadAsync(BlobKey.TryImage(BlobKind.Avatar, new(12), keys[5].Hash)!.Value));
    }

    [Fact]
    public async Task Delete_of_a_channels_attachments_leaves_those_of_others()
    {
        Snowflake channel = new(0x1234), other = new(0x11234);
        BlobKey[] gone = [BlobKey.Attachment(channel, new(1)), BlobKey.Attachment(channel, new(2))];
        BlobKey[] kept = [BlobKey.Attachment(other, new(1)), BlobKey.Attachment(new(0x12340), new(1))];
        foreach (BlobKey key in (BlobKey[])[.. gone, .. kept]) await Blobs.PutAsync(key, new MemoryStream([1]), 10);

        Assert.Equal(2, await Blobs.DeleteAttachmentsAsync(channel));

        foreach (BlobKey key in gone) Assert.Null(await Blobs.OpenAsync(key));
        foreach (BlobKey key in kept) Assert.Equal("\u0001", await ReadAsync(key));
        Assert.Equal(0, await Blobs.DeleteAttachmentsAsync(channel));
        Assert.Equal(0, await Blobs.DeleteAttachmentsAsync(new(0xFE)));
    }

    private async Task<string> ReadAsync(BlobKey key)
    {
        await using var blob = await Blobs.OpenAsync(key);
        using var reader = new StreamReader(blob!.Content);
        return await reader.ReadToEndAsync();
    }

    private sealed class EndlessStream : TestStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            Position += count;
            return count;
        }
    }

    private sealed class BrokenStream : TestStream
    {
        public override int Read(byte[] buffer, int offset, int count) =>
            (Position += count) > 100_000 ? throw new IOException("the client went away") : count;
    }

    private abstract class TestStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
