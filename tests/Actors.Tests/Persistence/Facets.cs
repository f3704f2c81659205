using System.Collections;
using System.Reflection;
using System.Text.Json;
using Discord.Actors.Guilds;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Tests.Persistence;

/// <summary>
/// A value as the flat list of all it holds, path to text, by reflection: two values are equal when their lists are. What is not stored
/// (<see cref="Stored.Omitted"/>) and what is computed from other properties is left out.
/// </summary>
internal static class Facets
{
    public static SortedDictionary<string, string> Of(object value)
    {
        SortedDictionary<string, string> facets = new(StringComparer.Ordinal);
        Add(value.GetType().Name, value, facets);
        return facets;
    }

    /// <summary>The properties that are stored.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.CanWrite && p.PropertyType != typeof(Nothing) && !Stored.Omitted.Contains((p.DeclaringType!, p.Name)));

    private static void Add(string path, object? value, SortedDictionary<string, string> facets)
    {
        switch (value)
        {
            case null:
                facets[path] = "null";
                break;
            case string text:
                facets[path] = $"'{text}'";
                break;
            case Enum:
                facets[path] = Convert.ToUInt64(value).ToString();
                break;
            case bool or int or long or Snowflake:
                facets[path] = value.ToString()!;
                break;
            case DateTimeOffset time:
                facets[path] = time.UtcDateTime.ToString("O");
                break;
            case JsonElement json:
                facets[path] = json.GetRawText();
                break;
            case ReadOnlyMemory<byte> bytes:
                facets[path] = $"x{Convert.ToHexStringLower(bytes.Span)}";
                break;
            case MemberMap members:
                Add(path, members.All.ToArray(), facets);
                break;
            case IDictionary dictionary:
                AddAll(path, dictionary.Keys.Cast<object>().Select(k => (k.ToString()!, dictionary[k])), facets);
                break;
            case IReadOnlySet<Snowflake> set:
                AddAll(path, set.Select(i => (i.ToString(), (object?)i)), facets);
                break;
            case IEnumerable list:
                AddAll(path, list.Cast<object>().Select((item, i) => (i.ToString(), (object?)item)), facets);
                break;
            default:
                facets[path] = value.GetType().Name;
                foreach (PropertyInfo property in PropertiesOf(value.GetType()))
                    Add($"{path}.{property.Name}", property.GetValue(value), facets);
                break;
        }
    }

    private static void AddAll(string path, IEnumerable<(string Key, object? Value)> items, SortedDictionary<string, string> facets)
    {
        int count = 0;
        foreach ((string key, object? value) in items)
        {
            Add($"{path}[{key}]", value, facets);
            count++;
        }
        facets[path] = $"{count} items";
    }
}
