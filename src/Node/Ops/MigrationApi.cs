using System.Text.Json;
using Discord.Storage.Migration;

namespace Discord.Node.Ops;

/// <summary>The operator's API for moving the node's data, <c>/ops/v1/migration</c>.</summary>
internal static class MigrationApi
{
    private static readonly TimeSpan LongestTrial = TimeSpan.FromMinutes(10);

    /// <summary>Answers a request; false when there is no such thing.</summary>
    /// <exception cref="OperatorRefusedException">What was asked for cannot be done, in words.</exception>
    public static async Task<bool> TryHandleAsync(HttpContext http, string[] path, StorageMigration migration)
    {
        var cancellation = http.RequestAborted;
        try
        {
            switch (http.Request.Method, path)
            {
                case ("GET", []):
                    break;
                case ("POST", []):
                    var start = await OpsApi.BodyAsync(http, OpsJson.Wire.StartMigration);
                    if (start.RowsPerSecond < 0)
                        throw new OperatorRefusedException("The rate must not be negative.");
                    await migration.StartAsync(start.Target is { } target ? Text(target) : null, start.RowsPerSecond, cancellation);
                    break;
                case ("POST", ["pause"]):
                    await migration.PauseAsync(cancellation);
                    break;
                case ("POST", ["verify"]):
                    await migration.VerifyAsync((await OpsApi.BodyAsync(http, OpsJson.Wire.VerifyMigration)).Share, cancellation);
                    break;
                case ("POST", ["cutover"]):
                    await migration.CutoverAsync((await OpsApi.BodyAsync(http, OpsJson.Wire.CutoverMigration)).Back, cancellation);
                    break;
                case ("DELETE", []):
                    await migration.AbortAsync(cancellation);
                    break;
                case ("POST", ["trial"]):
                    var wanted = await OpsApi.BodyAsync(http, OpsJson.Wire.TryMigration);
                    var limit = TimeSpan.FromSeconds(wanted.Seconds);
                    if (wanted.Target is null || limit <= TimeSpan.Zero || limit > LongestTrial)
                        throw new OperatorRefusedException($"A trial needs a target and 1 to {LongestTrial.TotalSeconds:0} seconds.");
                    var trial = await migration.TryAsync(Text(wanted.Target), limit, cancellation);
                    await OpsApi.AnswerAsync(
                        http,
                        new MigrationTrial(
                            trial.Rows, trial.RowsPerSecond, trial.CpuMicrosecondsPerRow, trial.Estimated, trial.EstimatedSeconds),
                        OpsJson.Wire.MigrationTrial);
                    return true;
                default:
                    return false;
            }
        }
        catch (MigrationException e)
        {
            throw new OperatorRefusedException(e.Message, 409);
        }
        await OpsApi.AnswerAsync(http, View(migration.Status()), OpsJson.Wire.MigrationView);
        return true;
    }

    private static string Text(CqlTarget target) => JsonSerializer.Serialize(target, OpsJson.Wire.CqlTarget);

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static MigrationView View(MigrationStatus status) => new(
        Word(status.Phase), status.Target,
        status.Phase == MigrationPhase.None ? null : status.StartedAt,
        [.. status.Tables.Select(t => new MigrationTableRow(t.Table, t.Copied, t.Estimated, t.Ranges, t.RangesDone))], status.RowsPerSecond,
        status.SecondsLeft, status.RateLimit, status.Pending, status.Carried,
        status.Waiting is { } w ? new MigrationWaiting(Word(w.Side), w.Seconds, w.Reason) : null, status.Failing,
        status.Verification is { } v
            ? new MigrationVerification(v.Full, v.Running, v.Passed, v.StartedAt, v.Compared, v.Repaired, v.Different, v.Error)
            : null);
}
