namespace Discord.Node.Gateway;

/// <summary>Messages of the gateway, event ids 3000 to 3099. Never tokens, contents or addresses.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(3000, LogLevel.Error, "A gateway command failed (op {Opcode}); the connection is closed and its session stays")]
    public static partial void CommandFailed(ILogger logger, Exception exception, int opcode);

    [LoggerMessage(3001, LogLevel.Error, "An event could not be encoded ({Event}); the connection is closed and its session stays")]
    public static partial void EncodingFailed(ILogger logger, Exception exception, string @event);

    [LoggerMessage(3002, LogLevel.Debug, "A client reads too slowly: {Backlog} bytes wait; the connection is cut and its session stays")]
    public static partial void TooSlow(ILogger logger, int backlog);

    [LoggerMessage(3003, LogLevel.Information, "Gateway closes {Connections} connections; clients are told to reconnect")]
    public static partial void Draining(ILogger logger, int connections);

    [LoggerMessage(3004, LogLevel.Warning, "Gateway cut {Connections} connections that did not close in time")]
    public static partial void DrainCut(ILogger logger, int connections);

    [LoggerMessage(3005, LogLevel.Error, "A gateway connection ended by a fault of the server")]
    public static partial void ConnectionFailed(ILogger logger, Exception exception);
}
