[assembly: AssemblyFixture(typeof(Discord.Clients.Kit.Npm))]
[assembly: AssemblyFixture(typeof(Discord.Clients.Kit.SqliteNode))]
[assembly: AssemblyFixture(typeof(Discord.Clients.Kit.CassandraNode))]

namespace Discord.Clients.Kit;

/// <summary>
/// One node without rate limits for all tests that do not stop it, started by the first. Each test seeds accounts and a guild of its own.
/// </summary>
public abstract class SharedNode(string store) : IAsyncDisposable
{
    private readonly Lazy<Task<NodeProcess>> _node = new(async () =>
        await NodeProcess.StartAsync(["--rate-limits", "off", .. await Kit.Store.OptionsAsync(store)]));

    /// <summary>What it keeps its data on.</summary>
    public string Store => store;

    /// <summary>The node. Skips the test where its store cannot be.</summary>
    public Task<NodeProcess> NodeAsync() => _node.Value;

    public async ValueTask DisposeAsync()
    {
        if (_node is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _node.Value).DisposeAsync();
    }
}

/// <inheritdoc/>
public sealed class SqliteNode() : SharedNode(Kit.Store.Sqlite);

/// <inheritdoc/>
public sealed class CassandraNode() : SharedNode(Kit.Store.Cql);
