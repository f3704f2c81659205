using Discord.Protocol;

namespace Discord.Storage.Tests.Contract;

public abstract class LookupContract(IStoreFixture fixture) : StorageContract(fixture)
{
    private ILookupStore Lookups => Storage.Lookups;

    [Fact]
    public async Task Put_then_get_returns_the_value()
    {
        await Lookups.WriteAsync([LookupWrite.Put(LookupKind.ChannelOwner, new Snowflake(5), new Snowflake(9))]);
        Assert.Equal(new Snowflake(9), await Lookups.GetIdAsync(LookupKind.ChannelOwner, new Snowflake(5)));
        Assert.Null(await Lookups.GetIdAsync(LookupKind.WebhookOwner, "5"));
        await Lookups.WriteAsync([LookupWrite.Put(LookupKind.ChannelOwner, "5", new Snowflake(0))]);
        Assert.Equal(default(Snowflake), await Lookups.GetIdAsync(LookupKind.ChannelOwner, "5"));
        await Lookups.WriteAsync([LookupWrite.Delete(LookupKind.ChannelOwner, new Snowflake(5))]);
        Assert.Null(await Lookups.GetIdAsync(LookupKind.ChannelOwner, "5"));
    }

    [Fact]
    public async Task Values_of_any_bytes_are_kept()
    {
        await Lookups.WriteAsync([LookupWrite.Put(LookupKind.Node, "empty", Array.Empty<byte>()), LookupWrite.Put(LookupKind.Node, "some",
            new byte[] { 0, 255 })]);
        Assert.Equal(0, (await Lookups.GetAsync(LookupKind.Node, "empty"))!.Value.Length);
        Assert.Equal([0, 255], (await Lookups.GetAsync(LookupKind.Node, "some"))!.Value.ToArray());
        Assert.Null(await Lookups.GetAsync(LookupKind.Node, "none"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Lookups.GetIdAsync(LookupKind.Node, "some"));
    }

    [Fact]
    public async Task Keys_are_told_apart_by_case()
    {
        await Lookups.WriteAsync([LookupWrite.PutUnique(LookupKind.InviteCode, "aB", new Snowflake(1))]);
        await Lookups.WriteAsync([LookupWrite.PutUnique(LookupKind.InviteCode, "Ab", new Snowflake(2))]);
        Assert.Equal(new Snowflake(1), await Lookups.GetIdAsync(LookupKind.InviteCode, "aB"));
    }

    [Fact]
    public async Task Put_unique_accepts_the_same_value_and_refuses_another_with_all_beside_it()
    {
        await Lookups.WriteAsync([LookupWrite.PutUnique(LookupKind.Username, "ada", new Snowflake(1))]);
        await Lookups.WriteAsync([LookupWrite.PutUnique(LookupKind.Username, "ada", new Snowflake(1))]);
        await Assert.ThrowsAsync<LookupConflictException>(async () => await Lookups.WriteAsync(
            [LookupWrite.Put(LookupKind.Username, "bob", new Snowflake(2)), LookupWrite.PutUnique(LookupKind.Username, "ada",
                new Snowflake(2))]));
        Assert.Null(await Lookups.GetIdAsync(LookupKind.Username, "bob"));
        // A key that is freed in the same commit may be taken.
        await Lookups.WriteAsync([LookupWrite.Delete(LookupKind.Username, "ada"), LookupWrite.PutUnique(LookupKind.Username, "ada",
            new Snowflake(2))]);
        Assert.Equal(new Snowflake(2), await Lookups.GetIdAsync(LookupKind.Username, "ada"));
    }

    [Fact]
    public async Task List_pages_through_a_kind_in_order_of_the_keys()
    {
        foreach (var key in new[] { "c", "a", "b", "ä" }) await Lookups.WriteAsync([LookupWrite.Put(LookupKind.Guild, key, Utf8(key))]);
        await Lookups.WriteAsync([LookupWrite.Put(LookupKind.Node, "other", Utf8("x"))]);
        var first = await Lookups.ListAsync(LookupKind.Guild, "", 2);
        Assert.Equal(["a", "b"], first.Select(r => r.Key));
        var rest = await Lookups.ListAsync(LookupKind.Guild, "b", 10);
        Assert.Equal([("c", "c"), ("ä", "ä")], rest.Select(r => (r.Key, Utf8(r.Value))));
    }

    [Fact]
    public async Task Sets_hold_each_member_once_and_are_paged_ascending()
    {
        foreach (var member in new ulong[] { 30, 10, 20, 10, 0 })
            await Lookups.WriteAsync([SetWrite.Add(SetKind.UserGuilds, new(1), new(member))]);
        await Lookups.WriteAsync([SetWrite.Add(SetKind.UserGuilds, new(2), new(99)), SetWrite.Add(SetKind.OwnerGuilds, new(1), new(98))]);
        Assert.Equal([new(0), new(10), new(20), new(30)], await Lookups.MembersAsync(SetKind.UserGuilds, new(1)));
        Assert.Equal([new(20)], await Lookups.MembersAsync(SetKind.UserGuilds, new(1), new(10), 1));
        Assert.True(await Lookups.ContainsAsync(SetKind.UserGuilds, new(1), new(20)));
        await Lookups.WriteAsync([SetWrite.Remove(SetKind.UserGuilds, new(1), new(20)), SetWrite.Remove(SetKind.UserGuilds, new(1),
            new(77))]);
        Assert.False(await Lookups.ContainsAsync(SetKind.UserGuilds, new(1), new(20)));
        Assert.Empty(await Lookups.MembersAsync(SetKind.UserGuilds, new(3)));
    }

    [Fact]
    public void Writes_outside_their_limits_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LookupWrite.Put(LookupKind.Node, "", Utf8("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => LookupWrite.Put(LookupKind.Node, new string('x', LookupWrite.MaxKeyLength + 1),
            Utf8("x")));
        Assert.Throws<ArgumentOutOfRangeException>(() => LookupWrite.Put(LookupKind.Node, "x", new byte[LookupWrite.MaxValueBytes + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Lookups.MembersAsync(SetKind.UserGuilds, new(1), default, 0).AsTask(); });
    }
}
