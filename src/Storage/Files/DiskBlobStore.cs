using System.Buffers;
using System.Globalization;
using Discord.Protocol;

namespace Discord.Storage.Files;

/// <summary>
/// Blobs as files below one directory. A blob is written to a temporary file, flushed, renamed to its name and its directory flushed, so
/// that a crash leaves the old blob, the new one, or a temporary file that the next start removes; never half a blob. Thread-safe.
/// </summary>
public sealed class DiskBlobStore : IBlobStore
{
    private const int BufferBytes = 64 * 1024;
    private const int NoSpaceUnix = 28;
    private const int NoSpaceWindows = unchecked((int)0x80070070);

    private readonly string _root;
    private readonly string _incoming;
    private long _counter;

    /// <summary>Opens or creates the store, and removes what an interrupted write left behind.</summary>
    /// <param name="directory">Its own directory; nothing else may be in it.</param>
    public DiskBlobStore(string directory)
    {
        _root = Path.GetFullPath(directory);
        _incoming = Path.Combine(_root, "incoming");
        if (Directory.Exists(_incoming)) Directory.Delete(_incoming, recursive: true);
        Directory.CreateDirectory(_incoming);
    }

    /// <inheritdoc/>
    public async ValueTask<long> PutAsync(BlobKey key, Stream content, long maxBytes, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        var temporary = Path.Combine(_incoming, Interlocked.Increment(ref _counter).ToString(CultureInfo.InvariantCulture));
        try
        {
            var length = await WriteAsync(temporary, content, maxBytes, ct).ConfigureAwait(false);
            await Task.Run(() => Publish(temporary, Path.Combine(_root, key.RelativePath())), CancellationToken.None).ConfigureAwait(false);
            return length;
        }
        catch (Exception e)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            // A file that may not grow so large (ulimit -f) is an argument out of range to .NET.
            if (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException && AsStorageError(e) is { } error)
                throw error;
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<BlobContent?> OpenAsync(BlobKey key, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        try
        {
            var file = new FileStream(Path.Combine(_root, key.RelativePath()), new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 0,
            });
            return ValueTask.FromResult<BlobContent?>(new BlobContent(file, file.Length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return ValueTask.FromResult<BlobContent?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AsStorageError(e)!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(BlobKey key, CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var path = Path.Combine(_root, key.RelativePath());
        try
        {
            return await Task.Run(
                () =>
                {
                    if (!File.Exists(path)) return false;
                    File.Delete(path);
                    DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
                    return true;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AsStorageError(e)!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<int> DeleteAttachmentsAsync(Snowflake channel, CancellationToken ct = default)
    {
        var folder = Path.GetDirectoryName(Path.Combine(_root, BlobKey.Attachment(channel, channel).RelativePath()))!;
        try
        {
            return await Task.Run(
                () =>
                {
                    if (!Directory.Exists(folder)) return 0;
                    var deleted = 0;
                    foreach (var path in Directory.EnumerateFiles(folder, $"{channel}-*"))
                    {
                        ct.ThrowIfCancellationRequested();
                        File.Delete(path);
                        deleted++;
                    }
                    DirectoryFlush.Flush(folder);
                    return deleted;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AsStorageError(e)!;
        }
    }

    /// <summary>The typed error of what a write met; null for errors of the caller's own stream.</summary>
    private static StorageException? AsStorageError(Exception e) => e switch
    {
        SourceException => null,
        { HResult: NoSpaceUnix or NoSpaceWindows } => new StorageException(StorageError.DiskFull, "the disk of the data directory is full",
            e),
        _ => new StorageException(StorageError.Io, $"a file of the data directory could not be used: {e.Message}", e),
    };

    private static async ValueTask<long> WriteAsync(string path, Stream content, long maxBytes, CancellationToken ct)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        });
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long length = 0;
            while (true)
            {
                var read = await ReadAsync(content, buffer, ct).ConfigureAwait(false);
                if (read == 0) break;
                if ((length += read) > maxBytes)
                    throw new StorageException(StorageError.TooLarge, $"the content has more than {maxBytes} bytes");
                await file.WriteAsync(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
            }
            await Task.Run(() => file.Flush(flushToDisk: true), CancellationToken.None).ConfigureAwait(false);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream content, byte[] buffer, CancellationToken ct)
    {
        try
        {
            return await content.ReadAsync(buffer.AsMemory(0, BufferBytes), ct).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new SourceException(e);
        }
    }

    private static void Publish(string temporary, string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
            // The new directory must be durable too, in its parent, and that one in its own.
            DirectoryFlush.Flush(Path.GetDirectoryName(directory)!);
            DirectoryFlush.Flush(Path.GetDirectoryName(Path.GetDirectoryName(directory)!)!);
        }
        File.Move(temporary, path, overwrite: true);
        DirectoryFlush.Flush(directory);
    }

    /// <summary>The caller's stream broke, e.g. because its client went away: that is no failure of the disk.</summary>
    private sealed class SourceException(IOException inner) : IOException(inner.Message, inner);
}
