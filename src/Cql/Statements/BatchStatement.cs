using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>What a batch promises. Native protocol v4, section 4.1.7.</summary>
public enum BatchType : byte
{
    /// <summary>All of it is carried out or nothing, in the end.</summary>
    Logged = 0,

    /// <summary>Atomic only within one partition.</summary>
    Unlogged = 1,

    /// <summary>Counters.</summary>
    Counter = 2,
}

/// <summary>Several writes as one request.</summary>
public sealed class BatchStatement : CqlStatement
{
    // The count is a [short] on the wire.
    private const int MaxStatements = ushort.MaxValue;

    private readonly List<CqlStatement> _statements = [];

    /// <summary>An empty batch.</summary>
    public BatchStatement(BatchType type = BatchType.Logged, CqlStatementOptions? options = null)
        : base(options ?? CqlStatementOptions.Default) =>
        Type = type;

    /// <summary>What it promises.</summary>
    public BatchType Type { get; }

    /// <summary>How many statements it holds.</summary>
    public int Count => _statements.Count;

    internal override Opcode Opcode => Opcode.Batch;

    internal override bool IdempotentByNature =>
        Type != BatchType.Counter && _statements.Count > 0 && _statements.TrueForAll(statement => statement.IsIdempotent);

    internal override string Text => "BATCH";

    internal override (string Keyspace, string Table)? RoutingTable => _statements.Count > 0 ? _statements[0].RoutingTable : null;

    internal IReadOnlyList<CqlStatement> Statements => _statements;

    /// <summary>Adds a bound or simple statement.</summary>
    public BatchStatement Add(CqlStatement statement)
    {
        if (statement is BatchStatement) throw new ArgumentException("a batch holds no batch", nameof(statement));
        if (_statements.Count == MaxStatements) throw new InvalidOperationException($"a batch holds {MaxStatements} statements at most");
        _statements.Add(statement);
        return this;
    }

    internal override void Validate()
    {
        foreach (var statement in _statements) statement.Validate();
    }

    internal override bool TryGetToken(out long token)
    {
        token = 0;
        return _statements.Count > 0 && _statements[0].TryGetToken(out token);
    }

    internal override void Write(ref WireWriter writer, in RequestParameters parameters)
    {
        writer.Byte((byte)Type);
        writer.Short((ushort)_statements.Count);
        foreach (var statement in _statements)
        {
            switch (statement)
            {
                case BoundStatement bound:
                    writer.Byte(1);
                    writer.ShortBytes(bound.Prepared.Query.State.Id);
                    writer.Short((ushort)bound.Count);
                    writer.Raw(bound.Values);
                    break;
                case SimpleStatement simple:
                    writer.Byte(0);
                    writer.LongString(simple.Text);
                    writer.Short((ushort)simple.Count);
                    writer.Raw(simple.Values);
                    break;
            }
        }
        parameters.WriteBatch(ref writer);
    }
}
