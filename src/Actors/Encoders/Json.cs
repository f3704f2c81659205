using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Protocol.Gateway;

namespace Discord.Actors.Encoders;

/// <summary>Encodes payloads to UTF-8 JSON with one reused writer per thread: what is allocated is the result.</summary>
public static class Json
{
    private const int KeepCapacity = 1 << 20;

    [ThreadStatic] private static ArrayBufferWriter<byte>? t_buffer;
    [ThreadStatic] private static Utf8JsonWriter? t_writer;

    public static byte[] Encode<T>(T value, JsonTypeInfo<T> type) =>
        Encode((value, type), static (writer, s) => JsonSerializer.Serialize(writer, s.value, s.type));

    /// <summary>Runs <paramref name="write"/> on a writer. Not reentrant on one thread with the same writer: nested calls get their
    /// own.</summary>
    public static byte[] Encode<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        ArrayBufferWriter<byte> buffer = t_buffer ?? new(4096);
        Utf8JsonWriter writer = t_writer
            ?? new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        t_buffer = null;
        t_writer = null;
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(writer, state);
        writer.Flush();
        byte[] result = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= KeepCapacity)
        {
            t_buffer = buffer;
            t_writer = writer;
        }
        return result;
    }

    public static DispatchEvent Event<T>(EventName name, T value, JsonTypeInfo<T> type) => new(name, Encode(value, type));

    public static DispatchEvent Event<TState>(EventName name, TState state, Action<Utf8JsonWriter, TState> write) =>
        new(name, Encode(state, write));

    /// <summary><paramref name="json"/>, an object, without its closing brace, so that more keys can follow.</summary>
    public static ReadOnlySpan<byte> Open(ReadOnlySpan<byte> json) => json[..^1];
}
