using Discord.Protocol;
using Discord.Protocol.Forms;
using Discord.Storage;
using Discord.Storage.Files;

namespace Discord.Node.Cdn;

/// <summary>Stores images that came with a form and answers the hash that stands for them in payloads and URLs.</summary>
public static class Images
{
    /// <summary>Avatars, icons, banners and splashes: 10 MiB, as Discord's ("Image Data").</summary>
    public const int MaxBytes = 10 << 20;

    /// <summary>Stores an image under its owner; the same image twice is stored once.</summary>
    /// <returns>Its hash, with <c>a_</c> in front when it moves.</returns>
    /// <exception cref="StorageException">It cannot be stored.</exception>
    public static async ValueTask<string> SaveAsync(this IBlobStore blobs, BlobKind kind, Snowflake owner, ImageData image)
    {
        BlobKey key = BlobKey.ForContent(kind, owner, image.Bytes, image.IsAnimated);
        using MemoryStream content = new(image.Bytes, writable: false);
        await blobs.PutAsync(key, content, MaxBytes);
        return key.Hash;
    }

    /// <summary>Stores an image that is named by its id alone (emoji, sticker).</summary>
    /// <exception cref="StorageException">It cannot be stored.</exception>
    public static async ValueTask SaveAsync(this IBlobStore blobs, BlobKind kind, Snowflake id, ImageData image, int maxBytes)
    {
        using MemoryStream content = new(image.Bytes, writable: false);
        await blobs.PutAsync(BlobKey.Image(kind, id), content, maxBytes);
    }
}
