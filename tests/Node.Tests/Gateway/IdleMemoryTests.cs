namespace Discord.Node.Tests.Gateway;

/// <summary>Runs alone: it measures the whole process.</summary>
[CollectionDefinition(nameof(IdleMemoryTests), DisableParallelization = true)]
public class Alone;

/// <summary>What an idle connection keeps.</summary>
[Collection(nameof(IdleMemoryTests))]
public class IdleMemoryTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("", 8)]
    [InlineData("&compress=zlib-stream", 8)]
    public async Task Idle_connection_keeps_little_managed_memory(string query, int mostKiB)
    {
        const int Count = 500;
        await using var host = await GatewayHost.StartAsync();
        await using (var warm = await RawClient.ConnectAsync(host, "/?v=10"))
            await warm.HelloAsync();
        var clients = new List<RawClient>(Count);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
            clients.Add(await RawClient.ConnectAsync(host, "/?v=10" + query));
        foreach (var client in clients)
            Assert.NotNull(await client.FrameAsync());
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        output.WriteLine($"{each} B of managed memory for each idle connection, both ends included{query}");
        Assert.InRange(each, 0, mostKiB << 10);
        foreach (var client in clients)
            await client.DisposeAsync();
        GC.KeepAlive(clients);
    }
}
