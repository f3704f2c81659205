using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage.Accounts;

namespace Discord.Storage.Tests.Contract;

public abstract class AccountContract(IStoreFixture fixture) : StorageContract(fixture)
{
    private static readonly Account Ada = new(new(1), "Ada", "0", "Ada@example.org", "$hash", false, 64, Utf8("profile"));

    private IAccountStore Accounts => Storage.Accounts;

    [Fact]
    public async Task Create_then_get_and_find_returns_the_account()
    {
        await Accounts.CreateAsync(Ada);
        foreach (var found in new[]
        {
            await Accounts.GetAsync(new(1)), await Accounts.FindByUsernameAsync("aDA"), await Accounts.FindByEmailAsync("ADA@EXAMPLE.ORG"),
            Assert.Single(await Accounts.GetManyAsync([new(1), new(2)])), Assert.Single(await Accounts.ListAsync(default, 10)),
        })
        {
            Assert.NotNull(found);
            Assert.Equal(Ada with { Profile = default }, found with { Profile = default });
            Assert.Equal("profile", Utf8(found.Profile));
        }
        Assert.Null(await Accounts.GetAsync(new(2)));
        Assert.Null(await Accounts.FindByUsernameAsync("ada", "1234"));
        Assert.Null(await Accounts.FindByEmailAsync("bob@example.org"));
    }

    [Fact]
    public async Task Create_of_what_is_taken_is_refused_and_tells_what()
    {
        await Accounts.CreateAsync(Ada);
        Assert.Equal(AccountField.Username, (await ConflictAsync(Ada with { Id = new(2), Username = "ADA", Email = null })).Field);
        Assert.Equal(AccountField.Email, (await ConflictAsync(Ada with
        {
            Id = new(2),
            Username = "bob",
            Email = "ada@EXAMPLE.org"
        })).Field);
        Assert.Equal(AccountField.Id, (await ConflictAsync(Ada)).Field);
        // Bots share names as long as their discriminators differ, and have no address.
        await Accounts.CreateAsync(Ada with { Id = new(3), Discriminator = "0001", Email = null, Bot = true });
        await Accounts.CreateAsync(Ada with { Id = new(4), Discriminator = "0002", Email = null, Bot = true });
    }

    [Fact]
    public async Task Create_of_the_same_name_at_the_same_time_accepts_one()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 10).Select(async i =>
        {
            try
            {
                await Accounts.CreateAsync(Ada with { Id = new((ulong)i), Email = null });
                return true;
            }
            catch (AccountConflictException)
            {
                return false;
            }
        }));
        Assert.Single(outcomes, created => created);
        Assert.Single(await Accounts.ListAsync(default, 100));
    }

    [Fact]
    public async Task Create_with_application_and_token_is_one_commit()
    {
        await Accounts.CreateAsync(Ada);
        var (token, row) = TokenIssuer.Issue(new(5), Start);
        var bot = new Account(new(5), "bot", "0001", null, null, true, 0, default);
        var application = new ApplicationRow(new(5), new(1), new(5), Utf8("app"));
        Assert.Equal(AccountField.Username, (await Assert.ThrowsAsync<AccountConflictException>(async () =>
            await Accounts.CreateAsync(bot with { Username = "ada", Discriminator = "0" }, application, row))).Field);
        Assert.Null(await Accounts.GetApplicationAsync(new(5)));
        Assert.Null(await Accounts.ResolveTokenAsync(token));
        await Accounts.CreateAsync(bot, application, row);
        Assert.Equal(new Snowflake(5), (await Accounts.ResolveTokenAsync(token))!.AccountId);
        Assert.Equal("app", Utf8((await Accounts.FindApplicationByBotAsync(new(5)))!.Body));
        Assert.Equal(new Snowflake(5), Assert.Single(await Accounts.ApplicationsOfAsync(new(1))).Id);
    }

    [Fact]
    public async Task Update_replaces_the_account_and_frees_its_old_name()
    {
        await Accounts.CreateAsync(Ada);
        Assert.True(await Accounts.UpdateAsync(Ada with { Username = "lovelace", Email = null, PasswordHash = null, Flags = 1 }));
        var updated = await Accounts.GetAsync(new(1));
        Assert.Equal(("lovelace", null, null, 1), (updated!.Username, updated.Email, updated.PasswordHash, updated.Flags));
        await Accounts.CreateAsync(Ada with { Id = new(2) });
        await Assert.ThrowsAsync<AccountConflictException>(async () => await Accounts.UpdateAsync(Ada with { Username = "ADA" }));
        Assert.False(await Accounts.UpdateAsync(Ada with { Id = new(9), Username = "nobody", Email = null }));
    }

    [Fact]
    public async Task Update_beside_events_commits_or_fails_with_them()
    {
        await Accounts.CreateAsync(Ada);
        await Accounts.CreateAsync(Ada with { Id = new(2), Username = "bob", Email = null });
        await Assert.ThrowsAsync<AccountConflictException>(async () => await Storage.Journal.AppendAsync(
            new JournalWrite("user-2", 1, [Utf8("renamed")], [new AccountUpdate(Ada with { Id = new(2), Email = null })]), default));
        Assert.Equal(0, await Storage.Journal.HighestSequenceNrAsync("user-2", default));
        await Storage.Journal.AppendAsync(
            new JournalWrite("user-2", 1, [Utf8("renamed")], [new AccountUpdate(Ada with { Id = new(2), Username = "rob",
                Email = null })]), default);
        Assert.Equal(new Snowflake(2), (await Accounts.FindByUsernameAsync("rob"))!.Id);
        Assert.True((await Assert.ThrowsAsync<AccountConflictException>(async () =>
            await Storage.Lookups.WriteAsync([new AccountUpdate(Ada with { Id = new(9), Username = "x", Email = null })]))).Missing);
    }

    [Fact]
    public async Task Delete_removes_the_account_and_its_tokens()
    {
        await Accounts.CreateAsync(Ada);
        var token = await LogInAsync();
        Assert.True(await Accounts.DeleteAsync(new(1)));
        Assert.False(await Accounts.DeleteAsync(new(1)));
        Assert.Null(await Accounts.GetAsync(new(1)));
        Assert.Null(await Accounts.ResolveTokenAsync(token));
    }

    [Fact]
    public async Task Resolve_of_a_token_tells_its_account_until_it_is_revoked()
    {
        var token = await LogInAsync();
        for (var i = 0; i < 2; i++) Assert.Equal(new Snowflake(1), (await Accounts.ResolveTokenAsync(token))!.AccountId);
        Assert.True(await Accounts.RevokeTokenAsync(TokenIssuer.Hash(token)));
        Assert.Null(await Accounts.ResolveTokenAsync(token));
        Assert.False(await Accounts.RevokeTokenAsync(TokenIssuer.Hash(token)));
    }

    [Fact]
    public async Task Resolve_of_what_is_no_token_is_null()
    {
        var token = await LogInAsync();
        foreach (var text in new[] { "", "x", "..", token + "x", token[..^1], "MQ.x.y", new string('a', 5000), token.Replace('.', ' '),
            "Bot " + token, "MQ..", "é.é.é" })
            Assert.Null(await Accounts.ResolveTokenAsync(text));
        // Another account's id before a valid secret.
        Assert.Null(await Accounts.ResolveTokenAsync("Mg" + token[token.IndexOf('.')..]));
    }

    [Fact]
    public async Task Revoke_all_spares_the_one_that_is_excepted()
    {
        var tokens = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            tokens.Add(await LogInAsync());
            Time.Advance(TimeSpan.FromSeconds(1));
            await Accounts.ResolveTokenAsync(tokens[i]);
        }
        Assert.Equal(tokens.Select(TokenIssuer.Hash).Reverse(), (await Accounts.TokensAsync(new(1))).Select(t => t.Hash.ToArray()));
        Assert.Equal(2, await Accounts.RevokeAllTokensAsync(new(1), TokenIssuer.Hash(tokens[1])));
        Assert.Null(await Accounts.ResolveTokenAsync(tokens[0]));
        Assert.NotNull(await Accounts.ResolveTokenAsync(tokens[1]));
        Assert.Null(await Accounts.ResolveTokenAsync(tokens[2]));
        var (fresh, row) = TokenIssuer.Issue(new(1), Time.GetUtcNow(), "session");
        await Accounts.ReplaceTokensAsync(row);
        Assert.Null(await Accounts.ResolveTokenAsync(tokens[1]));
        Assert.Equal("session", (await Accounts.ResolveTokenAsync(fresh))!.SessionIdHash);
        Assert.Equal(1, await Accounts.RevokeAllTokensAsync(new(1)));
        Assert.Empty(await Accounts.TokensAsync(new(1)));
    }

    [Fact]
    public async Task Applications_are_saved_found_and_deleted()
    {
        await Accounts.SaveApplicationAsync(new ApplicationRow(new(5), new(1), null, Utf8("one")));
        Assert.Null((await Accounts.GetApplicationAsync(new(5)))!.BotUserId);
        await Accounts.SaveApplicationAsync(new ApplicationRow(new(5), new(2), new(6), Utf8("two")));
        var application = await Accounts.FindApplicationByBotAsync(new(6));
        Assert.Equal((new Snowflake(5), new Snowflake(2), "two"), (application!.Id, application.OwnerId, Utf8(application.Body)));
        Assert.Empty(await Accounts.ApplicationsOfAsync(new(1)));
        Assert.True(await Accounts.DeleteApplicationAsync(new(5)));
        Assert.False(await Accounts.DeleteApplicationAsync(new(5)));
        Assert.Null(await Accounts.GetApplicationAsync(new(5)));
    }

    private async Task<string> LogInAsync()
    {
        var (token, row) = TokenIssuer.Issue(new(1), Time.GetUtcNow());
        await Accounts.AddTokenAsync(row);
        return token;
    }

    private async Task<AccountConflictException> ConflictAsync(Account account) =>
        await Assert.ThrowsAsync<AccountConflictException>(async () => await Accounts.CreateAsync(account));
}
