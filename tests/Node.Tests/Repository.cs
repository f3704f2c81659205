namespace Discord.Node.Tests;

/// <summary>Files of the repository that tests compare the code with.</summary>
internal static class Repository
{
    public static string File(string path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(directory.FullName, "Discord.Akka.sln")))
                return Path.Combine(directory.FullName, path);
        }
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
