using System.Collections.Frozen;
using Discord.Actors.Relays;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Gateway;

namespace Discord.Actors.Sessions;

/// <summary>
/// One gateway session: the numbered stream of dispatches that a client sees, over as many connections as it takes. It outlives its
/// connection; the <see cref="SessionActor"/> decides when it ends.
/// <para>
/// Threading: any thread may dispatch. One lock per session orders the numbers and guards replay buffer and transport; it is held for a few
/// copies and at most one non-blocking send, never while waiting. Because number, buffer and transport change together under it, a resume
/// sees every event exactly once: either it is in the buffer when the transport is attached, or it goes to the new transport afterwards.
/// </para>
/// </summary>
public sealed class Session : IGatewaySession
{
    // Commands of a client that wait for its actor: with rate limits more than can come in a window, without them what a socket brings.
    private const int MaxWaiting = 256;

    private readonly Lock _gate = new();
    private ReplayBuffer _replay;
    private ISessionTransport? _transport;
    private List<DispatchEvent>? _held;
    private bool _ended;
    private int _waiting;

    // Sorted; replaced under the lock, never changed.
    private Snowflake[] _guilds = [];

    internal Session(SessionIdentity identity, SessionOptions options)
    {
        Identity = identity;
        _replay = new(options.MaxReplayEvents, options.MaxReplayBytes);
    }

    public SessionIdentity Identity { get; }
    public string SessionId => Identity.SessionId;
    public Snowflake UserId => Identity.UserId;
    public bool IsBot => Identity.IsBot;

    /// <summary>Set before the session is visible to anyone.</summary>
    public IActorRef Actor { get; internal set; } = ActorRefs.Nobody;

    /// <summary>
    /// Friends and partners in open private channels of a user account as READY was gathered: with people in voice the only members that a
    /// user's guilds show without being asked. Set before the session is subscribed to a guild.
    /// </summary>
    internal IReadOnlySet<Snowflake> Acquaintances { get; set; } = FrozenSet<Snowflake>.Empty;

    /// <summary>Whether a connection is attached.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_gate)
                return _transport is not null;
        }
    }

    /// <summary>Whether the client is behind in taking what was sent; producers of many large events wait while it is.</summary>
    public bool IsCongested
    {
        get
        {
            lock (_gate)
                return _transport?.IsCongested ?? _replay.Count > 64;
        }
    }

    /// <summary>Whether the session is over: nothing reaches it any more.</summary>
    public bool IsEnded
    {
        get
        {
            lock (_gate)
                return _ended;
        }
    }

    /// <summary>
    /// The guilds that it hears of or is about to, ascending: what must be told when it changes, without asking every guild of the node. A
    /// guild may stand here a moment longer than its membership.
    /// </summary>
    public IReadOnlyList<Snowflake> Guilds => Volatile.Read(ref _guilds);

    /// <summary>The number of the last dispatch.</summary>
    public int LastSeq
    {
        get
        {
            lock (_gate)
                return _replay.NextSeq - 1;
        }
    }

    /// <summary>
    /// Fetches what dispatches to these sessions will touch, link by link: what one step has fetched, the next reads. To be called before
    /// each dispatch with the index of its session.
    /// </summary>
    internal static void Prepare(ReadOnlySpan<Session> sessions, int index)
    {
        if (index + 6 < sessions.Length)
            CacheHint.Fetch(sessions[index + 6], lines: 2);
        if (index + 4 < sessions.Length)
        {
            Session near = sessions[index + 4];
            CacheHint.Fetch(near._gate);
            CacheHint.Fetch(near.Identity, lines: 2);
            CacheHint.Fetch(near._transport, lines: 3);
            near._replay.Prepare();
        }
        if (index + 2 < sessions.Length)
            sessions[index + 2]._transport?.Prepare(0);
        if (index + 1 < sessions.Length)
            sessions[index + 1]._transport?.Prepare(1);
    }

    /// <summary>Numbers and sends one event that is this session's alone.</summary>
    public void Dispatch(DispatchEvent dispatch)
    {
        lock (_gate)
        {
            Append(dispatch);
            _transport?.Flush();
        }
    }

    /// <summary>
    /// Numbers and sends those of <paramref name="batch"/> whose bit is set in <paramref name="visible"/> and that this session asked for,
    /// with one flush. At most 128 events.
    /// </summary>
    public void Dispatch(ReadOnlySpan<Relayed> batch, UInt128 visible)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            bool any = false;
            for (int i = 0; i < batch.Length; i++)
            {
                if ((visible >> i & UInt128.One) == UInt128.Zero || !Identity.Wants(batch[i]))
                    continue;
                Append(Identity.Variant(batch[i]));
                any = true;
            }
            if (any)
                _transport?.Flush();
        }
    }

    /// <summary>Ends the session: its client is closed with 4009 and must identify anew.</summary>
    public void Kick() => Actor.Tell(new SessionActor.EndSession(4009, "Session ended by an operator"));

    /// <summary>Ends the session because its token is valid no more: its client is closed with 4004.</summary>
    public void Revoke() => Actor.Tell(new SessionActor.EndSession(4004, "Authentication failed."));

    /// <summary>Notes guilds that the session is subscribed to from now on.</summary>
    internal void Enter(params ReadOnlySpan<Snowflake> guilds)
    {
        lock (_gate)
        {
            if (guilds.Length == 1 && Array.BinarySearch(_guilds, guilds[0]) >= 0)
                return;
            Volatile.Write(ref _guilds, [.. _guilds.Union(guilds.ToArray()).Order()]);
        }
    }

    /// <summary>Notes that the user is no member of a guild any more.</summary>
    internal void Leave(Snowflake guild)
    {
        lock (_gate)
        {
            if (Array.BinarySearch(_guilds, guild) >= 0)
                Volatile.Write(ref _guilds, Array.FindAll(_guilds, id => id != guild));
        }
    }

    /// <summary>Connects the first transport; dispatches are numbered from here on.</summary>
    internal void Open(ISessionTransport transport)
    {
        lock (_gate)
            _transport = transport;
    }

    /// <summary>Keeps dispatches back until <see cref="Release"/>: a user's READY has to be gathered before anything may follow
    /// it.</summary>
    internal void Hold()
    {
        lock (_gate)
            _held ??= [];
    }

    /// <summary>Sends READY, what belongs to it, then what was held.</summary>
    internal void Release(DispatchEvent ready, params ReadOnlySpan<DispatchEvent> supplements)
    {
        lock (_gate)
        {
            List<DispatchEvent>? held = _held;
            _held = null;
            Append(ready);
            // READY is not kept: who resumes has read it, since it told the session's id.
            _replay.Acknowledge(_replay.NextSeq - 1);
            foreach (DispatchEvent dispatch in supplements)
                Append(dispatch);
            foreach (DispatchEvent dispatch in held ?? [])
                Append(dispatch);
            _transport?.Flush();
        }
    }

    /// <summary>
    /// Moves the session to <paramref name="transport"/> and sends everything after <paramref name="seq"/>, with its old numbers, then
    /// <paramref name="resumed"/>. The old connection, if one is there, is closed. False when that is no longer possible.
    /// </summary>
    internal bool TryResume(ISessionTransport transport, int seq, DispatchEvent resumed)
    {
        ISessionTransport? old;
        lock (_gate)
        {
            if (_ended || _held is not null || !_replay.CanReplayAfter(seq))
                return false;
            old = _transport;
            _transport = transport;
            _replay.Acknowledge(seq);
            for (int missed = _replay.FirstSeq; missed < _replay.NextSeq; missed++)
                transport.Send(_replay[missed], missed);
            Append(resumed);
            transport.Flush();
        }
        old?.Close(4000, "Resumed on another connection");
        return true;
    }

    /// <summary>Lets go of <paramref name="transport"/> if it is still the attached one.</summary>
    internal bool Release(ISessionTransport transport)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_transport, transport))
                return false;
            _transport = null;
            return true;
        }
    }

    /// <summary>The session is over: nothing is sent or kept any more. Closes the connection with <paramref name="code"/> if one is
    /// attached.</summary>
    internal void End(int code, string reason)
    {
        ISessionTransport? transport;
        lock (_gate)
        {
            _ended = true;
            transport = _transport;
            _transport = null;
            _held = null;
            _replay = default;
        }
        transport?.Close(code, reason);
    }

    /// <summary>Sends a payload without number to the attached connection.</summary>
    internal void Control(GatewayOpcode opcode, ReadOnlySpan<byte> d)
    {
        lock (_gate)
        {
            _transport?.SendControl((int)opcode, d);
            _transport?.Flush();
        }
    }

    void IGatewaySession.Acknowledge(int seq)
    {
        lock (_gate)
        {
            if (!_ended)
                _replay.Acknowledge(seq);
        }
    }

    void IGatewaySession.Handle(GatewayCommand command)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new GatewayRefusedException((int)GatewayCloseCode.RateLimited, "Commands come faster than they can be served.");
        }
        Actor.Tell(command);
    }

    /// <summary>A command has left the actor's mailbox.</summary>
    internal void Taken() => Interlocked.Decrement(ref _waiting);

    void IGatewaySession.Detach(ISessionTransport transport, int? clientCode)
    {
        if (Release(transport))
            Actor.Tell(new SessionActor.ConnectionLost(clientCode is 1000 or 1001));
    }

    private void Append(DispatchEvent dispatch)
    {
        if (_ended)
            return;
        if (_held is not null)
        {
            _held.Add(dispatch);
            return;
        }
        int seq = _replay.Add(dispatch);
        _transport?.Send(dispatch, seq);
    }
}
