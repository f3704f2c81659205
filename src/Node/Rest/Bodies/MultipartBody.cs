using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Discord.Node.Rest.Bodies;

/// <summary>
/// One multipart/form-data body (RFC 7578): <c>payload_json</c> or plain fields, and files. Files above 64 KiB go to temporary files that
/// the
/// system removes when they are closed.
/// </summary>
internal sealed class MultipartBody(BodyReader owner, HttpContext http) : IDisposable
{
    private const int MaxBoundary = 200;

    private List<UploadedFile> _files = [];
    private readonly Dictionary<string, List<string>> _fields = new(StringComparer.Ordinal);
    private PooledBytes? _payload;
    private int _fieldCount;
    private int _total;

    /// <summary>
    /// Reads the whole body. The form owns everything afterwards; when reading fails, <see cref="Dispose"/> frees what was read.
    /// </summary>
    public async ValueTask<RestForm> ReadAsync()
    {
        try
        {
            if (http.Request.ContentLength > BodyLimits.Request)
                throw RestErrors.TooLarge();
            var reader = new MultipartReader(Boundary(), http.Request.Body) { HeadersCountLimit = 16, HeadersLengthLimit = 8 * 1024 };
            for (var parts = 0; await reader.ReadNextSectionAsync(CancellationToken.None) is { } section; parts++)
            {
                if (parts == BodyLimits.Parts)
                    throw RestErrors.BadForm("The form has too many parts.");
                await SectionAsync(section);
            }
            return Form();
        }
        catch (Exception e) when (e is InvalidDataException
            || (e is IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested))
        {
            throw RestErrors.BadForm("The multipart body cannot be read.");
        }
    }

    private string Boundary()
    {
        if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= MaxBoundary } boundary)
            return boundary.ToString();
        throw RestErrors.BadForm("The multipart body has no boundary.");
    }

    private async ValueTask SectionAsync(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 and <= 128 } name)
            throw RestErrors.BadForm("A part of the multipart body has no name.");
        var fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName);
        if (name.Equals("payload_json", StringComparison.Ordinal))
        {
            _payload?.Dispose();
            _payload = new PooledBytes(owner.Buffered);
            await _payload.FillAsync(section.Body, null, BodyLimits.Json, CancellationToken.None);
            Count(_payload.Length);
        }
        else if (fileName.HasValue)
        {
            if (_files.Count == BodyLimits.Files)
                throw new Protocol.Errors.ApiException(Protocol.Errors.ApiError.MaxAttachments);
            await FileAsync(section, name.ToString(), BareName(fileName.ToString()));
        }
        else
        {
            await FieldAsync(section, name.ToString());
        }
    }

    private async ValueTask FieldAsync(MultipartSection section, string name)
    {
        if (++_fieldCount > BodyLimits.Fields)
            throw RestErrors.BadForm("The form has too many fields.");
        using var bytes = new PooledBytes(owner.Buffered);
        await bytes.FillAsync(section.Body, null, BodyLimits.Field, CancellationToken.None);
        Count(bytes.Length);
        if (!_fields.TryGetValue(name, out var values))
            _fields[name] = values = [];
        values.Add(Encoding.UTF8.GetString(bytes.Memory.Span));
    }

    private async ValueTask FileAsync(MultipartSection section, string field, string fileName)
    {
        var memory = new PooledBytes(owner.Buffered);
        FileStream? file = null;
        var charged = 0;
        try
        {
            // The first 64 KiB and one byte decide where the file goes.
            var head = new byte[81920];
            int read;
            while ((read = await section.Body.ReadAsync(head)) > 0)
            {
                Count(read);
                if (file is null && memory.Length + read <= BodyLimits.FileInMemory)
                {
                    memory.Append(head.AsSpan(0, read));
                    continue;
                }
                file ??= Spill();
                if (memory.Length > 0)
                {
                    owner.Temporary.Take(memory.Length);
                    charged += memory.Length;
                    await WriteAsync(file, memory.Memory);
                    memory.Dispose();
                }
                owner.Temporary.Take(read);
                charged += read;
                if (charged > BodyLimits.File)
                    throw RestErrors.TooLarge();
                await WriteAsync(file, head.AsMemory(0, read));
            }
            if (file is null)
            {
                _files.Add(new UploadedFile(field, fileName, section.ContentType, memory));
                return;
            }
            await file.FlushAsync();
            _files.Add(new UploadedFile(field, fileName, section.ContentType, file, owner.Temporary));
        }
        catch
        {
            memory.Dispose();
            if (file is not null)
                await file.DisposeAsync();
            owner.Temporary.Give(charged);
            throw;
        }
    }

    private FileStream Spill()
    {
        try
        {
            return new FileStream(
                Path.Combine(owner.TemporaryDirectory, Guid.NewGuid().ToString("N")),
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
                    BufferSize = 0,
                });
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(refused);
        }
    }

    // A disk that takes no more is the node's fault, not a broken body's. A file that may not grow so large (ulimit -f) is an argument
    // out of range to .NET.
    private static async ValueTask WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await file.WriteAsync(bytes);
        }
        catch (Exception refused) when (refused is IOException or ArgumentOutOfRangeException)
        {
            throw NoRoom(refused);
        }
    }

    private static OverloadedException NoRoom(Exception refused) => new($"An upload could not be written: {refused.Message}", 2);

    private void Count(int bytes)
    {
        _total += bytes;
        if (_total > BodyLimits.Request)
            throw RestErrors.TooLarge();
    }

    private RestForm Form()
    {
        var json = _payload is null ? BodyReader.FromFields(_fields) : BodyReader.Parse(_payload.Memory);
        var form = new RestForm(json, _payload, _files);
        _payload = null;
        _files = [];
        return form;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _payload?.Dispose();
        foreach (var file in _files)
            file.Dispose();
    }

    // Both separators: the name may come from any system.
    private static string BareName(string name)
    {
        var bare = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        return bare.Length is 0 || bare is "." or ".." ? "unknown" : bare.Length > 255 ? bare[^255..] : bare;
    }
}
