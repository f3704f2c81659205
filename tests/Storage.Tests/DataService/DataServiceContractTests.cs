using Discord.Storage.DataService;
using Discord.Storage.Tests.Contract;
using Discord.Storage.Tests.Sqlite;

namespace Discord.Storage.Tests.DataService;

/// <summary>A data service in front of a SQLite store.</summary>
internal sealed class DataServiceFixture(long cacheBytes, bool coalesce) : IStoreFixture
{
    private readonly SqliteFixture _fixture = new();

    public async ValueTask<IStorage> OpenAsync(TimeProvider time) => await DataServiceStorage.OpenAsync(
        await _fixture.OpenAsync(time), new DataServiceOptions { CacheBytes = cacheBytes, Coalesce = coalesce, Time = time });

    public void Dispose() => _fixture.Dispose();
}

// A data service keeps the contract of the store behind it, whatever it keeps in memory.
public sealed class DataServiceTests() : MessageStoreContract(new DataServiceFixture(64 << 20, coalesce: true));

public sealed class DataServiceWithLittleMemoryTests() : MessageStoreContract(new DataServiceFixture(4096, coalesce: true));

public sealed class DataServiceWithoutMemoryTests() : MessageStoreContract(new DataServiceFixture(0, coalesce: false));
