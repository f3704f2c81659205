using Discord.Storage.Tests.Cql;

namespace Discord.Storage.Tests.Migration;

[Collection(CassandraCollection.Name)]
public sealed class CqlReplicaTests : ReplicaContract
{
    private readonly CqlFixture _fixture = new();

    // The fixture empties half of the tables: this is both halves.
    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time)
    {
        using (var messages = new CqlFixture(messages: true))
            await (await messages.OpenAsync(time)).DisposeAsync();
        return await _fixture.OpenAsync(time);
    }

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}
