using System.Text.Json.Serialization.Metadata;

namespace Discord.Node.Rest;

/// <summary>What a handler answers. Made by its static methods; written once by the pipeline, after the handler has returned.</summary>
public readonly struct RestReply
{
    private RestReply(int status, ReadOnlyMemory<byte> body, object? value, JsonTypeInfo? type)
    {
        Status = status;
        Body = body;
        Value = value;
        Type = type;
    }

    /// <summary>204 without a body.</summary>
    public static RestReply NoContent => new(204, default, null, null);

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    internal ReadOnlyMemory<byte> Body { get; }

    internal object? Value { get; }

    internal JsonTypeInfo? Type { get; }

    /// <summary>
    /// A value, encoded by its source-generated type info. Encoding happens after the handler returned: do not change the value any more.
    /// </summary>
    public static RestReply Json<T>(T value, JsonTypeInfo<T> type, int status = 200) => new(status, default, value, type);

    /// <summary>201 with a value.</summary>
    public static RestReply Created<T>(T value, JsonTypeInfo<T> type) => new(201, default, value, type);

    /// <summary>202 with a value: under way, or not indexed yet.</summary>
    public static RestReply Accepted<T>(T value, JsonTypeInfo<T> type) => new(202, default, value, type);

    /// <summary>
    /// Bytes that are JSON already. They must stay as they are until the reply is written: no pooled memory that the handler gives back.
    /// </summary>
    public static RestReply Raw(ReadOnlyMemory<byte> json, int status = 200) => new(status, json, null, null);

    /// <summary>A bare status, for the few answers without a body.</summary>
    public static RestReply Empty(int status) => new(status, default, null, null);
}
