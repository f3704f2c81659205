using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Discord.Node.Logging;

/// <summary>One message that was logged.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Level">How grave.</param>
/// <param name="Category">Which class.</param>
/// <param name="EventId">Its number; docs/operations.md lists the areas.</param>
/// <param name="EventName">Its name.</param>
/// <param name="Message">The text with its values.</param>
/// <param name="Exception">The exception as text, or null.</param>
/// <param name="Values">The values by name.</param>
public sealed record LogEntry(
    DateTimeOffset Time, LogLevel Level, string Category, int EventId, string? EventName, string Message, string? Exception,
    IReadOnlyList<KeyValuePair<string, object?>> Values)
{
    // Readable signs and letters: log lines are not embedded in HTML. Control characters are escaped all the same.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line for people; an exception follows on lines of its own.</summary>
    public string ToText()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{Time:yyyy-MM-ddTHH:mm:ss.fffZ} {Short(Level)} {Category}[{EventId}] {OneLine(Message)}");
        return Exception is null ? text : $"{text}\n{Exception}";
    }

    /// <summary>One JSON object in one line.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("time"u8, Time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            writer.WriteString("level"u8, Name(Level));
            writer.WriteString("category"u8, Category);
            writer.WriteNumber("event_id"u8, EventId);
            if (EventName is not null)
                writer.WriteString("event"u8, EventName);
            writer.WriteString("message"u8, Message);
            if (Exception is not null)
                writer.WriteString("exception"u8, Exception);
            if (Values.Count > 0)
            {
                writer.WriteStartObject("values"u8);
                foreach (var (key, value) in Values)
                    writer.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The level's name in lower case, as <c>--log-level</c> takes it.</summary>
    public static string Name(LogLevel level) => level.ToString().ToLowerInvariant();

    // A value with a line break must not look like another entry.
    private static string OneLine(string message) =>
        message.AsSpan().ContainsAny('\r', '\n')
            ? message.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            : message;

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRC",
        LogLevel.Debug => "DBG",
        LogLevel.Information => "INF",
        LogLevel.Warning => "WRN",
        LogLevel.Error => "ERR",
        _ => "CRT",
    };
}
