using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Discord.Pbm;

/// <summary>Prints answers: the JSON as it came, or tables for people.</summary>
internal sealed class Output
{
    // Into a pipe or a file no colour: what reads there is no terminal, whatever TERM says.
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    private volatile string? _note;

    public Output(bool json)
    {
        Json = json;
        // Into a pipe or a file: no line is broken for a screen that is not there.
        if (Console.IsOutputRedirected)
            _console.Profile.Width = 500;
    }

    /// <summary>Whether JSON was asked for.</summary>
    public bool Json { get; }

    /// <summary>Prints an answer: its text when JSON was asked for, else what <paramref name="people"/> makes of it.</summary>
    public void Answer<T>(string json, JsonTypeInfo<T> type, Action<T> people)
    {
        if (Json)
            Console.Out.WriteLine(json);
        else
            people(JsonSerializer.Deserialize(json, type) ?? throw new PbmException("The node's answer is empty.", ExitCode.Refused));
    }

    /// <summary>Prints names and values.</summary>
    public void Facts(params ReadOnlySpan<(string Name, object? Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in facts)
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Dim)), new Text(Show(value)));
        _console.Write(grid);
    }

    /// <summary>Prints rows below headings.</summary>
    public void Table(string[] headings, IEnumerable<object?[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in headings)
            table.AddColumn(new TableColumn(new Text(heading)));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(Show(cell))));
        _console.Write(table);
    }

    /// <summary>Shows bars, with what is done, the pace and the time left, while something goes on.</summary>
    public Task ProgressAsync(Func<ProgressContext, Task> work) => _console.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .UseRenderHook((bars, _) => _note is { } note ? new Rows(bars, new Text(Clean(note))) : bars)
        .StartAsync(work);

    /// <summary>
    /// Shows a sentence below the bars until there is another one or none. Where nothing can be overwritten it is printed: the first, until
    /// there was none.
    /// </summary>
    public void Note(string? text)
    {
        if (Console.IsOutputRedirected && text is not null && _note is null) Line(text);
        _note = text;
    }

    /// <summary>Prints a sentence.</summary>
    public void Line(string text) => Console.Out.WriteLine(Clean(text));

    /// <summary>A count of bytes for people.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
    };

    /// <summary>A span of time for people.</summary>
    public static string Span(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Round(seconds));
        return time.TotalDays >= 1 ? $"{(int)time.TotalDays}d {time.Hours}h {time.Minutes}m"
            : time.TotalHours >= 1 ? $"{time.Hours}h {time.Minutes}m {time.Seconds}s"
            : time.TotalMinutes >= 1 ? $"{time.Minutes}m {time.Seconds}s" : $"{time.Seconds}s";
    }

    private static string Show(object? value) => value switch
    {
        null => "",
        bool yes => yes ? "yes" : "no",
        DateTimeOffset time => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => Clean(value.ToString() ?? ""),
    };

    // Names come from strangers: an escape sequence in one must not reach the terminal.
    private static string Clean(string text) => text.Any(c => char.IsControl(c) && c != '\n')
        ? new string([.. text.Select(c => char.IsControl(c) && c != '\n' ? '\uFFFD' : c)])
        : text;
}
