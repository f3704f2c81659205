using Discord.Storage.Tests.Sqlite;

namespace Discord.Storage.Tests.Migration;

public sealed class SqliteReplicaTests : ReplicaContract
{
    private readonly SqliteFixture _fixture = new();

    protected override ValueTask<IStorage> CreateAsync(TimeProvider time) => _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}
