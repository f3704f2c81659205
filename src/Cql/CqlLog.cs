using System.Net;
using Microsoft.Extensions.Logging;

namespace Discord.Cql;

/// <summary>What the driver logs. Event ids 4500 to 4599. No entry holds a statement's values or a password.</summary>
internal static partial class CqlLog
{
    [LoggerMessage(4500, LogLevel.Warning, "The connection to {Host} is closed, {Requests} requests failed with it: {Reason}")]
    public static partial void ConnectionLost(ILogger log, IPEndPoint host, int requests, string reason);

    [LoggerMessage(4501, LogLevel.Warning, "{Host} cannot be connected to; it is tried again in {Delay}: {Reason}")]
    public static partial void ConnectFailed(ILogger log, IPEndPoint host, TimeSpan delay, string reason);

    [LoggerMessage(4502, LogLevel.Information, "{Host} ({Datacenter}) has {Connections} connections")]
    public static partial void HostConnected(ILogger log, IPEndPoint host, string datacenter, int connections);

    [LoggerMessage(4503, LogLevel.Warning, "The cluster is not watched: {Reason}; it is tried again in {Delay}")]
    public static partial void ControlFailed(ILogger log, string reason, TimeSpan delay);

    [LoggerMessage(4504, LogLevel.Information, "The cluster has {Hosts} hosts, {Local} of them in {Datacenter}; watched through {Host}")]
    public static partial void ClusterRead(ILogger log, int hosts, int local, string datacenter, IPEndPoint host);

    [LoggerMessage(4505, LogLevel.Warning, "{Host} warns: {Warning}")]
    public static partial void ServerWarning(ILogger log, IPEndPoint host, string warning);

    [LoggerMessage(4506, LogLevel.Debug, "{Host} did not know a statement; it is prepared anew")]
    public static partial void Reprepared(ILogger log, IPEndPoint host);
}
