using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Discord.Node.Gateway.Sending;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Discord.Node.Gateway;

/// <summary>
/// Takes gateway upgrades from the connection before the HTTP server sees them. That saves each connection the HTTP request's objects
/// (about 6 KiB for as long as it lives), and it lets the response to the upgrade leave by the same way as the frames, so HELLO cannot
/// overtake it. Everything else goes on to the HTTP server untouched.
/// </summary>
internal sealed class GatewayUpgrade(ConnectionDelegate next, GatewayServer server)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        var (kind, query, accept) = await ExamineAsync(connection.Transport.Input);
        if (kind != UpgradeKind.Gateway)
        {
            await next(connection);
            return;
        }
        await RunAsync(connection, query, accept);
    }

    private Task RunAsync(ConnectionContext connection, string query, string accept)
    {
        IFrameSink sink = PlainSocket(connection) is { } socket
            ? new SocketSink(connection, socket)
            : new PipeSink(connection.Transport.Output, connection.Abort);
        var response = Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        return GatewayConnection.RunAsync(
            server, connection.Transport.Input, sink, query, (connection.RemoteEndPoint as IPEndPoint)?.Address, response);
    }

    private async Task<(UpgradeKind Kind, string Query, string Accept)> ExamineAsync(PipeReader input)
    {
        using var limit = new CancellationTokenSource(server.Options.RequestHeadTimeout);
        using var registration = limit.Token.UnsafeRegister(static state => ((PipeReader)state!).CancelPendingRead(), input);
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(CancellationToken.None);
            }
            catch (Exception broken) when (broken is IOException or OperationCanceledException)
            {
                // Reset while it was silent. The HTTP server meets the same and logs it as it logs all resets.
                return (UpgradeKind.Other, "", "");
            }
            var kind = UpgradeRequest.Examine(read.Buffer, out var end, out var query, out var accept);
            if (kind == UpgradeKind.Gateway)
            {
                input.AdvanceTo(read.Buffer.GetPosition(end));
                return (kind, query, accept);
            }
            if (kind == UpgradeKind.Other || read.IsCanceled || read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start);
                return (UpgradeKind.Other, "", "");
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static System.Net.Sockets.Socket? PlainSocket(ConnectionContext connection) =>
        connection.Features.Get<ITlsConnectionFeature>() is null && connection.Features.Get<ITlsHandshakeFeature>() is null
            ? connection.Features.Get<IConnectionSocketFeature>()?.Socket
            : null;
}
