using Microsoft.Extensions.Logging;

namespace Discord.Storage;

/// <summary>
/// Looks after a store, once at its start and hourly: goes on with what a crash interrupted, and forgets nonces, tombstones and audit
/// entries that are too old. Several nodes may do so at the same time. A failure is logged and tried again an hour later.
/// </summary>
internal sealed class Maintenance : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan NonceAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan TombstoneAge = TimeSpan.FromDays(7);

    private readonly IStorage _storage;
    private readonly Func<Task> _resume;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    /// <param name="storage">What is looked after.</param>
    /// <param name="resume">Goes on with what a crash interrupted.</param>
    /// <param name="time">The clock that ages are told by.</param>
    /// <param name="log">Where failures are told.</param>
    public Maintenance(IStorage storage, Func<Task> resume, TimeProvider time, ILogger log)
    {
        (_storage, _resume, _time, _log) = (storage, resume, time, log);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Completes when it has been done once, or will not be any more.</summary>
    public Task First => _first.Task;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            do
            {
                try
                {
                    await _resume().ConfigureAwait(false);
                    var now = _time.GetUtcNow();
                    await _storage.Messages.TrimNoncesAsync(now - NonceAge, _stopping.Token).ConfigureAwait(false);
                    await _storage.Messages.TrimTombstonesAsync(now - TombstoneAge, _stopping.Token).ConfigureAwait(false);
                    await _storage.Audit.TrimAsync(now - IAuditStore.Retention, _stopping.Token).ConfigureAwait(false);
                }
                catch (StorageException e)
                {
                    StorageMetrics.MaintenanceFailed();
                    StorageLog.MaintenanceFailed(_log, e);
                }
                _first.TrySetResult();
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
        finally
        {
            _first.TrySetResult();
        }
    }
}
