namespace Discord.Storage.Cql;

/// <summary>How often what is decided by a condition is tried when others decide at the same time, or answers are lost.</summary>
internal static class Attempts
{
    /// <summary>Each loss means that somebody else has won, so few suffice but under a storm.</summary>
    public const int Max = 32;

    private const int SlowAfter = 2;
    private const int MaxPauseMilliseconds = 100;

    public static StorageException Exhausted(string what) =>
        new(StorageError.Busy, $"{what} is changed by so many at once that this change did not get its turn");

    /// <summary>A short wait at random, longer with each attempt, so that those who meet do not meet again.</summary>
    public static Task PauseAsync(int attempt) => attempt < SlowAfter
        ? Task.CompletedTask
        : Task.Delay(Random.Shared.Next(1, Math.Min(MaxPauseMilliseconds, 2 << Math.Min(attempt, 8))));
}
