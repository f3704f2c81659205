using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Discord.Protocol.Errors;

/// <summary>
/// What was wrong where in a request body: the <c>errors</c> object of code 50035. It mirrors the request: nested keys, array indices as
/// string keys ("0"), and at each leaf <c>_errors: [{"code": "STRING_CODE", "message": "..."}]</c>. Errors of the whole body have an
/// empty path. At most <see cref="MaxErrors"/> are kept; a hostile body cannot make the answer large. Not thread-safe.
/// </summary>
public sealed class FormErrors
{
    /// <summary>The most errors that one answer lists.</summary>
    public const int MaxErrors = 100;

    private readonly Node _root = new();

    /// <summary>Number of errors kept.</summary>
    public int Count { get; private set; }

    /// <summary>True when nothing was wrong.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>One error at one place.</summary>
    public static FormErrors Of(string path, FormError error) => new FormErrors().Add(path, error);

    /// <summary>Adds an error. The path's parts are divided by dots: <c>"embeds.0.title"</c>; empty is the whole body.</summary>
    public FormErrors Add(string path, FormError error)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length == 0 ? Add([], error) : Add(path.Split('.'), error);
    }

    /// <summary>Adds an error. The path's parts are divided by dots: <c>"embeds.0.title"</c>; empty is the whole body.</summary>
    public FormErrors Add(string path, string code, string message) => Add(path, new FormError(code, message));

    /// <summary>Adds an error at a path of keys and indices.</summary>
    public FormErrors Add(ReadOnlySpan<string> path, FormError error)
    {
        if (Count == MaxErrors)
            return this;
        Count++;
        var node = _root;
        foreach (var key in path)
            node = node.Child(key);
        (node.Errors ??= []).Add(error);
        return this;
    }

    /// <summary>The path of an array element.</summary>
    public static string Join(string path, int index) => Join(path, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The path of a member.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Writes the object that stands for <c>errors</c>.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _root.Write(writer);
    }

    /// <summary>The JSON text; for logs and tests.</summary>
    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private sealed class Node
    {
        private Dictionary<string, Node>? _children;

        public List<FormError>? Errors { get; set; }

        public Node Child(string key)
        {
            _children ??= [];
            if (!_children.TryGetValue(key, out var child))
                _children.Add(key, child = new Node());
            return child;
        }

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (Errors is not null)
            {
                writer.WriteStartArray("_errors"u8);
                foreach (var error in Errors)
                {
                    writer.WriteStartObject();
                    writer.WriteString("code"u8, error.Code);
                    writer.WriteString("message"u8, error.Message);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            if (_children is not null)
            {
                foreach (var (key, child) in _children)
                {
                    writer.WritePropertyName(key);
                    child.Write(writer);
                }
            }
            writer.WriteEndObject();
        }
    }
}
