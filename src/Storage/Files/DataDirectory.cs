namespace Discord.Storage.Files;

/// <summary>The directory of what a node keeps on its own disk.</summary>
public static class DataDirectory
{
    /// <summary>The file whose lock says that a process uses the directory.</summary>
    public const string LockFile = "lock";

    /// <summary>Creates the directory if need be, with mode 0700, and takes it for this process, until the lock is disposed of.</summary>
    /// <exception cref="StorageException"><see cref="StorageError.InUse"/>; <see cref="StorageError.Io"/>.</exception>
    public static FileStream Lock(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
            else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageError.Io, $"the data directory '{directory}' cannot be created: {e.Message}", e);
        }
        var path = Path.Combine(directory, LockFile);
        try
        {
            // The system releases the lock when the process ends, however it ends.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException(StorageError.Io, $"the data directory '{directory}' cannot be written: {e.Message}", e);
        }
        catch (IOException e) when (!FileLock.IsHeld(e))
        {
            throw new StorageException(StorageError.Io, $"the data directory '{directory}' cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new StorageException(
                StorageError.InUse,
                $"the data directory '{directory}' is used by another process; stop that one or choose another directory", e);
        }
    }
}
