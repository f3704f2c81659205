using Discord.Storage.Sqlite;
using Discord.Storage.Tests.Contract;

namespace Discord.Storage.Tests.Sqlite;

/// <summary>A fresh SQLite store in a directory of its own.</summary>
internal sealed class SqliteFixture : IDisposable
{
    private readonly TempDirectory _directory = new();

    public async ValueTask<IStorage> OpenAsync(TimeProvider time) =>
        await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory.Path, Time = time });

    public void Dispose() => _directory.Dispose();
}

public sealed class SqliteMessageStoreTests : MessageStoreContract
{
    private readonly SqliteFixture _fixture = new();

    protected override ValueTask<IStorage> CreateAsync(TimeProvider time) => _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteJournalTests : JournalContract
{
    private readonly SqliteFixture _fixture = new();

    protected override ValueTask<IStorage> CreateAsync(TimeProvider time) => _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteLookupTests : LookupContract
{
    private readonly SqliteFixture _fixture = new();

    protected override ValueTask<IStorage> CreateAsync(TimeProvider time) => _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteAuditTests : AuditContract
{
    private readonly SqliteFixture _fixture = new();

    protected override ValueTask<IStorage> CreateAsync(TimeProvider time) => _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteAccountTests : AccountContract
{
    private readonly SqliteFixture _fixture = new();

    protected override ValueTask<IStorage> CreateAsync(TimeProvider time) => _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class SqliteBlobTests : BlobContract
{
    private readonly SqliteFixture _fixture = new();

    protected override ValueTask<IStorage> CreateAsync(TimeProvider time) => _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}
