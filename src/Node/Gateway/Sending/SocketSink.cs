using System.Net.Sockets;
using System.Runtime.InteropServices;
using Discord.Actors.Sessions;
using Microsoft.AspNetCore.Connections;

namespace Discord.Node.Gateway.Sending;

/// <summary>
/// Writes straight to the connection's socket on the caller's thread. Only for connections without TLS whose transport pipe carries no
/// output, not even the response to the upgrade: the pipe's sender and this one would mix their bytes.
/// </summary>
/// <remarks>
/// On Linux it calls <c>send</c> itself: <see cref="Socket.Send(ReadOnlySpan{byte})"/> does the same through three more objects, each a
/// wait for memory where thousands of sessions are sent to in turn. The handle is held during the call, so that a socket which is closed
/// meanwhile keeps its descriptor until it ends; nobody else can get it.
/// </remarks>
internal sealed unsafe partial class SocketSink : IFrameSink
{
    // MSG_DONTWAIT, and MSG_NOSIGNAL: a broken link is an error and no SIGPIPE.
    private const int Flags = 0x40 | 0x4000;
    private const int WouldBlock = 11;
    private const int Interrupted = 4;
    private const int NoBuffers = 105;

    private readonly ConnectionContext _connection;
    private readonly Socket _socket;
    private readonly SafeSocketHandle _handle;

    public SocketSink(ConnectionContext connection, Socket socket)
    {
        _connection = connection;
        _socket = socket;
        _handle = socket.SafeHandle;
        // The transport's own receives are asynchronous and do not care.
        socket.Blocking = false;
    }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return OperatingSystem.IsLinux() ? SendByCall(bytes) : SendBySocket(bytes);
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes, SocketFlags.None);

    public Task Pending => Task.CompletedTask;

    public void Prepare() => CacheHint.Fetch(_handle);

    public void Abort() => _connection.Abort();

    private int SendByCall(ReadOnlySpan<byte> bytes)
    {
        nint sent;
        fixed (byte* first = bytes)
        {
            do
                sent = send(_handle, first, bytes.Length, Flags);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        }
        if (sent >= 0)
            return (int)sent;
        return Marshal.GetLastPInvokeError() is WouldBlock or NoBuffers ? 0 : -1;
    }

    private int SendBySocket(ReadOnlySpan<byte> bytes)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock or SocketError.IOPending or SocketError.NoBufferSpaceAvailable => 0,
            _ => -1,
        };
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeSocketHandle socket, byte* bytes, nint count, int flags);
}
