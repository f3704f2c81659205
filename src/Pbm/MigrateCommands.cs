using System.CommandLine;
using System.Text.Json;
using Discord.Node.Ops;
using Spectre.Console;
using static Discord.Pbm.CommandLine;

namespace Discord.Pbm;

/// <summary>Moving a node's data to a cluster while it runs.</summary>
internal static class MigrateCommands
{
    private static readonly OpsJson Types = OpsJson.Wire;

    // Longer than the driver's own limits; a target's tables are made within it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    public static Command All() => new("migrate", "Moves the node's data to Cassandra or ScyllaDB while it runs.")
    {
        Start(), Status(), Pause(), Verify(), Cutover(), Abort(),
    };

    private static Command Start()
    {
        var hosts = new Option<string?>("--cql-contact-points")
        {
            Description = "Hosts of the target, by commas; none to go on with a paused migration"
        };
        var datacenter = new Option<string>("--cql-datacenter") { Description = "Its data centre", DefaultValueFactory = _ => "dc1" };
        var keyspace = new Option<string>("--cql-keyspace")
        {
            Description = "Its keyspace; made if missing",
            DefaultValueFactory = _ => "discord"
        };
        var replication = new Option<int>("--cql-replication-factor")
        {
            Description = "Replicas, for a keyspace that is made",
            DefaultValueFactory = _ => 3
        };
        var username = new Option<string?>("--cql-user") { Description = "Login; its password is read from standard input" };
        var tls = new Option<bool>("--cql-tls") { Description = "Encrypt connections" };
        var ca = new Option<string?>("--cql-tls-ca")
        {
            Description = "File on the node's machine with the authorities to trust; means --cql-tls"
        };
        var rate = new Option<long>("--rate") { Description = "Rows a second at most; 0 for no limit", DefaultValueFactory = _ => 0 };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Copy for a while into a keyspace that is thrown away, and say how long it would take"
        };
        var seconds = new Option<int>("--seconds") { Description = "How long a dry run copies", DefaultValueFactory = _ => 10 };
        return OnNode("start", "Begins to copy, or goes on with what was paused.", async (parsed, node, output, cancellation) =>
        {
            CqlTarget? target = null;
            if (parsed.GetValue(hosts) is { } names)
            {
                var login = parsed.GetValue(username);
                target = new CqlTarget(
                    names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), parsed.GetValue(datacenter)!,
                    parsed.GetValue(keyspace)!, parsed.GetValue(replication), login,
                    login is null ? null : await Secret.ReadAsync("Password: ", cancellation),
                    parsed.GetValue(tls) || parsed.GetValue(ca) is not null, parsed.GetValue(ca));
            }
            if (parsed.GetValue(dryRun))
            {
                var wanted = OpsClient.Body(new TryMigration(target, parsed.GetValue(seconds)), Types.TryMigration);
                var patience = Patience + TimeSpan.FromSeconds(parsed.GetValue(seconds));
                output.Answer(
                    await node.SendAsync(HttpMethod.Post, "migration/trial", wanted, cancellation, patience), Types.MigrationTrial,
                    trial => output.Facts(
                        ("Copied", $"{trial.Rows:N0} rows"), ("Pace", $"{trial.RowsPerSecond:N0} rows/s"),
                        ("Node's processor time", $"{trial.CpuMicrosecondsPerRow:0.0} µs a row"),
                        ("To copy", $"about {trial.EstimatedRows:N0} rows"),
                        ("It would take", trial.EstimatedSeconds is { } time ? Output.Span(time) : "unknown: there is nothing to copy")));
                return;
            }
            var body = OpsClient.Body(new StartMigration(target, parsed.GetValue(rate)), Types.StartMigration);
            Print(output, await node.SendAsync(HttpMethod.Post, "migration", body, cancellation, Patience));
        }, hosts, datacenter, keyspace, replication, username, tls, ca, rate, dryRun, seconds);
    }

    private static Command Status()
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Show progress until the copy or the comparison is at its end" };
        return OnNode("status", "Where the migration stands.", async (parsed, node, output, cancellation) =>
        {
            var answer = await AskAsync();
            if (parsed.GetValue(follow))
            {
                if (output.Json) await LinesAsync();
                else await BarsAsync();
            }
            Print(output, answer);

            Task<string> AskAsync() => node.SendAsync(HttpMethod.Get, "migration", null, cancellation);

            async Task LinesAsync()
            {
                while (IsMoving(Read(answer)))
                {
                    output.Line(answer);
                    await Task.Delay(Beat, cancellation);
                    answer = await AskAsync();
                }
            }

            Task BarsAsync() => output.ProgressAsync(async bars =>
            {
                var tasks = new Dictionary<string, ProgressTask>();
                while (true)
                {
                    var view = Read(answer);
                    foreach (var table in view.Tables.Where(t => t.Estimated > 0 || t.Copied > 0))
                    {
                        if (!tasks.TryGetValue(table.Table, out var task)) tasks[table.Table] = task = bars.AddTask(table.Table);
                        var done = table.Ranges > 0 && table.RangesDone == table.Ranges;
                        task.MaxValue = done ? Math.Max(1, table.Copied) : Math.Max(table.Estimated, table.Copied + 1);
                        task.Value = done ? task.MaxValue : table.Copied;
                        task.Description = $"{table.Table} [dim]{table.Copied:N0}[/]";
                    }
                    output.Note(view.Waiting is { } waiting ? Sentence(waiting) : null);
                    if (!IsMoving(view)) return;
                    await Task.Delay(Beat, cancellation);
                    answer = await AskAsync();
                }
            });
        }, follow);
    }

    private static Command Pause() => OnNode(
        "pause", "Lets the copy rest; what is written is still carried over.", async (_, node, output, cancellation) =>
            Print(output, await node.SendAsync(HttpMethod.Post, "migration/pause", null, cancellation)));

    private static Command Verify()
    {
        var sample = new Option<double>("--sample")
        {
            Description = "Share to compare, for example 0.01; 1 for everything",
            DefaultValueFactory = _ => 1
        };
        return OnNode("verify", "Compares the two stores and repairs what differs.", async (parsed, node, output, cancellation) =>
        {
            var body = OpsClient.Body(new VerifyMigration(parsed.GetValue(sample)), Types.VerifyMigration);
            var answer = await node.SendAsync(HttpMethod.Post, "migration/verify", body, cancellation);
            while (Read(answer).Verification is { Running: true })
            {
                await Task.Delay(Beat, cancellation);
                answer = await node.SendAsync(HttpMethod.Get, "migration", null, cancellation);
            }
            Print(output, answer);
            if (Read(answer).Verification is { Passed: false })
                throw new PbmException("The stores are not shown to be equal.", ExitCode.Refused);
        }, sample);
    }

    private static Command Cutover()
    {
        var back = new Option<bool>("--back") { Description = "Let the old store answer again" };
        return OnNode(
            "cutover", "Lets the target answer; changes are carried back to the old store.", async (parsed, node, output, cancellation) =>
                Print(output, await node.SendAsync(
                    HttpMethod.Post, "migration/cutover",
                    OpsClient.Body(new CutoverMigration(parsed.GetValue(back)), Types.CutoverMigration), cancellation)),
            back);
    }

    private static Command Abort() => OnNode(
        "abort", "Ends a migration that was not cut over; the target keeps what it has.", async (_, node, output, cancellation) =>
            Print(output, await node.SendAsync(HttpMethod.Delete, "migration", null, cancellation)));

    private static bool IsMoving(MigrationView view) => view.Phase == "copying" || view.Verification is { Running: true };

    private static MigrationView Read(string json) =>
        JsonSerializer.Deserialize(json, Types.MigrationView) ?? throw new PbmException("The node's answer is empty.", ExitCode.Refused);

    private static string Sentence(MigrationWaiting waiting)
    {
        var side = waiting.Side == "node" ? "node's own disk" : waiting.Side;
        return $"Waiting for the {side} since {Output.Span(waiting.Seconds)}: {waiting.Reason}";
    }

    private static void Print(Output output, string answer) => output.Answer(answer, Types.MigrationView, view =>
    {
        if (view.Phase == "none")
        {
            output.Line("There is no migration.");
            return;
        }
        output.Facts(
            ("Phase", view.Phase.Replace('_', ' ')), ("Target", view.Target), ("Started", view.StartedAt),
            ("Pace", view.Phase == "copying"
                ? $"{view.RowsPerSecond:N0} rows/s{(view.RateLimit > 0 ? $", limited to {view.RateLimit:N0}" : "")}"
                : null),
            ("Left", view.SecondsLeft is { } left ? Output.Span(left) : null), ("Changes to carry over", view.Pending),
            ("Carried over", view.Carried), ("Failing", view.Failing),
            ("Comparison", view.Verification is { } v
                ? $"{(v.Full ? "full" : "sample")}, {(v.Running ? "running" : v.Passed ? "no difference" : v.Error ?? "differences")}: "
                    + $"{v.Compared:N0} rows, {v.Repaired:N0} repaired, {v.Different:N0} different"
                : null));
        output.Table(["Table", "Copied", "Estimated", "Ranges"], view.Tables.Select(t =>
            new object?[] { t.Table, t.Copied, t.Estimated, $"{t.RangesDone}/{t.Ranges}" }));
        if (view.Waiting is { } waiting) output.Line(Sentence(waiting));
        if (view.Phase == "copied")
            output.Line(view.Verification is { Full: true, Passed: true } ? "Next: pbm migrate cutover" : "Next: pbm migrate verify");
        else if (view.Phase == "cut_over")
            output.Line("The target answers. To end the migration start the node with the target as its store; to return, pbm migrate cutover --back.");
    });
}
