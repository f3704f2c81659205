namespace Discord.Actors.Sessions;

/// <summary>
/// What a session writes to: one live connection. The gateway implements it over a socket; tests implement it over a list.
/// Calls come under the session's lock, one at a time and in order; none may block or throw.
/// </summary>
public interface ISessionTransport
{
    /// <summary>Appends one dispatch (op 0) with sequence number <paramref name="seq"/> to the current batch. Nothing is sent before
    /// <see cref="Flush"/>.</summary>
    void Send(DispatchEvent dispatch, int seq);

    /// <summary>Appends one payload that is no dispatch (<c>s</c> and <c>t</c> null); <paramref name="d"/> is UTF-8 JSON.</summary>
    void SendControl(int opcode, ReadOnlySpan<byte> d);

    /// <summary>
    /// Hands the batch to the socket without blocking. What the socket does not take is kept, bounded; a connection whose backlog
    /// exceeds its limit closes itself, and the session stays for a resume.
    /// </summary>
    void Flush();

    /// <summary>Whether part of what was flushed still waits for the socket.</summary>
    bool IsCongested { get; }

    /// <summary>Sends a close frame and closes. The first reason wins, a second call does nothing. <paramref name="code"/> is any WebSocket
    /// or gateway close code.</summary>
    void Close(int code, string reason);

    /// <summary>
    /// A flush comes soon: a hint to fetch what it will touch (<see cref="CacheHint"/>), step 0 before step 1. From any thread, without the
    /// session's lock.
    /// </summary>
    void Prepare(int step)
    {
    }
}
