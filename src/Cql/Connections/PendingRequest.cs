using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Discord.Cql.Wire;

namespace Discord.Cql.Connections;

/// <summary>
/// A request between <see cref="Connection.SendAsync"/> and its answer; reused, so that a request costs no garbage. It is completed once,
/// by whoever takes it from the connection's table or queue under the connection's lock.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource<Response>
{
    // What a burst may leave behind for the next one.
    private const int MaxPooled = 4096;

    private static readonly ConcurrentQueue<PendingRequest> s_pool = new();
    private static int s_pooled;

    private ManualResetValueTaskSourceCore<Response> _core;
    private CancellationTokenRegistration _cancellation;
    private Response _response;
    private Connection? _connection;

    /// <summary>The body to write; gone once it is written or given up.</summary>
    public IRequestBody? Body;
    public RequestParameters Parameters;
    public CancellationToken CancellationToken;

    /// <summary>When it is given up, in the clock's milliseconds.</summary>
    public long Deadline;
    public TimeSpan Timeout;

    /// <summary>
    /// Where its frame begins in all that the connection ever sent; what lies behind what was handed to the socket was never sent.
    /// </summary>
    public long Offset;

    /// <summary>Its stream, or -1 while it waits for one.</summary>
    public int Stream;

    public ValueTask<Response> Task => new(this, _core.Version);

    public static PendingRequest Rent(Connection connection)
    {
        if (s_pool.TryDequeue(out var request)) Interlocked.Decrement(ref s_pooled);
        else request = new PendingRequest();
        request._connection = connection;
        request.Stream = -1;
        return request;
    }

    /// <summary>Must be called once the request is in the connection's hands, by who sends it.</summary>
    public void WatchCancellation()
    {
        if (!CancellationToken.CanBeCanceled) return;
        _cancellation = CancellationToken.UnsafeRegister(static (state, _) => ((PendingRequest)state!).Cancel(), this);
    }

    /// <summary>Keeps the answer until <see cref="Complete"/>.</summary>
    public void SetResponse(Response response) => _response = response;

    /// <summary>Runs the continuation on this thread.</summary>
    public void Complete() => _core.SetResult(_response);

    public void Fail(Exception reason) => _core.SetException(reason);

    public Response GetResult(short token)
    {
        // Waits for a cancellation that runs just now, so that none can meet the request's next user.
        _cancellation.Dispose();
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Recycle();
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Gives back a request that nobody awaits.</summary>
    public void Recycle()
    {
        _core.Reset();
        _cancellation = default;
        _response = default;
        _connection = null;
        Body = null;
        Parameters = default;
        CancellationToken = default;
        if (Interlocked.Increment(ref s_pooled) <= MaxPooled) s_pool.Enqueue(this);
        else Interlocked.Decrement(ref s_pooled);
    }

    private void Cancel() => _connection?.GiveUp(this, new OperationCanceledException(CancellationToken));
}
