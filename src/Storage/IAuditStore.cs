using Discord.Kernel.Persistence;
using Discord.Protocol;

namespace Discord.Storage;

/// <summary>An entry of a guild's audit log, written in the commit of the change that it tells of.</summary>
/// <param name="GuildId">Whose log.</param>
/// <param name="Id">Its id, which is its time.</param>
/// <param name="ActionType">The audit log event's number.</param>
/// <param name="UserId">Who did it; <see cref="Snowflake.None"/> when nobody did.</param>
/// <param name="TargetId">To what; <see cref="Snowflake.None"/> when it has no id.</param>
/// <param name="Body">Opaque to the store; at most 256 KiB.</param>
public sealed record AuditRow(
    Snowflake GuildId, Snowflake Id, int ActionType, Snowflake UserId, Snowflake TargetId, ReadOnlyMemory<byte> Body) : ILookupWrite;

/// <summary>What to read of an audit log.</summary>
/// <param name="GuildId">Whose log.</param>
/// <param name="Limit">1..100.</param>
/// <param name="Before">Only older entries; newest first.</param>
/// <param name="After">Only newer entries; OLDEST first. Not together with <paramref name="Before"/>.</param>
/// <param name="UserId">Only by this user.</param>
/// <param name="ActionType">Only of this type.</param>
/// <param name="TargetId">Only about this target.</param>
public sealed record AuditQuery(
    Snowflake GuildId, int Limit = 50, Snowflake? Before = null, Snowflake? After = null, Snowflake? UserId = null, int? ActionType = null,
    Snowflake? TargetId = null);

/// <summary>Guilds' audit logs. Safe to use from any thread. Every member may throw <see cref="StorageException"/>.</summary>
public interface IAuditStore
{
    /// <summary>How long Discord keeps an entry.</summary>
    static readonly TimeSpan Retention = TimeSpan.FromDays(45);

    /// <summary>Entries newest first; oldest first with <see cref="AuditQuery.After"/>.</summary>
    ValueTask<IReadOnlyList<AuditRow>> QueryAsync(AuditQuery query, CancellationToken ct = default);

    /// <summary>Deletes entries older than <paramref name="before"/>, of all guilds, in steps that do not hold up other writes.</summary>
    /// <returns>How many were deleted.</returns>
    ValueTask<int> TrimAsync(DateTimeOffset before, CancellationToken ct = default);

    /// <summary>Deletes a guild's log.</summary>
    ValueTask DeleteGuildAsync(Snowflake guild, CancellationToken ct = default);
}
