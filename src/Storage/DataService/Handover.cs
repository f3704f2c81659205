using System.Buffers.Binary;
using System.Security.Cryptography;
using Discord.Protocol;
using Microsoft.Extensions.Logging;

namespace Discord.Storage.DataService;

/// <summary>
/// Hands the hot pages of a node that stops to the one that starts next, through a shared cache that nobody trusts.
/// <para>
/// A page outside of the process is only right while nobody writes. So it is bound to the time between a clean stop and the next start: the
/// node that stops refuses writes, puts its tails into the cache under a new secret key, and then writes that key, the <i>seal</i>, into
/// the store itself. The node that starts takes the seal out of the store before it serves anybody, and only then looks into the cache. A
/// seal is taken out once, by every start, with a cache or without, so none outlives the first write after it.
/// </para>
/// <list type="bullet">
/// <item>A crash leaves no seal: the next start begins cold. So does a crash while stopping, before the seal is stored; after it nothing is
/// written any more.</item>
/// <item>A crash between taking the seal out and the first read leaves nothing to take.</item>
/// <item>Tails are encrypted and authenticated with the seal (AES-256-GCM, the channel's id as nonce; a seal is used once), which never
/// leaves the store. What the cache's other users put there does not open, and what was put under another seal is not looked for.</item>
/// <item>A store that is restored from a backup may bring an old seal back, and with it the pages as they were: those of the backup.</item>
/// </list>
/// <para>
/// The cache is asked at start and at stop only, within <see cref="TimeLimit"/> each; no read and no write ever waits for it. When
/// channels move between nodes, the same is done for those that move.
/// </para>
/// </summary>
internal sealed class Handover(ILookupStore lookups, ISharedCache? cache, DataServiceOptions options, ILogger log)
{
    /// <summary>The most that a start or a stop waits for the cache.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    // Long enough for a restart with an upgrade in between.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // The seal and the channels' ids are one value of the look-up store, which takes 64 KiB.
    private const int MaxChannels = 4_000;
    private const int SealBytes = 32;
    private const int AtATime = 32;
    private const string SealName = "hot-pages";

    /// <summary>Takes the seal out of the store, and the pages it opens into memory.</summary>
    /// <exception cref="StorageException">The seal could not be taken out: the store takes no writes, and must not begin to with a seal in
    /// it.</exception>
    public async Task TakeAsync(HotChannels channels)
    {
        if (await lookups.GetAsync(LookupKind.Node, SealName).ConfigureAwait(false) is not { } stored) return;
        await lookups.WriteAsync([LookupWrite.Delete(LookupKind.Node, SealName)]).ConfigureAwait(false);
        if (cache is null || options.CacheBytes == 0 || stored.Length < SealBytes || stored.Length % sizeof(ulong) != 0) return;
        var seal = stored[..SealBytes];
        var ids = new Snowflake[(stored.Length - SealBytes) / sizeof(ulong)];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = new Snowflake(BinaryPrimitives.ReadUInt64BigEndian(stored.Span[(SealBytes + (i * sizeof(ulong)))..]));
        var taken = await InTimeAsync(cache, ids, async (from, id) =>
        {
            var sealedTail = await from.GetAsync(KeyOf(seal, id), (2 * options.TailBytes) + MessageRow.MaxBodyBytes).ConfigureAwait(false);
            return Open(seal, id, sealedTail) is { } snapshot && channels.TryRestore(id, snapshot);
        }).ConfigureAwait(false);
        StorageLog.HotPagesTaken(log, taken, ids.Length);
    }

    /// <summary>Puts the pages into the cache, and the seal into the store. No write may follow.</summary>
    public async Task GiveAsync(HotChannels channels)
    {
        if (cache is null || options.CacheBytes == 0) return;
        var tails = channels.Seal().Take(MaxChannels).ToDictionary(tail => tail.Channel, tail => tail.Snapshot);
        if (tails.Count == 0) return;
        ReadOnlyMemory<byte> seal = RandomNumberGenerator.GetBytes(SealBytes);
        Snowflake[] ids = [.. tails.Keys];
        var given = await InTimeAsync(cache, ids, async (into, id) =>
        {
            await into.SetAsync(KeyOf(seal, id), Close(seal, id, tails[id]), Lifetime).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        if (given == 0) return;
        var stored = new byte[SealBytes + (ids.Length * sizeof(ulong))];
        seal.CopyTo(stored);
        for (var i = 0; i < ids.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(stored.AsSpan(SealBytes + (i * sizeof(ulong))), ids[i].Value);
        await lookups.WriteAsync([LookupWrite.Put(LookupKind.Node, SealName, stored)]).ConfigureAwait(false);
        StorageLog.HotPagesGiven(log, given);
    }

    // How many succeeded within the limit. The first error ends it: a cache that fails once is not worth waiting for.
    private async Task<int> InTimeAsync(ISharedCache shared, Snowflake[] ids, Func<ISharedCache, Snowflake, Task<bool>> move)
    {
        var done = 0;
        using var end = new CancellationTokenSource(TimeLimit);
        try
        {
            await Task.Run(() => Parallel.ForEachAsync(
                ids, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = end.Token },
                async (id, ct) =>
                {
                    if (await move(shared, id).WaitAsync(ct).ConfigureAwait(false)) Interlocked.Increment(ref done);
                })).WaitAsync(end.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it was: without the cache everything is right as well.
            StorageLog.SharedCacheFailed(log, e);
        }
        return Volatile.Read(ref done);
    }

    private static string KeyOf(ReadOnlyMemory<byte> seal, Snowflake channel) =>
        $"discord:hot-pages:{Convert.ToHexStringLower(SHA256.HashData(seal.Span)[..8])}:{channel}";

    private static byte[] Close(ReadOnlyMemory<byte> seal, Snowflake channel, TailSnapshot tail)
    {
        var plain = tail.Encode();
        var closed = new byte[plain.Length + AesGcm.TagByteSizes.MaxSize];
        using var cipher = new AesGcm(seal.Span, AesGcm.TagByteSizes.MaxSize);
        cipher.Encrypt(NonceOf(channel), plain, closed.AsSpan(0, plain.Length), closed.AsSpan(plain.Length));
        return closed;
    }

    private static TailSnapshot? Open(ReadOnlyMemory<byte> seal, Snowflake channel, ReadOnlyMemory<byte> closed)
    {
        var length = closed.Length - AesGcm.TagByteSizes.MaxSize;
        if (length <= 0) return null;
        var plain = new byte[length];
        using var cipher = new AesGcm(seal.Span, AesGcm.TagByteSizes.MaxSize);
        try
        {
            cipher.Decrypt(NonceOf(channel), closed.Span[..length], closed.Span[length..], plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            // Not ours, or cut off.
            return null;
        }
        return TailSnapshot.Decode(channel, plain);
    }

    private static byte[] NonceOf(Snowflake channel)
    {
        var nonce = new byte[AesGcm.NonceByteSizes.MaxSize];
        BinaryPrimitives.WriteUInt64BigEndian(nonce, channel.Value);
        return nonce;
    }
}
