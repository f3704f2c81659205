namespace Discord.Protocol.Gateway;

/// <summary>Why the gateway closed a connection. See "Gateway Close Event Codes".</summary>
public enum GatewayCloseCode
{
    /// <summary>Normal end; a client that sends it ends its session.</summary>
    Normal = 1000,

    /// <summary>Going away; a client that sends it ends its session.</summary>
    GoingAway = 1001,

    /// <summary>Something unexpected happened.</summary>
    UnknownError = 4000,

    /// <summary>An opcode that does not exist, or its payload is wrong.</summary>
    UnknownOpcode = 4001,

    /// <summary>A payload that cannot be read or is too large.</summary>
    DecodeError = 4002,

    /// <summary>A payload before IDENTIFY.</summary>
    NotAuthenticated = 4003,

    /// <summary>The token is wrong.</summary>
    AuthenticationFailed = 4004,

    /// <summary>A second IDENTIFY.</summary>
    AlreadyAuthenticated = 4005,

    /// <summary>RESUME with a sequence that was never sent.</summary>
    InvalidSequence = 4007,

    /// <summary>Too many payloads.</summary>
    RateLimited = 4008,

    /// <summary>No heartbeat in time.</summary>
    SessionTimedOut = 4009,

    /// <summary>The shard array is wrong.</summary>
    InvalidShard = 4010,

    /// <summary>Too many guilds for one shard.</summary>
    ShardingRequired = 4011,

    /// <summary>No such gateway version.</summary>
    InvalidApiVersion = 4012,

    /// <summary>Intents that do not exist.</summary>
    InvalidIntents = 4013,

    /// <summary>Privileged intents that the application may not have.</summary>
    DisallowedIntents = 4014,

    /// <summary>User accounts: too many sessions.</summary>
    TooManySessions = 4015,
}

/// <summary>What follows from a close code.</summary>
public static class GatewayCloseCodes
{
    /// <summary>True when a client may connect again; false when it must stop because the same would happen again.</summary>
    public static bool IsReconnectable(this GatewayCloseCode code) => code is not (GatewayCloseCode.AuthenticationFailed
        or (>= GatewayCloseCode.InvalidShard and <= GatewayCloseCode.TooManySessions));

    /// <summary>The close frame's reason, Discord's words.</summary>
    public static string Reason(this GatewayCloseCode code) => code switch
    {
        GatewayCloseCode.Normal => "",
        GatewayCloseCode.GoingAway => "",
        GatewayCloseCode.UnknownOpcode => "Unknown opcode.",
        GatewayCloseCode.DecodeError => "Error while decoding payload.",
        GatewayCloseCode.NotAuthenticated => "Not authenticated.",
        GatewayCloseCode.AuthenticationFailed => "Authentication failed.",
        GatewayCloseCode.AlreadyAuthenticated => "Already authenticated.",
        GatewayCloseCode.InvalidSequence => "Invalid seq.",
        GatewayCloseCode.RateLimited => "Rate limited.",
        GatewayCloseCode.SessionTimedOut => "Session timed out.",
        GatewayCloseCode.InvalidShard => "Invalid shard.",
        GatewayCloseCode.ShardingRequired => "Sharding required.",
        GatewayCloseCode.InvalidApiVersion => "Invalid API version.",
        GatewayCloseCode.InvalidIntents => "Invalid intent(s).",
        GatewayCloseCode.DisallowedIntents => "Disallowed intent(s).",
        GatewayCloseCode.TooManySessions => "Too many sessions.",
        _ => "Unknown error.",
    };
}
