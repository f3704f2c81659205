using System.Reflection;

namespace Discord.Clients.Kit;

/// <summary>Where the build put what the tests run.</summary>
internal static class BuildPaths
{
    /// <summary>The built node, for <c>dotnet</c>.</summary>
    public static string Node { get; } = Path.GetFullPath(Metadata("NodePath"));

    /// <summary>The folder of this project: <c>package.json</c> and <c>scripts/</c>.</summary>
    public static string Clients { get; } = Path.GetFullPath(Metadata("ClientsFolder"));

    public static string Readme { get; } = Path.GetFullPath(Path.Combine(Clients, "..", "..", "README.md"));

    private static string Metadata(string key) =>
        typeof(BuildPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
