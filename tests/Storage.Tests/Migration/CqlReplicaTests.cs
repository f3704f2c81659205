using Discord.Storage.Tests.Cql;

namespace Discord.Storage.Tests.Migration;

public sealed class CqlReplicaTests : ReplicaContract
{
    private readonly CqlFixture _fixture = new(typeof(CqlReplicaTests));

    protected override async ValueTask<IStorage> CreateAsync(TimeProvider time) => await _fixture.OpenAsync(time);

    protected override ValueTask DestroyAsync()
    {
        _fixture.Dispose();
        return ValueTask.CompletedTask;
    }
}
