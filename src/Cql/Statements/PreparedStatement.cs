namespace Discord.Cql;

/// <summary>
/// A statement that the cluster knows. Prepare once, bind many times. Immutable and thread-safe; stays valid when hosts restart, forget it
/// or join.
/// </summary>
public sealed class PreparedStatement
{
    internal PreparedStatement(PreparedQuery query, CqlStatementOptions options)
    {
        Query = query;
        Options = options;
    }

    /// <summary>The statement.</summary>
    public string Text => Query.Text;

    /// <summary>What its values must be, in their order.</summary>
    public IReadOnlyList<CqlColumn> Markers => Query.State.Markers;

    /// <summary>How what is bound from it is carried out.</summary>
    public CqlStatementOptions Options { get; }

    internal PreparedQuery Query { get; }

    /// <summary>The same statement, carried out otherwise.</summary>
    public PreparedStatement With(CqlStatementOptions options) => new(Query, options);

    /// <summary>A statement whose values are added one by one.</summary>
    public BoundStatement Bind() => new(this);

    /// <summary>A statement with its value. The types are checked against the markers'.</summary>
    public BoundStatement Bind<T1>(T1 v1) => Bind().Add(v1);

    /// <inheritdoc cref="Bind{T1}"/>
    public BoundStatement Bind<T1, T2>(T1 v1, T2 v2) => Bind().Add(v1).Add(v2);

    /// <inheritdoc cref="Bind{T1}"/>
    public BoundStatement Bind<T1, T2, T3>(T1 v1, T2 v2, T3 v3) => Bind().Add(v1).Add(v2).Add(v3);

    /// <inheritdoc cref="Bind{T1}"/>
    public BoundStatement Bind<T1, T2, T3, T4>(T1 v1, T2 v2, T3 v3, T4 v4) => Bind().Add(v1).Add(v2).Add(v3).Add(v4);

    /// <inheritdoc cref="Bind{T1}"/>
    public BoundStatement Bind<T1, T2, T3, T4, T5>(T1 v1, T2 v2, T3 v3, T4 v4, T5 v5) =>
        Bind().Add(v1).Add(v2).Add(v3).Add(v4).Add(v5);

    /// <inheritdoc cref="Bind{T1}"/>
    public BoundStatement Bind<T1, T2, T3, T4, T5, T6>(T1 v1, T2 v2, T3 v3, T4 v4, T5 v5, T6 v6) =>
        Bind().Add(v1).Add(v2).Add(v3).Add(v4).Add(v5).Add(v6);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
