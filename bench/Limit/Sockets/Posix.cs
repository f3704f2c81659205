using System.Net;
using System.Runtime.InteropServices;

namespace Discord.Limit.Sockets;

/// <summary>The Linux socket calls that both ends of a measurement use, without the bookkeeping of a managed socket.</summary>
/// <remarks>Every call works on non-blocking descriptors; a negative return is an errno, so that the caller needs no second call.</remarks>
public static unsafe partial class Posix
{
    /// <summary>EAGAIN, as a negative return value: the descriptor has no room or no data now.</summary>
    public const int WouldBlock = -11;

    private const int AfInet = 2;
    private const int SockStream = 1;
    private const int SockNonBlock = 0x800;
    private const int SockCloseOnExec = 0x80000;
    private const int InProgress = 115;
    private const int MsgNoSignal = 0x4000;

    /// <summary>Opens a non-blocking TCP socket with Nagle's algorithm off.</summary>
    /// <exception cref="IOException">The process has no descriptor left, or the kernel refused.</exception>
    public static int OpenTcp()
    {
        int fd = socket(AfInet, SockStream | SockNonBlock | SockCloseOnExec, 0);
        if (fd < 0) throw Failed("socket");
        SetNoDelay(fd);
        return fd;
    }

    /// <summary>Starts a connection; it is complete when the descriptor becomes writable.</summary>
    /// <returns>0 when it has begun or is complete, else a negative errno.</returns>
    public static int BeginConnect(int fd, IPEndPoint to)
    {
        var address = new SockAddrIn(to);
        int result = connect(fd, &address, sizeof(SockAddrIn));
        if (result == 0) return 0;
        int errno = Marshal.GetLastPInvokeError();
        return errno == InProgress ? 0 : -errno;
    }

    /// <summary>The error a connection attempt ended with, 0 for none (SO_ERROR).</summary>
    public static int PendingError(int fd)
    {
        int value = 0, size = sizeof(int);
        return getsockopt(fd, 1, 4, &value, &size) < 0 ? Marshal.GetLastPInvokeError() : value;
    }

    /// <summary>Opens a listening socket and returns it with the port it got.</summary>
    /// <exception cref="IOException">The port is taken, or the kernel refused.</exception>
    public static (int Fd, int Port) Listen(IPEndPoint at, int backlog = 4096)
    {
        int fd = OpenTcp();
        int one = 1;
        setsockopt(fd, 1, 2, &one, sizeof(int));
        var address = new SockAddrIn(at);
        if (bind(fd, &address, sizeof(SockAddrIn)) < 0) throw FailedAndClosed("bind", fd);
        if (listen(fd, backlog) < 0) throw FailedAndClosed("listen", fd);
        int size = sizeof(SockAddrIn);
        if (getsockname(fd, &address, &size) < 0) throw FailedAndClosed("getsockname", fd);
        return (fd, address.Port);
    }

    /// <summary>Accepts one connection as a non-blocking descriptor, or returns a negative errno.</summary>
    public static int Accept(int listener)
    {
        int fd = accept4(listener, null, null, SockNonBlock | SockCloseOnExec);
        if (fd < 0) return -Marshal.GetLastPInvokeError();
        SetNoDelay(fd);
        return fd;
    }

    /// <summary>Receives what is there; 0 means that the peer has closed, a negative value is an errno.</summary>
    public static int Receive(int fd, Span<byte> into)
    {
        fixed (byte* p = into)
        {
            nint n = recv(fd, p, into.Length, 0);
            return n >= 0 ? (int)n : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Sends as much as fits; a negative value is an errno.</summary>
    public static int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            nint n = send(fd, p, bytes.Length, MsgNoSignal);
            return n >= 0 ? (int)n : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Keeps the thread off the processor; it may sleep some 50 µs longer, the kernel's timer slack.</summary>
    public static void Sleep(TimeSpan duration)
    {
        // struct timespec: seconds, nanoseconds.
        long* time = stackalloc long[2];
        (time[0], time[1]) = ((long)duration.TotalSeconds, duration.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick);
        // Ended early by a signal, it has slept enough.
        _ = nanosleep(time, null);
    }

    /// <summary>Closes a descriptor.</summary>
    public static void Close(int fd) => _ = close(fd);

    private static void SetNoDelay(int fd)
    {
        int one = 1;
        setsockopt(fd, 6, 1, &one, sizeof(int));
    }

    internal static IOException Failed(string call) =>
        new($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>The text of an errno given as a positive number.</summary>
    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    private static IOException FailedAndClosed(string call, int fd)
    {
        var failure = Failed(call);
        Close(fd);
        return failure;
    }

    // struct sockaddr_in: family in host order, port and address in network order.
    [StructLayout(LayoutKind.Sequential)]
    private struct SockAddrIn
    {
        private readonly ushort _family;
        private readonly ushort _port;
        private readonly uint _address;
        private readonly ulong _zero;

        public SockAddrIn(IPEndPoint at)
        {
            _family = AfInet;
            _port = (ushort)IPAddress.HostToNetworkOrder((short)at.Port);
            Span<byte> bytes = stackalloc byte[4];
            if (!at.Address.TryWriteBytes(bytes, out int written) || written != 4)
                throw new ArgumentException($"{at.Address} is not an IPv4 address.", nameof(at));
            _address = MemoryMarshal.Read<uint>(bytes);
            _zero = 0;
        }

        public readonly int Port => (ushort)IPAddress.NetworkToHostOrder((short)_port);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int fd, SockAddrIn* address, int size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int fd, SockAddrIn* address, int size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(int fd, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int fd, void* address, int* size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(int fd, SockAddrIn* address, int* size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int fd, int level, int option, int* value, int* size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int fd, int level, int option, int* value, int size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int fd, byte* into, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int fd, byte* from, nint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static partial int nanosleep(long* duration, long* remaining);
}
