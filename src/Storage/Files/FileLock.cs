namespace Discord.Storage.Files;

/// <summary>Tells a file that another process holds from one that cannot be opened for another reason.</summary>
public static class FileLock
{
    // EWOULDBLOCK of flock on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private const int Linux = 11, MacOS = 35, Windows = unchecked((int)0x80070020);

    /// <summary>Whether opening a file without sharing failed because somebody has it open.</summary>
    public static bool IsHeld(IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.HResult is Linux or MacOS or Windows;
    }
}
