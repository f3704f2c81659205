using System.Runtime.InteropServices;
using System.Text.Json;
using Discord.Protocol;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Discord.Actors.Persistence;

/// <summary>How ids, times and opaque JSON stand in journal messages (rules at the head of common.proto).</summary>
internal static class WireValues
{
    private static readonly long UnixEpoch = DateTimeOffset.UnixEpoch.Ticks;

    public static long ToWire(this DateTimeOffset time) => time.UtcTicks - UnixEpoch;

    /// <summary>The same instant, with offset zero.</summary>
    public static DateTimeOffset FromWireTime(this long ticks) => new(ticks + UnixEpoch, TimeSpan.Zero);

    public static IEnumerable<ulong> ToWire(this IEnumerable<Snowflake> ids) => ids.Select(id => id.Value);

    /// <summary>An array: permission code takes spans of ids.</summary>
    public static Snowflake[] FromWire(this RepeatedField<ulong> ids)
    {
        if (ids.Count == 0)
            return [];
        var result = new Snowflake[ids.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = new Snowflake(ids[i]);
        return result;
    }

    public static ByteString ToWire(this JsonElement json) => ByteString.CopyFrom(JsonMarshal.GetRawUtf8Value(json));

    public static JsonElement FromWireJson(this ByteString json) => JsonElement.Parse(json.Span);

    public static ByteString ToWire(this ReadOnlyMemory<byte> bytes) => ByteString.CopyFrom(bytes.Span);

    /// <summary>The array of a list: <c>Select</c> and <c>ToArray</c> in one, exact in size.</summary>
    public static TResult[] ToArray<TWire, TResult>(this RepeatedField<TWire> list, Converter<TWire, TResult> convert)
    {
        if (list.Count == 0)
            return [];
        var result = new TResult[list.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = convert(list[i]);
        return result;
    }

    /// <summary>
    /// A row that this version cannot read: written by a later one, or no row of this aggregate. To skip it would lose a fact.
    /// </summary>
    public static InvalidDataException Unknown(string aggregate) => new(
        $"A stored {aggregate} event or snapshot is of a kind that this version does not know: start the later version that wrote it.");

    /// <summary>A value that the aggregate has no message for.</summary>
    public static ArgumentException NotStored(object value) => new($"{value.GetType().Name} is not persisted here.", nameof(value));
}
