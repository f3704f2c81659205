using System.Net;
using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Tests.Server;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Wire;

/// <summary>
/// Bodies as a server sends them, and each of them cut short at every byte: that is an error of the protocol and nothing else.
/// </summary>
public sealed class BodyTests
{
    private static readonly IPEndPoint s_host = new(IPAddress.Loopback, 9042);

    [Fact]
    public void Rows_are_read_and_refused_where_they_are_cut_short()
    {
        var body = Bodies.Rows([("a", CqlType.Of(CqlTypeCode.Bigint)), ("b", CqlType.Of(CqlTypeCode.Varchar))], [1L, "x"], [2L, null]);

        using var rows = Read(body);

        Assert.Equal([(1L, "x"), (2L, null)], rows.ToList(row => (row.GetInt64(0), row.GetText(1))));
        EachCut(body, cut =>
        {
            using var partial = Read(cut);
            partial.ToList(row => row.GetInt64(0));
        });
    }

    [Fact]
    public void Rows_with_a_page_state_tell_it()
    {
        using var rows = Read(Bodies.Page([("a", CqlType.Of(CqlTypeCode.Int))], pagingState: [1, 2, 3], [5]));

        Assert.Equal([1, 2, 3], rows.PagingState!.Value.ToArray());
    }

    [Fact]
    public void Page_state_above_the_limit_is_refused()
    {
        var body = Bodies.Page([("a", CqlType.Of(CqlTypeCode.Int))], pagingState: new byte[RowsMetadata.MaxPagingState + 1], [5]);

        Assert.Throws<CqlProtocolException>(() => Read(body));
    }

    [Fact]
    public void Rows_without_columns_take_those_that_are_known_and_refuse_another_number_of_them()
    {
        CqlColumn[] known = [new("k", "t", "a", CqlType.Of(CqlTypeCode.Int))];
        var one = Bodies.RowsWithoutColumns(1, [5]);

        using var rows = Read(one, known);

        Assert.Equal(5, rows.First(row => row.GetInt32(0)));
        var two = Bodies.RowsWithoutColumns(2, [5, 6]);
        Assert.Throws<StaleMetadataException>(() => Read(two, known));
    }

    [Fact]
    public void Number_of_rows_that_cannot_be_there_is_refused()
    {
        var body = Bodies.Rows([("a", CqlType.Of(CqlTypeCode.Int))], [5]);
        var count = body.Length - 4 - 4 - 4;
        body.AsSpan(count, 4).Fill(0x7F);

        Assert.Throws<CqlProtocolException>(() => Read(body));
    }

    [Fact]
    public void Prepared_statement_is_read_and_refused_where_it_is_cut_short()
    {
        var body = Bodies.Prepared([7, 7], [("k", CqlType.Of(CqlTypeCode.Int)), ("l", CqlType.Of(CqlTypeCode.Int))], [1, 0], []);

        var state = ReadPrepared(body);

        Assert.Equal([7, 7], state.Id);
        Assert.Equal([1, 0], state.PartitionKey);
        Assert.Equal(["k", "l"], state.Markers.Select(marker => marker.Name));
        Assert.False(state.SkipMetadata);
        EachCut(body, cut => ReadPrepared(cut));
    }

    [Fact]
    public void Errors_become_their_types_with_what_they_tell()
    {
        Assert.Equal(
            (ConsistencyLevel.Quorum, 1, 2),
            Error(0x1000, Replicas(), (CqlUnavailableException e) => (e.Consistency, e.Required, e.Alive)));
        Assert.Equal(
            (1, 2, true),
            Error(0x1200, Replicas((ref w) => w.Byte(1)), (CqlReadTimeoutException e) => (e.Received, e.Required, e.DataPresent)));
        Assert.Equal(
            (1, 2, CqlWriteType.BatchLog),
            Error(
                0x1100, Replicas((ref w) => w.String("BATCH_LOG")), (CqlWriteTimeoutException e) => (e.Received, e.Required, e.WriteType)));
        Assert.Equal(
            (1, 2, 3),
            Error(0x1300, Replicas((ref w) => w.Int(3)), (CqlReadFailureException e) => (e.Received, e.Required, e.Failures)));
        Assert.Equal(
            (3, CqlWriteType.Simple),
            Error(0x1500, Replicas(FailuresOfSimple), (CqlWriteFailureException e) => (e.Failures, e.WriteType)));
        Assert.Equal(("k", "t"), Error(0x2400, Names, (CqlAlreadyExistsException e) => (e.Keyspace, e.Table)));
        Assert.Equal([1, 2], Error(0x2500, (ref w) => w.ShortBytes([1, 2]), (CqlUnpreparedException e) => e.Id));
        Assert.True(Error(0x1001, Bodies.Nothing, (CqlOverloadedException e) => e.IsTransient));
        Assert.False(Error(0x2000, Bodies.Nothing, (CqlSyntaxException e) => e.IsTransient));
        Assert.False(Error(0x2200, Bodies.Nothing, (CqlInvalidException e) => e.IsTransient));
        Assert.False(Error(0x2100, Bodies.Nothing, (CqlUnauthorizedException e) => e.IsTransient));
        Assert.False(Error(0x0100, Bodies.Nothing, (CqlAuthenticationException e) => e.IsTransient));

        static void FailuresOfSimple(ref WireWriter writer)
        {
            writer.Int(3);
            writer.String("SIMPLE");
        }

        static void Names(ref WireWriter writer)
        {
            writer.String("k");
            writer.String("t");
        }
    }

    [Fact]
    public void Error_of_an_unknown_code_keeps_its_code()
    {
        Assert.Equal((CqlErrorCode)0x7777, Error(0x7777, Bodies.Nothing, (CqlServerException e) => e.Code));
    }

    [Fact]
    public void Warnings_trace_and_payload_stand_before_the_body()
    {
        var writer = new WireWriter(64);
        writer.Raw(new byte[16]);
        writer.Short(1);
        writer.String("tombstones");
        writer.Short(2);
        writer.String("other");
        writer.Int(-1);
        writer.String("tablets-routing-v1");
        writer.Bytes([9]);
        writer.Int(1);
        var body = writer.Written.ToArray();
        const FrameFlags All = FrameFlags.Tracing | FrameFlags.Warning | FrameFlags.CustomPayload;

        var envelope = new Response(Opcode.Result, All, body, body.Length).ReadEnvelope();

        Assert.Equal(body.Length - 4, envelope.Length);
        Assert.Equal(["tombstones"], envelope.Warnings);
        Assert.Equal([9], envelope.Tablets);
        for (var length = 0; length < envelope.Length; length++)
            Assert.Throws<CqlProtocolException>(() => new Response(Opcode.Result, All, body, length).ReadEnvelope());
    }

    [Fact]
    public void Events_are_read()
    {
        var writer = new WireWriter(64);
        writer.String("STATUS_CHANGE");
        writer.String("UP");
        writer.Byte(4);
        writer.Raw([10, 0, 0, 7]);
        writer.Int(9042);
        var body = writer.Written.ToArray();

        Assert.Equal(new EventBody("STATUS_CHANGE", "UP", IPEndPoint.Parse("10.0.0.7:9042"), null), EventBody.Read(body));
        for (var length = 0; length < body.Length; length++)
            Assert.Throws<CqlProtocolException>(() => EventBody.Read(body.AsSpan(0, length)));
    }

    [Fact]
    public void Types_that_nest_too_deep_are_refused()
    {
        var writer = new WireWriter(256);
        for (var i = 0; i < 100; i++) writer.Short((ushort)CqlTypeCode.List);
        var body = writer.Written.ToArray();

        Assert.Throws<CqlProtocolException>(() =>
        {
            var reader = new WireReader(body);
            CqlType.Read(ref reader);
        });
    }

    [Fact]
    public void Vector_is_known_by_its_class()
    {
        var writer = new WireWriter(256);
        writer.Short(0);
        writer.String("org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType , 3)");
        var reader = new WireReader(writer.Written);

        Assert.Equal("vector<float, 3>", CqlType.Read(ref reader).ToString());
    }

    [Fact]
    public void Compressed_body_comes_back_and_a_damaged_one_is_refused()
    {
        var writer = new WireWriter(0);
        writer.Raw([1, 2, 3]);
        writer.Raw(new byte[5000]);
        Assert.True(Lz4.TryCompress(ref writer, 3));
        var compressed = writer.Written[3..].ToArray();

        Assert.Equal(new byte[5000], Lz4.Decompress(compressed, 5000, out var length).AsSpan(0, length).ToArray());
        Assert.Throws<CqlProtocolException>(() => Lz4.Decompress(compressed, 4999, out _));
        Assert.Throws<CqlProtocolException>(() => Lz4.Decompress(compressed.AsSpan(0, compressed.Length - 1), 5000, out _));
        Assert.Throws<CqlProtocolException>(() => Lz4.Decompress([0, 0], 5000, out _));
    }

    private static RowSet Read(byte[] body, CqlColumn[]? known = null)
    {
        var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented, 0);
        return RowSet.Read(rented, 4, body.Length, known, s_host, []);
    }

    private static PreparedState ReadPrepared(byte[] body)
    {
        var reader = new WireReader(body.AsSpan(4));
        return PreparedState.Read(ref reader);
    }

    private static void EachCut(byte[] body, Action<byte[]> read)
    {
        for (var length = 4; length < body.Length; length++) Assert.Throws<CqlProtocolException>(() => read(body[..length]));
    }

    // A consistency and two numbers, then what follows.
    private static Bodies.Fill Replicas(Bodies.Fill? rest = null) => (ref writer) =>
    {
        writer.Short((ushort)ConsistencyLevel.Quorum);
        writer.Int(1);
        writer.Int(2);
        rest?.Invoke(ref writer);
    };

    private static T Error<TError, T>(int code, Bodies.Fill rest, Func<TError, T> pick) where TError : CqlServerException
    {
        var body = Bodies.Error(code, "said", rest);
        var reader = new WireReader(body);
        var error = Assert.IsType<TError>(ErrorBody.Read(ref reader));
        Assert.Equal(error is CqlUnavailableException ? "said (replicas needed: 1, alive: 2)" : "said", error.Message);
        return pick(error);
    }
}
