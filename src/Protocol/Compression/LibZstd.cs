using System.Runtime.InteropServices;

namespace Discord.Protocol.Compression;

/// <summary>The few functions of libzstd that are needed, loaded on first use.</summary>
internal static unsafe class LibZstd
{
    public const int CompressionLevel = 100, WindowLog = 101, HashLog = 102, ChainLog = 103, ContentSizeFlag = 200;
    public const int Flush = 1;

    private static readonly nint Library = Load();
    private static readonly delegate* unmanaged<void*> CreateFunction = (delegate* unmanaged<void*>)Export("ZSTD_createCCtx");
    private static readonly delegate* unmanaged<void*, nuint> FreeFunction = (delegate* unmanaged<void*, nuint>)Export("ZSTD_freeCCtx");
    private static readonly delegate* unmanaged<void*, int, int, nuint> SetFunction =
        (delegate* unmanaged<void*, int, int, nuint>)Export("ZSTD_CCtx_setParameter");
    private static readonly delegate* unmanaged<void*, Buffer*, Buffer*, int, nuint> CompressFunction =
        (delegate* unmanaged<void*, Buffer*, Buffer*, int, nuint>)Export("ZSTD_compressStream2");
    private static readonly delegate* unmanaged<void*, nuint> SizeFunction = (delegate* unmanaged<void*, nuint>)Export("ZSTD_sizeof_CCtx");
    private static readonly delegate* unmanaged<nuint, uint> IsErrorFunction = (delegate* unmanaged<nuint, uint>)Export("ZSTD_isError");
    private static readonly delegate* unmanaged<nuint, byte*> ErrorNameFunction =
        (delegate* unmanaged<nuint, byte*>)Export("ZSTD_getErrorName");

    public static bool IsAvailable => Library != 0;

    public static void* Create()
    {
        if (!IsAvailable)
            throw new CompressionException(
                "The zstd library (libzstd.so.1) is not installed; install it (package libzstd1) or do without zstd-stream.");
        var context = CreateFunction();
        return context != null ? context : throw new CompressionException("zstd: out of memory.");
    }

    public static void Set(void* context, int parameter, int value) => Check(SetFunction(context, parameter, value));

    /// <summary>One step; returns how many bytes still wait inside.</summary>
    public static nuint Compress(void* context, Buffer* output, Buffer* input, int directive) =>
        Check(CompressFunction(context, output, input, directive));

    public static long Size(void* context) => (long)SizeFunction(context);

    public static void Free(void* context) => FreeFunction(context);

    private static nuint Check(nuint result) => IsErrorFunction(result) == 0
        ? result
        : throw new CompressionException($"zstd: {Marshal.PtrToStringUTF8((nint)ErrorNameFunction(result))}.");

    private static nint Load()
    {
        foreach (var name in new[] { "libzstd.so.1", "libzstd.1.dylib", "libzstd.dll" })
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        }
        return 0;
    }

    private static nint Export(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);

    /// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which look the same.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Data;
        public nuint Size;
        public nuint Position;
    }
}
