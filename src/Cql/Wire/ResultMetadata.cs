using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>A column of a result, or a marker of a prepared statement.</summary>
/// <param name="Keyspace">Its keyspace.</param>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
public sealed record CqlColumn(string Keyspace, string Table, string Name, CqlType Type)
{
    internal static CqlColumn[] ReadAll(ref WireReader reader, int count, bool global)
    {
        var keyspace = global ? reader.String() : "";
        var table = global ? reader.String() : "";
        var columns = new CqlColumn[count];
        for (var i = 0; i < count; i++)
        {
            if (!global)
            {
                keyspace = reader.String();
                table = reader.String();
            }
            columns[i] = new CqlColumn(keyspace, table, reader.String(), CqlType.Read(ref reader));
        }
        return columns;
    }
}

/// <summary>What stands before the rows of a result. Native protocol v4, section 4.2.5.2.</summary>
/// <param name="Columns">The columns, or null where the request asked to leave them out.</param>
/// <param name="ColumnCount">How many values a row has.</param>
/// <param name="PagingState">Where the next page begins; null at the end.</param>
internal readonly record struct RowsMetadata(CqlColumn[]? Columns, int ColumnCount, byte[]? PagingState)
{
    private const int GlobalTable = 0x1;
    private const int HasMorePages = 0x2;
    private const int NoMetadata = 0x4;

    // CQL has no limit of columns in a row of its own; the int of the protocol is no size to allocate by.
    private const int MaxColumns = 32 * 1024;

    /// <summary>
    /// A page state goes back to the server as it came. Servers' are some hundred bytes; the bound is what one is trusted with.
    /// </summary>
    public const int MaxPagingState = 64 * 1024;

    public static RowsMetadata Read(ref WireReader reader)
    {
        var flags = reader.Int();
        var count = ReadCount(ref reader);
        byte[]? pagingState = null;
        if ((flags & HasMorePages) != 0 && reader.TryBytes(out var state))
        {
            if (state.Length > MaxPagingState) throw new CqlProtocolException($"a page state of {state.Length} bytes");
            pagingState = state.ToArray();
        }
        var columns = (flags & NoMetadata) != 0 ? null : CqlColumn.ReadAll(ref reader, count, (flags & GlobalTable) != 0);
        return new RowsMetadata(columns, count, pagingState);
    }

    /// <summary>The metadata of a prepared statement's markers, with the partition key's places among them.</summary>
    public static (CqlColumn[] Markers, int[] PartitionKey) ReadMarkers(ref WireReader reader)
    {
        var flags = reader.Int();
        var count = ReadCount(ref reader);
        var key = new int[reader.Count(2)];
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = reader.Short();
            if (key[i] >= count) throw new CqlProtocolException($"marker {key[i]} of {count} cannot be a part of the key");
        }
        return (count == 0 ? [] : CqlColumn.ReadAll(ref reader, count, (flags & GlobalTable) != 0), key);
    }

    private static int ReadCount(ref WireReader reader)
    {
        var count = reader.Int();
        return (uint)count <= MaxColumns ? count : throw new CqlProtocolException($"{(uint)count} columns in a row");
    }
}
