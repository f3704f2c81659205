namespace Discord.Cql.Errors;

/// <summary>The codes of a server's errors. Native protocol v4, section 9.</summary>
public enum CqlErrorCode
{
    /// <summary>Something unexpected in the server.</summary>
    ServerError = 0x0000,

    /// <summary>The server did not understand the frame.</summary>
    ProtocolError = 0x000A,

    /// <summary>The login was refused.</summary>
    BadCredentials = 0x0100,

    /// <summary>Too few replicas are alive.</summary>
    Unavailable = 0x1000,

    /// <summary>The coordinator has too much to do.</summary>
    Overloaded = 0x1001,

    /// <summary>The coordinator is starting.</summary>
    IsBootstrapping = 0x1002,

    /// <summary>TRUNCATE failed.</summary>
    TruncateError = 0x1003,

    /// <summary>Replicas did not confirm a write in time.</summary>
    WriteTimeout = 0x1100,

    /// <summary>Replicas did not answer a read in time.</summary>
    ReadTimeout = 0x1200,

    /// <summary>Replicas failed at a read.</summary>
    ReadFailure = 0x1300,

    /// <summary>A user-defined function failed.</summary>
    FunctionFailure = 0x1400,

    /// <summary>Replicas failed at a write.</summary>
    WriteFailure = 0x1500,

    /// <summary>The space for change data capture is full.</summary>
    CdcWriteFailure = 0x1600,

    /// <summary>It is not known whether a conditional write was applied.</summary>
    CasWriteUnknown = 0x1700,

    /// <summary>The text is not CQL.</summary>
    SyntaxError = 0x2000,

    /// <summary>The user may not do this.</summary>
    Unauthorized = 0x2100,

    /// <summary>The statement is CQL and cannot be carried out.</summary>
    Invalid = 0x2200,

    /// <summary>It cannot be carried out with this configuration.</summary>
    ConfigError = 0x2300,

    /// <summary>The keyspace or table is there already.</summary>
    AlreadyExists = 0x2400,

    /// <summary>The host does not know the prepared statement.</summary>
    Unprepared = 0x2500,
}

/// <summary>What kind of write failed. Native protocol v4, section 9, <c>Write_timeout</c>.</summary>
public enum CqlWriteType
{
    /// <summary>One that this driver does not know.</summary>
    Other,

    /// <summary>A write to one partition.</summary>
    Simple,

    /// <summary>A logged batch whose log was written: it will be carried out.</summary>
    Batch,

    /// <summary>An unlogged batch.</summary>
    UnloggedBatch,

    /// <summary>A counter.</summary>
    Counter,

    /// <summary>The log of a logged batch: nothing of it was written.</summary>
    BatchLog,

    /// <summary>A conditional write.</summary>
    Cas,

    /// <summary>A materialized view.</summary>
    View,

    /// <summary>Change data capture.</summary>
    Cdc,
}

/// <summary>A server answered with an error.</summary>
public class CqlServerException(CqlErrorCode code, string message) : CqlException(message)
{
    /// <summary>The server's code.</summary>
    public CqlErrorCode Code { get; } = code;

    /// <inheritdoc/>
    public override bool IsTransient => Code is CqlErrorCode.ServerError or CqlErrorCode.Unavailable or CqlErrorCode.Overloaded
        or CqlErrorCode.IsBootstrapping or CqlErrorCode.TruncateError or CqlErrorCode.WriteTimeout or CqlErrorCode.ReadTimeout
        or CqlErrorCode.ReadFailure or CqlErrorCode.WriteFailure or CqlErrorCode.CdcWriteFailure or CqlErrorCode.CasWriteUnknown
        or CqlErrorCode.Unprepared;
}

/// <summary>Too few replicas are alive; the coordinator tried nothing.</summary>
public sealed class CqlUnavailableException(string message, ConsistencyLevel consistency, int required, int alive)
    : CqlServerException(CqlErrorCode.Unavailable, $"{message} (replicas needed: {required}, alive: {alive})")
{
    /// <summary>What was asked for.</summary>
    public ConsistencyLevel Consistency { get; } = consistency;

    /// <summary>How many replicas it needs.</summary>
    public int Required { get; } = required;

    /// <summary>How many are alive.</summary>
    public int Alive { get; } = alive;
}

/// <summary>Replicas did not answer a read in time.</summary>
public sealed class CqlReadTimeoutException(string message, ConsistencyLevel consistency, int received, int required, bool dataPresent)
    : CqlServerException(CqlErrorCode.ReadTimeout, message)
{
    /// <summary>What was asked for.</summary>
    public ConsistencyLevel Consistency { get; } = consistency;

    /// <summary>How many replicas answered.</summary>
    public int Received { get; } = received;

    /// <summary>How many it needs.</summary>
    public int Required { get; } = required;

    /// <summary>Whether the replica that was asked for the data itself answered.</summary>
    public bool DataPresent { get; } = dataPresent;
}

/// <summary>Replicas did not confirm a write in time. It may be applied.</summary>
public sealed class CqlWriteTimeoutException(string message, ConsistencyLevel consistency, int received, int required, CqlWriteType type)
    : CqlServerException(CqlErrorCode.WriteTimeout, message)
{
    /// <summary>What was asked for.</summary>
    public ConsistencyLevel Consistency { get; } = consistency;

    /// <summary>How many replicas confirmed.</summary>
    public int Received { get; } = received;

    /// <summary>How many it needs.</summary>
    public int Required { get; } = required;

    /// <summary>Which kind of write.</summary>
    public CqlWriteType WriteType { get; } = type;
}

/// <summary>Replicas failed at a read.</summary>
public sealed class CqlReadFailureException(string message, ConsistencyLevel consistency, int received, int required, int failures)
    : CqlServerException(CqlErrorCode.ReadFailure, message)
{
    /// <summary>What was asked for.</summary>
    public ConsistencyLevel Consistency { get; } = consistency;

    /// <summary>How many replicas answered.</summary>
    public int Received { get; } = received;

    /// <summary>How many it needs.</summary>
    public int Required { get; } = required;

    /// <summary>How many failed.</summary>
    public int Failures { get; } = failures;
}

/// <summary>Replicas failed at a write. It may be applied on some.</summary>
public sealed class CqlWriteFailureException(
    string message, ConsistencyLevel consistency, int received, int required, int failures, CqlWriteType type)
    : CqlServerException(CqlErrorCode.WriteFailure, message)
{
    /// <summary>What was asked for.</summary>
    public ConsistencyLevel Consistency { get; } = consistency;

    /// <summary>How many replicas confirmed.</summary>
    public int Received { get; } = received;

    /// <summary>How many it needs.</summary>
    public int Required { get; } = required;

    /// <summary>How many failed.</summary>
    public int Failures { get; } = failures;

    /// <summary>Which kind of write.</summary>
    public CqlWriteType WriteType { get; } = type;
}

/// <summary>The coordinator has too much to do; it did nothing.</summary>
public sealed class CqlOverloadedException(string message) : CqlServerException(CqlErrorCode.Overloaded, message);

/// <summary>The text is not CQL.</summary>
public sealed class CqlSyntaxException(string message) : CqlServerException(CqlErrorCode.SyntaxError, message);

/// <summary>The statement is CQL and cannot be carried out.</summary>
public sealed class CqlInvalidException(string message) : CqlServerException(CqlErrorCode.Invalid, message);

/// <summary>The user may not do this.</summary>
public sealed class CqlUnauthorizedException(string message) : CqlServerException(CqlErrorCode.Unauthorized, message);

/// <summary>The login was refused, or the server asks for one and none is configured.</summary>
public sealed class CqlAuthenticationException(string message) : CqlServerException(CqlErrorCode.BadCredentials, message);

/// <summary>The keyspace or table is there already.</summary>
public sealed class CqlAlreadyExistsException(string message, string keyspace, string table)
    : CqlServerException(CqlErrorCode.AlreadyExists, message)
{
    /// <summary>The keyspace.</summary>
    public string Keyspace { get; } = keyspace;

    /// <summary>The table; empty when it is the keyspace that exists.</summary>
    public string Table { get; } = table;
}

/// <summary>The host does not know the prepared statement. The driver prepares it anew; seen only when that does not help.</summary>
public sealed class CqlUnpreparedException(string message, byte[] id) : CqlServerException(CqlErrorCode.Unprepared, message)
{
    internal byte[] Id { get; } = id;
}
