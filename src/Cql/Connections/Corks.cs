namespace Discord.Cql.Connections;

/// <summary>
/// While a thread runs the continuations of a batch of answers, what they send is gathered and goes out in one call at the batch's end.
/// </summary>
internal static class Corks
{
    [ThreadStatic]
    private static Batch? t_current;

    /// <summary>Runs the continuations of answered requests, then sends what they wrote.</summary>
    public static void Run(List<PendingRequest> answered)
    {
        var outer = t_current;
        var batch = outer ?? new Batch();
        t_current = batch;
        try
        {
            foreach (var request in answered) request.Complete();
        }
        finally
        {
            t_current = outer;
            if (outer is null) batch.Flush();
        }
    }

    /// <summary>Whether the connection will be flushed at the end of this thread's batch.</summary>
    public static bool Defer(Connection connection)
    {
        if (t_current is not { } batch) return false;
        if (!batch.Connections.Contains(connection)) batch.Connections.Add(connection);
        return true;
    }

    private sealed class Batch
    {
        public readonly List<Connection> Connections = new(4);

        public void Flush()
        {
            foreach (var connection in Connections) connection.Flush();
        }
    }
}
