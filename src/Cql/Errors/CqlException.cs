using System.Net;

namespace Discord.Cql.Errors;

/// <summary>
/// What went wrong between this program and the cluster. The messages name hosts and settings, never values of a statement.
/// </summary>
public abstract class CqlException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same call may succeed later without anybody changing the call.</summary>
    public virtual bool IsTransient => false;

    /// <summary>
    /// Whether the request may have reached a server. When it did not, nothing was done; when it did, and the error is none that a server
    /// gives before it acts, a write may have been applied.
    /// </summary>
    public virtual bool WasSent => true;

    /// <summary>The host that was asked, where there was one.</summary>
    public IPEndPoint? Host { get; internal set; }
}

/// <summary>The server sent what the protocol does not allow; the connection is closed.</summary>
public sealed class CqlProtocolException(string message) : CqlException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>A connection could not be opened, or was lost while the request was waiting or in flight.</summary>
public sealed class CqlConnectionException(string message, bool sent, Exception? inner = null) : CqlException(message, inner)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;

    /// <inheritdoc/>
    public override bool WasSent { get; } = sent;
}

/// <summary>No answer came in time. The request may have been carried out.</summary>
public sealed class CqlTimeoutException(TimeSpan limit, bool sent)
    : CqlException($"no answer came within {limit.TotalMilliseconds:0} ms ({(sent ? "it was sent" : "it was never sent")})")
{
    /// <inheritdoc/>
    public override bool IsTransient => true;

    /// <inheritdoc/>
    public override bool WasSent { get; } = sent;
}

/// <summary>This program has as many requests waiting as it takes (<c>MaxQueued</c>); nothing was sent.</summary>
public sealed class CqlClientOverloadedException(int inFlight, int queued)
    : CqlException($"{inFlight} requests are in flight on the connection and {queued} wait, which is the limit; nothing was sent")
{
    /// <inheritdoc/>
    public override bool IsTransient => true;

    /// <inheritdoc/>
    public override bool WasSent => false;
}

/// <summary>The request is larger than what is sent (<c>MaxRequestBytes</c>).</summary>
public sealed class CqlRequestTooLargeException(long bytes, int limit)
    : CqlException($"a request of {bytes} bytes is above the limit of {limit}; nothing was sent")
{
    /// <inheritdoc/>
    public override bool WasSent => false;
}

/// <summary>The session is closed.</summary>
public sealed class CqlSessionClosedException() : CqlException("the session is closed")
{
    /// <inheritdoc/>
    public override bool WasSent => false;
}

/// <summary>The certificate or the address of the server is not what was configured, or TLS failed otherwise.</summary>
public sealed class CqlTlsException(string message, Exception? inner = null) : CqlException(message, inner)
{
    /// <inheritdoc/>
    public override bool WasSent => false;
}

/// <summary>Every host that the statement may go to was tried or is down.</summary>
public sealed class CqlNoHostAvailableException : CqlException
{
    internal CqlNoHostAvailableException(IReadOnlyList<(IPEndPoint Host, Exception? Cause)> causes, bool sent)
        : base(Text(causes), causes.Select(cause => cause.Cause).LastOrDefault(cause => cause is not null))
    {
        Causes = causes;
        WasSent = sent;
    }

    /// <summary>Each host with what it answered, in the order in which they were tried; null for a host without a connection.</summary>
    public IReadOnlyList<(IPEndPoint Host, Exception? Cause)> Causes { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Causes.All(cause => cause.Cause is null or CqlException { IsTransient: true });

    /// <inheritdoc/>
    public override bool WasSent { get; }

    private static string Text(IReadOnlyList<(IPEndPoint Host, Exception? Cause)> causes) => causes.Count == 0
        ? "no host of the local data centre is known"
        : "no host could be asked: "
            + string.Join("; ", causes.Select(cause => $"{cause.Host}: {cause.Cause?.Message ?? "no connection"}"));
}

/// <summary>No host of the cluster is in the data centre that hosts are to be asked of.</summary>
public sealed class CqlUnknownDatacenterException(string? datacenter, IEnumerable<string> known)
    : CqlException($"no host is in the data centre '{datacenter}'; the cluster's are: {string.Join(", ", known)}")
{
    /// <inheritdoc/>
    public override bool WasSent => false;
}

/// <summary>The nodes did not come to the same schema in time after a change of it.</summary>
public sealed class CqlSchemaAgreementException(TimeSpan limit)
    : CqlException($"the nodes have not come to the same schema within {limit.TotalSeconds:0} s; the change was made")
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}
