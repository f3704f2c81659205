using System.Net;
using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>Reads the bodies of RESULT. Native protocol v4, section 4.2.5.</summary>
internal static class Results
{
    /// <summary>
    /// The rows, which own the response's body from here on; the kinds without rows give it back. <paramref name="known"/> stands in for
    /// columns that were left out.
    /// </summary>
    /// <exception cref="StaleMetadataException">The columns are not those of <paramref name="known"/>.</exception>
    public static RowSet ReadRows(Response response, CqlColumn[]? known, IPEndPoint host)
    {
        var taken = false;
        try
        {
            var envelope = response.ReadEnvelope();
            var kind = ReadKind(response, envelope.Length);
            if (kind == ResultKind.Rows)
            {
                var rows = RowSet.Read(response.Body!, envelope.Length + 4, response.Length, known, host, envelope.Warnings);
                taken = true;
                return rows;
            }
            return envelope.Warnings.Length == 0 ? RowSet.Void : RowSet.Warned(envelope.Warnings, host);
        }
        finally
        {
            if (!taken) response.Return();
        }
    }

    public static ResultKind ReadKind(Response response, int offset)
    {
        if (response.Opcode != Opcode.Result) throw new CqlProtocolException($"a request was answered with {response.Opcode}");
        var reader = new WireReader(response.Span[offset..]);
        return (ResultKind)reader.Int();
    }

    /// <summary>The answer to PREPARE.</summary>
    public static PreparedState ReadPrepared(Response response)
    {
        try
        {
            var offset = response.ReadEnvelope().Length;
            if (ReadKind(response, offset) != ResultKind.Prepared)
                throw new CqlProtocolException("PREPARE was answered with another result");
            var reader = new WireReader(response.Span[(offset + 4)..]);
            return PreparedState.Read(ref reader);
        }
        finally
        {
            response.Return();
        }
    }
}
