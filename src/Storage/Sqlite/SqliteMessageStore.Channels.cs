using Discord.Protocol;

namespace Discord.Storage.Sqlite;

/// <summary>
/// Deleting whole channels: first a mark, then rows in steps, then the mark; a start finds the marks of what a crash interrupted.
/// </summary>
internal sealed partial class SqliteMessageStore
{
    private static readonly Sql MarkDeletion = new("INSERT INTO channel_deletions (channel_id) VALUES (?1) ON CONFLICT DO NOTHING");
    private static readonly Sql UnmarkDeletion = new("DELETE FROM channel_deletions WHERE channel_id = ?1");
    private static readonly Sql SelectDeletions = new("SELECT channel_id FROM channel_deletions");

    // Each removes at most ChunkRows from its start. Messages last: while one is left the channel is not empty.
    private static readonly Sql[] ChannelSteps =
    [
        new("""
            DELETE FROM reactions WHERE (channel_id, message_id, emoji, user_id) IN
                (SELECT channel_id, message_id, emoji, user_id FROM reactions WHERE channel_id = ?1 LIMIT ?2)
            """),
        new("""
            DELETE FROM reaction_counts WHERE (channel_id, message_id, emoji) IN
                (SELECT channel_id, message_id, emoji FROM reaction_counts WHERE channel_id = ?1 LIMIT ?2)
            """),
        new("DELETE FROM pins WHERE (channel_id, message_id) IN (SELECT channel_id, message_id FROM pins WHERE channel_id = ?1 LIMIT ?2)"),
        new("""
            DELETE FROM nonces WHERE (channel_id, author_id, nonce) IN
                (SELECT channel_id, author_id, nonce FROM nonces WHERE channel_id = ?1 LIMIT ?2)
            """),
        new("""
            DELETE FROM messages WHERE (channel_id, bucket, id) IN
                (SELECT channel_id, bucket, id FROM messages WHERE channel_id = ?1 LIMIT ?2)
            """),
    ];

    public async ValueTask DeleteChannelAsync(Snowflake channel, CancellationToken ct)
    {
        await writer.WriteAsync(database => RunOn(database, MarkDeletion, channel), atomic: false, ct).ConfigureAwait(false);
        await FinishDeletionAsync(channel).ConfigureAwait(false);
    }

    /// <summary>Goes on with the deletions that a crash interrupted.</summary>
    public async Task ResumeDeletionsAsync()
    {
        var pending = await readers.ReadAsync(
            database =>
            {
                var channels = new List<Snowflake>();
                using var select = database.Use(SelectDeletions);
                while (select.Step()) channels.Add(select.Id(0));
                return channels;
            },
            CancellationToken.None).ConfigureAwait(false);
        foreach (var channel in pending) await FinishDeletionAsync(channel).ConfigureAwait(false);
    }

    private async ValueTask FinishDeletionAsync(Snowflake channel)
    {
        foreach (var step in ChannelSteps)
        {
            int removed;
            do
            {
                removed = await writer.WriteAsync(
                    database =>
                    {
                        using var delete = database.Use(step);
                        return delete.Bind(1, channel).Bind(2, ChunkRows).Run();
                    },
                    atomic: false, CancellationToken.None).ConfigureAwait(false);
            }
            while (removed == ChunkRows);
        }
        await writer.WriteAsync(database => RunOn(database, UnmarkDeletion, channel), atomic: false, CancellationToken.None)
            .ConfigureAwait(false);
    }

    private static void RunOn(Database database, Sql sql, Snowflake channel)
    {
        using var statement = database.Use(sql);
        statement.Bind(1, channel).Run();
    }
}
