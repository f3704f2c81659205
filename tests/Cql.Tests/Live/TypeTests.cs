using System.Net;
using System.Numerics;

namespace Discord.Cql.Tests.Live;

public sealed class TypeTests
{
    [Fact]
    public async Task Values_of_all_types_come_back_from_the_server()
    {
        await using var live = await LiveSession.OpenAsync();
        await RoundTripAsync(live, "ascii", "abc");
        await RoundTripAsync(live, "bigint", long.MinValue);
        await RoundTripAsync(live, "blob", new byte[] { 0, 1, 255 });
        await RoundTripAsync(live, "boolean", true);
        await RoundTripAsync(live, "date", new DateOnly(2026, 11, 28));
        await RoundTripAsync(live, "decimal", -12345.678m);
        await RoundTripAsync(live, "decimal", new CqlDecimal(BigInteger.Pow(7, 100), 50));
        await RoundTripAsync(live, "double", Math.PI);
        await RoundTripAsync(live, "duration", new CqlDuration(-1, -2, -3_000_000_000_000));
        await RoundTripAsync(live, "float", 1.5f);
        await RoundTripAsync(live, "inet", IPAddress.IPv6Loopback);
        await RoundTripAsync(live, "int", int.MaxValue);
        await RoundTripAsync(live, "list<text>", new List<string> { "a", "", "ü" });
        await RoundTripAsync(live, "map<text, int>", new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 });
        await RoundTripAsync(live, "map<int, frozen<list<bigint>>>", new Dictionary<int, long[]> { [1] = [1, 2], [2] = [3] });
        await RoundTripAsync(live, "set<uuid>", new HashSet<Guid> { Guid.NewGuid(), Guid.NewGuid() });
        await RoundTripAsync(live, "smallint", short.MinValue);
        await RoundTripAsync(live, "text", "größer ☃");
        await RoundTripAsync(live, "time", new TimeOnly(23, 59, 59, 999));
        await RoundTripAsync(live, "timestamp", new DateTimeOffset(1969, 12, 31, 23, 59, 59, 999, TimeSpan.Zero));
        await RoundTripAsync(live, "timeuuid", new Guid("50554d6e-29bb-11e5-b345-feff819cdc9f"));
        await RoundTripAsync(live, "tinyint", sbyte.MinValue);
        await RoundTripAsync(live, "frozen<tuple<int, text>>", (1, (string?)null));
        await RoundTripAsync(live, "frozen<tuple<int, text, bigint>>", (1, "a", (long?)2));
        await RoundTripAsync(live, "varint", -BigInteger.Pow(2, 200));
        await RoundTripAsync(live, "vector<float, 3>", new[] { 1f, 2f, 3f });
        await RoundTripAsync(live, "vector<text, 2>", new[] { "a", new string('b', 200) });
        await RoundTripAsync(live, "vector<smallint, 3>", new short[] { 1, -2, 3 });
        await RoundTripAsync(live, "vector<date, 1>", new[] { new DateOnly(2026, 1, 1) });
        await RoundTripAsync<int?>(live, "int", null);
    }

    [Fact]
    public async Task User_defined_type_comes_back_from_the_server()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TYPE address (street text, number int, tags set<text>)");
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, a frozen<address>)");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, a) VALUES (1, ?)");
        await live.Session.ExecuteAsync(insert.Bind(
            new CqlUdt(insert.Markers[0].Type).Set("street", "Main").Set("number", 5).Set("tags", new HashSet<string> { "x" })));

        using var rows = await live.Session.ExecuteAsync("SELECT a FROM t");

        var read = rows.First(row => row.Get<CqlUdt>(0));
        Assert.Equal(("Main", 5), (read.Get<string>("street"), read.Get<int>("number")));
        Assert.Equal(["x"], read.Get<HashSet<string>>("tags"));
    }

    [Fact]
    public async Task Tokens_of_keys_are_the_servers()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE one (k blob PRIMARY KEY)");
        await live.Session.ExecuteAsync("CREATE TABLE two (a bigint, b int, c text, PRIMARY KEY ((a, b, c)))");
        var one = await live.Session.PrepareAsync("SELECT token(k) FROM one WHERE k = ?");
        var two = await live.Session.PrepareAsync("SELECT token(a, b, c) FROM two WHERE c = ? AND a = ? AND b = ?");
        var random = new Random(5);
        for (var length = 1; length < 64; length++)
        {
            var key = new byte[length];
            random.NextBytes(key);
            await live.Session.ExecuteAsync(new SimpleStatement("INSERT INTO one (k) VALUES (?)").Add(key));
            await AssertTokenAsync(live.Session, one.Bind(key));
        }
        foreach (var text in (string[])["x", new string('y', 400)])
        {
            await live.Session.ExecuteAsync(new SimpleStatement("INSERT INTO two (a, b, c) VALUES (?, ?, ?)").Add(-5L).Add(7).Add(text));
            await AssertTokenAsync(live.Session, two.Bind(text, -5L, 7));
        }
    }

    private static async Task AssertTokenAsync(CqlSession session, BoundStatement statement)
    {
        using var rows = await session.ExecuteAsync(statement);
        Assert.True(statement.TryGetToken(out var token));
        Assert.Equal(rows.First(row => row.GetInt64(0)), token);
    }

    private static async Task RoundTripAsync<T>(LiveSession live, string type, T value)
    {
        var table = $"t{Guid.NewGuid():n}";
        await live.Session.ExecuteAsync($"CREATE TABLE {table} (k int PRIMARY KEY, v {type})");
        var insert = await live.Session.PrepareAsync($"INSERT INTO {table} (k, v) VALUES (1, ?)");
        var select = await live.Session.PrepareAsync($"SELECT v FROM {table} WHERE k = ?");
        await live.Session.ExecuteAsync(insert.Bind(value));
        using var rows = await live.Session.ExecuteAsync(select.Bind(1));
        Assert.Equal(value, rows.First(row => row.Get<T>(0)));
    }
}
