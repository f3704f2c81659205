using Discord.Servers;

namespace Discord.Clients.Kit;

/// <summary>The stores that a node can have, for tests that hold for each.</summary>
internal static class Store
{
    /// <summary>Tests with a database of their own, one after another: their nodes' starts would hold each other up.</summary>
    public const string Collection = "Databases";

    public const string Sqlite = "sqlite";
    public const string Cql = "cql";

    /// <summary>
    /// The options of a node with a store of its own. Skips the test where the server that the store needs cannot be.
    /// </summary>
    public static async Task<string[]> OptionsAsync(string store) => store == Sqlite ? [] : OptionsOf(await Cassandra.PlainAsync());

    /// <summary>
    /// Says where a test is that may take a minute. The test runner takes a process for crashed that ends when its last word is 60 s old.
    /// </summary>
    public static void Say(string what) => TestContext.Current.TestOutputHelper!.WriteLine(what);

    /// <summary>The options of a node on a server, in a keyspace that no other has.</summary>
    public static string[] OptionsOf(Cassandra server) =>
    [
        "--store", Cql, "--cql-contact-points", server.Address, "--cql-keyspace", Cassandra.NewKeyspace(), "--cql-replication-factor", "1",
    ];
}
