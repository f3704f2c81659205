using Discord.Protocol;
using Discord.Storage.Files;

namespace Discord.Storage.Tests.Files;

/// <summary>What is the disk's own: where files lie, and what is left behind.</summary>
public sealed class DiskBlobStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("b_0123456789abcdef0123456789abcdef")]
    [InlineData("a_a_0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef/123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcd\0f")]
    [InlineData("")]
    public void Hash_from_outside_that_is_none_makes_no_key(string hash) => Assert.Null(BlobKey.TryImage(BlobKind.Avatar, new(1), hash));

    [Fact]
    public void Path_is_made_of_numbers_and_hash_only()
    {
        var hash = new string('a', 32);
        Assert.Equal(Path.Combine("attachment", "ff", "511-2"), BlobKey.Attachment(new(511), new(2)).RelativePath());
        Assert.Equal(Path.Combine("avatar", "01", "1-a_" + hash), BlobKey.TryImage(BlobKind.Avatar, new(1),
            "a_" + hash)!.Value.RelativePath());
        Assert.Equal(Path.Combine("emoji", "ff", ulong.MaxValue.ToString()), BlobKey.Image(BlobKind.Emoji,
            Snowflake.MaxValue).RelativePath());
    }

    [Fact]
    public async Task Refused_content_leaves_no_file()
    {
        var blobs = new DiskBlobStore(_directory.Path);
        await Assert.ThrowsAsync<StorageException>(async () =>
            await blobs.PutAsync(BlobKey.Attachment(new(1), new(2)), new MemoryStream(new byte[11]), 10));
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Open_removes_what_a_crash_left_and_keeps_blobs()
    {
        var key = BlobKey.Attachment(new(1), new(2));
        await new DiskBlobStore(_directory.Path).PutAsync(key, new MemoryStream([1]), 10);
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "incoming", "7"), "half a blob");
        var blobs = new DiskBlobStore(_directory.Path);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_directory.Path, "incoming")));
        await using var blob = await blobs.OpenAsync(key);
        Assert.Equal(1, blob!.Length);
    }

    [Fact]
    public async Task Failure_of_the_disk_is_a_typed_transient_error()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("an open file cannot be deleted on Windows");
        var blobs = new DiskBlobStore(_directory.Path);
        using var source = new VanishingStream(Path.Combine(_directory.Path, "incoming"));
        var error = await Assert.ThrowsAsync<StorageException>(async () =>
            await blobs.PutAsync(BlobKey.Attachment(new(1), new(2)), source, 1_000));
        Assert.Equal(StorageError.Io, error.Error);
        Assert.True(error.IsTransient);
    }

    /// <summary>Takes the directory of temporary files away while it is read, so that the blob cannot be put in place.</summary>
    private sealed class VanishingStream(string incoming) : MemoryStream(new byte[10])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Directory.Exists(incoming)) Directory.Delete(incoming, recursive: true);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
