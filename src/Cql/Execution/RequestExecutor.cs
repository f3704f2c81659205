using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Topology;
using Discord.Cql.Wire;
using Microsoft.Extensions.Logging;

namespace Discord.Cql.Execution;

/// <summary>
/// Carries a statement out: picks the host, sends, and decides what follows an error. See docs/cql.md, "Who retries what". Thread-safe.
/// </summary>
internal sealed class RequestExecutor(
    Cluster cluster, PreparedCache prepared, TimestampGenerator timestamps, CqlOptions options, ILogger log)
{
    public ValueTask<RowSet> ExecuteAsync(CqlStatement statement, ReadOnlyMemory<byte>? pagingState, CancellationToken cancellationToken)
    {
        statement.Validate();
        // Every attempt has the same time: a late first one must not win over what was written after the statement was done.
        var timestamp = statement.Timestamp ?? timestamps.Next();
        if (CqlMetrics.Activities.HasListeners() || cluster.Metrics.Measures)
            return MeasureAsync(statement, pagingState, timestamp, cancellationToken);
        return SendAsync(statement, pagingState, timestamp, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RowSet> MeasureAsync(
        CqlStatement statement, ReadOnlyMemory<byte>? pagingState, long timestamp, CancellationToken cancellationToken)
    {
        using var activity = CqlMetrics.Activities.StartActivity("cql " + statement.Opcode, ActivityKind.Client);
        activity?.SetTag("db.system", "cassandra");
        activity?.SetTag("db.query.text", statement.Text);
        if (options.Keyspace is not null) activity?.SetTag("db.namespace", options.Keyspace);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var rows = await SendAsync(statement, pagingState, timestamp, cancellationToken).ConfigureAwait(false);
            if (rows.Host is { } host) activity?.SetTag("server.address", host.Address.ToString());
            return rows;
        }
        catch (Exception reason)
        {
            activity?.SetStatus(ActivityStatusCode.Error, reason.GetType().Name);
            cluster.Metrics.RequestFailed(reason);
            throw;
        }
        finally
        {
            cluster.Metrics.RequestDone(started);
        }
    }

    private ValueTask<RowSet> SendAsync(
        CqlStatement statement, ReadOnlyMemory<byte>? pagingState, long timestamp, CancellationToken cancellationToken)
    {
        var plan = cluster.Plan(statement, options.Keyspace);
        return options.SpeculativeDelay is { } delay && statement.IsIdempotent
            ? SpeculateAsync(statement, pagingState, timestamp, plan, delay, cancellationToken)
            : RunAsync(statement, pagingState, timestamp, plan, cancellationToken);
    }

    // Asks a second host when the first has not answered in time; the first answer counts, the other request is given up.
    private async ValueTask<RowSet> SpeculateAsync(
        CqlStatement statement,
        ReadOnlyMemory<byte>? pagingState,
        long timestamp,
        QueryPlan plan,
        TimeSpan delay,
        CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = RunAsync(statement, pagingState, timestamp, plan, losers.Token).AsTask();
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            var wait = Task.Delay(delay, options.Time, stop.Token);
            var done = await Task.WhenAny(first, wait).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            if (done == first) return await first.ConfigureAwait(false);
        }
        cluster.Metrics.RequestSpeculated();
        // The same order of hosts, begun at the second.
        plan.Next();
        var second = RunAsync(statement, pagingState, timestamp, plan, losers.Token).AsTask();
        var winner = await Task.WhenAny(first, second).ConfigureAwait(false);
        var other = winner == first ? second : first;
        if (!winner.IsCompletedSuccessfully)
        {
            // One failed: the other may still succeed, and when it does not, the first error is the one to tell.
            await Task.WhenAny(other).ConfigureAwait(false);
            if (other.IsCompletedSuccessfully) return await other.ConfigureAwait(false);
            return await winner.ConfigureAwait(false);
        }
        await losers.CancelAsync().ConfigureAwait(false);
        _ = other.ContinueWith(
            static late => late.Result.Dispose(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return await winner.ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RowSet> RunAsync(
        CqlStatement statement, ReadOnlyMemory<byte>? pagingState, long timestamp, QueryPlan plan, CancellationToken cancellationToken)
    {
        var parameters = new RequestParameters
        {
            Consistency = statement.Options.Consistency ?? options.Consistency,
            SerialConsistency = statement.Options.SerialConsistency ?? options.SerialConsistency,
            PageSize = statement.Options.PageSize ?? options.PageSize,
            PagingState = pagingState,
            Timestamp = timestamp,
        };
        var timeout = statement.Options.Timeout ?? options.RequestTimeout;
        Failures failures = default;
        while (plan.Next() is { } host)
        {
            var connection = host.Pool.Pick(plan.Token is { } token ? cluster.ShardOf(host, statement, token) : -1);
            if (connection is null)
            {
                failures.Skipped(host.Address, host.Pool.LastFailure);
                continue;
            }
            RetryDecision decision;
            var prepares = 0;
            do
            {
                var sentAt = prepared.Epoch;
                parameters.Prepared = (statement as BoundStatement)?.Prepared.Query.State;
                try
                {
                    var response = await connection.SendAsync(statement, parameters, timeout, cancellationToken).ConfigureAwait(false);
                    if (response.IsVoid) return RowSet.Void;
                    if (response.TakeError() is { } error)
                    {
                        error.Host = host.Address;
                        throw error;
                    }
                    return await ReadAsync(statement, response, parameters.Prepared, connection, cancellationToken).ConfigureAwait(false);
                }
                catch (CqlUnpreparedException unknown) when (
                    Forgotten(statement, unknown.Id) is { } query && prepares++ < MaxPrepares(statement))
                {
                    await prepared.ReprepareAsync(host, query, connection, sentAt).ConfigureAwait(false);
                    decision = RetryDecision.SameHost;
                }
                catch (StaleMetadataException) when (statement is BoundStatement { IsIdempotent: true } bound && prepares++ == 0)
                {
                    await prepared.ReprepareAsync(host, bound.Prepared.Query, connection, sentAt).ConfigureAwait(false);
                    decision = RetryDecision.SameHost;
                }
                catch (CqlException reason)
                {
                    failures.Add(host.Address, reason);
                    decision = failures.Attempts < options.MaxAttempts
                        ? RetryPolicy.Decide(reason, statement.IsIdempotent, failures.Attempts)
                        : RetryDecision.Throw;
                    if (decision == RetryDecision.Throw) throw;
                    cluster.Metrics.RequestRetried();
                }
            }
            while (decision == RetryDecision.SameHost);
        }
        throw failures.NoHost();
    }

    private async ValueTask<RowSet> ReadAsync(
        CqlStatement statement, Response response, PreparedState? state, Connection connection, CancellationToken cancellationToken)
    {
        var envelope = response.ReadEnvelope();
        if (envelope.Tablets is { } hint && statement.RoutingTable is { } table) cluster.Tablets.Learn(table, hint);
        foreach (var warning in envelope.Warnings) CqlLog.ServerWarning(log, connection.Address, warning);
        var changesSchema = Results.ReadKind(response, envelope.Length) == ResultKind.SchemaChange;
        var rows = Results.ReadRows(response, state?.Result, connection.Address);
        if (changesSchema) await SchemaAgreement.WaitAsync(connection, cluster, options, cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private static int MaxPrepares(CqlStatement statement) => statement is BatchStatement batch ? batch.Count : 1;

    private static PreparedQuery? Forgotten(CqlStatement statement, byte[] id) => statement switch
    {
        BoundStatement bound => bound.Prepared.Query,
        BatchStatement batch => batch.Statements.OfType<BoundStatement>().Select(bound => bound.Prepared.Query)
            .FirstOrDefault(query => query.State.Id.AsSpan().SequenceEqual(id)),
        _ => null,
    };

    /// <summary>What went wrong so far; costs nothing while nothing does.</summary>
    private struct Failures
    {
        private List<(IPEndPoint Host, Exception? Cause)>? _causes;
        private bool _sent;

        public int Attempts { get; private set; }

        public void Add(IPEndPoint host, CqlException reason)
        {
            (_causes ??= []).Add((host, reason));
            _sent |= reason.WasSent;
            Attempts++;
        }

        public void Skipped(IPEndPoint host, Exception? reason) => (_causes ??= []).Add((host, reason));

        public readonly CqlNoHostAvailableException NoHost() => new(_causes ?? [], _sent);
    }
}
