namespace Discord.Node.Composition;

/// <summary>What a person at a terminal reads when the node is up.</summary>
internal static class Greeting
{
    public static string For(NodeHost node)
    {
        var services = node.Services;
        var directory = services.Options.Storage.DataDirectory;
        var choice = directory == Path.GetFullPath("data")
            ? ""
            : $"--data-dir {(directory.Contains(' ') ? $"\"{directory}\"" : directory)} ";
        var next = node.IsFirstStart
            ? $"""

              Nobody lives here yet. In another terminal, make an owner, a bot and a guild:

                  dotnet run --project src/Pbm -- {choice}dev seed

              """
            : "";
        return $"""

            Listening on  {services.PublicUrl} (API at {services.PublicUrl.ToString().TrimEnd('/')}/api/v10)
            Operators     {services.OpsAddress}
            Data          {directory}
            {next}
            Ctrl+C stops the node.
            """;
    }
}
