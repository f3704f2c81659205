using Discord.Cql.Errors;

namespace Discord.Cql.Tests.Live;

public sealed class StatementTests
{
    [Fact]
    public async Task Prepared_insert_and_select_give_back_what_was_written()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync(
            "CREATE TABLE m (c bigint, b int, id bigint, author bigint, content text, PRIMARY KEY ((c, b), id))");
        var insert = await live.Session.PrepareAsync("INSERT INTO m (c, b, id, author, content) VALUES (?, ?, ?, ?, ?)");
        for (var i = 0; i < 10; i++) await live.Session.ExecuteAsync(insert.Bind(1L, 2, (long)i, 7L, $"text {i} ü"));

        var select = await live.Session.PrepareAsync("SELECT id, author, content FROM m WHERE c = ? AND b = ?");
        using var rows = await live.Session.ExecuteAsync(select.Bind(1L, 2));

        Assert.Equal(10, rows.Count);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(i => ((long)i, 7L, $"text {i} ü")),
            rows.ToList(row => (row.GetInt64(0), row.GetInt64(1), row.GetText(2)!)));
    }

    [Fact]
    public async Task Null_writes_a_tombstone_and_unset_leaves_the_value()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, a text, b text)");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, a, b) VALUES (?, ?, ?)");
        await live.Session.ExecuteAsync(insert.Bind(1, "a", "b"));

        await live.Session.ExecuteAsync(insert.Bind(1).AddNull().AddUnset());

        using var rows = await live.Session.ExecuteAsync("SELECT a, b FROM t WHERE k = 1");
        Assert.Equal((null, "b"), rows.First(row => (row.GetText(0), row.GetText(1))));
    }

    [Fact]
    public async Task Pages_are_fetched_until_there_is_no_more()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int, i int, PRIMARY KEY (k, i))");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, i) VALUES (1, ?)");
        for (var i = 0; i < 25; i++) await live.Session.ExecuteAsync(insert.Bind(i));
        var select = await live.Session.PrepareAsync("SELECT i FROM t WHERE k = ?", new CqlStatementOptions { PageSize = 10 });

        var pages = new List<int>();
        await foreach (var page in live.Session.PagesAsync(select.Bind(1))) pages.Add(page.Count);
        var all = new List<int>();
        await foreach (var i in live.Session.QueryAsync(select.Bind(1), row => row.GetInt32(0))) all.Add(i);

        Assert.Equal([10, 10, 5], pages);
        Assert.Equal(Enumerable.Range(0, 25), all);
    }

    [Fact]
    public async Task Page_state_goes_on_where_the_page_ended()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int, i int, PRIMARY KEY (k, i))");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, i) VALUES (1, ?)");
        for (var i = 0; i < 4; i++) await live.Session.ExecuteAsync(insert.Bind(i));
        var select = await live.Session.PrepareAsync("SELECT i FROM t WHERE k = ?", new CqlStatementOptions { PageSize = 3 });
        using var first = await live.Session.ExecuteAsync(select.Bind(1));

        var next = select.Bind(1);
        next.PagingState = first.PagingState;
        using var second = await live.Session.ExecuteAsync(next);

        Assert.Equal([3], second.ToList(row => row.GetInt32(0)));
        Assert.Null(second.PagingState);
    }

    [Fact]
    public async Task Condition_that_does_not_hold_is_not_applied_and_shows_the_row()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE names (name text PRIMARY KEY, owner bigint)");
        var claim = await live.Session.PrepareAsync("INSERT INTO names (name, owner) VALUES (?, ?) IF NOT EXISTS");

        using var first = await live.Session.ExecuteAsync(claim.Bind("joe", 1L));
        using var second = await live.Session.ExecuteAsync(claim.Bind("joe", 2L));

        Assert.True(first.WasApplied);
        Assert.False(second.WasApplied);
        Assert.Equal(1, second.First(row => row.Get<long>("owner")));
    }

    [Fact]
    public async Task Batches_of_all_kinds_are_carried_out()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int, i int, PRIMARY KEY (k, i))");
        await live.Session.ExecuteAsync("CREATE TABLE n (k int PRIMARY KEY, n counter)");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, i) VALUES (?, ?)");
        var count = await live.Session.PrepareAsync("UPDATE n SET n = n + ? WHERE k = ?");

        await live.Session.ExecuteAsync(
            new BatchStatement().Add(insert.Bind(1, 1)).Add(new SimpleStatement("INSERT INTO t (k, i) VALUES (?, ?)").Add(1).Add(2)));
        await live.Session.ExecuteAsync(new BatchStatement(BatchType.Unlogged).Add(insert.Bind(1, 3)).Add(insert.Bind(1, 4)));
        await live.Session.ExecuteAsync(new BatchStatement(BatchType.Counter).Add(count.Bind(2L, 1)).Add(count.Bind(3L, 1)));

        using var rows = await live.Session.ExecuteAsync("SELECT i FROM t WHERE k = 1");
        using var counted = await live.Session.ExecuteAsync("SELECT n FROM n WHERE k = 1");
        Assert.Equal([1, 2, 3, 4], rows.ToList(row => row.GetInt32(0)));
        Assert.Equal(5, counted.First(row => row.GetInt64(0)));
    }

    [Fact]
    public async Task Client_timestamps_order_the_writes_of_a_session()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, a text)");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, a) VALUES (1, ?)");
        await live.Session.ExecuteAsync(insert.Bind("new"));

        var older = insert.Bind("old");
        older.Timestamp = live.Session.NextTimestamp() - 10_000_000;
        await live.Session.ExecuteAsync(older);

        using var rows = await live.Session.ExecuteAsync("SELECT a, writetime(a) FROM t WHERE k = 1");
        Assert.Equal("new", rows.First(row => row.GetText(0)));
        Assert.InRange(rows.First(row => row.GetInt64(1)), 1, live.Session.NextTimestamp());
    }

    [Fact]
    public async Task Statement_that_the_server_has_forgotten_is_prepared_anew()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, a text)");
        var select = await live.Session.PrepareAsync("SELECT k, a FROM t WHERE k = ?");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, a) VALUES (?, ?)");
        await live.Session.ExecuteAsync(insert.Bind(1, "a"));

        // A change of the table makes the server forget the statements about it.
        await live.Session.ExecuteAsync("ALTER TABLE t ADD b text");
        await live.Session.ExecuteAsync(new BatchStatement().Add(insert.Bind(2, "b")));
        using var rows = await live.Session.ExecuteAsync(select.Bind(2));

        Assert.Equal("b", rows.First(row => row.GetText(1)));
    }

    [Fact]
    public async Task Star_that_was_prepared_before_a_column_was_added_shows_the_column()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, a text)");
        var select = await live.Session.PrepareAsync("SELECT * FROM t WHERE k = ?");
        using (await live.Session.ExecuteAsync(select.Bind(1)))
        {
            await live.Session.ExecuteAsync("ALTER TABLE t ADD b text");
        }
        // Another session makes the server know the statement again, with the new columns, before this one learns of them.
        await using (var other = await CqlSession.ConnectAsync(
            new CqlOptions { ContactPoints = [(await Servers.Cassandra.PlainAsync()).Address], Keyspace = live.Keyspace }))
        {
            await other.PrepareAsync("SELECT * FROM t WHERE k = ?");
        }
        await live.Session.ExecuteAsync("INSERT INTO t (k, a, b) VALUES (1, 'a', 'b')");

        using var rows = await live.Session.ExecuteAsync(select.Bind(1));

        Assert.Equal(("a", "b"), rows.First(row => (row.Get<string>("a"), row.Get<string>("b"))));
    }

    [Fact]
    public async Task Errors_are_typed_and_name_the_host()
    {
        await using var live = await LiveSession.OpenAsync();

        var syntax = await Assert.ThrowsAsync<CqlSyntaxException>(async () => await live.Session.ExecuteAsync("SELEC"));
        await Assert.ThrowsAsync<CqlInvalidException>(async () => await live.Session.PrepareAsync("SELECT a FROM nowhere"));
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY)");
        var exists = await Assert.ThrowsAsync<CqlAlreadyExistsException>(
            async () => await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY)"));

        Assert.NotNull(syntax.Host);
        Assert.False(syntax.IsTransient);
        Assert.Equal((live.Keyspace, "t"), (exists.Keyspace, exists.Table));
    }

    [Fact]
    public async Task Unavailable_replicas_are_told_with_their_number()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY)");
        var statement = new SimpleStatement(
            "SELECT k FROM t WHERE k = 1", new CqlStatementOptions { Consistency = ConsistencyLevel.Three });

        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(async () => await live.Session.ExecuteAsync(statement));

        var unavailable = Assert.IsType<CqlUnavailableException>(Assert.Single(error.Causes).Cause);
        Assert.Equal((3, 1), (unavailable.Required, unavailable.Alive));
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Values_that_do_not_go_with_the_markers_are_refused_before_anything_is_sent()
    {
        await using var live = await LiveSession.OpenAsync();
        await live.Session.ExecuteAsync("CREATE TABLE t (k int PRIMARY KEY, a text)");
        var insert = await live.Session.PrepareAsync("INSERT INTO t (k, a) VALUES (?, ?)");

        Assert.Throws<InvalidCastException>(() => insert.Bind(1L));
        Assert.Throws<InvalidOperationException>(() => insert.Bind(1, "a", "b"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await live.Session.ExecuteAsync(insert.Bind(1)));
    }
}
