using System.Net;
using Discord.Cql.Values;
using Discord.Cql.Wire;

namespace Discord.Cql.Tests.Server;

/// <summary>Bodies as a server writes them.</summary>
internal static class Bodies
{
    public delegate void Fill(ref WireWriter writer);

    public static readonly byte[] Void = [0, 0, 0, 1];

    public static void Nothing(ref WireWriter writer) => writer.Raw([]);

    public static byte[] Error(int code, string message, Fill? rest = null) => Write((ref writer) =>
    {
        writer.Int(code);
        writer.String(message);
        rest?.Invoke(ref writer);
    });

    public static byte[] Rows((string Name, CqlType Type)[] columns, params object?[][] rows) => Page(columns, null, rows);

    public static byte[] Page((string Name, CqlType Type)[] columns, byte[]? pagingState, params object?[][] rows) => Write((ref writer) =>
    {
        writer.Int(2);
        writer.Int(1 | (pagingState is null ? 0 : 2));
        writer.Int(columns.Length);
        if (pagingState is not null) writer.Bytes(pagingState);
        Columns(ref writer, columns);
        writer.Int(rows.Length);
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) Value(ref writer, row[i], columns[i].Type);
        }
    });

    public static byte[] RowsWithoutColumns(int columns, params int[][] rows) => Write((ref writer) =>
    {
        writer.Int(2);
        writer.Int(4);
        writer.Int(columns);
        writer.Int(rows.Length);
        foreach (var value in rows.SelectMany(row => row)) Value(ref writer, value, CqlType.Of(CqlTypeCode.Int));
    });

    public static byte[] Prepared(byte[] id, (string, CqlType)[] markers, int[] partitionKey, (string, CqlType)[] result) =>
        Write((ref writer) =>
    {
        writer.Int(4);
        writer.ShortBytes(id);
        writer.Int(markers.Length > 0 ? 1 : 0);
        writer.Int(markers.Length);
        writer.Int(partitionKey.Length);
        foreach (var index in partitionKey) writer.Short((ushort)index);
        if (markers.Length > 0) Columns(ref writer, markers);
        writer.Int(result.Length > 0 ? 1 : 4);
        writer.Int(result.Length);
        if (result.Length > 0) Columns(ref writer, result);
    });

    public static byte[] Supported(IReadOnlyCollection<KeyValuePair<string, string[]>> options) => Write((ref writer) =>
    {
        writer.Short((ushort)options.Count);
        foreach (var (name, values) in options)
        {
            writer.String(name);
            writer.Short((ushort)values.Length);
            foreach (var value in values) writer.String(value);
        }
    });

    public static byte[] Write(Fill fill)
    {
        var writer = new WireWriter(64);
        fill(ref writer);
        return writer.Written.ToArray();
    }

    private static void Columns(ref WireWriter writer, (string Name, CqlType Type)[] columns)
    {
        writer.String("k");
        writer.String("t");
        foreach (var (name, type) in columns)
        {
            writer.String(name);
            Type(ref writer, type);
        }
    }

    private static void Type(ref WireWriter writer, CqlType type)
    {
        writer.Short((ushort)type.Code);
        if (type.Code == CqlTypeCode.Tuple) writer.Short((ushort)type.Parts.Count);
        foreach (var part in type.Parts) Type(ref writer, part);
    }

    private static void Value(ref WireWriter writer, object? value, CqlType type)
    {
        switch (value)
        {
            case null:
                writer.Int(-1);
                break;
            case int number:
                Codec<int>.Instance.WriteValue(ref writer, number, type);
                break;
            case long number:
                Codec<long>.Instance.WriteValue(ref writer, number, type);
                break;
            case string text:
                Codec<string?>.Instance.WriteValue(ref writer, text, type);
                break;
            case Guid id:
                Codec<Guid>.Instance.WriteValue(ref writer, id, type);
                break;
            case IPAddress address:
                Codec<IPAddress?>.Instance.WriteValue(ref writer, address, type);
                break;
            case string[] texts:
                Codec<string[]>.Instance.WriteValue(ref writer, texts, type);
                break;
            case Dictionary<string, string> map:
                Codec<Dictionary<string, string>>.Instance.WriteValue(ref writer, map, type);
                break;
            default:
                throw new NotSupportedException($"{value.GetType()} is not written by the scripted server");
        }
    }
}
