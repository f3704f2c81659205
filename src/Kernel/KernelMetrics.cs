namespace Discord.Kernel;

/// <summary>The kernel's counters, also published by the meter <see cref="MeterName"/>. Safe to read from any thread.</summary>
public sealed class KernelMetrics
{
    /// <summary>The name of the meter, for OpenTelemetry.</summary>
    public const string MeterName = "Discord.Kernel";

    internal KernelMetrics() { }

    /// <summary>Actors alive now, the guardians not counted.</summary>
    public long Actors => throw new NotImplementedException();

    /// <summary>Actors ever started.</summary>
    public long ActorsStarted => throw new NotImplementedException();

    /// <summary>Restarts of actors.</summary>
    public long Restarts => throw new NotImplementedException();

    /// <summary>Messages nobody handled, by reason.</summary>
    public long DeadLetters(DeadLetterReason reason) => throw new NotImplementedException();

    /// <summary>All messages nobody handled.</summary>
    public long DeadLettersTotal => throw new NotImplementedException();

    /// <summary>Messages that wait in all mailboxes; walks the tree.</summary>
    public long MailboxDepth => throw new NotImplementedException();
}
