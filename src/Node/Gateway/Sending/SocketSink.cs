using System.Net.Sockets;
using Discord.Actors.Sessions;
using Microsoft.AspNetCore.Connections;

namespace Discord.Node.Gateway.Sending;

/// <summary>
/// Writes straight to the connection's socket on the caller's thread. Only for connections without TLS whose transport pipe carries no
/// output, not even the response to the upgrade: the pipe's sender and this one would mix their bytes.
/// </summary>
internal sealed class SocketSink : IFrameSink
{
    private readonly ConnectionContext _connection;
    private readonly Socket _socket;

    public SocketSink(ConnectionContext connection, Socket socket)
    {
        _connection = connection;
        _socket = socket;
        // The transport's own receives are asynchronous and do not care.
        socket.Blocking = false;
    }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock or SocketError.IOPending or SocketError.NoBufferSpaceAvailable => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes, SocketFlags.None);

    public void Prepare() => CacheHint.Fetch(_socket, lines: 2);

    public void Abort() => _connection.Abort();
}
