using System.Security.Cryptography;
using System.Text;

namespace Discord.Node.Ops;

/// <summary>
/// The operator's secret: 256 random bits in a file that only the node's user may read. Created at the first start, kept afterwards.
/// </summary>
internal sealed class OpsToken
{
    private readonly byte[] _hash;

    private OpsToken(string path, string token)
    {
        Path = path;
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Reads the file, or makes it.</summary>
    public static OpsToken LoadOrCreate(string dataDirectory)
    {
        var path = System.IO.Path.Combine(dataDirectory, "ops.token");
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: >= 32 } known)
        {
            // An operator may have written it.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return new OpsToken(path, known);
        }
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        PrivateFile.Write(path, token + "\n");
        return new OpsToken(path, token);
    }

    /// <summary>Whether an Authorization header carries the token. Takes the same time whatever is wrong with it.</summary>
    public bool Admits(string? header)
    {
        if (header is null || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return false;
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[7..].Trim())), _hash);
    }
}

/// <summary>Files that only the node's user may read.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a file whole: a reader sees the old one or the new one. It has mode 0600 from its first byte.</summary>
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
            stream.Write(Encoding.UTF8.GetBytes(text));
        File.Move(draft, path, overwrite: true);
    }
}
