using Discord.Storage.Sqlite;
using Discord.Storage.Tests.Contract;

namespace Discord.Storage.Tests.Sqlite;

/// <summary>A fresh SQLite store in a directory of its own.</summary>
internal sealed class SqliteFixture : IStoreFixture
{
    private readonly TempDirectory _directory = new();

    public async ValueTask<IStorage> OpenAsync(TimeProvider time) =>
        await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory.Path, Time = time });

    public void Dispose() => _directory.Dispose();
}

public sealed class SqliteMessageStoreTests() : MessageStoreContract(new SqliteFixture());

public sealed class SqliteJournalTests() : JournalContract(new SqliteFixture());

public sealed class SqliteLookupTests() : LookupContract(new SqliteFixture());

public sealed class SqliteAuditTests() : AuditContract(new SqliteFixture());

public sealed class SqliteAccountTests() : AccountContract(new SqliteFixture());

public sealed class SqliteBlobTests() : BlobContract(new SqliteFixture());
