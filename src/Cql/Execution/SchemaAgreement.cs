using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Topology;

namespace Discord.Cql.Execution;

/// <summary>
/// After a change of the schema: waits until all hosts that are connected have the same one, so that the next statement finds it wherever
/// it goes.
/// </summary>
internal static class SchemaAgreement
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="CqlSchemaAgreementException">They have not in time.</exception>
    public static async Task WaitAsync(Connection connection, Cluster cluster, CqlOptions options, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        while (true)
        {
            var up = cluster.State.Hosts.Where(host => host.IsUp).Select(host => host.Info.Id).ToHashSet();
            var versions = await SystemTables.ReadSchemaVersionsAsync(
                connection, options, up.Contains, cancellationToken).ConfigureAwait(false);
            if (versions.Count <= 1) return;
            if (options.Time.GetElapsedTime(started) >= options.SchemaAgreementTimeout)
                throw new CqlSchemaAgreementException(options.SchemaAgreementTimeout);
            await Task.Delay(s_pause, options.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
