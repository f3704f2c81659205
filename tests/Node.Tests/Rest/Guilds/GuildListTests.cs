using System.Text.Json.Nodes;
using Discord.Actors.Guilds;
using Discord.Node.Tests.Kit;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Node.Tests.Rest.Guilds;

public sealed class GuildListTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Invites_are_listed_with_their_counters_to_those_who_manage()
    {
        SeededGuild guild = await node.SeedAsync();
        await node.PutAsync(guild.Id, s => new InvitePut(new InviteState
        {
            Code = $"c{s.Id}",
            ChannelId = guild.ChannelId,
            CreatedAt = DateTimeOffset.UtcNow,
            MaxAge = 600,
            Inviter = s.Members[guild.Owner.Id]!.User,
        }));
        await node.PutAsync(guild.Id, s => new InvitePut(new InviteState
        {
            Code = $"old{s.Id}",
            ChannelId = guild.ChannelId,
            CreatedAt = DateTimeOffset.UtcNow.AddDays(-1),
            MaxAge = 600,
        }));
        JsonNode invite = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/invites")).Expect(200).AsArray().Single()!;
        Assert.Equal((600, 0), ((int)invite["max_age"]!, (int)invite["uses"]!));
        foreach (string key in (string[])["code", "channel", "guild", "inviter", "expires_at", "max_uses", "temporary",
            "created_at", "type"])
            Assert.True(invite.AsObject().ContainsKey(key), key);
        (await (await node.MemberAsync(guild.Id)).GetAsync($"/guilds/{guild.Id}/invites")).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Webhooks_are_listed_with_token_and_url()
    {
        SeededGuild guild = await node.SeedAsync();
        await node.PutAsync(guild.Id, s => new WebhookPut(new Webhook
        {
            Id = new Snowflake(s.Id.Value + 1),
            Name = "hook",
            ChannelId = guild.ChannelId,
            GuildId = s.Id,
            Token = "secret",
            User = s.Members[guild.Owner.Id]!.User,
        }));
        JsonNode hook = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/webhooks")).Expect(200).AsArray().Single()!;
        Assert.Equal("secret", (string?)hook["token"]);
        Assert.EndsWith($"/api/webhooks/{hook["id"]}/secret", (string?)hook["url"]);
        (await (await node.MemberAsync(guild.Id)).GetAsync($"/guilds/{guild.Id}/webhooks")).ExpectError(403, 50013);
    }

    [Fact]
    public async Task Active_threads_are_those_the_caller_sees_and_has_joined()
    {
        SeededGuild guild = await node.SeedAsync();
        RestClient member = await node.MemberAsync(guild.Id);
        Snowflake open = await ThreadAsync(guild, 1, ChannelType.PublicThread, archived: false);
        await ThreadAsync(guild, 2, ChannelType.PublicThread, archived: true);
        Snowflake closed = await ThreadAsync(guild, 3, ChannelType.PrivateThread, archived: false);
        await node.PutAsync(
            guild.Id, _ => new ThreadMemberPut(new ThreadMember { Id = open, UserId = member.Id, JoinTimestamp = DateTimeOffset.UtcNow }));
        JsonNode seen = (await member.GetAsync($"/guilds/{guild.Id}/threads/active")).Expect(200);
        Assert.Equal(open.ToString(), (string?)seen["threads"]!.AsArray().Single()!["id"]);
        Assert.Equal(member.Id.ToString(), (string?)seen["members"]!.AsArray().Single()!["user_id"]);
        JsonNode all = (await guild.Bot.GetAsync($"/guilds/{guild.Id}/threads/active")).Expect(200);
        Assert.Equal([closed.ToString(), open.ToString()], all["threads"]!.AsArray().Select(t => (string)t!["id"]!));
        Assert.Empty(all["members"]!.AsArray());
    }

    private async Task<Snowflake> ThreadAsync(SeededGuild guild, ulong offset, ChannelType type, bool archived)
    {
        Snowflake id = new(guild.Id.Value + 1000 + offset);
        await node.PutAsync(guild.Id, s => new ThreadPut(new Channel
        {
            Id = id,
            Type = type,
            GuildId = s.Id,
            Name = "thread",
            ParentId = guild.ChannelId,
            OwnerId = guild.Owner.Id,
            ThreadMetadata = new ThreadMetadata { Archived = archived, ArchiveTimestamp = DateTimeOffset.UtcNow },
        }));
        return id;
    }
}
