using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Discord.Protocol.Tests.Compression;

/// <summary>A client's decoder: takes bytes as they come and returns what they decode to so far.</summary>
internal interface IInflater : IDisposable
{
    byte[] Feed(ReadOnlySpan<byte> input);
}

/// <summary>.NET's zlib, fed through a stream that has only what came so far.</summary>
internal sealed class DotNetInflater : IInflater
{
    private readonly Feeder _feeder = new();
    private readonly ZLibStream _zlib;
    private readonly byte[] _buffer = new byte[4096];

    public DotNetInflater() => _zlib = new ZLibStream(_feeder, CompressionMode.Decompress);

    public byte[] Feed(ReadOnlySpan<byte> input)
    {
        _feeder.Add(input);
        var output = new List<byte>();
        // The feeder says "end" when it has nothing; the zlib stream reports that as truncation, and goes on when there is more.
        while (true)
        {
            int read;
            try
            {
                read = _zlib.Read(_buffer);
            }
            catch (InvalidDataException) when (_feeder.IsEmpty)
            {
                read = 0;
            }
            if (read == 0)
                return [.. output];
            output.AddRange(_buffer.AsSpan(0, read));
        }
    }

    public void Dispose() => _zlib.Dispose();

    private sealed class Feeder : MemoryStream
    {
        private readonly Queue<byte> _bytes = new();

        public bool IsEmpty => _bytes.Count == 0;

        public void Add(ReadOnlySpan<byte> input)
        {
            foreach (var value in input)
                _bytes.Enqueue(value);
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = 0;
            while (count < buffer.Length && _bytes.TryDequeue(out var value))
                buffer[count++] = value;
            return count;
        }
    }
}

/// <summary>The system's libz, as Node's zlib and others use it.</summary>
internal sealed unsafe partial class LibzInflater : IInflater
{
    private readonly Stream* _stream = (Stream*)NativeMemory.AllocZeroed((nuint)sizeof(Stream));

    public LibzInflater()
    {
        fixed (byte* version = "1.2.11\0"u8)
            Assert.Equal(0, Init(_stream, 15, version, sizeof(Stream)));
    }

    public byte[] Feed(ReadOnlySpan<byte> input)
    {
        var output = new List<byte>();
        Span<byte> room = stackalloc byte[1024];
        fixed (byte* source = input)
        fixed (byte* target = room)
        {
            _stream->NextIn = source;
            _stream->AvailableIn = (uint)input.Length;
            do
            {
                _stream->NextOut = target;
                _stream->AvailableOut = (uint)room.Length;
                var result = Inflate(_stream, 2);
                Assert.True(result is 0 or -5, $"inflate answered {result}");
                output.AddRange(room[..(room.Length - (int)_stream->AvailableOut)]);
            }
            while (_stream->AvailableOut == 0);
            Assert.Equal(0u, _stream->AvailableIn);
        }
        return [.. output];
    }

    public void Dispose()
    {
        _ = End(_stream);
        NativeMemory.Free(_stream);
    }

    [LibraryImport("libz.so.1", EntryPoint = "inflateInit2_")]
    private static partial int Init(Stream* stream, int windowBits, byte* version, int size);

    [LibraryImport("libz.so.1", EntryPoint = "inflate")]
    private static partial int Inflate(Stream* stream, int flush);

    [LibraryImport("libz.so.1", EntryPoint = "inflateEnd")]
    private static partial int End(Stream* stream);

#pragma warning disable CS0649 // The library fills these.
    private struct Stream
    {
        public byte* NextIn;
        public uint AvailableIn;
        public CULong TotalIn;
        public byte* NextOut;
        public uint AvailableOut;
        public CULong TotalOut;
        public byte* Message;
        public void* State;
        public void* Allocate;
        public void* Release;
        public void* Opaque;
        public int DataType;
        public CULong Adler;
        public CULong Reserved;
    }
#pragma warning restore CS0649
}

/// <summary>libzstd's streaming decoder.</summary>
internal sealed unsafe partial class ZstdInflater : IInflater
{
    private readonly nint _stream = Create();

    public byte[] Feed(ReadOnlySpan<byte> input)
    {
        var output = new List<byte>();
        Span<byte> room = stackalloc byte[1024];
        fixed (byte* source = input)
        fixed (byte* target = room)
        {
            var from = new Buffer { Data = source, Size = (nuint)input.Length };
            Buffer to;
            do
            {
                to = new Buffer { Data = target, Size = (nuint)room.Length };
                Assert.Equal(0u, IsError(Decompress(_stream, &to, &from)));
                output.AddRange(room[..(int)to.Position]);
            }
            while (from.Position < from.Size || to.Position == to.Size);
        }
        return [.. output];
    }

    public void Dispose() => Free(_stream);

    [LibraryImport("libzstd.so.1", EntryPoint = "ZSTD_createDStream")]
    private static partial nint Create();

    [LibraryImport("libzstd.so.1", EntryPoint = "ZSTD_freeDStream")]
    private static partial nuint Free(nint stream);

    [LibraryImport("libzstd.so.1", EntryPoint = "ZSTD_decompressStream")]
    private static partial nuint Decompress(nint stream, Buffer* output, Buffer* input);

    [LibraryImport("libzstd.so.1", EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint result);

    private struct Buffer
    {
        public byte* Data;
        public nuint Size;
        public nuint Position;
    }
}
