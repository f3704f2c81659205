namespace Discord.Node.Rest;

/// <summary>Reads the version off a path: <c>/api/v9/…</c>, <c>/api/v10/…</c>, and <c>/api/…</c> for the default version.</summary>
internal static class ApiPath
{
    /// <summary>What a path without a version means.</summary>
    public const int DefaultVersion = 9;

    /// <summary>Whether the path belongs to the API at all.</summary>
    /// <param name="path">The decoded path.</param>
    /// <param name="offset">Where the part below the version begins: at a slash, or at the end.</param>
    /// <param name="version">9, 10, or 0 for a version that is not served.</param>
    public static bool TryRead(string path, out int offset, out int version)
    {
        offset = 4;
        version = DefaultVersion;
        if (!path.StartsWith("/api", StringComparison.Ordinal) || (path.Length > 4 && path[4] != '/'))
            return false;
        var rest = path.AsSpan(4);
        if (rest.Length < 3 || rest[1] != 'v' || !char.IsAsciiDigit(rest[2]))
            return true;
        var length = rest[1..].IndexOf('/');
        if (length < 0)
            length = rest.Length - 1;
        offset = 5 + length;
        version = rest.Slice(2, length - 1) switch { "9" => 9, "10" => 10, _ => 0 };
        return true;
    }
}
