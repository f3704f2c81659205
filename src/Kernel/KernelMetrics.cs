using System.Diagnostics.Metrics;

namespace Discord.Kernel;

/// <summary>The kernel's counters, also published by the meter <see cref="MeterName"/>. Safe to read from any thread.</summary>
public sealed class KernelMetrics : IDisposable
{
    /// <summary>The name of the meter, for OpenTelemetry.</summary>
    public const string MeterName = "Discord.Kernel";

    private static readonly DeadLetterReason[] s_reasons = Enum.GetValues<DeadLetterReason>();

    private readonly Meter _meter;
    private readonly Func<long> _mailboxDepth;
    private readonly long[] _deadLetters = new long[s_reasons.Length];
    private long _started;
    private long _stopped;
    private long _restarts;

    internal KernelMetrics(string systemName, Func<long> mailboxDepth)
    {
        _mailboxDepth = mailboxDepth;
        _meter = new Meter(new MeterOptions(MeterName) { Tags = [new("system", systemName)] });
        _meter.CreateObservableUpDownCounter("kernel.actors", () => Actors, "{actor}", "Actors alive.");
        _meter.CreateObservableCounter("kernel.actors.started", () => ActorsStarted, "{actor}", "Actors ever started.");
        _meter.CreateObservableCounter("kernel.actor.restarts", () => Restarts, "{restart}", "Restarts by supervisors.");
        _meter.CreateObservableUpDownCounter(
            "kernel.mailbox.depth", () => MailboxDepth, "{message}", "Messages that wait in all mailboxes.");
        _meter.CreateObservableCounter(
            "kernel.dead_letters",
            () => s_reasons.Select(
                reason => new Measurement<long>(DeadLetters(reason), new KeyValuePair<string, object?>("reason", reason.ToString()))),
            "{message}",
            "Messages nobody handled, by reason.");
    }

    /// <summary>Actors alive now, the guardians not counted.</summary>
    public long Actors => Interlocked.Read(ref _started) - Interlocked.Read(ref _stopped);

    /// <summary>Actors ever started.</summary>
    public long ActorsStarted => Interlocked.Read(ref _started);

    /// <summary>Restarts of actors.</summary>
    public long Restarts => Interlocked.Read(ref _restarts);

    /// <summary>Messages nobody handled, by reason.</summary>
    public long DeadLetters(DeadLetterReason reason) => Interlocked.Read(ref _deadLetters[(int)reason]);

    /// <summary>All messages nobody handled.</summary>
    public long DeadLettersTotal => s_reasons.Sum(DeadLetters);

    /// <summary>Messages that wait in all mailboxes; walks the tree.</summary>
    public long MailboxDepth => _mailboxDepth();

    /// <summary>Takes the meter down; the system does it when it has stopped.</summary>
    public void Dispose() => _meter.Dispose();

    internal void CountStarted() => Interlocked.Increment(ref _started);

    internal void CountStopped() => Interlocked.Increment(ref _stopped);

    internal void CountRestart() => Interlocked.Increment(ref _restarts);

    internal void CountDeadLetter(DeadLetterReason reason) => Interlocked.Increment(ref _deadLetters[(int)reason]);
}
