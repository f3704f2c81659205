namespace Discord.Load.Engine;

/// <summary>Sessions that are opened, resumed and closed together, with a bound on how many are on their way at once.</summary>
internal sealed class SessionGroup : ISessionEvents
{
    private readonly Session[] _sessions;
    private readonly object _gate = new();
    private TaskCompletionSource? _done;
    private Action<Session>? _start;
    private int _next;
    private int _end;
    private int _live;
    private volatile string? _failure;

    /// <param name="loops">Where the sessions live, in turn.</param>
    /// <param name="settings">How they introduce themselves.</param>
    /// <param name="tokens">One token each.</param>
    public SessionGroup(IReadOnlyList<EventLoop> loops, SessionSettings settings, IReadOnlyList<string> tokens) =>
        _sessions = [.. tokens.Select((token, i) => new Session(loops[i % loops.Count], settings, token, this))];

    /// <summary>The sessions.</summary>
    public IReadOnlyList<Session> Sessions => _sessions;

    /// <summary>The first session's loss that was not asked for, null while there is none.</summary>
    public string? Failure => _failure;

    /// <summary>Connects and identifies all sessions.</summary>
    /// <param name="window">How many are on their way at once.</param>
    /// <param name="limit">How long all of them may take.</param>
    /// <exception cref="LoadException">One failed, or the time was up.</exception>
    public Task StartAsync(int window, TimeSpan limit) => RunAsync(session => session.Start(), window, limit, "become ready");

    /// <summary>Connects and resumes all sessions.</summary>
    /// <exception cref="LoadException">One failed, or the time was up.</exception>
    public Task ResumeAsync(int window, TimeSpan limit) => RunAsync(session => session.Resume(), window, limit, "resume");

    /// <summary>Cuts all connections without ending the sessions.</summary>
    public Task CutAsync() => OnLoopsAsync(session => session.Cut());

    /// <summary>Ends all sessions.</summary>
    public Task EndAsync() => OnLoopsAsync(session => session.End());

    /// <summary>Resumes one session that was cut; on its loop's thread.</summary>
    public void CutAndResume(Session session)
    {
        if (session.State != SessionState.Live) return;
        session.Cut();
        session.Resume();
    }

    void ISessionEvents.OnLive(Session session)
    {
        Session? next = null;
        lock (_gate)
        {
            if (_done is null) return;
            if (++_live == _sessions.Length) _done.TrySetResult();
            else if (_next < _end) next = _sessions[_next++];
        }
        if (next is not null) Begin(next);
    }

    void ISessionEvents.OnFailed(Session session, string reason)
    {
        _failure ??= reason;
        lock (_gate) _done?.TrySetException(new LoadException($"A session failed: {reason} {_live} of {_sessions.Length} had come up."));
    }

    private async Task RunAsync(Action<Session> start, int window, TimeSpan limit, string what)
    {
        if (_sessions.Length == 0) return;
        TaskCompletionSource done;
        int first;
        lock (_gate)
        {
            _start = start;
            _live = 0;
            _end = _sessions.Length;
            _next = first = Math.Min(window, _sessions.Length);
            _done = done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        for (int i = 0; i < first; i++) Begin(_sessions[i]);
        try
        {
            await done.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new LoadException($"Only {_live} of {_sessions.Length} sessions managed to {what} within {limit.TotalSeconds:0} s.");
        }
        finally
        {
            lock (_gate) _done = null;
        }
    }

    private void Begin(Session session) => session.Loop.Post(() =>
    {
        try
        {
            _start!(session);
        }
        catch (IOException e)
        {
            ((ISessionEvents)this).OnFailed(session, e.Message);
        }
    });

    private async Task OnLoopsAsync(Action<Session> action)
    {
        foreach (var group in _sessions.GroupBy(session => session.Loop))
        {
            await group.Key.RunAsync(() =>
            {
                foreach (var session in group) action(session);
            });
        }
    }
}

/// <summary>A run that cannot go on; the message says what was wrong, where, and what to do.</summary>
internal sealed class LoadException(string message, Exception? inner = null) : Exception(message, inner);
