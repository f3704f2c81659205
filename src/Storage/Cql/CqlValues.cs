using Discord.Cql;
using Discord.Protocol;

namespace Discord.Storage.Cql;

/// <summary>Ids are signed 64-bit columns.</summary>
internal static class CqlValues
{
    public static BoundStatement AddId(this BoundStatement statement, Snowflake id) => statement.Add(unchecked((long)id.Value));

    public static Snowflake GetId(this Row row, int index) => new(unchecked((ulong)row.GetInt64(index)));

    public static byte[] CopyBytes(this Row row, int index) => row.GetBytes(index).ToArray();

    /// <summary>An id that is compared by order: those above the signed range stand for "above all".</summary>
    public static Snowflake Clamp(this Snowflake id) => new(Math.Min(id.Value, long.MaxValue));

    public static BoundStatement At(this BoundStatement statement, long timestamp)
    {
        statement.Timestamp = timestamp;
        return statement;
    }
}
