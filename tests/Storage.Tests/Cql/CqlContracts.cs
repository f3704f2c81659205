using Discord.Storage.Tests.Contract;

namespace Discord.Storage.Tests.Cql;

public sealed class CqlMessageStoreTests : MessageStoreContract
{
    private readonly CqlFixture _fixture = new(typeof(CqlMessageStoreTests));

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class CqlJournalTests : JournalContract
{
    private readonly CqlFixture _fixture = new(typeof(CqlJournalTests));

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class CqlLookupTests : LookupContract
{
    private readonly CqlFixture _fixture = new(typeof(CqlLookupTests));

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class CqlAuditTests : AuditContract
{
    private readonly CqlFixture _fixture = new(typeof(CqlAuditTests));

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class CqlAccountTests : AccountContract
{
    private readonly CqlFixture _fixture = new(typeof(CqlAccountTests));

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class CqlBlobTests : BlobContract
{
    private readonly CqlFixture _fixture = new(typeof(CqlBlobTests));

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}
