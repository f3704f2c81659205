using System.IO.Pipelines;
using System.Net;
using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;
using Discord.Node.Gateway.Wire;
using Discord.Protocol.Gateway;

namespace Discord.Node.Gateway;

/// <summary>
/// One client's connection, from the upgrade to its end.
/// </summary>
/// <remarks>
/// <para><b>States.</b> <i>Open without a session</i> → <i>open with a session</i> → <i>closing</i> → <i>gone</i>. The first becomes
/// the second when IDENTIFY or RESUME finds a session; there is no way back. Either becomes closing when a close frame is sent or received,
/// and gone when the read loop ends. HELLO is sent in the first state, 25 ms after the upgrade or before the first client frame is acted
/// on, whichever is first: it is thus always the first frame of a connection, which the compressed streams rely on for their header.</para>
/// <para><b>Two parties, one owner.</b> The read loop (<see cref="RunAsync"/>) decodes frames, talks to the session and owns the
/// connection's end: it alone detaches the session, once, and alone says that the connection is gone. The session writes from any thread
/// (<see cref="ISessionTransport"/>), one call at a time under its own lock. The ticker and the HELLO timer write from theirs.</para>
/// <para><b>Who may close.</b> Anyone, by <see cref="Close"/>: the first code is kept, a second call does nothing. Close only sends the
/// frame, forbids further ones and wakes the read loop; that detaches the session, so a resume need not wait for the peer, and then reads
/// on and throws away until the peer answers or five seconds are over. <see cref="Cut"/> ends the link without a frame: for peers that do
/// not read (their backlog is full, a close frame would wait behind it) or do not answer.</para>
/// <para><b>Locks.</b> The connection itself is the lock of its sending side: sink, backlog, compressor, state. It is held for one
/// non-blocking send at most, never while the session is called, and taken after the session's lock, never before it. What a session sends
/// is collected in a buffer of its thread (<see cref="FrameBatch"/>) without any lock and reaches the sink in one piece at Flush. The
/// connection's own answers (HELLO, heartbeat, pong) are written at once, between two batches: a batch is whole frames, so the wire stays
/// in order.</para>
/// <para><b>Slow readers.</b> What the socket does not take goes to the <see cref="Backlog"/>, which exists only then, and a drain loop
/// follows the socket's pace. While it runs, everything appends to the backlog, so order holds. When more than the limit waits as the next
/// batch comes, the link is cut and the session stays.</para>
/// <para><b>Memory.</b> Idle, a connection is this object, its read loop and what the transport keeps (a zero-byte receive): no buffer, no
/// timer, no task of its own. docs/gateway.md has the figures.</para>
/// </remarks>
internal sealed partial class GatewayConnection : ISessionTransport, IThreadPoolWorkItem
{
    private readonly GatewayServer _server;
    private readonly IFrameSink _sink;
    private readonly PipeReader _input;
    private readonly ConnectionParameters _parameters;
    private WireEncoder _wire;
    private KeepAlive _keepAlive;
    private Backlog? _backlog;

    // Zero while open. Written under the lock; read without it where a late answer only costs some wasted encoding.
    private int _closeCode;
    private bool _helloSent;
    private bool _cut;
    private bool _gone;

    /// <summary>Its place in the server's table.</summary>
    internal int Slot;

    private GatewayConnection(GatewayServer server, PipeReader input, IFrameSink sink, ConnectionParameters parameters)
    {
        _server = server;
        _input = input;
        _sink = sink;
        _parameters = parameters;
        _wire = WireEncoders.For(parameters);
        _keepAlive = new KeepAlive(server.Limits, server.Now);
    }

    /// <summary>Whether the server counts this connection as half-open. Guarded by the server.</summary>
    internal bool CountedUnidentified { get; set; }

    /// <summary>The address under which it is counted; null when it is not. Guarded by the server.</summary>
    internal IPAddress? CountedAddress { get; set; }

    /// <inheritdoc/>
    public void Send(DispatchEvent dispatch, int seq)
    {
        if (Volatile.Read(ref _closeCode) != 0)
            return;
        var batch = OpenBatch();
        try
        {
            _wire.Dispatch(batch, dispatch, seq);
        }
        catch (Exception fault)
        {
            // Half a frame may stand in the batch: nothing of it can be sent any more.
            GatewayLog.EncodingFailed(_server.Log, fault, dispatch.Name.Text);
            batch.Reset();
            Close((int)GatewayCloseCode.UnknownError, GatewayCloseCode.UnknownError.Reason());
            return;
        }
        if (batch.Length > FrameBatch.SpillAt)
            Spill(batch);
    }

    /// <inheritdoc/>
    public void SendControl(int opcode, ReadOnlySpan<byte> d)
    {
        if (Volatile.Read(ref _closeCode) == 0)
            _wire.Control(OpenBatch(), opcode, d, first: false);
    }

    /// <inheritdoc/>
    public bool IsCongested => Volatile.Read(ref _backlog) is not null;

    /// <inheritdoc/>
    public void Prepare(int step)
    {
        if (step == 0)
            CacheHint.Fetch(_sink);
        else
            _sink.Prepare();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        var batch = FrameBatch.Session;
        if (batch.Owner != this)
            return;
        Hand(batch);
        batch.Reset();
    }

    /// <inheritdoc/>
    public void Close(int code, string reason)
    {
        // What the session sent before it closes must not be lost: op 9, the last events.
        Flush();
        lock (this)
        {
            if (_closeCode != 0 || _gone)
                return;
            Volatile.Write(ref _closeCode, code);
            Span<byte> frame = stackalloc byte[CloseFrame.MaxSize];
            Write(frame[..CloseFrame.Write(frame, code, reason)], frames: 1, mayBurst: true);
            _keepAlive.Closing(_server.Now);
            StopReadLoop();
        }
        _server.Metrics.Closed(code, byServer: true);
    }

    /// <summary>Ends the link without a close frame.</summary>
    internal void Cut()
    {
        lock (this)
        {
            if (_cut || _gone)
                return;
            _cut = true;
            if (_closeCode == 0)
            {
                Volatile.Write(ref _closeCode, CutCode);
                _server.Metrics.Closed(CutCode, byServer: true);
            }
            StopReadLoop();
        }
        // Aborting runs code of the transport; callers hold a session's lock.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _sink.Abort();

    /// <summary>Sends HELLO if it was not sent.</summary>
    internal void SayHello()
    {
        lock (this)
        {
            if (_helloSent)
                return;
            _helloSent = true;
            WriteControl((int)GatewayOpcode.Hello, _server.HelloPayload, first: true);
        }
    }

    /// <summary>Op 7: the client should come back, here or to another node.</summary>
    internal void SayReconnect()
    {
        SayHello();
        WriteControl((int)GatewayOpcode.Reconnect, "null"u8);
    }

    /// <summary>Looks at the clock; called by the server's ticker.</summary>
    internal void Tick(long now)
    {
        switch (_keepAlive.Tick(now))
        {
            case KeepAliveVerdict.NotIdentified:
                Close((int)GatewayCloseCode.NotAuthenticated, "No identify or resume in time.");
                break;
            case KeepAliveVerdict.BeatMissed:
                Close((int)GatewayCloseCode.SessionTimedOut, "No heartbeat in time.");
                break;
            case KeepAliveVerdict.CloseUnanswered:
                Cut();
                break;
            default:
                break;
        }
    }

    // Under the lock. Wakes the loop whether it waits for bytes or for a session.
    private void StopReadLoop()
    {
        _input.CancelPendingRead();
        _ = _opening?.CancelAsync();
    }

    // RFC 6455: the code of a link that ended without a close frame; never on the wire.
    private const int CutCode = 1006;

    private FrameBatch OpenBatch()
    {
        var batch = FrameBatch.Session;
        if (batch.Owner == this)
            return batch;
        // A session that forgot its Flush loses nothing and cannot mix its frames into another's.
        batch.Owner?.Flush();
        batch.Owner = this;
        return batch;
    }

    private void Spill(FrameBatch batch)
    {
        Hand(batch);
        batch.Clear();
        batch.Spilled = true;
    }

    private void WriteControl(int opcode, ReadOnlySpan<byte> d, bool first = false)
    {
        lock (this)
        {
            if (_closeCode != 0)
                return;
            var batch = FrameBatch.Control;
            _wire.Control(batch, opcode, d, first);
            Hand(batch);
            batch.Reset();
        }
    }

    private void WritePong(ReadOnlySpan<byte> payload)
    {
        lock (this)
        {
            if (_closeCode != 0)
                return;
            var batch = FrameBatch.Output;
            batch.BeginFrame(FrameOpcode.Pong, payload.Length);
            batch.Append(payload);
            Write(batch.Written, batch.Frames, mayBurst: false);
            batch.Reset();
        }
    }

    /// <summary>Hands a batch of whole frames, or of noted payloads when the encoder has a state, to the sink.</summary>
    private void Hand(FrameBatch batch)
    {
        if (batch.Length == 0)
            return;
        lock (this)
        {
            if (_closeCode != 0)
                return;
            if (!_wire.IsStateful)
            {
                Write(batch.Written, batch.Frames, batch.Spilled);
                return;
            }
            var output = FrameBatch.Output;
            _wire.Encode(batch.Written, output);
            Write(output.Written, output.Frames, batch.Spilled);
            output.Reset();
        }
    }

    /// <summary>Under the lock. <paramref name="mayBurst"/>: the bytes continue a batch whose beginning was let in.</summary>
    private void Write(ReadOnlySpan<byte> bytes, int frames, bool mayBurst)
    {
        if (_cut || _gone)
            return;
        _server.Metrics.Sent(frames, bytes.Length);
        if (_backlog is null)
        {
            while (true)
            {
                var taken = _sink.TrySend(bytes);
                if (taken < 0)
                {
                    Cut();
                    return;
                }
                bytes = bytes[taken..];
                if (bytes.IsEmpty)
                    return;
                if (taken == 0)
                    break;
            }
            _server.Metrics.Blocked();
            _backlog = new Backlog();
            _backlog.Append(bytes);
            _server.Metrics.BacklogChanged(bytes.Length);
            _backlog.Draining = DrainAsync(_backlog);
            return;
        }
        var options = _server.Options;
        var waiting = _backlog.Bytes;
        if ((waiting > options.BacklogLimit && !mayBurst)
            || (long)waiting + bytes.Length > options.BurstLimit
            || (waiting > options.FairBacklog && _server.Metrics.Backlog > options.TotalBacklogLimit))
        {
            GatewayLog.TooSlow(_server.Log, waiting);
            Cut();
            return;
        }
        _backlog.Append(bytes);
        _server.Metrics.BacklogChanged(bytes.Length);
    }

    // Ends when nothing waits any more or the link is broken. It alone consumes and releases the backlog, because it alone knows when the
    // sink has let go of the memory.
    private async Task DrainAsync(Backlog backlog)
    {
        // Away from the caller, who holds locks.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> head;
                lock (this)
                {
                    head = _cut || _gone ? default : backlog.Peek();
                    if (head.IsEmpty)
                    {
                        Release(backlog);
                        return;
                    }
                }
                var sent = await _sink.SendAsync(head).ConfigureAwait(false);
                lock (this)
                {
                    if (sent > 0)
                    {
                        backlog.Consume(sent);
                        _server.Metrics.BacklogChanged(-sent);
                        continue;
                    }
                }
                break;
            }
        }
        catch (Exception broken) when (broken is IOException or System.Net.Sockets.SocketException or ObjectDisposedException
            or InvalidOperationException or OperationCanceledException)
        {
            // The link is gone; the read loop hears of it as well.
        }
        catch (Exception fault)
        {
            GatewayLog.ConnectionFailed(_server.Log, fault);
        }
        lock (this)
            Release(backlog);
        Cut();
    }

    // Under the lock. Nothing is appended afterwards: either all was sent, and the next write tries the sink itself, or the link is cut.
    private void Release(Backlog backlog)
    {
        _server.Metrics.BacklogChanged(-backlog.Bytes);
        backlog.Release();
        if (_backlog == backlog)
            _backlog = null;
    }
}
