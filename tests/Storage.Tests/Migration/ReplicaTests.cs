using Discord.Storage.Tests.Cql;
using Discord.Storage.Tests.Sqlite;

namespace Discord.Storage.Tests.Migration;

public sealed class SqliteReplicaTests() : ReplicaContract(new SqliteFixture());

[Collection(CassandraCollection.Name)]
public sealed class CqlReplicaTests() : ReplicaContract(new CqlFixture(messages: null));
