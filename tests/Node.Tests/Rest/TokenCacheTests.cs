using Discord.Node.Rest;
using Discord.Storage;

namespace Discord.Node.Tests.Rest;

public sealed class TokenCacheTests
{
    private readonly ManualTime _time = new();
    private readonly TestNode.Tokens _tokens = new();

    [Fact]
    public async Task Token_is_looked_up_once_until_its_life_ends()
    {
        var cache = new TokenCache(_tokens, _time);
        for (var i = 0; i < 3; i++)
            Assert.Equal(TestNode.BotId, (await cache.ResolveAsync("Bot bot", default))!.Id);
        Assert.Equal(1, _tokens.Asked);
        _time.Advance(TokenCache.Life);
        await cache.ResolveAsync("Bot bot", default);
        Assert.Equal(2, _tokens.Asked);
    }

    [Fact]
    public async Task Token_forgotten_is_looked_up_again()
    {
        var cache = new TokenCache(_tokens, _time);
        await cache.ResolveAsync("Bot bot", default);
        cache.Forget(TestNode.BotId);
        await cache.ResolveAsync("Bot bot", default);
        Assert.Equal(2, _tokens.Asked);
    }

    [Fact]
    public async Task Token_is_believed_longer_while_the_store_is_away_and_asked_for_now_and_then()
    {
        var cache = new TokenCache(_tokens, _time);
        await cache.ResolveAsync("Bot bot", default);
        _tokens.Fails = new StorageException(StorageError.Unavailable, "the database is away, as the test wants");
        _time.Advance(TokenCache.Life);
        for (var i = 0; i < 3; i++)
            Assert.Equal(TestNode.BotId, (await cache.ResolveAsync("Bot bot", default))!.Id);
        Assert.Equal(2, _tokens.Asked);
        _time.Advance(TokenCache.AskAgainAfter);
        Assert.NotNull(await cache.ResolveAsync("Bot bot", default));
        Assert.Equal(3, _tokens.Asked);
        await Assert.ThrowsAsync<StorageException>(() => cache.ResolveAsync("user", default).AsTask());

        _time.Advance(TokenCache.LifeWithoutStore);
        await Assert.ThrowsAsync<StorageException>(() => cache.ResolveAsync("Bot bot", default).AsTask());
    }

    [Fact]
    public async Task Token_forgotten_while_the_store_is_away_is_not_believed()
    {
        var cache = new TokenCache(_tokens, _time);
        await cache.ResolveAsync("Bot bot", default);
        _tokens.Fails = new StorageException(StorageError.Unavailable, "the database is away, as the test wants");
        cache.Forget(TestNode.BotId);
        await Assert.ThrowsAsync<StorageException>(() => cache.ResolveAsync("Bot bot", default).AsTask());
    }

    [Fact]
    public async Task Token_that_the_store_no_longer_knew_is_not_believed_when_it_is_away()
    {
        var cache = new TokenCache(_tokens, _time);
        await cache.ResolveAsync("Bot bot", default);
        _tokens.Revoked = true;
        _time.Advance(TokenCache.Life);
        Assert.Null(await cache.ResolveAsync("Bot bot", default));
        _tokens.Fails = new StorageException(StorageError.Unavailable, "the database is away, as the test wants");
        await Assert.ThrowsAsync<StorageException>(() => cache.ResolveAsync("Bot bot", default).AsTask());
    }

    [Fact]
    public async Task Token_wrong_is_not_kept()
    {
        var cache = new TokenCache(_tokens, _time);
        Assert.Null(await cache.ResolveAsync("Bot wrong", default));
        Assert.Null(await cache.ResolveAsync("Bot wrong", default));
        Assert.Equal(2, _tokens.Asked);
    }

    [Fact]
    public async Task Header_too_long_is_refused_without_a_look_up()
    {
        var cache = new TokenCache(_tokens, _time);
        Assert.Null(await cache.ResolveAsync(new string('x', TokenCache.MaxHeaderLength + 1), default));
        Assert.Equal(0, _tokens.Asked);
    }
}
