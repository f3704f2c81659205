using System.Collections;
using System.Text;
using System.Text.Json;

namespace Discord.Node.Configuration;

/// <summary>What a command line asks for besides running.</summary>
public enum StartRequest
{
    /// <summary>Run the node.</summary>
    Run,

    /// <summary>Print the help.</summary>
    Help,

    /// <summary>Print the version.</summary>
    Version,
}

/// <summary>
/// Gathers options from flags, then the environment, then the file; what comes first in this order wins. Pure but for reading the file.
/// </summary>
public static class OptionReader
{
    private const string ConfigFlag = "config";

    /// <summary>Reads all sources.</summary>
    /// <param name="arguments">The command line: <c>--port 8080</c> or <c>--port=8080</c>.</param>
    /// <param name="environment">Environment variables; only those of known options are looked at.</param>
    /// <returns>What to do, and the options when it is to run.</returns>
    /// <exception cref="OptionException">An option is unknown, wrong, given twice, or does not fit another.</exception>
    public static (StartRequest Request, NodeOptions Options) Read(IReadOnlyList<string> arguments, IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(environment);
        var options = new NodeOptions();
        if (arguments.Any(argument => argument is "--help" or "-h" or "-?"))
            return (StartRequest.Help, options);
        if (arguments.Contains("--version"))
            return (StartRequest.Version, options);
        var given = Flags(arguments);
        var file = given.Remove(ConfigFlag, out var flag) ? flag.Text : environment["DISCORD_CONFIG"] as string;
        foreach (var option in OptionTable.All)
        {
            if (!given.ContainsKey(option.Name) && environment[option.EnvironmentVariable] is string text)
                given[option.Name] = (text, option.EnvironmentVariable);
        }
        if (!string.IsNullOrEmpty(file))
            AddFile(given, file);
        foreach (var option in OptionTable.All)
        {
            if (given.TryGetValue(option.Name, out var value))
                Apply(options, option, value.Text, value.Source);
        }
        CheckTogether(options);
        return (StartRequest.Run, options);
    }

    /// <summary>The text of <c>--help</c>.</summary>
    public static string Help()
    {
        var text = new StringBuilder("""
            A Discord-compatible server.

            Usage: node [OPTION VALUE]...

            Each option can be given as a flag, as an environment variable, or as a key of the JSON file that --config names.
            Flags win over the environment, the environment over the file.


            """);
        foreach (var option in OptionTable.All)
        {
            text.AppendLine($"  {$"--{option.Name} {option.Value}",-30} {option.Summary}");
            text.AppendLine($"  {"",-30} Default: {option.Default}. Environment: {option.EnvironmentVariable}");
        }
        text.AppendLine($"  {"--config FILE",-30} JSON file with options, for example {{\"port\": 8080, \"log-format\": \"json\"}}.");
        text.AppendLine($"  {"",-30} Default: none. Environment: DISCORD_CONFIG");
        text.AppendLine($"  {"--help, --version",-30} Print this text, or the version.");
        return text.ToString();
    }

    private static Dictionary<string, (string Text, string Source)> Flags(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, (string, string)>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal) || argument.Length == 2)
                throw new OptionException($"\"{argument}\" is no option; --help lists them.");
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument[2..] : argument[2..equals];
            var option = OptionTable.All.FirstOrDefault(option => option.Name == name);
            if (name != ConfigFlag && option is null)
                throw new OptionException($"There is no option --{name}; --help lists them.");
            if (option is { Secret: true })
            {
                throw new OptionException($"--{name} would be seen by every user of the machine; "
                    + $"give it as {option.EnvironmentVariable} or in the file of --config.");
            }
            if (equals < 0 && i + 1 == arguments.Count)
                throw new OptionException($"--{name} needs a value.");
            if (!given.TryAdd(name, (equals < 0 ? arguments[++i] : argument[(equals + 1)..], $"--{name}")))
                throw new OptionException($"--{name} is given twice.");
        }
        return given;
    }

    private static void AddFile(Dictionary<string, (string Text, string Source)> given, string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(
                File.ReadAllBytes(file),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new OptionException($"--config cannot read {file}: {e.Message.TrimEnd('.')}.");
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new OptionException($"--config needs an object in {file}.");
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (OptionTable.All.All(option => option.Name != property.Name))
                    throw new OptionException($"There is no option \"{property.Name}\" ({file}); --help lists them.");
                if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
                    throw new OptionException($"\"{property.Name}\" ({file}) must be a string, a number, true or false.");
                var text = property.Value.ValueKind switch
                {
                    JsonValueKind.True => "on",
                    JsonValueKind.False => "off",
                    _ => property.Value.ToString(),
                };
                given.TryAdd(property.Name, (text, $"\"{property.Name}\" ({file})"));
            }
        }
    }

    private static void Apply(NodeOptions options, Option option, string text, string source)
    {
        try
        {
            option.Apply(options, text);
        }
        catch (FormatException e)
        {
            throw new OptionException(option.Secret ? $"{source} {e.Message}." : $"{source} {e.Message}, not \"{text}\".");
        }
    }

    private static void CheckTogether(NodeOptions options)
    {
        if (options.Listen.TlsCertificate is null != options.Listen.TlsKey is null)
            throw new OptionException("--tls-cert and --tls-key are only good together: give both or none.");
        if (options.Listen.Port != 0 && options.Listen.Port == options.Ops.Port)
            throw new OptionException($"--port and --ops-port must differ, and both are {options.Listen.Port}.");
        CheckStore(options.Storage);
    }

    private static void CheckStore(StorageOptions storage)
    {
        if (storage.Store == Store.Cql && storage.Cql.ContactPoints.Count == 0)
            throw new OptionException("--store cql needs --cql-contact-points.");
        // Whoever names a cluster means it: a file beside it would look like lost data later.
        if (storage.Store != Store.Cql && storage.Cql.ContactPoints.Count > 0)
            throw new OptionException("--cql-contact-points is only good with --store cql.");
        if (storage.Cql.User is null != storage.Cql.Password is null)
            throw new OptionException("--cql-user and --cql-password are only good together: give both or none.");
        if (storage.Cql.TlsCa is not null && !storage.Cql.Tls)
            throw new OptionException("--cql-tls-ca is only good with --cql-tls on.");
    }
}
