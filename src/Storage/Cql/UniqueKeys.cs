using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>Which keys are unique over all that is stored. Their rows are written under conditions only.</summary>
internal static class UniqueKinds
{
    /// <summary>Accounts' names with their discriminators.</summary>
    public const int AccountName = -1;

    /// <summary>Accounts' addresses.</summary>
    public const int AccountEmail = -2;

    /// <summary>Whether a kind of look-up takes <see cref="LookupAction.PutUnique"/>.</summary>
    public static bool Contains(LookupKind kind) =>
        kind is LookupKind.InviteCode or LookupKind.VanityCode or LookupKind.DirectChannel or LookupKind.Username;
}

/// <summary>A key that a commit is to have.</summary>
/// <param name="Kind">A <see cref="LookupKind"/> or one of <see cref="UniqueKinds"/>.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">What it is to stand for.</param>
/// <param name="Replaces">Whatever it stands for now is given up.</param>
internal sealed record KeyClaim(int Kind, string Key, byte[] Value, bool Replaces);

/// <summary>A unique key's row.</summary>
/// <param name="Value">What it stands for; null when it is free.</param>
/// <param name="Stamp">The timestamp of its last change; 0 when there was none, or it was freed long ago.</param>
/// <param name="Claim">The write that has claimed it and has not been seen to have ended.</param>
/// <param name="ClaimId">The persistence id of that write.</param>
/// <param name="ClaimSequenceNr">Its first sequence number.</param>
internal readonly record struct UniqueKey(byte[]? Value, long Stamp, Guid? Claim, string? ClaimId, long ClaimSequenceNr)
{
    public bool Holds(ReadOnlySpan<byte> value) => Value is not null && value.SequenceEqual(Value);
}

/// <summary>
/// The rows of unique keys: who holds one, and who has claimed it. What the steps mean together is told at <see cref="CqlCommits"/>.
/// Thread-safe.
/// </summary>
internal sealed class UniqueKeys(CqlDatabase database)
{
    // How long a freed key is remembered, so that a replayed change from before it was freed is known to be old.
    private const int FreedSeconds = 30 * 24 * 60 * 60;

    private const string Columns = "value, stamp, claim, claim_id, claim_sequence_nr";

    private static readonly Query Select = Query.Read($"SELECT {Columns} FROM unique_keys WHERE kind = ? AND key = ?");
    private static readonly Query SelectSerial = Query.SerialRead(Select.Text);

    // A row that is not there has only nulls, so these find free keys without a case of their own.
    private static readonly Query SetClaim = Query.Conditional(
        """
        UPDATE unique_keys SET claim = ?, claim_value = ?, claim_id = ?, claim_sequence_nr = ? WHERE kind = ? AND key = ?
        IF claim = ? AND stamp = ?
        """);

    private static readonly Query SelectClaimed = Query.SerialRead("SELECT claim, claim_value FROM unique_keys WHERE kind = ? AND key = ?");

    private static readonly Query HoldKey = Query.Conditional(
        """
        UPDATE unique_keys SET value = ?, stamp = ?, claim = null, claim_value = null, claim_id = null, claim_sequence_nr = null
        WHERE kind = ? AND key = ? IF claim = ?
        """);

    private static readonly Query DropClaim = Query.Conditional(
        """
        UPDATE unique_keys SET claim = null, claim_value = null, claim_id = null, claim_sequence_nr = null
        WHERE kind = ? AND key = ? IF claim = ?
        """);

    private static readonly Query FreeKey = Query.Conditional(
        "UPDATE unique_keys USING TTL ? SET value = null, stamp = ? WHERE kind = ? AND key = ? IF stamp = ?");

    public ValueTask<UniqueKey> ReadAsync(int kind, string key, CancellationToken ct) => ReadAsync(Select, kind, key, ct);

    public ValueTask<UniqueKey> ReadDecidedAsync(int kind, string key) => ReadAsync(SelectSerial, kind, key, default);

    /// <summary>Claims a key whose row was read; replaces the claim that was read, which the caller knows to be its own or none.</summary>
    /// <returns>Whether it is claimed; null in doubt.</returns>
    public async ValueTask<bool?> ClaimAsync(KeyClaim claim, UniqueKey read, Guid writeId, string persistenceId, long sequenceNr)
    {
        var set = (await database.BindAsync(SetClaim, default).ConfigureAwait(false))
            .Add(writeId).AddBlob(claim.Value).Add(persistenceId).Add(sequenceNr).Add(claim.Kind).Add(claim.Key)
            .Add(read.Claim).Add(read.Stamp == 0 ? (long?)null : read.Stamp);
        return await database.DecideAsync(set).ConfigureAwait(false);
    }

    /// <summary>Makes a claim's value the key's. Does nothing when it has been done, whatever came after it.</summary>
    /// <returns>The value, when the claim was still there.</returns>
    public async ValueTask<byte[]?> HoldAsync(int kind, string key, Guid writeId, long timestamp)
    {
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            var select = (await database.BindAsync(SelectClaimed, default).ConfigureAwait(false)).Add(kind).Add(key);
            var (claim, value) = await database.FirstAsync(
                select, row => (row.Get<Guid?>(0), row.CopyBytes(1)), default).ConfigureAwait(false);
            if (claim != writeId) return null;
            var hold = (await database.BindAsync(HoldKey, default).ConfigureAwait(false))
                .AddBlob(value).Add(timestamp).Add(kind).Add(key).Add(writeId);
            if (await database.DecideAsync(hold).ConfigureAwait(false) is { } applied) return applied ? value : null;
        }
        throw Attempts.Exhausted("a unique key");
    }

    /// <summary>Takes a claim away whose write is known not to be carried out ever.</summary>
    public async ValueTask DropAsync(int kind, string key, Guid writeId)
    {
        var drop = (await database.BindAsync(DropClaim, default).ConfigureAwait(false)).Add(kind).Add(key).Add(writeId);
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            // Where it is in doubt it is done again: what is done finds nothing to do.
            if (await database.DecideAsync(drop).ConfigureAwait(false) is not null) return;
        }
        throw Attempts.Exhausted("a unique key");
    }

    /// <summary>
    /// Frees a key unless it was changed later than <paramref name="timestamp"/>, or stands for something else than <paramref name="of"/>.
    /// </summary>
    /// <returns>Whether it is free, or was.</returns>
    public async ValueTask<bool> FreeAsync(int kind, string key, byte[]? of, long timestamp)
    {
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            await Attempts.PauseAsync(attempt).ConfigureAwait(false);
            var row = await ReadDecidedAsync(kind, key).ConfigureAwait(false);
            if (row.Value is null) return true;
            if (row.Stamp >= timestamp || (of is not null && !row.Holds(of))) return false;
            var free = (await database.BindAsync(FreeKey, default).ConfigureAwait(false))
                .Add(FreedSeconds).Add(timestamp).Add(kind).Add(key).Add(row.Stamp == 0 ? (long?)null : row.Stamp);
            if (await database.DecideAsync(free).ConfigureAwait(false) == true) return true;
        }
        throw Attempts.Exhausted("a unique key");
    }

    private async ValueTask<UniqueKey> ReadAsync(Query query, int kind, string key, CancellationToken ct)
    {
        var select = (await database.BindAsync(query, ct).ConfigureAwait(false)).Add(kind).Add(key);
        return await database.FirstAsync(
            select,
            row => new UniqueKey(
                row.IsNull(0) ? null : row.CopyBytes(0), row.IsNull(1) ? 0 : row.GetInt64(1), row.Get<Guid?>(2), row.GetText(3),
                row.IsNull(4) ? 0 : row.GetInt64(4)),
            ct).ConfigureAwait(false);
    }
}
