using System.Net;
using Discord.Load.Measure;

namespace Discord.Load.Engine;

/// <summary>
/// Posters that run in a closed loop, each with one request in flight, or that send single requests on demand. Counts answers and errors
/// by kind of request.
/// </summary>
internal sealed class PosterGroup : IPosterEvents, IDisposable
{
    private readonly Poster[] _posters;
    private readonly Tally[] _tallies;
    private readonly Func<int, (byte[] Request, int Kind)> _next;
    private TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private volatile bool _looping;
    private volatile string? _failure;
    private string? _firstError;
    private long _errors;

    /// <param name="loops">Where the posters live, in turn.</param>
    /// <param name="server">The REST address.</param>
    /// <param name="count">How many posters.</param>
    /// <param name="kinds">How many kinds of request there are.</param>
    /// <param name="next">The next request of a poster and its kind; called on loop threads with the poster's number.</param>
    public PosterGroup(IReadOnlyList<EventLoop> loops, IPEndPoint server, int count, int kinds, Func<int, (byte[] Request, int Kind)> next)
    {
        _next = next;
        _posters = [.. Enumerable.Range(0, count).Select(i => new Poster(loops[i % loops.Count], server, this, i))];
        _tallies = [.. _posters.Select(_ => new Tally(kinds))];
    }

    /// <summary>Answers of any status, and a waiter for them.</summary>
    public DeliveryGoal Answers { get; } = new();

    /// <summary>Answers with a status of 400 and above.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>Body bytes of a successful answer of a kind that came lately.</summary>
    public long BodyBytes(int kind) => _tallies.Max(tally => tally.BodyBytes[kind]);

    /// <summary>Why a poster stopped, null while all go on.</summary>
    public string? Failure => _failure;

    /// <summary>The first error's status and body, null when there was none.</summary>
    public string? FirstError => _firstError;

    /// <summary>Lets every poster send one request after the other until <see cref="StopAsync"/>.</summary>
    public void StartLooping()
    {
        _looping = true;
        _running = _posters.Length;
        _stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var poster in _posters)
        {
            poster.Loop.Post(() =>
            {
                _tallies[poster.Index].InLoop = true;
                Next(poster);
            });
        }
    }

    /// <summary>Lets the requests in flight come to their end.</summary>
    /// <exception cref="LoadException">Some were not answered within the limit.</exception>
    public async Task StopAsync(TimeSpan limit)
    {
        _looping = false;
        try
        {
            await _stopped.Task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new LoadException($"{_running} of {_posters.Length} requests were not answered within {limit.TotalSeconds:0} s.");
        }
    }

    /// <summary>Sends one request on each of the first <paramref name="count"/> posters.</summary>
    public void SendOnce(int count)
    {
        for (int i = 0; i < count; i++)
        {
            var poster = _posters[i];
            poster.Loop.Post(() =>
            {
                var (request, kind) = _next(poster.Index);
                poster.Request(request, kind);
            });
        }
    }

    /// <summary>Successful answers of a kind, and their times. When the posters are quiet.</summary>
    public Histogram Latency(int kind)
    {
        var sum = new Histogram();
        foreach (var tally in _tallies) sum.Add(tally.Latency[kind]);
        return sum;
    }

    /// <summary>Starts counting anew. When the posters are quiet.</summary>
    public void Clear()
    {
        foreach (var tally in _tallies)
        {
            foreach (var latency in tally.Latency) latency.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Answers.Dispose();

    void IPosterEvents.OnAnswer(Poster poster, int kind, long nanoseconds)
    {
        if (poster.Answer.Status >= 400)
        {
            string error = $"HTTP {poster.Answer.Status}: {poster.Answer.ErrorBody}";
            Interlocked.CompareExchange(ref _firstError, error, null);
            Interlocked.Increment(ref _errors);
        }
        else
        {
            _tallies[poster.Index].Latency[kind].Record(nanoseconds);
            _tallies[poster.Index].BodyBytes[kind] = poster.Answer.BodyBytes;
        }
        Answers.Add(1);
        if (_tallies[poster.Index].InLoop) Next(poster);
    }

    void IPosterEvents.OnFailed(Poster poster, string reason)
    {
        _failure ??= reason;
        Leave(poster);
    }

    private void Next(Poster poster)
    {
        // A server that answers nothing but errors is not asked on and on.
        if (!_looping || (Errors > 1000 && Errors * 2 > Answers.Total))
        {
            Leave(poster);
            return;
        }
        var (request, kind) = _next(poster.Index);
        poster.Request(request, kind);
    }

    private void Leave(Poster poster)
    {
        var tally = _tallies[poster.Index];
        if (!tally.InLoop) return;
        tally.InLoop = false;
        if (Interlocked.Decrement(ref _running) == 0) _stopped.TrySetResult();
    }

    // One poster's answers, written by its loop only.
    private sealed class Tally(int kinds)
    {
        public bool InLoop { get; set; }

        public long[] BodyBytes { get; } = new long[kinds];

        public Histogram[] Latency { get; } = [.. Enumerable.Range(0, kinds).Select(_ => new Histogram())];
    }
}
