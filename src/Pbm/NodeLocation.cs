using System.Text.Json;
using Discord.Node.Ops;

namespace Discord.Pbm;

/// <summary>Where a node's operator's endpoint is and what it wants to see.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Token">The operator's token.</param>
/// <param name="Found">How it was found, for messages.</param>
internal sealed record NodeLocation(Uri Address, string Token, string Found)
{
    /// <summary>The data directory that is meant when none is named: the node's own default, so that both agree in one folder.</summary>
    public static string DefaultDataDirectory =>
        Environment.GetEnvironmentVariable("DISCORD_DATA_DIR") is { Length: > 0 } given ? given : "data";

    /// <summary>The node that runs on a data directory.</summary>
    public static NodeLocation FromDataDirectory(string directory)
    {
        var file = Path.Combine(directory, "node.json");
        if (!Directory.Exists(directory))
            throw new PbmException(
                $"There is no data directory {Path.GetFullPath(directory)}; name the node's with --data-dir.", ExitCode.Unreachable);
        if (!File.Exists(file))
            throw new PbmException($"No node runs on {Path.GetFullPath(directory)}: it has no node.json.", ExitCode.Unreachable);
        try
        {
            var node = JsonSerializer.Deserialize(File.ReadAllBytes(file), OpsJson.Wire.RunningNode)
                ?? throw new PbmException($"{file} is empty.", ExitCode.Unreachable);
            return new NodeLocation(node.Ops, ReadToken(node.TokenFile), Path.GetFullPath(directory));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new PbmException($"{file} cannot be read: {e.Message}", ExitCode.Unreachable);
        }
    }

    /// <summary>A node that is named by its address.</summary>
    public static NodeLocation FromAddress(string address, string? tokenFile)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new PbmException($"--ops must be an http or https URL, not \"{address}\".", ExitCode.Usage);
        if (tokenFile is null)
            throw new PbmException("--ops needs --token-file with the operator's token.", ExitCode.Usage);
        return new NodeLocation(url, ReadToken(tokenFile), address);
    }

    private static string ReadToken(string file)
    {
        string token;
        try
        {
            token = File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PbmException($"The operator's token cannot be read from {file}: {e.Message}", ExitCode.Unreachable);
        }
        return token.Length is > 0 and <= 512 && token.All(char.IsAsciiLetterOrDigit)
            ? token
            : throw new PbmException($"{file} holds no operator's token; it is one word of letters and digits.", ExitCode.Unreachable);
    }
}
