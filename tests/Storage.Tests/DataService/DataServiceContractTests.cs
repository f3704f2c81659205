using Discord.Storage.DataService;
using Discord.Storage.Tests.Contract;
using Discord.Storage.Tests.Sqlite;

namespace Discord.Storage.Tests.DataService;

/// <summary>A data service keeps the contract of the store behind it, whatever it keeps in memory.</summary>
public abstract class DataServiceContract(long cacheBytes, bool coalesce) : MessageStoreContract
{
    private readonly SqliteFixture _fixture = new();

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await DataServiceStorage.OpenAsync(
        await _fixture.OpenAsync(time), new DataServiceOptions { CacheBytes = cacheBytes, Coalesce = coalesce, Time = time });

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class DataServiceTests() : DataServiceContract(64 << 20, coalesce: true);

public sealed class DataServiceWithLittleMemoryTests() : DataServiceContract(4096, coalesce: true);

public sealed class DataServiceWithoutMemoryTests() : DataServiceContract(0, coalesce: false);
