using System.Text.Json;
using Discord.Node.Ops;
using Discord.Storage.Files;

namespace Discord.Node.Composition;

/// <summary>
/// The node's own files in the data directory: <c>node.lock</c> (held while it runs: one node per directory), <c>node.json</c> (where it
/// can be found),
/// <c>tmp/</c> (uploads under way, emptied at start). See docs/operations.md for all files.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    public string TemporaryFiles => System.IO.Path.Combine(Path, "tmp");

    private string NodeFile => System.IO.Path.Combine(Path, "node.json");

    /// <summary>Takes the directory for this process, and makes it when it is missing.</summary>
    /// <exception cref="NodeStartException">Another node has it, or it cannot be written.</exception>
    public static DataDirectory Take(string path)
    {
        try
        {
            // Accounts and messages lie here: the node's user alone may look.
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeStartException($"The data directory {path} cannot be made: {e.Message}", e);
        }
        try
        {
            var held = new FileStream(
                System.IO.Path.Combine(path, "node.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.None);
            var directory = new DataDirectory(path, held);
            if (Directory.Exists(directory.TemporaryFiles))
                Directory.Delete(directory.TemporaryFiles, recursive: true);
            Directory.CreateDirectory(directory.TemporaryFiles);
            return directory;
        }
        catch (IOException e) when (FileLock.IsHeld(e))
        {
            throw new NodeStartException(
                $"The data directory {path} is in use by another node; stop it or choose another with --data-dir.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeStartException($"The data directory {path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Tells <c>pbm</c> where the node is.</summary>
    public void Announce(RunningNode node) => PrivateFile.Write(NodeFile, JsonSerializer.Serialize(node, OpsJson.Wire.RunningNode) + "\n");

    /// <summary>Gives the directory back.</summary>
    public void Dispose()
    {
        File.Delete(NodeFile);
        _lock.Dispose();
    }
}

/// <summary>The node cannot start for a reason that its operator can mend. The message is the sentence that is shown.</summary>
public sealed class NodeStartException(string message, Exception? inner = null) : Exception(message, inner);
