using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Node.Gateway.Sending;
using Discord.Node.Gateway.Wire;
using Discord.Protocol.Gateway;

namespace Discord.Node.Gateway;

// The read loop: frames to commands, and the connection's end. All of it runs on one thread at a time.
internal sealed partial class GatewayConnection
{
    private MessageReader _reader;
    private SendBudget _sends;
    private SendBudget _presences;
    private IGatewaySession? _session;
    private CancellationTokenSource? _opening;
    private bool _isBot;
    private bool _detached;

    private enum Step
    {
        NeedMore,
        Open,
        End,
    }

    /// <summary>
    /// Serves a connection until it is gone. <paramref name="response"/> is what must be sent before any frame (the response to the
    /// upgrade), or null when it was sent. Never throws.
    /// </summary>
    public static async Task RunAsync(
        GatewayServer server, PipeReader input, IFrameSink sink, string query, IPAddress? address, byte[]? response)
    {
        var parameters = ConnectionParameters.Parse(query, out var refused, out var reason);
        if (refused is not null)
            parameters = new ConnectionParameters(10, default, default);
        var connection = new GatewayConnection(server, input, sink, parameters);
        if (!server.TryAdmit(connection, address, out var code, out var why))
        {
            connection.Refuse(response, code, why);
            return;
        }
        if (response is not null)
            connection.WriteResponse(response);
        if (refused is { } refusal)
            connection.Close((int)refusal, reason);
        else
            server.ScheduleHello(connection);
        await connection.ReadAsync().ConfigureAwait(false);
        await connection.SettleAsync().ConfigureAwait(false);
    }

    // The transport is taken down by whoever waits for this connection, and takes no second writer while it is.
    private async ValueTask SettleAsync()
    {
        Task draining;
        lock (this)
            draining = _backlog?.Draining ?? Task.CompletedTask;
        if (draining.IsCompleted && _sink.Pending.IsCompleted)
            return;
        _sink.Abort();
        await draining.ConfigureAwait(false);
        await _sink.Pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // No state is kept for a connection that may not come in: the frame is left to the socket's buffer.
    private void Refuse(byte[]? response, int code, string reason)
    {
        Span<byte> frame = stackalloc byte[CloseFrame.MaxSize];
        var length = CloseFrame.Write(frame, code, reason);
        if (response is null || _sink.TrySend(response) == response.Length)
            _sink.TrySend(frame[..length]);
        _server.Metrics.Refused(reason);
        _wire.Dispose();
    }

    private void WriteResponse(byte[] response)
    {
        lock (this)
            Write(response, frames: 0, mayBurst: false);
    }

    private async Task ReadAsync()
    {
        int? clientCode = null;
        try
        {
            while (true)
            {
                var read = await _input.ReadAsync().ConfigureAwait(false);
                var bytes = read.Buffer;
                var step = Process(ref bytes, out var command, ref clientCode);
                _input.AdvanceTo(bytes.Start, step == Step.NeedMore ? bytes.End : bytes.Start);
                if (step == Step.Open)
                    await OpenAsync(command!).ConfigureAwait(false);
                if (Volatile.Read(ref _closeCode) != 0)
                    DetachSession(null);
                if (step == Step.End || (step == Step.NeedMore && read.IsCompleted))
                    break;
            }
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Reset by the peer, or aborted by us.
        }
        catch (Exception fault)
        {
            GatewayLog.ConnectionFailed(_server.Log, fault);
        }
        End(clientCode);
    }

    private void End(int? clientCode)
    {
        lock (this)
        {
            _gone = true;
            if (_closeCode == 0)
            {
                Volatile.Write(ref _closeCode, clientCode ?? CutCode);
                _server.Metrics.Closed(clientCode ?? CutCode, byServer: false);
            }
            _wire.Dispose();
        }
        _reader.Release();
        DetachSession(clientCode);
        _server.Remove(this);
    }

    /// <summary>Acts on all whole messages. Stops at one that opens a session, which takes a while, and at the end.</summary>
    private Step Process(ref ReadOnlySequence<byte> bytes, out GatewayCommand? command, ref int? clientCode)
    {
        command = null;
        while (true)
        {
            var closing = Volatile.Read(ref _closeCode) != 0;
            var limit = _isBot ? _server.Options.MaxBotMessage : _server.Options.MaxMessage;
            var status = _reader.TryRead(ref bytes, limit, out var message, out var violation);
            if (status == ReadStatus.NeedMore)
                return Step.NeedMore;
            if (status == ReadStatus.Violation)
            {
                // Where the next frame begins is not known any more.
                Close(violation.Code, violation.Reason);
                return Step.End;
            }
            _server.Metrics.Received();
            try
            {
                if (message.Opcode == FrameOpcode.Close)
                {
                    AnswerClose(message.Payload, ref clientCode);
                    return Step.End;
                }
                if (closing)
                    continue;
                if (_server.Options.RateLimits
                    && !_sends.Take(_server.Now, (long)_server.Options.SendWindow.TotalMilliseconds, _server.Options.SendsPerWindow))
                {
                    Refuse(GatewayCloseCode.RateLimited);
                    continue;
                }
                SayHello();
                if (message.Opcode == FrameOpcode.Ping)
                    WritePong(message.Payload);
                else if (message.Opcode != FrameOpcode.Pong && Act(message) is { } opens)
                {
                    command = opens;
                    return Step.Open;
                }
            }
            finally
            {
                message.Release();
            }
        }
    }

    private void AnswerClose(ReadOnlySpan<byte> payload, ref int? clientCode)
    {
        var valid = CloseFrame.TryRead(payload, out var code);
        lock (this)
        {
            if (_closeCode != 0)
                return;
            clientCode = valid ? code : null;
            Span<byte> frame = stackalloc byte[CloseFrame.MaxSize];
            Write(frame[..CloseFrame.Write(frame, valid ? code : 1002, "")], frames: 1, mayBurst: true);
        }
    }

    /// <summary>Decodes a message and acts on it; returns a command that opens a session.</summary>
    private GatewayCommand? Act(ClientMessage message)
    {
        if (!CommandDecoder.TryDecode(message.Payload, message.Opcode, _parameters, out var frame, out var code, out var reason))
        {
            Close((int)code, reason);
            return null;
        }
        switch (frame.Opcode)
        {
            case (int)GatewayOpcode.Heartbeat or CommandDecoder.UserHeartbeat:
                _keepAlive.Beat(_server.Now);
                WriteControl((int)GatewayOpcode.HeartbeatAck, "null"u8);
                if (frame.Seq is { } seq)
                    Guarded(frame.Opcode, static (session, state) => session.Acknowledge(state.Seq), (frame.Command, Seq: seq));
                return null;
            case (int)GatewayOpcode.Identify or (int)GatewayOpcode.Resume when _session is not null:
                Refuse(GatewayCloseCode.AlreadyAuthenticated);
                return null;
            case (int)GatewayOpcode.Identify:
                if (frame.PayloadCompression && _parameters.Compression == TransportCompression.None)
                    _wire = WireEncoders.WithPayloadCompression(_parameters);
                return frame.Command;
            case (int)GatewayOpcode.Resume:
                return frame.Command;
            default:
                break;
        }
        if (frame.Command is null)
        {
            // Nobody knows this opcode. User clients try new ones on old servers and must live on.
            if (_session is null || _isBot)
                Refuse(GatewayCloseCode.UnknownOpcode);
            return null;
        }
        if (_session is null)
        {
            Refuse(GatewayCloseCode.NotAuthenticated);
            return null;
        }
        if (frame.Opcode == (int)GatewayOpcode.PresenceUpdate && _server.Options.RateLimits
            && !_presences.Take(_server.Now, (long)_server.Options.PresenceWindow.TotalMilliseconds, _server.Options.PresencesPerWindow))
        {
            _server.Metrics.PresenceDropped();
            return null;
        }
        Guarded(frame.Opcode, static (session, state) => session.Handle(state.Command!), (frame.Command, Seq: 0));
        return null;
    }

    // A fault in the domain costs this connection, not the node, and the client may resume.
    private void Guarded<T>(int opcode, Action<IGatewaySession, T> action, T state)
    {
        if (_session is not { } session)
            return;
        try
        {
            action(session, state);
        }
        catch (GatewayRefusedException refused)
        {
            Close(refused.CloseCode, refused.Message);
        }
        catch (Exception fault)
        {
            GatewayLog.CommandFailed(_server.Log, fault, opcode);
            Refuse(GatewayCloseCode.UnknownError);
        }
    }

    private async ValueTask OpenAsync(GatewayCommand command)
    {
        using var opening = new CancellationTokenSource();
        lock (this)
        {
            if (_closeCode != 0)
                return;
            _opening = opening;
        }
        try
        {
            _session = command is IdentifyCommand identify
                ? await _server.Sessions.IdentifyAsync(identify, this, opening.Token).ConfigureAwait(false)
                : await _server.Sessions.ResumeAsync((ResumeCommand)command, this, opening.Token).ConfigureAwait(false);
        }
        catch (GatewayRefusedException refused)
        {
            Close(refused.CloseCode, refused.Message);
        }
        catch (OperationCanceledException) when (Volatile.Read(ref _closeCode) != 0)
        {
            // Closed while the session was being opened.
        }
        catch (Exception fault)
        {
            var opcode = command is IdentifyCommand ? GatewayOpcode.Identify : GatewayOpcode.Resume;
            GatewayLog.CommandFailed(_server.Log, fault, (int)opcode);
            Refuse(GatewayCloseCode.UnknownError);
        }
        finally
        {
            lock (this)
                _opening = null;
        }
        if (_session is null)
        {
            _keepAlive.MayIdentifyAgain(_server.Now);
            return;
        }
        // Bots must send intents and users never do; the session knows for certain.
        _isBot = _session.IsBot || command is IdentifyCommand { Intents: not null };
        _keepAlive.Identified();
        _server.Identified(this);
    }

    private void DetachSession(int? clientCode)
    {
        if (_session is not { } session || _detached)
            return;
        _detached = true;
        try
        {
            session.Detach(this, clientCode);
        }
        catch (Exception fault)
        {
            GatewayLog.ConnectionFailed(_server.Log, fault);
        }
    }

    private void Refuse(GatewayCloseCode code) => Close((int)code, code.Reason());
}
