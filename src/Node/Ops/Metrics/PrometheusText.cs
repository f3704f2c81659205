using System.Diagnostics.Metrics;
using System.Text;

namespace Discord.Node.Ops.Metrics;

/// <summary>Names and escapes of the Prometheus text format, version 0.0.4, as OpenTelemetry maps its own to it.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Name(Instrument instrument, bool isCounter)
    {
        var name = Word(instrument.Name);
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "%" => "_percent",
            _ => "",
        };
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(Word(key)).Append("=\"");
            foreach (var c in value?.ToString() ?? "")
                _ = c switch { '\\' => text.Append("\\\\"), '"' => text.Append("\\\""), '\n' => text.Append("\\n"), _ => text.Append(c) };
            text.Append('"');
        }
        return text.ToString();
    }

    public static string Help(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Word(string name)
    {
        var word = string.Create(name.Length, name, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterOrDigit(text[i]) ? text[i] : '_';
        });
        return char.IsAsciiDigit(word[0]) ? "_" + word : word;
    }
}
