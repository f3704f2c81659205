namespace Discord.Node.Ops;

/// <summary>Where a node is in its life.</summary>
public enum NodePhase
{
    /// <summary>It comes up and does not serve yet.</summary>
    Starting,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It is going down and takes nothing new.</summary>
    Stopping,
}

/// <summary>The state that <c>/readyz</c> tells. Thread-safe; moves forward only.</summary>
public sealed class NodeState(TimeProvider time)
{
    private int _phase;

    /// <summary>When the node started.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>The phase.</summary>
    public NodePhase Phase => (NodePhase)Volatile.Read(ref _phase);

    /// <summary>Moves on; a phase that is past stays past.</summary>
    public void Enter(NodePhase phase)
    {
        for (var seen = Phase; seen < phase; seen = Phase)
            Interlocked.CompareExchange(ref _phase, (int)phase, (int)seen);
    }

    /// <summary>Time since the start.</summary>
    public TimeSpan Uptime => time.GetUtcNow() - StartedAt;
}
