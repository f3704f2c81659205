using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>What a session executes. Not thread-safe while it is being filled; must not be changed while it is executed.</summary>
public abstract class CqlStatement : IRequestBody
{
    private protected CqlStatement(CqlStatementOptions options) => Options = options;

    /// <summary>How it is to be carried out.</summary>
    public CqlStatementOptions Options { get; set; }

    /// <summary>
    /// The time of its writes, microseconds of 1970. Null: the session gives one that is later than all it has given before. Ignored by
    /// statements with a condition, whose time is the server's.
    /// </summary>
    public long? Timestamp { get; set; }

    /// <summary>Where the page begins: what <see cref="RowSet.PagingState"/> was. Null for the first page.</summary>
    public ReadOnlyMemory<byte>? PagingState { get; set; }

    Opcode IRequestBody.Opcode => Opcode;

    internal abstract Opcode Opcode { get; }

    /// <summary>Whether repeating it is safe where the options do not say.</summary>
    internal abstract bool IdempotentByNature { get; }

    internal bool IsIdempotent => Options.IsIdempotent ?? IdempotentByNature;

    /// <summary>The keyspace and table of its partition, where known.</summary>
    internal virtual (string Keyspace, string Table)? RoutingTable => null;

    /// <summary>The statement's kind for traces and metrics: never its values.</summary>
    internal abstract string Text { get; }

    void IRequestBody.Write(ref WireWriter writer, in RequestParameters parameters) => Write(ref writer, parameters);

    internal abstract void Write(ref WireWriter writer, in RequestParameters parameters);

    /// <summary>The token of the partition it is about, where its values say which.</summary>
    internal virtual bool TryGetToken(out long token)
    {
        token = 0;
        return false;
    }

    /// <summary>Refuses a statement that is not complete, before anything is sent.</summary>
    internal virtual void Validate()
    {
    }

    private protected static bool IsSelect(string text) =>
        text.AsSpan().TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase);
}
