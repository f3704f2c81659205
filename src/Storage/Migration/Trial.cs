using Microsoft.Extensions.Logging.Abstractions;

namespace Discord.Storage.Migration;

/// <summary>What a trial found.</summary>
/// <param name="Rows">Rows that were copied.</param>
/// <param name="RowsPerSecond">How fast.</param>
/// <param name="CpuMicrosecondsPerRow">This process's CPU, everything it did meanwhile included.</param>
/// <param name="Estimated">Rows of all tables.</param>
/// <param name="EstimatedSeconds">How long all of them would take at that pace; null when nothing was copied.</param>
public sealed record TrialReport(long Rows, double RowsPerSecond, double CpuMicrosecondsPerRow, long Estimated, double? EstimatedSeconds);

/// <summary>Copies messages for a while, at full throttle, to learn a migration's pace.</summary>
internal static class Trial
{
    public static async Task<TrialReport> RunAsync(
        IReplica source, IReplica scratch, TimeSpan duration, TimeProvider time, CancellationToken ct)
    {
        long estimated = 0;
        foreach (var table in ReplicaTable.All) estimated += await source.EstimateAsync(table, ct).ConfigureAwait(false);
        var directory = Directory.CreateTempSubdirectory("migration-trial-");
        try
        {
            using var state = new MigrationState(directory.FullName);
            var log = NullLogger.Instance;
            using var copier = new Copier(
                new(source, new Retry(MigrationSide.Source, limit: null, time, log)),
                new(scratch, new Retry(MigrationSide.Target, limit: null, time, log)),
                state, new MigrationClock(time, 0), new Throttle(time), time, log);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var (began, cpu) = (time.GetTimestamp(), Environment.CpuUsage.TotalTime);
            limit.CancelAfter(duration);
            try
            {
                await copier.RunAsync(limit.Token, ReplicaTable.Messages).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                // The time is over.
            }
            var (elapsed, rows) = (time.GetElapsedTime(began), copier.Copied);
            var pace = rows / elapsed.TotalSeconds;
            return new TrialReport(
                rows, pace, rows == 0 ? 0 : (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / rows, estimated,
                rows == 0 ? null : estimated / pace);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
