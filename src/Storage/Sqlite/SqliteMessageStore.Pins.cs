using Discord.Protocol;

namespace Discord.Storage.Sqlite;

internal sealed partial class SqliteMessageStore
{
    private static readonly Sql InsertPin = new(
        """
        INSERT INTO pins (channel_id, message_id, pinned_at)
        SELECT channel_id, id, ?4 FROM messages WHERE channel_id = ?1 AND bucket = ?2 AND id = ?3 AND body IS NOT NULL
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql DeletePin = new("DELETE FROM pins WHERE channel_id = ?1 AND message_id = ?2");

    private static readonly Sql SelectPins = new(
        """
        SELECT message_id, pinned_at FROM pins WHERE channel_id = ?1 AND pinned_at < ?2
        ORDER BY pinned_at DESC, message_id DESC LIMIT ?3
        """);

    private static readonly Sql CountPins = new("SELECT count(*) FROM pins WHERE channel_id = ?1");

    public ValueTask<bool> PinAsync(Snowflake channel, Snowflake message, DateTimeOffset at, CancellationToken ct) =>
        writer.WriteAsync(
            database =>
            {
                using var insert = database.Use(InsertPin);
                insert.Bind(1, channel).Bind(2, MessageBucket.Of(message)).Bind(3, message).Bind(4, at.ToUnixTimeMilliseconds());
                return insert.Run() > 0;
            },
            atomic: false, ct);

    public ValueTask<bool> UnpinAsync(Snowflake channel, Snowflake message, CancellationToken ct) =>
        writer.WriteAsync(
            database =>
            {
                using var delete = database.Use(DeletePin);
                return delete.Bind(1, channel).Bind(2, message).Run() > 0;
            },
            atomic: false, ct);

    public ValueTask<IReadOnlyList<PinRow>> PinsAsync(Snowflake channel, DateTimeOffset? before, int limit, CancellationToken ct)
    {
        MessageRules.CheckLimit(limit);
        return readers.ReadAsync<IReadOnlyList<PinRow>>(
            database =>
            {
                var pins = new List<PinRow>();
                using var select = database.Use(SelectPins);
                select.Bind(1, channel).Bind(2, before?.ToUnixTimeMilliseconds() ?? long.MaxValue).Bind(3, limit);
                while (select.Step()) pins.Add(new PinRow(select.Id(0), DateTimeOffset.FromUnixTimeMilliseconds(select.Int64(1))));
                return pins;
            },
            ct);
    }

    public ValueTask<int> PinCountAsync(Snowflake channel, CancellationToken ct) =>
        readers.ReadAsync(
            database =>
            {
                using var count = database.Use(CountPins);
                return count.Bind(1, channel).Step() ? count.Int32(0) : 0;
            },
            ct);
}
