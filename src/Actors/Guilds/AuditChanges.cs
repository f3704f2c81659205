using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>
/// The <c>changes</c> of audit log entries: the keys in which two payloads of the same kind differ. Keys that say nothing about the thing
/// itself (ids, derived values) are left out.
/// </summary>
public static class AuditChanges
{
    private static readonly HashSet<string> Ignored =
    [
        "guild_id", "last_message_id", "last_pin_timestamp", "token", "user", "url", "member"
    ];

    /// <summary>Changes from <paramref name="before"/> (null when it is new) to <paramref name="after"/> (null when it is gone).</summary>
    public static IReadOnlyList<AuditLogChange> Between<T>(T? before, T? after, JsonTypeInfo<T> type) where T : class
    {
        Dictionary<string, JsonElement> old = Keys(before, type);
        Dictionary<string, JsonElement> @new = Keys(after, type);
        List<AuditLogChange> changes = [];
        foreach (string key in old.Keys.Union(@new.Keys))
        {
            bool had = old.TryGetValue(key, out JsonElement was);
            bool has = @new.TryGetValue(key, out JsonElement now);
            if (had && has && JsonElement.DeepEquals(was, now))
                continue;
            changes.Add(new AuditLogChange(key) { OldValue = had ? was : null, NewValue = has ? now : null });
        }
        return changes;
    }

    /// <summary>One change of a single value.</summary>
    public static AuditLogChange Of<T>(string key, T? before, T? after, JsonTypeInfo<T> type) => new(key)
    {
        OldValue = before is null ? null : JsonSerializer.SerializeToElement(before, type),
        NewValue = after is null ? null : JsonSerializer.SerializeToElement(after, type),
    };

    private static Dictionary<string, JsonElement> Keys<T>(T? value, JsonTypeInfo<T> type) where T : class
    {
        Dictionary<string, JsonElement> keys = [];
        if (value is null)
            return keys;
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(value, type).EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !Ignored.Contains(property.Name))
                keys[property.Name] = property.Value;
        }
        return keys;
    }
}
