using System.Globalization;

namespace Discord.Node.Rest.Bodies;

/// <summary>A file of a multipart body. Lives as long as the call: copy what must stay.</summary>
public sealed class UploadedFile : IDisposable
{
    private readonly PooledBytes? _memory;
    private readonly FileStream? _file;
    private readonly ByteBudget? _budget;

    internal UploadedFile(string field, string fileName, string? contentType, PooledBytes memory)
        : this(field, fileName, contentType, memory.Length) => _memory = memory;

    internal UploadedFile(string field, string fileName, string? contentType, FileStream file, ByteBudget budget)
        : this(field, fileName, contentType, (int)file.Length) => (_file, _budget) = (file, budget);

    private UploadedFile(string field, string fileName, string? contentType, int length)
    {
        Field = field;
        FileName = fileName;
        ContentType = contentType;
        Length = length;
        Index = field.StartsWith("files[", StringComparison.Ordinal) && field.EndsWith(']')
            && int.TryParse(field.AsSpan(6, field.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;
    }

    /// <summary>The form field, for example <c>files[0]</c> or <c>file</c>.</summary>
    public string Field { get; }

    /// <summary>The n of <c>files[n]</c>; null for other fields.</summary>
    public int? Index { get; }

    /// <summary>The name the client gave, without any directory. Not trusted: it names nothing on this machine.</summary>
    public string FileName { get; }

    /// <summary>The type the client gave. Not trusted.</summary>
    public string? ContentType { get; }

    /// <summary>Bytes, 0 to <see cref="BodyLimits.File"/>.</summary>
    public int Length { get; }

    /// <summary>The content from its beginning. One reader at a time.</summary>
    public Stream OpenRead()
    {
        if (_memory is not null)
        {
            return System.Runtime.InteropServices.MemoryMarshal.TryGetArray(_memory.Memory, out var segment)
                ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
                : Stream.Null;
        }
        _file!.Position = 0;
        return new Unowned(_file);
    }

    /// <summary>The content as an array, at most 10 MiB.</summary>
    public async ValueTask<byte[]> ReadAllAsync(CancellationToken cancellation = default)
    {
        if (_memory is not null)
            return _memory.Memory.ToArray();
        var bytes = new byte[Length];
        _file!.Position = 0;
        await _file.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory?.Dispose();
        if (_file is null)
            return;
        _file.Dispose();
        _budget!.Give(Length);
    }

    // A reader that is disposed by its user leaves the file for the next one.
    private sealed class Unowned(FileStream file) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => file.Position = value; }

        public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => file.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            file.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            file.ReadAsync(buffer, offset, count, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override void Flush() { }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
