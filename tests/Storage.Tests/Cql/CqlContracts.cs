using Discord.Storage.Tests.Contract;

namespace Discord.Storage.Tests.Cql;

[Collection(CassandraCollection.Name)]
public sealed class CqlMessageStoreTests : MessageStoreContract
{
    private readonly CqlFixture _fixture = new(messages: true);

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

[Collection(CassandraCollection.Name)]
public sealed class CqlJournalTests : JournalContract
{
    private readonly CqlFixture _fixture = new();

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

[Collection(CassandraCollection.Name)]
public sealed class CqlLookupTests : LookupContract
{
    private readonly CqlFixture _fixture = new();

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

[Collection(CassandraCollection.Name)]
public sealed class CqlAuditTests : AuditContract
{
    private readonly CqlFixture _fixture = new();

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

[Collection(CassandraCollection.Name)]
public sealed class CqlAccountTests : AccountContract
{
    private readonly CqlFixture _fixture = new();

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

[Collection(CassandraCollection.Name)]
public sealed class CqlBlobTests : BlobContract
{
    private readonly CqlFixture _fixture = new();

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}
