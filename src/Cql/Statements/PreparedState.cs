using System.Collections.Concurrent;
using Discord.Cql.Topology;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>What a server answered to PREPARE. Immutable; replaced as a whole when the statement is prepared anew.</summary>
/// <param name="Id">The server's name for it.</param>
/// <param name="Markers">The types that its values must have.</param>
/// <param name="PartitionKey">Which markers make up the partition's key, in the key's order; none when not all of it is a marker.</param>
/// <param name="Result">The columns of its rows; none when it gives none, or gives different ones (a condition).</param>
internal sealed record PreparedState(byte[] Id, CqlColumn[] Markers, int[] PartitionKey, CqlColumn[] Result)
{
    /// <summary>Whether the server may leave the columns out of its answers.</summary>
    public bool SkipMetadata => Result.Length > 0;

    /// <summary>Reads the body of RESULT Prepared after its kind (v4, section 4.2.5.4).</summary>
    public static PreparedState Read(ref WireReader reader)
    {
        var id = reader.ShortBytes().ToArray();
        var (markers, key) = RowsMetadata.ReadMarkers(ref reader);
        return new PreparedState(id, markers, key, RowsMetadata.Read(ref reader).Columns ?? []);
    }
}

/// <summary>A prepared text of a session's cache. Thread-safe.</summary>
internal sealed class PreparedQuery(string? keyspace, string text, PreparedState state)
{
    private volatile PreparedState _state = state;

    public string? Keyspace { get; } = keyspace;

    public string Text { get; } = text;

    public bool IsSelect { get; } = text.AsSpan().TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase);

    /// <summary>When it was last prepared anew at a host (<see cref="Execution.PreparedCache.Epoch"/>).</summary>
    public ConcurrentDictionary<Host, long> PreparedAt { get; } = new();

    /// <summary>As of the last time any host prepared it.</summary>
    public PreparedState State
    {
        get => _state;
        set => _state = value;
    }
}
