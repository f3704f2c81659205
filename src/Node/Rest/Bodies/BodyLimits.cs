namespace Discord.Node.Rest.Bodies;

/// <summary>Limits on request bodies, each with its reason.</summary>
public static class BodyLimits
{
    /// <summary>A whole request: Discord's limit for a message with its files.</summary>
    public const int Request = 25 * 1024 * 1024;

    /// <summary>
    /// What a client may still send of a body that was refused. It is read and thrown away, for five seconds at most: a client that writes
    /// on while the
    /// connection is closed sees a reset instead of the answer. Beyond it the connection is cut.
    /// </summary>
    public const long Discarded = 4L * Request;

    /// <summary>One file: Discord's limit without boosts.</summary>
    public const int File = 10 * 1024 * 1024;

    /// <summary>JSON: an image of 10 MiB as a base64 data URI, and room around it.</summary>
    public const int Json = 14 * 1024 * 1024;

    /// <summary>Tokens in a JSON body: parsing takes 12 B for each, so a body of commas would take many times its size. The largest honest
    /// bodies
    /// (a bulk overwrite of 100 commands) have some tens of thousands.</summary>
    public const int JsonTokens = 250_000;

    /// <summary>Bodies up to here are not counted in advance: they cannot hold more tokens than bytes.</summary>
    public const int CountTokensAbove = JsonTokens;

    /// <summary>Depth of JSON: embeds in components in forwarded messages stay below 20.</summary>
    public const int JsonDepth = 64;

    /// <summary>Files in one request: attachments of a message.</summary>
    public const int Files = 10;

    /// <summary>Plain fields in one form.</summary>
    public const int Fields = 100;

    /// <summary>Parts of one form of any kind, empty ones too.</summary>
    public const int Parts = Files + Fields + 1;

    /// <summary>Bytes of one plain field.</summary>
    public const int Field = 64 * 1024;

    /// <summary>Files up to here stay in memory.</summary>
    public const int FileInMemory = 64 * 1024;

    /// <summary>Bytes of all bodies that are in memory at the same time, above a first 64 KiB each.</summary>
    public const long BufferedBytes = 256L * 1024 * 1024;

    /// <summary>Bytes of all uploads that lie in temporary files at the same time.</summary>
    public const long TemporaryBytes = 2L * 1024 * 1024 * 1024;
}

/// <summary>Bytes that all requests share. Thread-safe.</summary>
/// <param name="limit">Bytes at most.</param>
/// <param name="what">What they are, for the error.</param>
internal sealed class ByteBudget(long limit, string what)
{
    private long _used;

    public long Used => Volatile.Read(ref _used);

    /// <exception cref="OverloadedException">The budget is spent.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
            return;
        Interlocked.Add(ref _used, -bytes);
        throw new OverloadedException($"The limit of {limit} bytes for {what} is reached.", 2);
    }

    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);
}
