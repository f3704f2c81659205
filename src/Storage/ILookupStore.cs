using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage;

/// <summary>
/// Small facts that must be found without asking the actor that owns them. Rows become visible with the commit of the events they are
/// written beside. Safe to use from any thread. Every member may throw <see cref="StorageException"/>.
/// </summary>
public interface ILookupStore
{
    /// <summary>Writes rows in one commit, without events: any of the kinds that a journal takes.</summary>
    /// <exception cref="LookupConflictException">A <see cref="LookupAction.PutUnique"/> found its key taken; nothing was
    /// written.</exception>
    ValueTask WriteAsync(IReadOnlyList<ILookupWrite> writes, CancellationToken ct = default);

    /// <summary>The value of a key, or null.</summary>
    ValueTask<ReadOnlyMemory<byte>?> GetAsync(LookupKind kind, string key, CancellationToken ct = default);

    /// <summary>The id that is the value of a key, or null.</summary>
    /// <exception cref="InvalidOperationException">The value is not an id.</exception>
    ValueTask<Snowflake?> GetIdAsync(LookupKind kind, string key, CancellationToken ct = default);

    /// <inheritdoc cref="GetIdAsync(LookupKind, string, CancellationToken)"/>
    ValueTask<Snowflake?> GetIdAsync(LookupKind kind, Snowflake key, CancellationToken ct = default) =>
        GetIdAsync(kind, key.ToString(), ct);

    /// <summary>
    /// Keys above <paramref name="after"/> ("" for the first) with their values, ordered by their UTF-8 bytes; limit 1..10,000.
    /// </summary>
    ValueTask<IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>>> ListAsync(
        LookupKind kind, string after, int limit, CancellationToken ct = default);

    /// <summary>Whether a set has a member.</summary>
    ValueTask<bool> ContainsAsync(SetKind kind, Snowflake key, Snowflake member, CancellationToken ct = default);

    /// <summary>Members above <paramref name="after"/>, ascending; limit 1..10,000.</summary>
    ValueTask<IReadOnlyList<Snowflake>> MembersAsync(
        SetKind kind, Snowflake key, Snowflake after = default, int limit = 10_000, CancellationToken ct = default);
}
