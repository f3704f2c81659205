using Discord.Cql;
using Discord.Servers;
using Discord.Storage.Cql;

namespace Discord.Storage.Tests.Cql;

/// <summary>Opening: tables made, made again after a crash, made by several at once, refused.</summary>
[Collection(CassandraCollection.Name)]
public sealed class CqlStorageTests
{
    [Fact]
    public async Task Tables_are_made_once_by_several_nodes_and_again_after_a_crash_in_between()
    {
        var server = await Cassandra.PlainAsync();
        var keyspace = Cassandra.NewKeyspace();
        await using var session = await CqlSession.ConnectAsync(new CqlOptions { ContactPoints = [server.Address] });
        using TempDirectory one = new(), other = new();
        CqlStorageOptions Options(TempDirectory directory) => new()
        {
            DataDirectory = directory.Path,
            ContactPoints = [server.Address],
            Keyspace = keyspace,
            ReplicationFactor = 1,
        };

        var both = await Task.WhenAll(CqlStorage.OpenAsync(Options(one)), CqlStorage.OpenAsync(Options(other)));
        foreach (var storage in both)
        {
            await storage.ReadyAsync();
            await storage.DisposeAsync();
        }

        // What a crash leaves in the middle of a step: some tables, no version, and the lock of the dead node until it runs out.
        await session.ExecuteAsync($"DROP TABLE {keyspace}.bot_applications");
        await session.ExecuteAsync($"DELETE FROM {keyspace}.schema_versions WHERE shard = 0");
        await session.ExecuteAsync(
            $"INSERT INTO {keyspace}.schema_lock (shard, holder) VALUES (0, {Guid.NewGuid()}) IF NOT EXISTS USING TTL 2");
        await using (var again = await CqlStorage.OpenAsync(Options(one)))
            Assert.Null(await again.Accounts.FindApplicationByBotAsync(new(1)));

        await session.ExecuteAsync($"INSERT INTO {keyspace}.schema_versions (shard, version) VALUES (0, 999)");
        var newer = await Assert.ThrowsAsync<StorageException>(() => CqlStorage.OpenAsync(Options(one)));
        Assert.Equal(StorageError.NewerSchema, newer.Error);
    }

    [Fact]
    public async Task Cluster_that_does_not_answer_is_unavailable_and_the_directory_is_free_again()
    {
        using TempDirectory directory = new();
        var options = new CqlStorageOptions { DataDirectory = directory.Path, ContactPoints = ["127.0.0.1:1"] };
        for (var i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<StorageException>(() => CqlStorage.OpenAsync(options));
            Assert.Equal((StorageError.Unavailable, true), (error.Error, error.IsTransient));
        }
    }

    [Fact]
    public async Task Keyspace_with_more_replicas_than_hosts_is_not_made_and_a_data_centre_that_is_none_is_named()
    {
        var server = await Cassandra.PlainAsync();
        using TempDirectory directory = new();
        var keyspace = Cassandra.NewKeyspace();
        CqlStorageOptions Options(int replicas, string datacenter = "dc1") => new()
        {
            DataDirectory = directory.Path,
            ContactPoints = [server.Address],
            Keyspace = keyspace,
            ReplicationFactor = replicas,
            Datacenter = datacenter,
        };

        var tooMany = await Assert.ThrowsAsync<StorageException>(() => CqlStorage.OpenAsync(Options(2)));
        Assert.Equal(StorageError.Refused, tooMany.Error);
        Assert.Contains("2 replicas do not fit into data centre dc1, which has 1 hosts", tooMany.Message, StringComparison.Ordinal);
        await using (await CqlStorage.OpenAsync(Options(1))) { }

        var elsewhere = await Assert.ThrowsAsync<StorageException>(() => CqlStorage.OpenAsync(Options(1, "dc9")));
        Assert.Equal((StorageError.Refused, "no host is in the data centre 'dc9'; the cluster's are: dc1"),
            (elsewhere.Error, elsewhere.Message));
    }

    [Theory]
    [InlineData("Discord")]
    [InlineData("a-b")]
    [InlineData("a; DROP KEYSPACE b")]
    [InlineData("a\n")]
    public async Task Keyspace_that_is_no_name_is_refused_before_anything_is_asked(string keyspace)
    {
        var options = new CqlStorageOptions { DataDirectory = "unused", ContactPoints = ["127.0.0.1:1"], Keyspace = keyspace };
        await Assert.ThrowsAsync<ArgumentException>(() => CqlStorage.OpenAsync(options));
        Assert.False(Directory.Exists("unused"));
    }
}
