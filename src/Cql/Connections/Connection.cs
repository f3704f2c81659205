using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using Discord.Cql.Errors;
using Discord.Cql.Topology;
using Discord.Cql.Wire;
using Microsoft.Extensions.Logging;

namespace Discord.Cql.Connections;

/// <summary>
/// One connection to a host. Requests of any thread are written behind each other and answered in any order; each has a stream, a number
/// that its answer carries.
/// <para>
/// <b>Life.</b> Opening (the handshake runs), open, broken. <see cref="Break"/> is the only way to the last: the first reason wins,
/// everything in flight or waiting fails with it and is told whether its bytes were given to the socket.
/// </para>
/// <para>
/// <b>Writing.</b> A request is written into the outbox under the lock. Whoever finds nobody sending sends all that is there; what is
/// written meanwhile goes out in the next call. Within a batch of answers (<see cref="Corks"/>) sending waits for the batch's end.
/// </para>
/// <para>
/// <b>Reading.</b> Whoever completes a read cuts the frames, starts the next read, and only then runs the continuations: no continuation
/// delays the reading, and no answer costs a hop to another thread.
/// </para>
/// <para>
/// <b>Given up.</b> A request that is cancelled or out of time leaves its stream behind as an orphan until the late answer frees it. Too
/// many orphans break the connection.
/// </para>
/// </summary>
internal sealed class Connection
{
    /// <summary>Streams are numbered by the positive numbers of 16 bits.</summary>
    public const int MaxStreams = 32768;

    // How often time-outs and the heart-beat are looked at.
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);

    // Reads that find data waiting go on collecting until so many answers are there, then they are handed to another thread.
    private const int MaxBatch = 256;

    // A buffer that one large request made large is not kept.
    private const int KeepOutbox = 256 * 1024;

    private static readonly PendingRequest s_orphan = new();

    private readonly Lock _lock = new();
    private readonly Stream _stream;
    private readonly CqlOptions _options;
    private readonly CqlMetrics _metrics;
    private readonly ILogger _log;
    private readonly long _origin;
    private readonly FrameBuffer _frames;
    private readonly Action _pump;
    private readonly ITimer _timer;
    private readonly PendingRequest?[] _inFlight;
    private readonly short[] _free;
    private readonly Queue<PendingRequest> _waiting = new();
    private int _freeCount;
    private int _orphans;
    private WireWriter _outbox = new(4096);
    private WireWriter _sending = new(4096);
    private bool _isSending;
    private long _handedOver;
    private ValueTask<int> _read;
    private List<PendingRequest> _answered = [];
    private List<PendingRequest>? _spare;
    private Heartbeat _heartbeat;
    private CqlException? _broken;

    private Connection(Stream stream, Endpoint endpoint, CqlOptions options, CqlMetrics metrics, ILogger log)
    {
        _stream = stream;
        _options = options;
        _metrics = metrics;
        _log = log;
        Endpoint = endpoint;
        _origin = options.Time.GetTimestamp();
        _frames = new FrameBuffer(options.MaxResponseBytes);
        _pump = Pump;
        // The last stream is the heart-beat's, which must get through when all others are taken.
        _inFlight = new PendingRequest?[options.MaxInFlight + 1];
        _free = new short[options.MaxInFlight];
        for (var i = 0; i < _free.Length; i++) _free[i] = (short)(_free.Length - 1 - i);
        _freeCount = _free.Length;
        _heartbeat = new Heartbeat((long)options.HeartbeatInterval.TotalMilliseconds, (long)options.HeartbeatTimeout.TotalMilliseconds, 0);
        _timer = options.Time.CreateTimer(static state => ((Connection)state!).Tick(), this, s_tick, s_tick);
    }

    public Endpoint Endpoint { get; }

    public IPEndPoint Address => Endpoint.Address;

    /// <summary>What ScyllaDB told of its shards; null for others.</summary>
    public ShardingInfo? Sharding { get; set; }

    /// <summary>Whether bodies are compressed; set by the handshake.</summary>
    public bool Compresses { get; set; }

    public bool IsBroken => Volatile.Read(ref _broken) is not null;

    /// <summary>Why it is broken; null while it is not.</summary>
    public CqlException? Reason => Volatile.Read(ref _broken);

    /// <summary>Requests that were written and not answered, orphans among them.</summary>
    public int InFlight => _free.Length - Volatile.Read(ref _freeCount);

    /// <summary>Told of events, on the reading thread; it must not block.</summary>
    public Action<EventBody>? OnEvent { get; set; }

    /// <summary>Told once that the connection is broken, on any thread.</summary>
    public Action<Connection>? OnBroken { get; set; }

    /// <summary>Connects and shakes hands.</summary>
    public static async Task<Connection> OpenAsync(
        Endpoint endpoint,
        int localPort,
        Transport transport,
        CqlOptions options,
        CqlMetrics metrics,
        ILogger log,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Connection? connection = null;
        try
        {
            var stream = await transport.OpenAsync(endpoint, localPort, both.Token).ConfigureAwait(false);
            connection = new Connection(stream, endpoint, options, metrics, log);
            connection.StartReading();
            await Handshake.RunAsync(connection, options, both.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception reason)
        {
            if (reason is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                reason = new CqlTimeoutException(options.ConnectTimeout, sent: false);
            var error = reason as CqlException
                ?? new CqlConnectionException($"no connection to {endpoint.Address}: {reason.Message}", sent: false, reason);
            error.Host ??= endpoint.Address;
            connection?.Break(error);
            cancellationToken.ThrowIfCancellationRequested();
            throw error;
        }
    }

    /// <summary>
    /// Sends a request. The answer's continuation runs on the thread that reads: it must not block.
    /// </summary>
    /// <exception cref="CqlException">The connection is broken, too much waits, or the request is too large.</exception>
    public ValueTask<Response> SendAsync(
        IRequestBody body, in RequestParameters parameters, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Response>(cancellationToken);
        var request = PendingRequest.Rent(this);
        request.Body = body;
        request.Parameters = parameters;
        request.Timeout = timeout;
        request.Deadline = Now() + (long)timeout.TotalMilliseconds;
        request.CancellationToken = cancellationToken;
        Exception? refused = null;
        lock (_lock)
        {
            if (_broken is not null) refused = Lost(sent: false);
            else if (_waiting.Count == 0 && HasRoom) refused = Append(request, _free[--_freeCount]);
            else if (_waiting.Count < _options.MaxQueued) _waiting.Enqueue(request);
            else refused = new CqlClientOverloadedException(InFlight, _waiting.Count) { Host = Address };
        }
        if (refused is not null)
        {
            request.Recycle();
            return ValueTask.FromException<Response>(refused);
        }
        request.WatchCancellation();
        if (!Corks.Defer(this)) Flush();
        return request.Task;
    }

    /// <summary>Breaks the connection. The first reason wins and is what is returned.</summary>
    public Exception Break(Exception reason)
    {
        var error = reason as CqlException
            ?? new CqlConnectionException($"the connection to {Address} was lost: {reason.Message}", sent: true, reason);
        List<(PendingRequest Request, bool Sent)> failed = [];
        lock (_lock)
        {
            if (_broken is not null) return _broken;
            _broken = error;
            for (var i = 0; i < _inFlight.Length; i++)
            {
                if (_inFlight[i] is { } request && request != s_orphan) failed.Add((request, request.Offset < _handedOver));
                _inFlight[i] = null;
            }
            foreach (var request in _waiting) failed.Add((request, false));
            _waiting.Clear();
        }
        _timer.Dispose();
        _stream.Dispose();
        if (failed.Count > 0)
            FailLater(failed.ConvertAll(entry => (entry.Request, (Exception)Lost(entry.Sent))));
        if (reason is not CqlSessionClosedException) CqlLog.ConnectionLost(_log, Address, failed.Count, reason.Message);
        OnBroken?.Invoke(this);
        return error;
    }

    /// <summary>
    /// Fails a request with <paramref name="reason"/> if it has no answer yet; its stream stays taken until the answer comes.
    /// </summary>
    public void GiveUp(PendingRequest request, Exception reason)
    {
        lock (_lock)
        {
            if (request.Stream < 0)
            {
                if (!_waiting.Contains(request)) return;
                var others = _waiting.Where(other => other != request).ToArray();
                _waiting.Clear();
                foreach (var other in others) _waiting.Enqueue(other);
            }
            else if (!TryOrphan(request))
            {
                return;
            }
        }
        FailLater([(request, reason)]);
        BreakIfTooManyOrphans();
    }

    /// <summary>Sends what is written, unless somebody is sending.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || _outbox.Length == 0 || _broken is not null) return;
            _isSending = true;
        }
        Send();
    }

    private bool HasRoom => _freeCount > 0 && _outbox.Length < _options.MaxUnsentBytes;

    private long Now() => (long)_options.Time.GetElapsedTime(_origin).TotalMilliseconds;

    private CqlConnectionException Lost(bool sent) =>
        new(
            _broken is CqlConnectionException ? _broken.Message : $"the connection to {Address} was lost: {_broken!.Message}",
            sent,
            _broken)
        {
            Host = Address,
        };

    // Under the lock. The stream is given back when the request cannot be written.
    private Exception? Append(PendingRequest request, short stream)
    {
        var start = _outbox.Length;
        Exception? refused = null;
        try
        {
            var header = _outbox.Length + FrameHeader.Size;
            _outbox.Take(FrameHeader.Size);
            request.Body!.Write(ref _outbox, request.Parameters);
            var flags = Compresses && Lz4.TryCompress(ref _outbox, header) ? FrameFlags.Compressed : FrameFlags.None;
            var length = _outbox.Length - header;
            new FrameHeader(FrameHeader.RequestV4, flags, stream, request.Body.Opcode, length).Write(_outbox.At(start, FrameHeader.Size));
            if (length > _options.MaxRequestBytes) refused = new CqlRequestTooLargeException(length, _options.MaxRequestBytes);
        }
        catch (Exception reason)
        {
            refused = reason;
        }
        if (refused is not null)
        {
            _outbox.Truncate(start);
            if (stream < _free.Length) _free[_freeCount++] = stream;
            return refused;
        }
        request.Body = null;
        request.Offset = _handedOver + start;
        request.Stream = stream;
        _inFlight[stream] = request;
        return null;
    }

    // Under the lock: writes those that wait as far as there is room.
    private void AppendWaiting()
    {
        List<(PendingRequest, Exception)>? failed = null;
        while (HasRoom && _waiting.TryDequeue(out var request))
        {
            if (Append(request, _free[--_freeCount]) is { } refused) (failed ??= []).Add((request, refused));
        }
        if (failed is not null) FailLater(failed);
    }

    // Runs on whoever set _isSending, until nothing is left to send.
    private void Send()
    {
        try
        {
            while (TakeOutbox())
            {
#pragma warning disable CA2012 // Consumed once: here when it is complete, else by FinishSendAsync.
                var write = _stream.WriteAsync(_sending.Memory);
#pragma warning restore CA2012
                if (!write.IsCompletedSuccessfully)
                {
                    _ = FinishSendAsync(write);
                    return;
                }
                write.GetAwaiter().GetResult();
            }
        }
        catch (Exception reason)
        {
            Break(reason);
        }
    }

    private async Task FinishSendAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception reason)
        {
            Break(reason);
            return;
        }
        Send();
    }

    private bool TakeOutbox()
    {
        lock (_lock)
        {
            _sending.Clear(KeepOutbox);
            if (_outbox.Length == 0 && _waiting.Count > 0) AppendWaiting();
            if (_outbox.Length == 0 || _broken is not null)
            {
                _isSending = false;
                return false;
            }
            (_outbox, _sending) = (_sending, _outbox);
            _handedOver += _sending.Length;
            return true;
        }
    }

    private void StartReading()
    {
        var awaiter = StartRead();
        if (awaiter.IsCompleted) ThreadPool.UnsafeQueueUserWorkItem(static pump => pump(), _pump, preferLocal: false);
        else awaiter.UnsafeOnCompleted(_pump);
    }

    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter StartRead()
    {
#pragma warning disable CA2012 // Consumed once, by Pump.
        _read = _stream.ReadAsync(_frames.Free);
#pragma warning restore CA2012
        return _read.ConfigureAwait(false).GetAwaiter();
    }

    // Called when _read is complete; never by two threads at once, as it is the only one to start the next read.
    private void Pump()
    {
        List<PendingRequest> answered;
        try
        {
            while (true)
            {
                var count = _read.GetAwaiter().GetResult();
                if (count == 0) throw new EndOfStreamException("the server closed it");
                _frames.Filled(count);
                while (_frames.TryRead(out var header, out var body)) Receive(header, body);
                lock (_lock)
                {
                    _heartbeat.Received(Now());
                    if (_waiting.Count > 0) AppendWaiting();
                }
                var awaiter = StartRead();
                if (awaiter.IsCompleted)
                {
                    if (_answered.Count >= MaxBatch) ThreadPool.UnsafeQueueUserWorkItem(CompleteAll, TakeAnswered(), preferLocal: false);
                    continue;
                }
                answered = TakeAnswered();
                awaiter.UnsafeOnCompleted(_pump);
                break;
            }
        }
        catch (Exception reason)
        {
            Break(reason);
            _frames.Release();
            CompleteAll(_answered);
            return;
        }
        CompleteAll(answered);
    }

    private List<PendingRequest> TakeAnswered()
    {
        var answered = _answered;
        _answered = Interlocked.Exchange(ref _spare, null) ?? [];
        return answered;
    }

    private void CompleteAll(List<PendingRequest> answered)
    {
        Corks.Run(answered);
        Flush();
        answered.Clear();
        Volatile.Write(ref _spare, answered);
    }

    private void Receive(FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Stream == FrameHeader.EventStream)
        {
            OnEvent?.Invoke(EventBody.Read(body));
            return;
        }
        PendingRequest? request;
        lock (_lock)
        {
            request = (uint)header.Stream < (uint)_inFlight.Length ? _inFlight[header.Stream] : null;
            if (request is null)
            {
                if (_broken is not null) throw _broken;
                throw new CqlProtocolException($"an answer for stream {header.Stream}, which asked nothing");
            }
            _inFlight[header.Stream] = null;
            if (request == s_orphan) _orphans--;
            if (header.Stream < _free.Length) _free[_freeCount++] = header.Stream;
        }
        if (request == s_orphan) return;
        // It is ours alone from here on: completed in this batch, or failed where the body cannot be read.
        try
        {
            request.SetResponse(ToResponse(header, body));
        }
        catch (CqlProtocolException reason)
        {
            var error = new CqlConnectionException($"the answer of {Address} cannot be read: {reason.Message}", sent: true, reason);
            FailLater([(request, error)]);
            throw;
        }
        _answered.Add(request);
    }

    private Response ToResponse(FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Opcode == Opcode.Result && header.Flags == FrameFlags.None && body.SequenceEqual(stackalloc byte[] { 0, 0, 0, 1 }))
            return new Response(Opcode.Result, FrameFlags.None, null, 0);
        if ((header.Flags & FrameFlags.Compressed) != 0)
        {
            if (!Compresses) throw new CqlProtocolException("a compressed body, which was not agreed on");
            var plain = Lz4.Decompress(body, _options.MaxResponseBytes, out var length);
            return new Response(header.Opcode, header.Flags, plain, length);
        }
        var copy = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(copy);
        return new Response(header.Opcode, header.Flags, copy, body.Length);
    }

    // Under the lock.
    private bool TryOrphan(PendingRequest request)
    {
        if (_inFlight[request.Stream] != request) return false;
        _inFlight[request.Stream] = s_orphan;
        _orphans++;
        return true;
    }

    private void BreakIfTooManyOrphans()
    {
        if (Volatile.Read(ref _orphans) > _options.MaxOrphans)
            Break(new CqlConnectionException($"{_options.MaxOrphans} requests were given up and not answered since", sent: true));
    }

    private void Tick()
    {
        List<(PendingRequest, Exception)>? late = null;
        HeartbeatAction action;
        lock (_lock)
        {
            if (_broken is not null) return;
            var now = Now();
            foreach (var request in _inFlight)
            {
                if (request is null || request == s_orphan || request.Deadline > now) continue;
                var sent = request.Offset < _handedOver;
                if (TryOrphan(request)) (late ??= []).Add((request, new CqlTimeoutException(request.Timeout, sent) { Host = Address }));
            }
            if (_waiting.Count > 0)
            {
                for (var i = _waiting.Count; i > 0; i--)
                {
                    var request = _waiting.Dequeue();
                    if (request.Deadline > now) _waiting.Enqueue(request);
                    else (late ??= []).Add((request, new CqlTimeoutException(request.Timeout, sent: false) { Host = Address }));
                }
            }
            action = _heartbeat.Tick(now);
            if (action == HeartbeatAction.Send && _inFlight[^1] is null) AppendHeartbeat();
        }
        if (late is not null)
        {
            _metrics.RequestTimedOut(late.Count);
            FailLater(late);
        }
        if (action == HeartbeatAction.Break)
        {
            Break(new CqlTimeoutException(_options.HeartbeatTimeout, sent: true));
            return;
        }
        BreakIfTooManyOrphans();
        // Also what a continuation wrote that has not come back yet: it holds up nothing but itself.
        Flush();
    }

    // Under the lock. Nobody awaits it: any byte that arrives is the answer (see Heartbeat).
    private void AppendHeartbeat()
    {
        var request = PendingRequest.Rent(this);
        request.Body = ControlMessage.Options;
        request.Deadline = long.MaxValue;
        Append(request, (short)_free.Length);
        _inFlight[^1] = s_orphan;
        _orphans++;
        request.Recycle();
    }

    // Continuations of what failed run elsewhere: here a lock may be held above, or a caller be in the middle of its own request.
    private static void FailLater(List<(PendingRequest Request, Exception Reason)> failed) => ThreadPool.UnsafeQueueUserWorkItem(
        static failed =>
        {
            foreach (var (request, reason) in failed) request.Fail(reason);
        },
        failed,
        preferLocal: false);
}
