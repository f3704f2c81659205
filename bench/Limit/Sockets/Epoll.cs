using System.Runtime.InteropServices;

namespace Discord.Limit.Sockets;

/// <summary>What an <see cref="Epoll"/> reports about a descriptor.</summary>
[Flags]
public enum Readiness
{
    /// <summary>Nothing is watched.</summary>
    None = 0,

    /// <summary>Data, a connection to accept or an end of stream waits (EPOLLIN).</summary>
    Readable = 1,

    /// <summary>There is room to send, or a connection attempt has ended (EPOLLOUT).</summary>
    Writable = 4,

    /// <summary>An error waits on the descriptor (EPOLLERR).</summary>
    Error = 8,

    /// <summary>The connection is gone (EPOLLHUP).</summary>
    HungUp = 16,
}

/// <summary>A level-triggered epoll set with a wake-up descriptor. One thread waits; any thread may add, change and wake.</summary>
public sealed unsafe partial class Epoll : IDisposable
{
    private const int MaxEvents = 512;

    // struct epoll_event is packed on x86-64 only: there the data follows the 4-byte mask at once.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Stride = DataOffset + 8;

    private readonly int _set;
    private readonly int _wake;
    private readonly byte[] _events = GC.AllocateUninitializedArray<byte>(MaxEvents * 16, pinned: true);
    private int _woken;

    /// <summary>Creates the set.</summary>
    /// <exception cref="IOException">The process has no descriptor left.</exception>
    public Epoll()
    {
        _set = epoll_create1(0x80000);
        if (_set < 0) throw Posix.Failed("epoll_create1");
        _wake = eventfd(0, 0x80800);
        if (_wake < 0) throw Posix.Failed("eventfd");
        Add(_wake, Readiness.Readable);
    }

    /// <summary>Watches a descriptor.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Add(int fd, Readiness interest) => Control(1, fd, interest);

    /// <summary>Changes what is watched on a descriptor.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Change(int fd, Readiness interest) => Control(3, fd, interest);

    /// <summary>Stops watching a descriptor, so that another set may take it over.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Remove(int fd) => Control(2, fd, Readiness.None);

    /// <summary>Ends the current or next <see cref="Wait"/> early.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) != 0) return;
        ulong one = 1;
        _ = write(_wake, &one, 8);
    }

    /// <summary>Waits until something is ready, someone calls <see cref="Wake"/>, or the time is up.</summary>
    /// <returns>The number of entries that <see cref="Ready"/> answers for.</returns>
    /// <exception cref="IOException">The kernel refused.</exception>
    public int Wait(int milliseconds)
    {
        fixed (byte* p = _events)
        {
            int n = epoll_wait(_set, p, MaxEvents, milliseconds);
            if (n >= 0) return n;
            const int interrupted = 4;
            return Marshal.GetLastPInvokeError() == interrupted ? 0 : throw Posix.Failed("epoll_wait");
        }
    }

    /// <summary>The descriptor and state of entry <paramref name="index"/> of the last wait; the descriptor is -1 for a wake-up.</summary>
    public (int Fd, Readiness State) Ready(int index)
    {
        var entry = _events.AsSpan(index * Stride, Stride);
        int fd = MemoryMarshal.Read<int>(entry[DataOffset..]);
        if (fd != _wake) return (fd, (Readiness)MemoryMarshal.Read<int>(entry));
        ulong count;
        _ = read(_wake, &count, 8);
        // Cleared after the read: a wake between the two is answered by the queue that the woken thread looks at next.
        Volatile.Write(ref _woken, 0);
        return (-1, Readiness.None);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Posix.Close(_wake);
        Posix.Close(_set);
    }

    private void Control(int operation, int fd, Readiness interest)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = (uint)interest;
        *(ulong*)(entry + DataOffset) = (uint)fd;
        if (epoll_ctl(_set, operation, fd, entry) < 0) throw Posix.Failed("epoll_ctl");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int set, int operation, int fd, byte* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int set, byte* entries, int count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, void* into, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, void* from, nint size);
}
