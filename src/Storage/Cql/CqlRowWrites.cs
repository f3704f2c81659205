using Discord.Kernel.Persistence;
using Discord.Storage.Accounts;

namespace Discord.Storage.Cql;

/// <summary>
/// Makes of the rows that a caller writes the claims and changes of a commit: each key, member, entry and account at most once, the last
/// write of each. Thread-safe.
/// </summary>
internal sealed class CqlRowWrites(CqlDatabase database)
{
    /// <exception cref="ArgumentException">A row is of a kind that nothing here can write, or above its limits.</exception>
    /// <exception cref="LookupConflictException">The rows themselves want a key twice.</exception>
    /// <exception cref="AccountConflictException">The account of an <see cref="AccountUpdate"/> does not exist.</exception>
    public async ValueTask<(IReadOnlyList<KeyClaim> Claims,
        IReadOnlyList<RowChange> Changes)> PrepareAsync(IReadOnlyList<ILookupWrite> writes)
    {
        foreach (var write in writes) Check(write);
        Dictionary<object, RowChange> changes = [];
        Dictionary<(int Kind, string Key), KeyClaim> claims = [];
        foreach (var write in writes)
        {
            switch (write)
            {
                case LookupWrite lookup when UniqueKinds.Contains(lookup.Kind):
                    Add(lookup, claims, changes);
                    break;
                case LookupWrite lookup:
                    changes[(lookup.Kind, lookup.Key)] = new LookupChange(
                        lookup.Kind, lookup.Key, lookup.Action == LookupAction.Delete ? null : lookup.Value.ToArray());
                    break;
                case SetWrite set:
                    changes[(set.Kind, set.Key, set.Member)] = new SetChange(set.Kind, set.Key, set.Member, set.Present);
                    break;
                case AuditRow row:
                    changes[row.Id] = new AuditChange(row);
                    break;
                case AccountUpdate { Account: var account }:
                    var before = await AccountRows.ReadAsync(database, account.Id, default).ConfigureAwait(false)
                        ?? throw new AccountConflictException(AccountField.Id, missing: true);
                    Add(before, account, claims, changes);
                    break;
            }
        }
        return ([.. claims.Values], [.. changes.Values]);
    }

    /// <summary>Adds an account's row in place of another: names that are new are claimed, those that it had are freed.</summary>
    public static void Add(
        Account? before, Account account, Dictionary<(int Kind, string Key), KeyClaim> claims, Dictionary<object, RowChange> changes)
    {
        var id = AccountKeys.BytesOf(account.Id);
        List<(int Kind, string Key)> had = before is null ? [] : [.. AccountKeys.Of(before)];
        List<(int Kind, string Key)> has = [.. AccountKeys.Of(account)];
        foreach (var (kind, key) in has.Except(had)) claims[(kind, key)] = new KeyClaim(kind, key, id, Replaces: false);
        foreach (var (kind, key) in had.Except(has)) changes[(kind, key)] = new UniqueChange(kind, key, Free: true, id);
        changes[(nameof(Account), account.Id)] = new AccountChange(account);
    }

    private static void Add(LookupWrite write, Dictionary<(int Kind, string Key), KeyClaim> claims, Dictionary<object, RowChange> changes)
    {
        var place = ((int)write.Kind, write.Key);
        if (write.Action == LookupAction.Delete)
        {
            claims.Remove(place);
            changes[place] = new UniqueChange(place.Item1, place.Key, Free: true);
            return;
        }
        var value = write.Value.ToArray();
        // A key that is freed in the same commit may be taken.
        var replaces = write.Action == LookupAction.Put || changes.Remove(place);
        if (claims.TryGetValue(place, out var earlier))
        {
            if (!replaces && !earlier.Value.AsSpan().SequenceEqual(value)) throw new LookupConflictException(write.Kind, write.Key);
            replaces |= earlier.Replaces;
        }
        claims[place] = new KeyClaim(place.Item1, place.Key, value, replaces);
    }

    private static void Check(ILookupWrite write)
    {
        switch (write)
        {
            case LookupWrite { Action: LookupAction.PutUnique } lookup when !UniqueKinds.Contains(lookup.Kind):
                throw new ArgumentException($"keys of {lookup.Kind} are not unique here: {nameof(UniqueKinds)} names those that are",
                    nameof(write));
            case AuditRow { Body.Length: > CqlAuditStore.MaxBodyBytes } row:
                throw new ArgumentException(
                    $"an audit entry's body has {row.Body.Length} bytes; the limit is {CqlAuditStore.MaxBodyBytes}", nameof(write));
            case AccountUpdate { Account: var account }:
                AccountRules.Check(account);
                break;
            case LookupWrite or SetWrite or AuditRow:
                break;
            default:
                throw new ArgumentException($"rows of {write?.GetType().Name ?? "null"} are not known here", nameof(write));
        }
    }
}
