namespace Discord.Kernel;

/// <summary>Gives cells their turns. A cell is scheduled at most once at a time.</summary>
internal abstract class ActorDispatcher
{
    /// <summary>
    /// Runs <paramref name="cell"/> soon. <paramref name="yielding"/>: it has just had a turn, and whoever waits goes first.
    /// </summary>
    public abstract void Schedule(ActorCell cell, bool yielding);
}

/// <summary>
/// Turns on the .NET thread pool. A cell woken by a turn goes to the pool's local queue, so that a pair that talks stays on one core and in
/// its cache; local queues are served last-in-first-out and before the global one, so a cell that yields goes to the global queue, and
/// every 32nd wake of a thread does too: that is what lets everybody have a turn.
/// </summary>
internal sealed class ThreadPoolDispatcher : ActorDispatcher
{
    private const int LocalWakes = 32;

    [ThreadStatic]
    private static int t_wakes;

    public override void Schedule(ActorCell cell, bool yielding)
    {
        var local = !yielding && (++t_wakes & (LocalWakes - 1)) != 0;
        ThreadPool.UnsafeQueueUserWorkItem(cell, local);
    }
}
