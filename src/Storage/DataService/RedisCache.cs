using StackExchange.Redis;

namespace Discord.Storage.DataService;

/// <summary>
/// Redis as a <see cref="ISharedCache"/>. It connects by itself, again and again, and each call fails while it is not connected.
/// </summary>
public sealed class RedisCache : ISharedCache
{
    private readonly Task<ConnectionMultiplexer> _connection;

    /// <summary>Begins to connect, and does not wait for it.</summary>
    public RedisCache(string host, int port)
    {
        var options = new ConfigurationOptions { AbortOnConnectFail = false, ConnectTimeout = 1_000, ClientName = "discord-node" };
        options.EndPoints.Add(host, port);
        // Away from the caller: names are looked up in there.
        _connection = Task.Run(() => ConnectionMultiplexer.ConnectAsync(options));
    }

    /// <inheritdoc/>
    public async Task SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime) =>
        await (await DatabaseAsync().ConfigureAwait(false)).StringSetAsync(key, value.ToArray(), lifetime).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> GetAsync(string key, int maxBytes) =>
        (byte[]?)await (await DatabaseAsync().ConfigureAwait(false)).StringGetRangeAsync(key, 0, maxBytes - 1).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_connection.IsCompletedSuccessfully) return;
        await (await _connection.ConfigureAwait(false)).CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
    }

    private async Task<IDatabase> DatabaseAsync() => (await _connection.ConfigureAwait(false)).GetDatabase();
}
