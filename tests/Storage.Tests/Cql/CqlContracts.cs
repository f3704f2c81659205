using Discord.Storage.Tests.Contract;

namespace Discord.Storage.Tests.Cql;

[Collection(CassandraCollection.Name)]
public sealed class CqlMessageStoreTests() : MessageStoreContract(new CqlFixture());

[Collection(CassandraCollection.Name)]
public sealed class CqlJournalTests() : JournalContract(new CqlFixture());

[Collection(CassandraCollection.Name)]
public sealed class CqlLookupTests() : LookupContract(new CqlFixture());

[Collection(CassandraCollection.Name)]
public sealed class CqlAuditTests() : AuditContract(new CqlFixture());

[Collection(CassandraCollection.Name)]
public sealed class CqlAccountTests() : AccountContract(new CqlFixture());

[Collection(CassandraCollection.Name)]
public sealed class CqlBlobTests() : BlobContract(new CqlFixture());
