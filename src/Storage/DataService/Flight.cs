namespace Discord.Storage.DataService;

/// <summary>
/// One query and everybody who waits for its answer. Who it may be shared with is the <see cref="HotChannel"/>'s to decide, which guards
/// all of its state with its lock but for the answer.
/// </summary>
internal abstract class Flight(Read read)
{
    /// <summary>What is asked.</summary>
    public Read Question => read;

    /// <summary>The same question that is being asked already, too early for those who wait for this one; this one follows it.</summary>
    public Flight? Behind { get; set; }

    /// <summary>The query has begun.</summary>
    public bool Departed { get; set; }

    /// <summary>A write that the answer depends on has ended since it began: the answer may be without it.</summary>
    public bool IsStale { get; set; }

    /// <summary>Memory of the answer, once it is kept.</summary>
    public long Bytes { get; set; }

    /// <summary>Ends with the query, however that ends.</summary>
    public abstract Task Over { get; }
}

/// <inheritdoc/>
internal sealed class Flight<T>(Read<T> read, bool inline) : Flight(read)
{
    // Elsewhere than on the store's thread: thousands may wait, and whatever each does next would hold up the next answer.
    private readonly TaskCompletionSource<T> _answer =
        new(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

    public new Read<T> Question => read;

    // Of several who await one task the runtime runs only one inline.
    public Task<T> Answer => !inline ? _answer.Task
        : _answer.Task.ContinueWith(
            static task => task, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Unwrap();

    public override Task Over => Answer;

    public void Succeed(T answer) => _answer.SetResult(answer);

    public void Fail(Exception error)
    {
        _answer.SetException(error);
        // Everybody who asked may have gone away meanwhile: seen, whoever still waits.
        _ = _answer.Task.Exception;
    }
}
