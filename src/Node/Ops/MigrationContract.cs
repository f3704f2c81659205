namespace Discord.Node.Ops;

// What pbm migrate and the node say to each other; see OpsContract.cs.

/// <summary>A cluster that data is moved to.</summary>
/// <param name="ContactPoints">Hosts to begin with, with or without a port.</param>
/// <param name="Datacenter">The data centre whose hosts are asked.</param>
/// <param name="Keyspace">The keyspace; made if missing.</param>
/// <param name="ReplicationFactor">Replicas, for a keyspace that is made.</param>
/// <param name="Username">The login; null for none.</param>
/// <param name="Password">Its password. The node keeps it in a file of its own until the migration is over.</param>
/// <param name="Tls">Whether connections are encrypted.</param>
/// <param name="TlsCa">A file on the node's machine with the authorities that are trusted; null for the system's.</param>
public sealed record CqlTarget(
    IReadOnlyList<string> ContactPoints, string Datacenter, string Keyspace, int ReplicationFactor, string? Username, string? Password,
    bool Tls, string? TlsCa);

/// <summary>Begins a migration, or without a target goes on with a paused one.</summary>
public sealed record StartMigration(CqlTarget? Target, long RowsPerSecond);

/// <summary>Asks for a trial: how long would it take?</summary>
public sealed record TryMigration(CqlTarget? Target, int Seconds);

/// <summary>What a trial found.</summary>
/// <param name="Rows">Rows that were copied.</param>
/// <param name="RowsPerSecond">How fast.</param>
/// <param name="CpuMicrosecondsPerRow">Processor time of the node's whole process.</param>
/// <param name="EstimatedRows">Rows of all tables.</param>
/// <param name="EstimatedSeconds">How long they would take at that pace; null when nothing was copied.</param>
public sealed record MigrationTrial(
    long Rows, double RowsPerSecond, double CpuMicrosecondsPerRow, long EstimatedRows, double? EstimatedSeconds);

/// <summary>Begins a comparison: 1 for everything, less for a sample.</summary>
public sealed record VerifyMigration(double Share);

/// <summary>Lets the target answer, or the old store again.</summary>
public sealed record CutoverMigration(bool Back);

/// <summary>How far a table is copied.</summary>
public sealed record MigrationTableRow(string Table, long Copied, long Estimated, int Ranges, int RangesDone);

/// <summary>What a comparison found, or has found up to now.</summary>
/// <param name="Full">Everything was compared, not a sample.</param>
/// <param name="Running">It is not at its end.</param>
/// <param name="Passed">It found no difference, or has repaired what it found.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Compared">Rows that were looked at.</param>
/// <param name="Repaired">Rows that differed and were carried over again.</param>
/// <param name="Different">Rows that differ still.</param>
/// <param name="Error">Why it was not carried through.</param>
public sealed record MigrationVerification(
    bool Full, bool Running, bool Passed, DateTimeOffset StartedAt, long Compared, long Repaired, long Different, string? Error);

/// <summary>What a migration waits for.</summary>
/// <param name="Side">source, target or node (its own disk).</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Reason">The last error, in one line.</param>
public sealed record MigrationWaiting(string Side, double Seconds, string Reason);

/// <summary>Where a migration stands.</summary>
/// <param name="Phase">none, copying, paused, copied, cut_over or broken.</param>
/// <param name="Target">What it leads to.</param>
/// <param name="StartedAt">When it began; null when there is none.</param>
/// <param name="Tables">The copy, table by table.</param>
/// <param name="RowsPerSecond">The copy's pace.</param>
/// <param name="SecondsLeft">The estimated rest of the copy; null when unknown.</param>
/// <param name="RateLimit">Rows a second at most; 0 for no limit.</param>
/// <param name="Pending">Changes that are not carried over yet.</param>
/// <param name="Carried">Changes carried over since the node's start.</param>
/// <param name="Waiting">What is waited for; null while everything goes on.</param>
/// <param name="Failing">What somebody has to mend.</param>
/// <param name="Verification">The last comparison.</param>
public sealed record MigrationView(
    string Phase, string Target, DateTimeOffset? StartedAt, IReadOnlyList<MigrationTableRow> Tables, double RowsPerSecond,
    double? SecondsLeft, long RateLimit, long Pending, long Carried, MigrationWaiting? Waiting, string? Failing,
    MigrationVerification? Verification);
