using Microsoft.Extensions.Logging;

namespace Discord.Storage.Migration;

/// <summary>
/// How one of a migration's works (the copy, the comparison, the carrying over) asks one store: what fails for a while is asked again, with
/// pauses that grow to a bound, and <see cref="Waiting"/> tells an operator of it meanwhile. Thread-safe; a <see cref="Call"/> is not.
/// </summary>
/// <param name="side">Who is asked.</param>
/// <param name="limit">How long a call may get no further before it is given up; null for as long as it takes.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class Retry(MigrationSide side, TimeSpan? limit, TimeProvider time, ILogger log)
{
    private const int MaxReason = 300;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // Answers take milliseconds. A store that hangs is told of before a time-out makes an error of it.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private int _asking;
    private long _since;
    private string? _reason;
    private bool _told;

    /// <summary>What is being waited for; null while there are answers, or nothing is asked.</summary>
    public MigrationWait? Waiting
    {
        get
        {
            lock (_lock)
            {
                if (_asking == 0) return null;
                var waited = time.GetElapsedTime(_since);
                return _reason is null && waited < Silence ? null : new(side, waited.TotalSeconds, _reason ?? "no answer yet");
            }
        }
    }

    private MigrationSide Side => side;

    private TimeSpan? Limit => limit;

    private TimeProvider Time => time;

    /// <summary>Begins to ask for something.</summary>
    public Call Begin() => new(this);

    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="MigrationException">There was none within the limit.</exception>
    public async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask, CancellationToken ct)
    {
        using var call = Begin();
        while (true)
        {
            try
            {
                return await call.TryAsync(ask, ct).ConfigureAwait(false);
            }
            catch (StorageException e) when (e.IsTransient)
            {
                await call.PauseAsync(ct).ConfigureAwait(false);
            }
        }
    }

    private void Asked()
    {
        lock (_lock)
        {
            if (_asking++ == 0) _since = time.GetTimestamp();
        }
    }

    private void Answered()
    {
        lock (_lock)
        {
            _asking--;
            (_since, _reason, _told) = (time.GetTimestamp(), null, false);
        }
    }

    private void Failed(string reason)
    {
        lock (_lock) _reason = Line(reason);
    }

    private void Dropped()
    {
        lock (_lock)
        {
            if (--_asking == 0) _reason = null;
        }
    }

    // Once, when it takes longer.
    private void Tell(StorageException fault)
    {
        lock (_lock)
        {
            if (_told) return;
            _told = true;
        }
        MigrationLog.Waits(log, side.InWords(), fault);
    }

    private static string Line(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= MaxReason ? line : line[..(MaxReason - 1)] + "…";
    }

    /// <summary>One thing that is asked for, as often as need be.</summary>
    public sealed class Call(Retry retry) : IDisposable
    {
        private TimeSpan _pause = FirstPause;
        private bool _asked;
        private long _askedAt;
        private long? _stuckSince;

        /// <summary>Asks, or asks again.</summary>
        public void Ask()
        {
            if (_asked) return;
            (_asked, _askedAt) = (true, retry.Time.GetTimestamp());
            retry.Asked();
        }

        /// <summary>There is an answer. One that leads no further than an earlier one had led does not count against the limit.</summary>
        public void Answered(bool further = true)
        {
            _asked = false;
            retry.Answered();
            if (further) (_pause, _stuckSince) = (FirstPause, null);
        }

        /// <summary>It failed.</summary>
        /// <exception cref="MigrationException">For longer than the limit.</exception>
        public void Failed(StorageException fault)
        {
            retry.Failed(fault.Message);
            _stuckSince ??= _askedAt;
            if (retry.Limit is { } limit && retry.Time.GetElapsedTime(_stuckSince.Value) >= limit)
            {
                throw new MigrationException(
                    $"{retry.Side.InWords()} did not answer for {limit.TotalSeconds:0} s: {Line(fault.Message)}", fault);
            }
            if (_pause == LongestPause) retry.Tell(fault);
        }

        /// <summary>Asks once. A cancellation does not wait for an answer that is still to come.</summary>
        public async ValueTask<T> TryAsync<T>(Func<ValueTask<T>> ask, CancellationToken ct)
        {
            Ask();
            try
            {
                var answer = await ask().AsTask().WaitAsync(ct).ConfigureAwait(false);
                Answered();
                return answer;
            }
            catch (StorageException e) when (e.IsTransient)
            {
                Failed(e);
                throw;
            }
            catch
            {
                Drop();
                throw;
            }
        }

        /// <summary>Waits before it is asked again.</summary>
        public async Task PauseAsync(CancellationToken ct)
        {
            await Task.Delay(_pause, retry.Time, ct).ConfigureAwait(false);
            _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        }

        /// <summary>It is asked no more.</summary>
        public void Drop()
        {
            if (_asked) retry.Dropped();
            _asked = false;
        }

        /// <inheritdoc/>
        public void Dispose() => Drop();
    }
}
