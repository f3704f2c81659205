namespace Discord.Actors.Sessions;

/// <summary>The gateway's way into the domain: opens and resumes sessions for connections. Thread-safe.</summary>
public interface IGatewaySessions
{
    /// <summary>
    /// Opens a session that writes to <paramref name="transport"/>: READY and the rest arrive there. Returns null when the client was told
    /// INVALID_SESSION (op 9) on the transport and may identify again.
    /// </summary>
    /// <exception cref="GatewayRefusedException">The connection must be closed with the exception's code.</exception>
    ValueTask<IGatewaySession?> IdentifyAsync(IdentifyCommand command, ISessionTransport transport, CancellationToken cancellation);

    /// <summary>
    /// Attaches <paramref name="transport"/> to a session that lives: missed events, then RESUMED, arrive there. Returns null when the
    /// client was told INVALID_SESSION (op 9, false) on the transport and may identify on the same connection.
    /// </summary>
    /// <exception cref="GatewayRefusedException">The connection must be closed with the exception's code.</exception>
    ValueTask<IGatewaySession?> ResumeAsync(ResumeCommand command, ISessionTransport transport, CancellationToken cancellation);
}

/// <summary>One open session as its connection sees it. Thread-safe, never blocks.</summary>
public interface IGatewaySession
{
    string SessionId { get; }

    /// <summary>Whether the account is a bot. Bots' frames are bounded more tightly (4096 bytes), and their unknown opcodes close the
    /// connection.</summary>
    bool IsBot => false;

    /// <summary>The client has everything up to <paramref name="seq"/> (its heartbeat's <c>d</c>); the replay buffer may forget
    /// it.</summary>
    void Acknowledge(int seq);

    /// <summary>Hands over a decoded command; its answers come as dispatches.</summary>
    /// <exception cref="GatewayRefusedException">The connection must be closed: too many commands wait already.</exception>
    void Handle(GatewayCommand command);

    /// <summary>
    /// The connection is gone. <paramref name="clientCode"/> is the client's close code, or null when the link was cut or the server
    /// closed: 1000 and 1001 end the session, all others keep it for a resume. Ignored when another transport was attached meanwhile.
    /// </summary>
    void Detach(ISessionTransport transport, int? clientCode);
}

/// <summary>A connection that must be closed, with the gateway close code (section 3.1 of the gateway's codes: 4004, 4010–4014
/// …).</summary>
public sealed class GatewayRefusedException(int closeCode, string reason) : Exception(reason)
{
    public int CloseCode { get; } = closeCode;
}
