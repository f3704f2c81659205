namespace Discord.Protocol.Etf;

/// <summary>Bytes that are no External Term Format that we take. The connection is closed with 4002.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="offset">Where: index of the first byte of the term that could not be read.</param>
public sealed class EtfException(string message, int offset) : FormatException($"ETF at byte {offset}: {message}")
{
    /// <summary>Index of the first byte of the term that could not be read.</summary>
    public int Offset { get; } = offset;
}
