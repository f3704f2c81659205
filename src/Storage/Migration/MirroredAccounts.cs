using Discord.Protocol;

namespace Discord.Storage.Migration;

/// <summary>Accounts, tokens and applications with their keys noted.</summary>
internal sealed class MirroredAccounts(MirroredStorage storage) : IAccountStore
{
    private IAccountStore Store => storage.Primary.Accounts;

    private bool Plain => storage.Changes is null;

    public ValueTask CreateAsync(Account account, ApplicationRow? application, TokenRow? token, CancellationToken ct) => Plain
        ? Store.CreateAsync(account, application, token, ct)
        : storage.WriteAsync(
            (account, application, token, ct), static (s, a) => s.Accounts.CreateAsync(a.account, a.application, a.token, a.ct),
            [
                Of(account.Id), .. application is null ? [] : (ReadOnlySpan<ReplicaKey>)[Application(application.Id)],
                .. token is null ? [] : (ReadOnlySpan<ReplicaKey>)[Token(token.Hash)],
            ],
            ct);

    public ValueTask<Account?> GetAsync(Snowflake id, CancellationToken ct) => Store.GetAsync(id, ct);

    public ValueTask<IReadOnlyList<Account>> GetManyAsync(IReadOnlyList<Snowflake> ids, CancellationToken ct) =>
        Store.GetManyAsync(ids, ct);

    public ValueTask<Account?> FindByUsernameAsync(string username, string discriminator, CancellationToken ct) =>
        Store.FindByUsernameAsync(username, discriminator, ct);

    public ValueTask<Account?> FindByEmailAsync(string email, CancellationToken ct) => Store.FindByEmailAsync(email, ct);

    public ValueTask<IReadOnlyList<Account>> ListAsync(Snowflake after, int limit, CancellationToken ct) =>
        Store.ListAsync(after, limit, ct);

    public ValueTask<bool> UpdateAsync(Account account, CancellationToken ct) => Plain
        ? Store.UpdateAsync(account, ct)
        : storage.WriteAsync((account, ct), static (s, a) => s.Accounts.UpdateAsync(a.account, a.ct), [Of(account.Id)], ct);

    public ValueTask<bool> DeleteAsync(Snowflake id, CancellationToken ct) => Plain
        ? Store.DeleteAsync(id, ct)
        : storage.WriteAsync((id, ct), static (s, a) => s.Accounts.DeleteAsync(a.id, a.ct), [Of(id), TokensOf(id)], ct);

    public ValueTask AddTokenAsync(TokenRow token, CancellationToken ct) => Plain
        ? Store.AddTokenAsync(token, ct)
        : storage.WriteAsync((token, ct), static (s, a) => s.Accounts.AddTokenAsync(a.token, a.ct), [Token(token.Hash)], ct);

    public ValueTask<TokenRow?> ResolveTokenAsync(string token, CancellationToken ct) => Store.ResolveTokenAsync(token, ct);

    public ValueTask<IReadOnlyList<TokenRow>> TokensAsync(Snowflake account, CancellationToken ct) => Store.TokensAsync(account, ct);

    public ValueTask<bool> RevokeTokenAsync(ReadOnlyMemory<byte> hash, CancellationToken ct) => Plain
        ? Store.RevokeTokenAsync(hash, ct)
        : storage.WriteAsync((hash, ct), static (s, a) => s.Accounts.RevokeTokenAsync(a.hash, a.ct), [Token(hash)], ct);

    public ValueTask<int> RevokeAllTokensAsync(Snowflake account, ReadOnlyMemory<byte> except, CancellationToken ct) => Plain
        ? Store.RevokeAllTokensAsync(account, except, ct)
        : storage.WriteAsync(
            (account, except, ct), static (s, a) => s.Accounts.RevokeAllTokensAsync(a.account, a.except, a.ct), [TokensOf(account)], ct);

    public ValueTask ReplaceTokensAsync(TokenRow token, CancellationToken ct) => Plain
        ? Store.ReplaceTokensAsync(token, ct)
        : storage.WriteAsync((token, ct), static (s, a) => s.Accounts.ReplaceTokensAsync(a.token, a.ct), [TokensOf(token.AccountId)], ct);

    public ValueTask SaveApplicationAsync(ApplicationRow application, CancellationToken ct) => Plain
        ? Store.SaveApplicationAsync(application, ct)
        : storage.WriteAsync(
            (application, ct), static (s, a) => s.Accounts.SaveApplicationAsync(a.application, a.ct), [Application(application.Id)], ct);

    public ValueTask<ApplicationRow?> GetApplicationAsync(Snowflake id, CancellationToken ct) => Store.GetApplicationAsync(id, ct);

    public ValueTask<ApplicationRow?> FindApplicationByBotAsync(Snowflake botUser, CancellationToken ct) =>
        Store.FindApplicationByBotAsync(botUser, ct);

    public ValueTask<IReadOnlyList<ApplicationRow>> ApplicationsOfAsync(Snowflake owner, CancellationToken ct) =>
        Store.ApplicationsOfAsync(owner, ct);

    public ValueTask<bool> DeleteApplicationAsync(Snowflake id, CancellationToken ct) => Plain
        ? Store.DeleteApplicationAsync(id, ct)
        : storage.WriteAsync((id, ct), static (s, a) => s.Accounts.DeleteApplicationAsync(a.id, a.ct), [Application(id)], ct);

    private static ReplicaKey Of(Snowflake account) => new(ReplicaTable.Accounts, account);

    private static ReplicaKey Application(Snowflake id) => new(ReplicaTable.Applications, id);

    private static ReplicaKey Token(ReadOnlyMemory<byte> hash) => new(ReplicaTable.Tokens, hash.ToArray());

    private static ReplicaKey TokensOf(Snowflake account) => new(ReplicaTable.AccountTokens, account);
}
