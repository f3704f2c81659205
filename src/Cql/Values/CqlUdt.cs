using Discord.Cql.Errors;
using Discord.Cql.Values;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>
/// A value of a user-defined type, or a tuple of any length. Fields that were never set are null. Not thread-safe while it is being filled.
/// </summary>
/// <param name="type">The type, as a prepared statement's marker or a result's column has it.</param>
public sealed class CqlUdt(CqlType type)
{
    private readonly byte[]?[] _fields = new byte[]?[type.Parts.Count];

    /// <summary>Its type.</summary>
    public CqlType Type { get; } = type.Code is CqlTypeCode.Udt or CqlTypeCode.Tuple
        ? type
        : throw new ArgumentException($"{type} has no fields", nameof(type));

    /// <summary>Sets a field by its name.</summary>
    public CqlUdt Set<T>(string name, T value) => Set(IndexOf(name), value);

    /// <summary>Sets a field by its place.</summary>
    public CqlUdt Set<T>(int index, T value)
    {
        var codec = Codec<T>.For(Type.Parts[index]);
        if (codec.IsNull(value))
        {
            _fields[index] = null;
            return this;
        }
        var writer = new WireWriter(32);
        codec.Write(ref writer, value, Type.Parts[index]);
        _fields[index] = writer.Written.ToArray();
        return this;
    }

    /// <summary>A field by its name.</summary>
    public T Get<T>(string name) => Get<T>(IndexOf(name));

    /// <summary>A field by its place.</summary>
    public T Get<T>(int index)
    {
        var codec = Codec<T>.For(Type.Parts[index]);
        return _fields[index] is { } bytes ? codec.Read(bytes, Type.Parts[index]) : codec.Null($"field {index} of {Type}");
    }

    internal static CqlUdt Read(ReadOnlySpan<byte> bytes, CqlType type)
    {
        var value = new CqlUdt(type);
        var reader = new WireReader(bytes);
        // A value that was written before the type got another field ends early.
        for (var i = 0; i < type.Parts.Count && reader.Remaining > 0; i++)
            value._fields[i] = reader.TryBytes(out var field) ? field.ToArray() : null;
        return value;
    }

    internal void Write(ref WireWriter writer)
    {
        foreach (var field in _fields)
        {
            if (field is null) writer.Int(-1);
            else writer.Bytes(field);
        }
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < Type.FieldNames.Count; i++)
        {
            if (string.Equals(Type.FieldNames[i], name, StringComparison.Ordinal)) return i;
        }
        throw new ArgumentException($"{Type} has no field {name}", nameof(name));
    }
}
