using System.Runtime.InteropServices;

namespace Discord.Protocol.Compression;

/// <summary>
/// The few functions of zlib that are needed, from the system's library, loaded on first use. .NET's own copy cannot be asked for small
/// windows.
/// </summary>
internal static unsafe class LibZ
{
    public const int SyncFlush = 2;

    private static readonly byte[] Version = "1.2.11\0"u8.ToArray();
    private static readonly nint Library = Load();
    private static readonly delegate* unmanaged<Stream*, int, int, int, int, int, byte*, int, int> InitFunction =
        (delegate* unmanaged<Stream*, int, int, int, int, int, byte*, int, int>)Export("deflateInit2_");
    private static readonly delegate* unmanaged<Stream*, int, int> DeflateFunction =
        (delegate* unmanaged<Stream*, int, int>)Export("deflate");
    private static readonly delegate* unmanaged<Stream*, int> EndFunction = (delegate* unmanaged<Stream*, int>)Export("deflateEnd");
    private static readonly delegate* unmanaged<Stream*, int> ResetFunction = (delegate* unmanaged<Stream*, int>)Export("deflateReset");

    public static bool IsAvailable => Library != 0;

    /// <summary>Allocates a deflate context. Negative window bits make raw deflate.</summary>
    public static Stream* Create(int level, int windowBits, int memoryLevel)
    {
        var stream = (Stream*)NativeMemory.AllocZeroed((nuint)sizeof(Stream));
        stream->Allocated = sizeof(Stream);
        stream->Opaque = stream;
        stream->Allocate = &Allocate;
        stream->Release = &Release;
        // The library compares the size it was compiled for with ours; our own field at the end is not its business.
        var size = (int)Marshal.OffsetOf<Stream>(nameof(Stream.Allocated));
        int result;
        fixed (byte* version = Version)
            result = InitFunction(stream, level, 8, windowBits, memoryLevel, 0, version, size);
        if (result == 0)
            return stream;
        NativeMemory.Free(stream);
        throw new CompressionException($"zlib refused to start (code {result}).");
    }

    /// <summary>One step: takes input and gives output as far as there is room.</summary>
    public static void Deflate(Stream* stream, int flush)
    {
        // -5 (no progress possible) is what a flush with nothing left to flush answers; it is no error.
        var result = DeflateFunction(stream, flush);
        if (result is not (0 or -5))
            throw new CompressionException($"zlib failed (code {result}).");
    }

    public static void Reset(Stream* stream)
    {
        if (ResetFunction(stream) != 0)
            throw new CompressionException("zlib failed to reset.");
    }

    public static void Free(Stream* stream)
    {
        EndFunction(stream);
        NativeMemory.Free(stream);
    }

    private static nint Load()
    {
        foreach (var name in new[] { "libz.so.1", "libz.1.dylib", "zlib1.dll" })
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        }
        return 0;
    }

    private static nint Export(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);

    [UnmanagedCallersOnly]
    private static void* Allocate(void* opaque, uint items, uint size)
    {
        var bytes = checked((nuint)items * size);
        ((Stream*)opaque)->Allocated += (long)bytes;
        return NativeMemory.Alloc(bytes);
    }

    [UnmanagedCallersOnly]
    private static void Release(void* opaque, void* address) => NativeMemory.Free(address);

    /// <summary>zlib's <c>z_stream</c>, and after it how much was allocated for it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Stream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public CULong TotalIn;
        public byte* NextOut;
        public uint AvailableOut;
        public CULong TotalOut;
        public byte* Message;
        public void* State;
        public delegate* unmanaged<void*, uint, uint, void*> Allocate;
        public delegate* unmanaged<void*, void*, void> Release;
        public void* Opaque;
        public int DataType;
        public CULong Adler;
        public CULong Reserved;
        public long Allocated;
    }
}
