using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>A channel's pins: one small partition, which whoever lists them reads whole; the domain allows 250.</summary>
internal sealed partial class CqlMessageStore
{
    private static readonly Query InsertPin = Query.Write("INSERT INTO pins (channel_id, message_id, pinned_at) VALUES (?, ?, ?)");
    private static readonly Query DeletePin = Query.Write("DELETE FROM pins WHERE channel_id = ? AND message_id = ?");
    private static readonly Query SelectPin = Query.Read("SELECT WRITETIME(pinned_at) FROM pins WHERE channel_id = ? AND message_id = ?");
    private static readonly Query SelectPins = Query.Read("SELECT message_id, pinned_at FROM pins WHERE channel_id = ?");
    private static readonly Query CountPins = Query.Read("SELECT COUNT(*) FROM pins WHERE channel_id = ?");

    public async ValueTask<bool> PinAsync(Snowflake channel, Snowflake message, DateTimeOffset at, CancellationToken ct)
    {
        var states = await StatesAsync(channel, MessageBucket.Of(message), [message], ct).ConfigureAwait(false);
        if (states is not [{ IsLive: true }] || await PinnedAtAsync(channel, message, ct).ConfigureAwait(false) is not null) return false;
        var insert = (await database.BindAsync(InsertPin, ct).ConfigureAwait(false)).AddId(channel).AddId(message).Add(at);
        await database.WriteAsync(insert.At(clock.Next())).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<bool> UnpinAsync(Snowflake channel, Snowflake message, CancellationToken ct)
    {
        if (await PinnedAtAsync(channel, message, ct).ConfigureAwait(false) is not { } written) return false;
        await UnpinAsync(channel, message, clock.Above(written)).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<IReadOnlyList<PinRow>> PinsAsync(Snowflake channel, DateTimeOffset? before, int limit, CancellationToken ct)
    {
        MessageRules.CheckLimit(limit);
        var select = (await database.BindAsync(SelectPins, ct).ConfigureAwait(false)).AddId(channel);
        var pins = await database.ListAsync(select, row => new PinRow(row.GetId(0), row.Get<DateTimeOffset>(1)), ct).ConfigureAwait(false);
        return [.. pins.Where(pin => before is null || pin.PinnedAt < before)
            .OrderByDescending(pin => pin.PinnedAt).ThenByDescending(pin => pin.MessageId).Take(limit)];
    }

    public async ValueTask<int> PinCountAsync(Snowflake channel, CancellationToken ct)
    {
        var count = (await database.BindAsync(CountPins, ct).ConfigureAwait(false)).AddId(channel);
        return (int)await database.FirstAsync(count, row => row.GetInt64(0), ct).ConfigureAwait(false);
    }

    /// <summary>The write's timestamp; null when the message is not pinned.</summary>
    private async ValueTask<long?> PinnedAtAsync(Snowflake channel, Snowflake message, CancellationToken ct)
    {
        var select = (await database.BindAsync(SelectPin, ct).ConfigureAwait(false)).AddId(channel).AddId(message);
        return await database.FirstAsync(select, row => (long?)row.GetInt64(0), ct).ConfigureAwait(false);
    }

    private async ValueTask UnpinAsync(Snowflake channel, Snowflake message, long timestamp) =>
        await database.WriteAsync((await database.BindAsync(DeletePin, default).ConfigureAwait(false)).AddId(channel).AddId(message)
            .At(timestamp))
            .ConfigureAwait(false);
}
