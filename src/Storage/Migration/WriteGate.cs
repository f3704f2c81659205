namespace Discord.Storage.Migration;

/// <summary>Lets writes through, until it is closed for the moment in which two stores change places. Thread-safe.</summary>
internal sealed class WriteGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _closed;
    private TaskCompletionSource? _idle;
    private int _inside;

    /// <summary>Enters, or waits until it is open again. Each entry ends with <see cref="Leave"/>.</summary>
    public ValueTask EnterAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_closed is null)
            {
                _inside++;
                return ValueTask.CompletedTask;
            }
        }
        return WaitAsync(ct);
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_inside == 0) _idle?.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more; completes when all have left. <see cref="Open"/> must follow, whatever happens.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            if (_closed is not null) throw new InvalidOperationException("the gate is closed already");
            _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inside == 0) return Task.CompletedTask;
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _closed?.TrySetResult();
            (_closed, _idle) = (null, null);
        }
    }

    private async ValueTask WaitAsync(CancellationToken ct)
    {
        while (true)
        {
            Task opened;
            lock (_lock)
            {
                if (_closed is null)
                {
                    _inside++;
                    return;
                }
                opened = _closed.Task;
            }
            await opened.WaitAsync(ct).ConfigureAwait(false);
        }
    }
}
