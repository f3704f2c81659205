namespace Discord.Storage.Cql;

/// <summary>How a statement is carried out, and what may be done when its answer is lost.</summary>
internal enum QueryKind
{
    /// <summary>A read at the store's consistency.</summary>
    Read,

    /// <summary>
    /// A read that sees every condition that was decided, and finishes those that were under way: what a write that was left in doubt did.
    /// </summary>
    SerialRead,

    /// <summary>A write with a timestamp of ours: repeating it is the same as doing it once.</summary>
    Write,

    /// <summary>A write with a condition, decided once. Its timestamp is the server's. The driver never repeats it; who runs it
    /// does, knowing how to tell what happened.</summary>
    Conditional,
}

/// <summary>A statement's text; prepared once by each <see cref="CqlDatabase"/>. Names have no keyspace: the session's is meant.</summary>
internal sealed class Query(string text, QueryKind kind)
{
    public string Text => text;

    public QueryKind Kind => kind;

    public static Query Read(string text) => new(text, QueryKind.Read);

    public static Query SerialRead(string text) => new(text, QueryKind.SerialRead);

    public static Query Write(string text) => new(text, QueryKind.Write);

    public static Query Conditional(string text) => new(text, QueryKind.Conditional);
}
