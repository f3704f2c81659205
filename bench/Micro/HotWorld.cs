using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.Sqlite;

namespace Discord.Micro;

/// <summary>A SQLite store in a directory of its own with one channel of messages; gone when it is disposed.</summary>
internal sealed class HotWorld : IAsyncDisposable
{
    public const int Messages = 5_000;
    public static readonly Snowflake Channel = new(1_000);

    private static readonly byte[] s_body = new byte[300];
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("discord-micro-");

    private HotWorld()
    {
    }

    public SqliteStorage Sqlite { get; private set; } = null!;

    public static async Task<HotWorld> CreateAsync()
    {
        var world = new HotWorld();
        world.Sqlite = await SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = world._directory.FullName });
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => world.Sqlite.Messages.AppendAsync(Row(Channel, IdOf(i))).AsTask()));
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => world.Sqlite.Messages.AddReactionAsync(
            Channel, IdOf(2_450 + (i % 50)), "👍", new Snowflake((ulong)(100 + i))).AsTask()));
        return world;
    }

    /// <summary>The id of a channel's message with this number: one a minute.</summary>
    public static Snowflake IdOf(int number) => Snowflake.FromTimestamp(s_start + TimeSpan.FromMinutes(number));

    public static MessageRow Row(Snowflake channel, Snowflake id) => new(channel, id, new Snowflake(7), s_body);

    public async ValueTask DisposeAsync()
    {
        await Sqlite.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
