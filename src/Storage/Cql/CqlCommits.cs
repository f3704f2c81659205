using Discord.Cql;
using Discord.Kernel.Persistence;

namespace Discord.Storage.Cql;

/// <summary>What the last write of a persistence id left.</summary>
/// <param name="Partition">The partition it lies in; -1 when there was none.</param>
/// <param name="SequenceNr">The highest sequence number.</param>
/// <param name="WriteId">The version of that partition; null when it has none.</param>
/// <param name="Outbox">The rows that follow from it, when it has any.</param>
/// <param name="OutboxAt">The timestamp of the last rows.</param>
internal sealed record JournalHead(long Partition, long SequenceNr, Guid? WriteId, Outbox? Outbox, long OutboxAt)
{
    public static JournalHead None { get; } = new(-1, 0, null, null, 0);
}

/// <summary>
/// Commits: events, and rows that lie in other partitions, as if they were one write.
/// <para><b>The point of commit</b> is one conditional batch in one partition of the journal. It inserts the events, sets the partition's
/// highest sequence number, a new random version (<c>last_write_id</c>) and the outbox: all rows that follow, with the one timestamp that
/// they get. Its condition is that the version is still the one that was read. Of two writers of the same number one fails, finds the
/// number taken and is refused, so that a stale activation cannot go on. Numbers tell the partition (<see cref="PartitionEvents"/> to each;
/// a write lies whole in the partition of its first event), so both meet in the same one. A partition's version outlives its events: nobody
/// ever finds it unwritten again.</para>
/// <para><b>The steps</b> of a write W: 1. claim its unique keys (<see cref="UniqueKeys"/>) in W's name; 2. commit; 3. apply the outbox:
/// rows by timestamp, claims become held, keys are freed; 4. acknowledge. The next write of this persistence id begins when 3 is done:
/// whoever has not done it himself (a new activation, a process that failed in 3) reads the head first and applies the outbox that he
/// finds. So one outbox suffices, and a reader who recovers an actor sees its rows. A mark tells that 3 was done; it is a hint that saves
/// the work, without which all is done again.</para>
/// <para><b>Crashes.</b> Before 2: claims are left whose write never was. Between 2 and 4: the rows are applied by the next activation, or
/// by whoever meets one of the claims. After 3 nothing is left to do. Applying twice is harmless: rows have the timestamp of the commit and
/// lose against anything later, a claim is held only as long as it is W's, a key that was changed later is not freed.</para>
/// <para><b>A claim that is in the way</b> (of W', whose fate is not known) is waited for. After a while it is settled: if the outbox of
/// its partition is that of W', W' is committed, and its outbox is applied. If not, W' may still be on its way to step 2, so its way is cut
/// first: the partition gets a new version under the condition that it has the one just read, after which the condition of W' cannot be met
/// any more. (Were W' committed and its outbox replaced by a later write's, its claims would have been held before: the claim that is
/// dropped next is dropped only if it is still that of W'.) A writer whose way was cut while it lived fails at step 2, reads that its
/// number is still free, and begins anew with another name and new claims, which may now be refused.</para>
/// <para><b>No duplicate can exist.</b> A key is claimed or held by at most one write, by condition on its row. A commit is made only by a
/// write that had all its claims when it began, and a claim goes away only when it is held, or when its write can never commit.</para>
/// <para><b>An answer that is lost</b> leaves it open whether W is committed. A serial read settles what was under way and tells: then W's
/// name is there or it is not. A request that a frozen server carries out after that meets a version that is no longer the one it names, or
/// commits W although the caller was told of a failure: that is a transient error, after which the actor recovers and finds what is
/// there.</para>
/// <para>There is no epoch of writers: the number and the version refuse a stale one at its first write after another's, which is when it
/// could do harm. An epoch would refuse it after the other has only read, for one condition and one write more at each activation.</para>
/// <para>Thread-safe.</para>
/// </summary>
internal sealed class CqlCommits(CqlDatabase database, UniqueKeys keys, RowChanges rows, WriteClock clock)
{
    /// <summary>Numbers of one partition. Stored places follow from it: never change it.</summary>
    public const int PartitionEvents = 1_000;

    /// <summary>The largest write. A server takes half a segment of its log (16 MiB) in one batch, and the condition's log holds it a
    /// second time.</summary>
    public const int MaxBytes = 8 << 20;

    private const int KnownHeads = 50_000;
    private const int HeadPartitions = 4;
    private const int PatienceMilliseconds = 2_000;

    private static readonly Query SelectPartitions = Query.Read(
        "SELECT partition_nr FROM journal_partitions WHERE persistence_id = ? AND partition_nr < ? LIMIT ?");

    private static readonly Query InsertPartition =
        Query.Write("INSERT INTO journal_partitions (persistence_id, partition_nr) VALUES (?, ?)");

    private static readonly Query SelectHead = Query.SerialRead(
        """
        SELECT last_sequence_nr, last_write_id, outbox, outbox_at, applied_write_id FROM journal
        WHERE persistence_id = ? AND partition_nr = ? LIMIT 1
        """);

    private static readonly Query SelectWriteId = Query.SerialRead(
        "SELECT write_id FROM journal WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr = ?");

    private static readonly Query InsertEvent = Query.Conditional(
        "INSERT INTO journal (persistence_id, partition_nr, sequence_nr, payload, write_id) VALUES (?, ?, ?, ?, ?)");

    private static readonly Query SetHead = Query.Conditional(
        """
        UPDATE journal SET last_sequence_nr = ?, last_write_id = ?, outbox = ?, outbox_at = ?
        WHERE persistence_id = ? AND partition_nr = ? IF last_write_id = ?
        """);

    private static readonly Query CutOff = Query.Conditional(
        "UPDATE journal SET last_write_id = ? WHERE persistence_id = ? AND partition_nr = ? IF last_write_id = ?");

    private static readonly Query MarkApplied = Query.Write(
        "UPDATE journal SET applied_write_id = ? WHERE persistence_id = ? AND partition_nr = ?");

    // Heads whose outbox this process has applied.
    private readonly RecentMap<string, JournalHead> _heads = new(KnownHeads);

    /// <summary>The partition that a write with this first number lies in.</summary>
    public static long PartitionOf(long sequenceNr) => Math.Max(0, sequenceNr - 1) / PartitionEvents;

    /// <summary>The head as it is now, its outbox applied.</summary>
    public async ValueTask<JournalHead> ReadHeadAsync(string persistenceId)
    {
        for (var below = long.MaxValue; ;)
        {
            var select = (await database.BindAsync(SelectPartitions, default).ConfigureAwait(false)).Add(persistenceId).Add(below)
                .Add(HeadPartitions);
            var partitions = await database.ListAsync(select, row => row.GetInt64(0), default).ConfigureAwait(false);
            foreach (var partition in partitions)
            {
                var (sequenceNr, head, applied) = await ReadPartitionAsync(persistenceId, partition).ConfigureAwait(false);
                // One that is noted but not written: a writer died, or is, between the two.
                if (sequenceNr is null) continue;
                await ApplyAsync(persistenceId, applied ? head with { Outbox = null } : head).ConfigureAwait(false);
                return head;
            }
            if (partitions.Count < HeadPartitions) return JournalHead.None;
            below = partitions[^1];
        }
    }

    /// <summary>Commits events, keys and rows.</summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="firstSequenceNr">The number of the first event, or of the next where there is none; null for whatever is next.</param>
    /// <param name="events">The events.</param>
    /// <param name="claims">Keys to have.</param>
    /// <param name="changes">Rows that follow; those of the claims are added.</param>
    /// <exception cref="JournalConflictException">The number is taken.</exception>
    /// <exception cref="ArgumentException">The number leaves a gap.</exception>
    /// <exception cref="LookupConflictException">A look-up's key is taken.</exception>
    /// <exception cref="AccountConflictException">An account's name or address is taken.</exception>
    /// <exception cref="StorageException">It failed; when that is transient it may have been carried out.</exception>
    public async ValueTask CommitAsync(
        string persistenceId, long? firstSequenceNr, IReadOnlyList<ReadOnlyMemory<byte>> events, IReadOnlyList<KeyClaim> claims,
        IReadOnlyList<RowChange> changes)
    {
        RowChange[] all = [.. changes, .. claims.Select(claim => new UniqueChange(claim.Kind, claim.Key, Free: false))];
        List<Guid> tried = [];
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            await Attempts.PauseAsync(attempt).ConfigureAwait(false);
            var known = _heads.TryGet(persistenceId, out var head) && attempt == 0
                && (firstSequenceNr is null || head.SequenceNr + 1 == firstSequenceNr);
            if (!known) head = await ReadHeadAsync(persistenceId).ConfigureAwait(false);
            var first = firstSequenceNr ?? head!.SequenceNr + 1;
            if (first <= head!.SequenceNr)
            {
                if (await IsOneOfAsync(persistenceId, first, tried).ConfigureAwait(false)) return;
                await DropAsync(claims, tried).ConfigureAwait(false);
                throw new JournalConflictException(persistenceId, first);
            }
            if (first != head.SequenceNr + 1)
            {
                throw new ArgumentException(
                    $"event {first} of '{persistenceId}' leaves a gap after {head.SequenceNr}", nameof(firstSequenceNr));
            }
            var writeId = Guid.NewGuid();
            var stamp = await ClaimAllAsync(claims, writeId, tried, persistenceId, first).ConfigureAwait(false);
            tried.Add(writeId);
            var outbox = all.Length == 0 ? null : new Outbox(writeId, clock.Above(Math.Max(stamp, head.OutboxAt)), all);
            var next = new JournalHead(PartitionOf(first), first + events.Count - 1, writeId, outbox, outbox?.Timestamp ?? head.OutboxAt);
            if (!await WriteAsync(persistenceId, head, next, first, events).ConfigureAwait(false)) continue;
            // Until it is applied the head that is known is an older one, with which no further write succeeds.
            await ApplyAsync(persistenceId, next).ConfigureAwait(false);
            return;
        }
        throw Attempts.Exhausted("a journal");
    }

    /// <summary>Whether a write that was committed is this one, where its number was taken.</summary>
    private async ValueTask<bool> IsOneOfAsync(string persistenceId, long sequenceNr, List<Guid> tried)
    {
        if (tried.Count == 0) return false;
        var select = (await database.BindAsync(SelectWriteId, default).ConfigureAwait(false))
            .Add(persistenceId).Add(PartitionOf(sequenceNr)).Add(sequenceNr);
        return await database.FirstAsync(select, row => row.Get<Guid?>(0), default).ConfigureAwait(false) is { } id && tried.Contains(id);
    }

    private async ValueTask<bool> WriteAsync(
        string persistenceId, JournalHead head, JournalHead next, long first, IReadOnlyList<ReadOnlyMemory<byte>> events)
    {
        var version = head.WriteId;
        if (next.Partition != head.Partition)
        {
            // Noted first: what lies in a partition that is not noted would be found by nobody.
            await database.WriteAsync(
                (await database.BindAsync(InsertPartition, default).ConfigureAwait(false)).Add(persistenceId).Add(next.Partition)
                    .At(clock.Next()))
                .ConfigureAwait(false);
            var target = await ReadPartitionAsync(persistenceId, next.Partition).ConfigureAwait(false);
            // Written since the head was read: the number is another's.
            if (target.SequenceNr is not null) return false;
            version = target.Head.WriteId;
        }
        var batch = database.ConditionalBatch().Add((await database.BindAsync(SetHead, default).ConfigureAwait(false))
            .Add(next.SequenceNr).Add(next.WriteId).Add(next.Outbox?.ToBytes()).Add(next.OutboxAt)
            .Add(persistenceId).Add(next.Partition).Add(version));
        for (var i = 0; i < events.Count; i++)
        {
            batch.Add((await database.BindAsync(InsertEvent, default).ConfigureAwait(false))
                .Add(persistenceId).Add(next.Partition).Add(first + i).AddBlob(events[i].Span).Add(next.WriteId));
        }
        if (await database.DecideAsync(batch).ConfigureAwait(false) is { } applied) return applied;
        return (await ReadPartitionAsync(persistenceId, next.Partition).ConfigureAwait(false)).Head.WriteId == next.WriteId;
    }

    /// <summary>Applies a head's outbox unless that is known to be done.</summary>
    private async ValueTask ApplyAsync(string persistenceId, JournalHead head)
    {
        if (head.Outbox is { } outbox)
        {
            await ApplyAsync(outbox).ConfigureAwait(false);
            try
            {
                await database.WriteAsync((await database.BindAsync(MarkApplied, default).ConfigureAwait(false))
                    .Add(outbox.WriteId).Add(persistenceId).Add(head.Partition).At(outbox.Timestamp)).ConfigureAwait(false);
            }
            catch (StorageException e) when (e.IsTransient)
            {
                // The rows are there, which is what was asked for. Without the mark they are written once more, by the next activation.
            }
        }
        _heads.Set(persistenceId, head with { Outbox = null });
    }

    private async ValueTask ApplyAsync(Outbox outbox)
    {
        // Rows first: while a key is only claimed nobody else takes it, and who follows a key finds what it stands for.
        await CqlDatabase.EachAsync(
            outbox.Changes.Where(change => change is not UniqueChange), change => rows.ApplyAsync(change, outbox.Timestamp))
                .ConfigureAwait(false);
        await CqlDatabase.EachAsync(outbox.Changes.OfType<UniqueChange>(), async change =>
        {
            if (change.Free)
            {
                if (await keys.FreeAsync(change.Kind, change.Key, change.Of, outbox.Timestamp).ConfigureAwait(false))
                    await rows.ListAsync(change.Kind, change.Key, null, outbox.Timestamp).ConfigureAwait(false);
                return;
            }
            if (await keys.HoldAsync(change.Kind, change.Key, outbox.WriteId, outbox.Timestamp).ConfigureAwait(false) is { } value)
                await rows.ListAsync(change.Kind, change.Key, value, outbox.Timestamp).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async ValueTask<(long? SequenceNr, JournalHead Head, bool Applied)> ReadPartitionAsync(string persistenceId, long partition)
    {
        var select = (await database.BindAsync(SelectHead, default).ConfigureAwait(false)).Add(persistenceId).Add(partition);
        var found = await database.FirstAsync(
            select,
            row => (SequenceNr: row.Get<long?>(0), WriteId: row.Get<Guid?>(1), Outbox: row.IsNull(2) ? null : Outbox.Read(row.CopyBytes(2)),
                OutboxAt: row.Get<long?>(3) ?? 0, Applied: row.Get<Guid?>(4)),
            default).ConfigureAwait(false);
        return (found.SequenceNr, new JournalHead(partition, found.SequenceNr ?? 0, found.WriteId, found.Outbox, found.OutboxAt),
            found.Outbox is not null && found.Outbox.WriteId == found.Applied);
    }

    /// <summary>Claims all keys in a write's name; those of earlier attempts of the same commit are renamed.</summary>
    /// <returns>The highest stamp of the keys.</returns>
    private async ValueTask<long> ClaimAllAsync(
        IReadOnlyList<KeyClaim> claims, Guid writeId, List<Guid> tried, string persistenceId, long sequenceNr)
    {
        long stamp = 0;
        for (var i = 0; i < claims.Count; i++)
        {
            try
            {
                stamp = Math.Max(stamp, await ClaimAsync(claims[i], writeId, tried, persistenceId, sequenceNr).ConfigureAwait(false));
            }
            catch (Exception refused) when (refused is LookupConflictException or AccountConflictException)
            {
                await DropAsync([.. claims.Take(i)], [writeId]).ConfigureAwait(false);
                await DropAsync(claims, tried).ConfigureAwait(false);
                throw;
            }
        }
        return stamp;
    }

    private async ValueTask<long> ClaimAsync(KeyClaim claim, Guid writeId, List<Guid> tried, string persistenceId, long sequenceNr)
    {
        var waited = new Patience(PatienceMilliseconds);
        for (var attempt = 0; attempt < Attempts.Max; attempt++)
        {
            var key = attempt == 0
                ? await keys.ReadAsync(claim.Kind, claim.Key, default).ConfigureAwait(false)
                : await keys.ReadDecidedAsync(claim.Kind, claim.Key).ConfigureAwait(false);
            if (key.Claim == writeId) return key.Stamp;
            if (key.Claim is { } other && !tried.Contains(other))
            {
                if (await waited.MoreAsync(other).ConfigureAwait(false)) attempt--;
                else await SettleAsync(claim, other, key.ClaimId!, key.ClaimSequenceNr).ConfigureAwait(false);
                continue;
            }
            if (!claim.Replaces && key.Value is not null && !key.Holds(claim.Value.AsSpan())
                && !await rows.IsStaleAsync(claim.Kind, claim.Key, key.Value).ConfigureAwait(false))
                throw Conflict(claim);
            if (await keys.ClaimAsync(claim, key, writeId, persistenceId, sequenceNr).ConfigureAwait(false) == true) return key.Stamp;
        }
        throw Attempts.Exhausted("a unique key");
    }

    /// <summary>Finds out what became of a write whose claim is in the way, or sees to it that nothing becomes of it.</summary>
    private async ValueTask SettleAsync(KeyClaim claim, Guid other, string persistenceId, long sequenceNr)
    {
        var head = (await ReadPartitionAsync(persistenceId, PartitionOf(sequenceNr)).ConfigureAwait(false)).Head;
        if (head.Outbox is { } outbox && outbox.WriteId == other)
        {
            await ApplyAsync(outbox).ConfigureAwait(false);
            return;
        }
        var cut = (await database.BindAsync(CutOff, default).ConfigureAwait(false))
            .Add(Guid.NewGuid()).Add(persistenceId).Add(head.Partition).Add(head.WriteId);
        if (await database.DecideAsync(cut).ConfigureAwait(false) == true)
            await keys.DropAsync(claim.Kind, claim.Key, other).ConfigureAwait(false);
    }

    private async ValueTask DropAsync(IReadOnlyList<KeyClaim> claims, List<Guid> names)
    {
        foreach (var claim in claims)
        {
            foreach (var name in names) await keys.DropAsync(claim.Kind, claim.Key, name).ConfigureAwait(false);
        }
    }

    private static Exception Conflict(KeyClaim claim) => claim.Kind switch
    {
        UniqueKinds.AccountName => new AccountConflictException(AccountField.Username),
        UniqueKinds.AccountEmail => new AccountConflictException(AccountField.Email),
        _ => new LookupConflictException((LookupKind)claim.Kind, claim.Key),
    };

    /// <summary>How long one claim is waited for: a writer that lives needs a few milliseconds.</summary>
    private sealed class Patience(int milliseconds)
    {
        private Guid _claim;
        private int _left;
        private int _pause;

        /// <summary>Waits a little; false when it has been enough for this claim.</summary>
        public async ValueTask<bool> MoreAsync(Guid claim)
        {
            if (claim != _claim) (_claim, _left, _pause) = (claim, milliseconds, 2);
            if (_left <= 0) return false;
            var pause = Math.Min(_pause, 100);
            _pause *= 2;
            _left -= pause;
            await Task.Delay(pause).ConfigureAwait(false);
            return true;
        }
    }
}
