namespace Discord.Kernel;

/// <summary>Starts a child again after a growing delay whenever it stops or fails, for resources that need time to come back.</summary>
public static class BackoffSupervisor
{
    /// <summary>
    /// A supervisor of one child that forwards what it is told. The delay doubles from <paramref name="minBackoff"/> up to
    /// <paramref name="maxBackoff"/>, jitter of <paramref name="randomFactor"/> (0 to 1) included, and begins anew once the child has run
    /// for <paramref name="resetAfter"/> (<paramref name="maxBackoff"/> unless given). Messages meanwhile become dead letters with
    /// <see cref="DeadLetterReason.Unavailable"/>.
    /// </summary>
    public static Props Props(
        Props child, string name, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor = 0.2, TimeSpan? resetAfter = null) =>
        throw new NotImplementedException();
}
