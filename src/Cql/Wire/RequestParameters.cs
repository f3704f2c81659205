namespace Discord.Cql.Wire;

/// <summary>A frame's body, written straight into what is sent. Called again for each attempt.</summary>
internal interface IRequestBody
{
    Opcode Opcode { get; }

    void Write(ref WireWriter writer, in RequestParameters parameters);
}

/// <summary>What goes with a statement. Native protocol v4, section 4.1.4, <c>query_parameters</c>.</summary>
internal struct RequestParameters
{
    private const byte Values = 0x01;
    private const byte SkipMetadataFlag = 0x02;
    private const byte PageSizeFlag = 0x04;
    private const byte PagingStateFlag = 0x08;
    private const byte SerialFlag = 0x10;
    private const byte TimestampFlag = 0x20;

    public ConsistencyLevel Consistency;
    public ConsistencyLevel SerialConsistency;
    public int PageSize;
    public ReadOnlyMemory<byte>? PagingState;
    public long Timestamp;

    /// <summary>What a prepared statement is to the server; null for others.</summary>
    public PreparedState? Prepared;

    /// <summary>Writes all that follows a query's text or id.</summary>
    public readonly void Write(ref WireWriter writer, int values, ReadOnlySpan<byte> encoded)
    {
        writer.Short((ushort)Consistency);
        var flags = (byte)(SerialFlag | TimestampFlag);
        if (values > 0) flags |= Values;
        if (Prepared is { SkipMetadata: true }) flags |= SkipMetadataFlag;
        if (PageSize > 0) flags |= PageSizeFlag;
        if (PagingState is not null) flags |= PagingStateFlag;
        writer.Byte(flags);
        if (values > 0)
        {
            writer.Short((ushort)values);
            writer.Raw(encoded);
        }
        if (PageSize > 0) writer.Int(PageSize);
        if (PagingState is { } state) writer.Bytes(state.Span);
        writer.Short((ushort)SerialConsistency);
        writer.Long(Timestamp);
    }

    /// <summary>Writes what follows a batch's statements.</summary>
    public readonly void WriteBatch(ref WireWriter writer)
    {
        writer.Short((ushort)Consistency);
        writer.Byte(SerialFlag | TimestampFlag);
        writer.Short((ushort)SerialConsistency);
        writer.Long(Timestamp);
    }
}
