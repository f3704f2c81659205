using System.Text.Json;
using Discord.Protocol.Forms;

namespace Discord.Node.Rest.Bodies;

/// <summary>A request body, read whole: JSON and, from multipart, files. Belongs to its call and ends with it.</summary>
public sealed class RestForm : IDisposable
{
    private static readonly JsonElement EmptyObject = JsonDocument.Parse("{}").RootElement;

    private readonly JsonDocument? _document;
    private readonly PooledBytes? _bytes;

    internal RestForm(JsonDocument? document, PooledBytes? bytes, IReadOnlyList<UploadedFile> files, bool isEmpty = false)
    {
        _document = document;
        _bytes = bytes;
        Files = files;
        IsEmpty = isEmpty;
    }

    /// <summary>The JSON. An absent body is an empty object; the fields of a form are an object of strings.</summary>
    public JsonElement Json => _document?.RootElement ?? EmptyObject;

    /// <summary>A validating reader over <see cref="Json"/>; call it once and end with <c>ThrowIfInvalid</c>.</summary>
    public FormReader Reader() => FormReader.From(Json);

    /// <summary>Files in the order of the body; empty but for multipart.</summary>
    public IReadOnlyList<UploadedFile> Files { get; }

    /// <summary>True when there was no body at all.</summary>
    public bool IsEmpty { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The document reads from the bytes: it goes first.
        _document?.Dispose();
        _bytes?.Dispose();
        foreach (var file in Files)
            file.Dispose();
    }
}
