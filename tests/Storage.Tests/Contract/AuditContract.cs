using Discord.Protocol;

namespace Discord.Storage.Tests.Contract;

public abstract class AuditContract(IStoreFixture fixture) : StorageContract(fixture)
{
    private static readonly Snowflake Guild = new(1);

    private IAuditStore Audit => Storage.Audit;

    [Fact]
    public async Task Query_without_filters_is_newest_first()
    {
        await SeedAsync();
        Assert.Equal([At(0), At(-1), At(-2), At(-3)], await IdsAsync(new(Guild)));
        Assert.Equal([At(0), At(-1)], await IdsAsync(new(Guild, Limit: 2)));
        Assert.Empty(await IdsAsync(new(new(3))));
    }

    [Fact]
    public async Task Query_before_and_after_page_in_both_directions()
    {
        await SeedAsync();
        Assert.Equal([At(-2), At(-3)], await IdsAsync(new(Guild, Before: At(-1))));
        Assert.Equal([At(-2), At(-1)], await IdsAsync(new(Guild, Limit: 2, After: At(-3))));
        Assert.Equal([At(-3), At(-2), At(-1), At(0)], await IdsAsync(new(Guild, After: default(Snowflake))));
        Assert.Equal(4, (await IdsAsync(new(Guild, Before: Snowflake.MaxValue))).Count);
        Assert.Throws<ArgumentException>(() => { _ = Audit.QueryAsync(new(Guild, Before: At(0), After: At(0))).AsTask(); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Audit.QueryAsync(new(Guild, Limit: 101)).AsTask(); });
    }

    [Fact]
    public async Task Query_filters_by_user_action_and_target()
    {
        await SeedAsync();
        Assert.Equal([At(-1), At(-3)], await IdsAsync(new(Guild, UserId: new(11))));
        Assert.Equal([At(0), At(-1)], await IdsAsync(new(Guild, ActionType: 2)));
        Assert.Equal([At(-1)], await IdsAsync(new(Guild, UserId: new(11), ActionType: 2)));
        Assert.Equal([At(-2)], await IdsAsync(new(Guild, TargetId: new(22))));
        Assert.Equal([At(-3)], await IdsAsync(new(Guild, UserId: new(11), ActionType: 1, TargetId: new(23), After: At(-9))));
        var row = (await Audit.QueryAsync(new(Guild, Limit: 1)))[0];
        Assert.Equal((Guild, 2, new Snowflake(10), new Snowflake(20), "0"), (row.GuildId, row.ActionType, row.UserId, row.TargetId,
            Utf8(row.Body)));
    }

    [Fact]
    public async Task Trim_deletes_what_is_older_in_all_guilds()
    {
        await SeedAsync();
        Assert.Equal(3, await Audit.TrimAsync(Start - TimeSpan.FromDays(1.5)));
        Assert.Equal([At(0), At(-1)], await IdsAsync(new(Guild)));
        Assert.Empty(await IdsAsync(new(new(2))));
    }

    [Fact]
    public async Task Delete_guild_leaves_other_guilds()
    {
        await SeedAsync();
        await Audit.DeleteGuildAsync(Guild);
        Assert.Empty(await IdsAsync(new(Guild)));
        Assert.Single(await IdsAsync(new(new(2))));
    }

    private async Task SeedAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            await Storage.Lookups.WriteAsync(
                [new AuditRow(Guild, At(-i), i < 2 ? 2 : 1, new(i % 2 == 0 ? 10UL : 11UL), new((ulong)(20 + i)), Utf8($"{i}"))]);
        }
        await Storage.Lookups.WriteAsync([new AuditRow(new(2), At(-2, 1), 1, new(10), default, Utf8("other"))]);
    }

    private async Task<List<Snowflake>> IdsAsync(AuditQuery query) => [.. (await Audit.QueryAsync(query)).Select(r => r.Id)];
}
