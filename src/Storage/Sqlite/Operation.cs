using System.Threading.Tasks.Sources;

namespace Discord.Storage.Sqlite;

/// <summary>
/// One read or write on its way through a queue, and the promise of its result in the same object. Continuations run on the thread pool,
/// never on a storage thread.
/// </summary>
internal abstract class Operation
{
    /// <summary>Does the work on a storage thread and keeps its result; may throw.</summary>
    public abstract void Run(Database database);

    /// <summary>Hands the result to the caller.</summary>
    public abstract void Complete();

    /// <summary>Hands an error to the caller.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Whether the work is several statements that must be undone together when one of them refuses.</summary>
    public bool Atomic { get; protected init; }

    /// <summary>Why this write alone was refused while the rest of its batch goes on.</summary>
    public Exception? Refusal { get; set; }
}

/// <inheritdoc cref="Operation"/>
internal sealed class Operation<T> : Operation, IValueTaskSource<T>, IValueTaskSource
{
    private readonly Func<Database, T> _work;
    private ManualResetValueTaskSourceCore<T> _promise = new() { RunContinuationsAsynchronously = true };
    private T _result = default!;

    public Operation(Func<Database, T> work, bool atomic = false) => (_work, Atomic) = (work, atomic);

    public ValueTask<T> Task => new(this, _promise.Version);

    public ValueTask VoidTask => new(this, _promise.Version);

    public override void Run(Database database) => _result = _work(database);

    public override void Complete() => _promise.SetResult(_result);

    public override void Fail(Exception error) => _promise.SetException(error);

    T IValueTaskSource<T>.GetResult(short token) => _promise.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _promise.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _promise.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _promise.OnCompleted(continuation, state, token, flags);
}
