namespace Discord.Protocol.Gateway;

/// <summary>What a gateway payload is (<c>op</c>). See "Gateway Opcodes"; those of user clients stand last.</summary>
public enum GatewayOpcode
{
    /// <summary>To the client: an event.</summary>
    Dispatch = 0,

    /// <summary>Both: the client lives; from the server: beat now.</summary>
    Heartbeat = 1,

    /// <summary>From the client: start a session.</summary>
    Identify = 2,

    /// <summary>From the client: own presence.</summary>
    PresenceUpdate = 3,

    /// <summary>From the client: join, move in or leave voice.</summary>
    VoiceStateUpdate = 4,

    /// <summary>From the client: go on with a session.</summary>
    Resume = 6,

    /// <summary>To the client: reconnect and resume now.</summary>
    Reconnect = 7,

    /// <summary>From the client: ask for members of a guild.</summary>
    RequestGuildMembers = 8,

    /// <summary>To the client: the session is invalid; <c>d</c> tells whether it can be resumed.</summary>
    InvalidSession = 9,

    /// <summary>To the client: first message of a connection.</summary>
    Hello = 10,

    /// <summary>To the client: heartbeat heard.</summary>
    HeartbeatAck = 11,

    /// <summary>From user clients: subscribe to parts of one guild.</summary>
    GuildSubscriptions = 14,

    /// <summary>From the client: ask for guilds' soundboard sounds.</summary>
    RequestSoundboardSounds = 31,

    /// <summary>From user clients: subscribe to parts of several guilds.</summary>
    GuildSubscriptionsBulk = 37,

    /// <summary>From the client: ask for fields of voice channels.</summary>
    RequestChannelInfo = 43,
}
