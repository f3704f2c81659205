using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.Sqlite;
using static Discord.Actors.Tests.Messages.ChannelTestKit;

namespace Discord.Actors.Tests.Messages;

/// <summary>The channel on the real store: what was answered is there after a restart.</summary>
public sealed class StoredChannelTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("channel-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Messages_sent_at_once_come_out_in_order_and_survive_a_restart()
    {
        MessageDraft once = Draft("once") with { Nonce = Json("\"n\""), EnforceNonce = true };
        Snowflake[] ids;
        Snowflake kept;
        await using (SqliteStorage storage = await OpenAsync())
        await using (ChannelTestKit kit = new(storage.Messages))
        {
            MessageCreated[] created = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => kit.CreateAsync($"{i}")));
            ids = [.. created.Select(c => c.Message.Id)];
            Assert.Equal(ids.Order(), ids);
            Assert.Equal(ids, kit.Channel.Events.Select(e => Snowflake.Parse((string)e.Body["id"]!)));
            kept = (await kit.CreateAsync(once)).Message.Id;
            await kit.AskAsync<PinChanged>(new PinMessage(ids[290]));
            await kit.AskAsync<ReactionChanged>(new AddReaction(ids[299], Ann.Id, new ReactionEmoji(null, "🔥"), true));
            await kit.AskAsync<MessagesDeleted>(new DeleteMessages([ids[295]]));
            await kit.AskAsync<MessageEdited>(new EditMessage(ids[298]) { Content = "edited" });
        }

        await using SqliteStorage again = await OpenAsync();
        await using ChannelTestKit after = new(again.Messages);
        Assert.Equal(kept, (await after.CreateAsync(once)).Message.Id);
        var page = await after.PageAsync(MessagePage.Latest(12));
        Snowflake[] expected = [kept, .. ids.Reverse().Where(id => id != ids[295]).Take(11)];
        Assert.Equal(expected.Select(id => id.ToString()), page.Select(m => (string?)m!["id"]));
        Assert.Equal("🔥", (string?)page[1]!["reactions"]![0]!["emoji"]!["name"]);
        Assert.Equal("edited", (string?)page[2]!["content"]);
        Assert.True((bool?)page.Single(m => (string?)m!["id"] == ids[290].ToString())!["pinned"]);
        Assert.Equal(299, (await CountAsync(after)) - 1);
    }

    private static async Task<int> CountAsync(ChannelTestKit kit)
    {
        int count = 0;
        Snowflake before = Snowflake.MaxValue;
        while (true)
        {
            var page = await kit.PageAsync(MessagePage.Before(before, 100));
            count += page.Count;
            if (page.Count < 100)
                return count;
            before = Snowflake.Parse((string)page[^1]!["id"]!);
        }
    }

    private Task<SqliteStorage> OpenAsync() => SqliteStorage.OpenAsync(new SqliteStorageOptions { DataDirectory = _directory });
}
