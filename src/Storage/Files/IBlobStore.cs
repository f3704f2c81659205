using Discord.Protocol;

namespace Discord.Storage.Files;

/// <summary>A blob that is being read.</summary>
/// <param name="Content">Seekable; dispose it.</param>
/// <param name="Length">In bytes.</param>
public sealed record BlobContent(Stream Content, long Length) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>
/// Attachments and images. A blob is named by a <see cref="BlobKey"/>, that is by numbers and a hash only: no text from outside ever
/// becomes part of a path; a file's own name is metadata of the message. Safe to use from any thread.
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores a stream; completes when it is durable. A blob of the same key is replaced at once and whole.</summary>
    /// <returns>Its length.</returns>
    /// <exception cref="StorageException"><see cref="StorageError.TooLarge"/>: the stream has more than <paramref name="maxBytes"/>, and
    /// was not read further; <see cref="StorageError.DiskFull"/>; <see cref="StorageError.Io"/>. Nothing is left behind.</exception>
    ValueTask<long> PutAsync(BlobKey key, Stream content, long maxBytes, CancellationToken ct = default);

    /// <summary>The blob, or null when there is none.</summary>
    ValueTask<BlobContent?> OpenAsync(BlobKey key, CancellationToken ct = default);

    /// <summary>Deletes a blob. Who reads it now reads it to its end.</summary>
    /// <returns>False when there was none.</returns>
    ValueTask<bool> DeleteAsync(BlobKey key, CancellationToken ct = default);

    /// <summary>Deletes all attachments of a channel. After a crash in the middle, a repetition deletes the rest.</summary>
    /// <returns>How many there were.</returns>
    ValueTask<int> DeleteAttachmentsAsync(Snowflake channel, CancellationToken ct = default);
}
