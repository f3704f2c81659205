using System.Net;
using Discord.Cql.Tests.Server;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Wire;

/// <summary>What the hot paths allocate: nothing for a value.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 1000;

    [Fact]
    public void Values_that_are_read_where_they_lie_allocate_nothing()
    {
        var body = Bodies.Rows(
            [("a", CqlType.Of(CqlTypeCode.Bigint)), ("b", CqlType.Of(CqlTypeCode.Int)), ("c", CqlType.Of(CqlTypeCode.Varchar))],
            [1L, 2, "text"],
            [3L, 4, null]);
        var rows = RowSet.Read(body, 4, body.Length, null, new IPEndPoint(IPAddress.Loopback, 1), []);

        Assert.Equal(0, AllocatedBy(() =>
        {
            long sum = 0;
            foreach (var row in rows) sum += row.GetInt64(0) + row.Get<int?>(1)!.Value + row.GetUtf8(2).Length + (row.IsNull(2) ? 1 : 0);
            Assert.True(sum == 15);
        }));
    }

    [Fact]
    public void Bound_statement_allocates_itself_and_its_bytes_and_nothing_for_a_value()
    {
        var markers = Enumerable.Range(0, 4).Select(i => new CqlColumn("k", "t", $"c{i}", CqlType.Of(CqlTypeCode.Bigint))).ToArray();
        var prepared = new PreparedStatement(
            new PreparedQuery("k", "INSERT", new PreparedState([1], markers, [0, 1], [])), CqlStatementOptions.Default);

        var empty = AllocatedBy(() => prepared.Bind());
        var bound = AllocatedBy(() => prepared.Bind(1L, 2L, 3L, 4L).TryGetToken(out _));

        Assert.Equal(empty, bound);
        Assert.InRange(bound / Rounds, 1, 400);
    }

    [Fact]
    public void Request_that_is_written_allocates_nothing()
    {
        var markers = new[] { new CqlColumn("k", "t", "a", CqlType.Of(CqlTypeCode.Bigint)) };
        var state = new PreparedState([1], markers, [0], []);
        var statement = new PreparedStatement(new PreparedQuery("k", "INSERT", state), CqlStatementOptions.Default).Bind(1L);
        var writer = new WireWriter(1024);
        var parameters = new RequestParameters { Prepared = state, PageSize = 10, Timestamp = 5 };

        Assert.Equal(0, AllocatedBy(() =>
        {
            writer.Clear();
            statement.Write(ref writer, parameters);
        }));
    }

    private static long AllocatedBy(Action action)
    {
        for (var i = 0; i < Rounds; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
