[assembly: AssemblyFixture(typeof(Discord.Clients.Kit.Npm))]
[assembly: AssemblyFixture(typeof(Discord.Clients.Kit.SharedNode))]

namespace Discord.Clients.Kit;

/// <summary>One node without rate limits for all tests that do not stop it. Each test seeds accounts and a guild of its own.
/// <c>DISCORD_TEST_STORE=cql</c> puts it on a Cassandra.</summary>
public sealed class SharedNode : IAsyncLifetime
{
    private NodeProcess? _node;

    public NodeProcess Node => _node ?? throw new InvalidOperationException("The node is not started.");

    public async ValueTask InitializeAsync() =>
        _node = await NodeProcess.StartAsync(["--rate-limits", "off", .. await Store.OptionsAsync(Store.OfThisRun)]);

    public ValueTask DisposeAsync() => _node?.DisposeAsync() ?? ValueTask.CompletedTask;
}
