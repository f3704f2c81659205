using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Discord.Storage.Files;

/// <summary>What <see cref="UrlSigner.Verify"/> finds.</summary>
public enum UrlSignature
{
    /// <summary>Ours and not expired.</summary>
    Valid,

    /// <summary>Ours, but its time is over.</summary>
    Expired,

    /// <summary>Missing, malformed or not ours.</summary>
    Invalid,
}

/// <summary>
/// Signs attachment URLs as Discord's CDN does: <c>ex</c> and <c>is</c> are Unix seconds in hex (expiry, issue), <c>hm</c> is an
/// HMAC-SHA256 in hex over path, expiry and issue. Thread-safe.
/// </summary>
public sealed class UrlSigner
{
    /// <summary>How long Discord's own URLs are valid.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(24);

    private const int KeyBytes = 32;
    private readonly byte[] _key;

    /// <summary>Creates a signer.</summary>
    /// <param name="key">32 secret bytes.</param>
    public UrlSigner(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes, nameof(key));
        _key = key.ToArray();
    }

    /// <summary>Reads the key from a file, which it creates (mode 0600) with a random key if it is missing.</summary>
    /// <exception cref="StorageException">The file is not a key.</exception>
    public static UrlSigner FromKeyFile(string path)
    {
        if (!File.Exists(path))
        {
            var temporary = path + ".new";
            File.Delete(temporary);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: false);
            DirectoryFlush.Flush(Path.GetDirectoryName(path)!);
        }
        var key = File.ReadAllBytes(path);
        if (key.Length != KeyBytes)
        {
            throw new StorageException(
                StorageError.Corrupt,
                $"the file '{path}' should hold {KeyBytes} bytes; delete it to get a new key (signed URLs then expire at once)");
        }
        return new UrlSigner(key);
    }

    /// <summary>The query of a signed URL: <c>ex=…&amp;is=…&amp;hm=…</c>.</summary>
    /// <param name="path">The URL's path as it will be asked for, unescaped.</param>
    /// <param name="now">The time.</param>
    /// <param name="lifetime">How long it is valid.</param>
    public string Sign(string path, DateTimeOffset now, TimeSpan lifetime)
    {
        var ex = (now + lifetime).ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
        var issued = now.ToUnixTimeSeconds().ToString("x", CultureInfo.InvariantCulture);
        return $"ex={ex}&is={issued}&hm={Convert.ToHexStringLower(Mac(path, ex, issued))}";
    }

    /// <summary>Checks what came in a URL; any of the texts may be missing or hostile. Compares in constant time.</summary>
    public UrlSignature Verify(string path, string? ex, string? issued, string? hm, DateTimeOffset now)
    {
        if (!IsTime(ex) || !IsTime(issued) || hm is not { Length: 64 } || hm.AsSpan().ContainsAnyExcept(LowerHex.Digits))
            return UrlSignature.Invalid;
        if (!CryptographicOperations.FixedTimeEquals(Mac(path, ex!, issued!), Convert.FromHexString(hm)))
            return UrlSignature.Invalid;
        var expiry = long.Parse(ex!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return now.ToUnixTimeSeconds() < expiry ? UrlSignature.Valid : UrlSignature.Expired;
    }

    private static bool IsTime(string? text) => text is { Length: >= 1 and <= 12 } && !text.AsSpan().ContainsAnyExcept(LowerHex.Digits);

    // Hex has no line feed, so the three parts cannot be shifted against each other.
    private byte[] Mac(string path, string ex, string issued) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(ex + "\n" + issued + "\n" + path));
}
