namespace Discord.Cql;

/// <summary>How a statement is to be carried out. Immutable; shared between statements.</summary>
public sealed record CqlStatementOptions
{
    /// <summary>The session's defaults for everything.</summary>
    public static readonly CqlStatementOptions Default = new();

    /// <summary>How many replicas must answer; null for the session's default.</summary>
    public ConsistencyLevel? Consistency { get; init; }

    /// <summary>How a condition (<c>IF</c>) is decided: <see cref="ConsistencyLevel.Serial"/> or
    /// <see cref="ConsistencyLevel.LocalSerial"/>; null for the session's default.</summary>
    public ConsistencyLevel? SerialConsistency { get; init; }

    /// <summary>
    /// Whether carrying it out twice is the same as once. Only then is it repeated when it may have reached a server, or sent to two hosts
    /// at once. Null: a statement that begins with SELECT is, any other is not. A write with a condition, a counter or a list's append
    /// never is.
    /// </summary>
    public bool? IsIdempotent { get; init; }

    /// <summary>Rows of a page; null for the session's default.</summary>
    public int? PageSize { get; init; }

    /// <summary>How long one host has for its answer; null for the session's default.</summary>
    public TimeSpan? Timeout { get; init; }
}
