namespace Discord.Kernel.Persistence;

/// <summary>
/// Settings of a persistent actor. Commands that wait for a recovery or a write wait in its mailbox, whose limit bounds them.
/// </summary>
public sealed class PersistenceOptions
{
    /// <summary>The limit of the whole recovery; above it the actor fails with <see cref="RecoveryException"/>.</summary>
    public TimeSpan RecoveryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The limit of one write; above it the write has failed, and it is not known what is stored.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an actor in doubt waits before it asks a journal again that could not tell.</summary>
    public TimeSpan DoubtPause { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// The state of an actor could not be rebuilt. It is an initialisation failure: by default the supervisor stops the actor, and whoever asks
/// it next starts it anew.
/// </summary>
public sealed class RecoveryException(string persistenceId, string message, Exception? innerException = null)
    : ActorException($"'{persistenceId}' could not recover: {message}", innerException)
{
    /// <summary>Whose events these are.</summary>
    public string PersistenceId { get; } = persistenceId;
}

/// <summary>Events could not be written, or it is not known whether they were. The actor that tried has stopped, or is in doubt.</summary>
public sealed class PersistenceFailedException(string persistenceId, Exception innerException)
    : ActorException($"'{persistenceId}' could not store what happened: {innerException.Message}", innerException)
{
    /// <summary>Whose events these are.</summary>
    public string PersistenceId { get; } = persistenceId;
}
