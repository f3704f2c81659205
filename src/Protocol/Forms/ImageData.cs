using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Discord.Protocol.Forms;

/// <summary>Image formats that uploads may have.</summary>
[Flags]
public enum ImageFormat
{
    /// <summary>None known.</summary>
    None = 0,

    /// <summary>PNG.</summary>
    Png = 1,

    /// <summary>JPEG.</summary>
    Jpeg = 2,

    /// <summary>GIF.</summary>
    Gif = 4,

    /// <summary>WebP.</summary>
    WebP = 8,

    /// <summary>All of them.</summary>
    Any = Png | Jpeg | Gif | WebP,
}

/// <summary>An uploaded image: <c>data:image/png;base64,…</c> in a request body. See the API reference, "Image Data".</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Format">What the file is by its first bytes, whatever the URI says.</param>
public sealed record ImageData(byte[] Bytes, ImageFormat Format)
{
    /// <summary>File name extension, without dot.</summary>
    public string Extension => Format switch
    {
        ImageFormat.Png => "png",
        ImageFormat.Jpeg => "jpg",
        ImageFormat.Gif => "gif",
        _ => "webp",
    };

    /// <summary>Media type.</summary>
    public string ContentType => Format switch
    {
        ImageFormat.Png => "image/png",
        ImageFormat.Jpeg => "image/jpeg",
        ImageFormat.Gif => "image/gif",
        _ => "image/webp",
    };

    /// <summary>A GIF: its hash on the wire begins with <c>a_</c>.</summary>
    public bool IsAnimated => Format == ImageFormat.Gif;

    /// <summary>What a file is by its first bytes.</summary>
    public static ImageFormat Sniff(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']))
            return ImageFormat.Png;
        if (file.Length >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF)
            return ImageFormat.Jpeg;
        if (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8))
            return ImageFormat.Gif;
        return file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8) ? ImageFormat.WebP : ImageFormat.None;
    }

    /// <summary>Decodes a data URI whose base64 part is not longer than <paramref name="maxBytes"/> allows.</summary>
    /// <param name="uri">The text.</param>
    /// <param name="maxBytes">Most bytes of the file.</param>
    /// <param name="tooLarge">True when the size alone was wrong.</param>
    /// <param name="image">The image.</param>
    public static bool TryParse(ReadOnlySpan<char> uri, int maxBytes, out bool tooLarge, [NotNullWhen(true)] out ImageData? image)
    {
        image = null;
        tooLarge = false;
        const string Marker = ";base64,";
        var marker = uri.Length > 64 ? uri[..64].IndexOf(Marker) : uri.IndexOf(Marker);
        if (!uri.StartsWith("data:image/") || marker < 0)
            return false;
        var base64 = uri[(marker + Marker.Length)..];
        if (base64.Length / 4L * 3 > maxBytes + 2L)
        {
            tooLarge = true;
            return false;
        }
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length) + 3];
        if (!Convert.TryFromBase64Chars(base64, buffer, out var length))
            return false;
        var format = Sniff(buffer.AsSpan(0, length));
        if (format == ImageFormat.None)
            return false;
        if (length > maxBytes)
        {
            tooLarge = true;
            return false;
        }
        image = new ImageData(buffer.AsSpan(0, length).ToArray(), format);
        return true;
    }
}
