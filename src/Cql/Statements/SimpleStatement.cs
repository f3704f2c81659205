using Discord.Cql.Values;
using Discord.Cql.Wire;

namespace Discord.Cql;

/// <summary>
/// A statement that is sent as its text: for changes of the schema and for what runs once. Values take the obvious type of CQL for their
/// type of .NET (<c>int</c> is int, <c>long</c> is bigint, <c>string</c> is text). Whatever runs often is prepared instead.
/// </summary>
/// <param name="text">The statement, with <c>?</c> for values.</param>
/// <param name="options">How it is carried out.</param>
public sealed class SimpleStatement(string text, CqlStatementOptions? options = null) : CqlStatement(options ?? CqlStatementOptions.Default)
{
    private WireWriter _values = new(0);
    private int _count;

    internal override Opcode Opcode => Opcode.Query;

    internal override bool IdempotentByNature => IsSelect(Text);

    internal override string Text { get; } = text;

    internal int Count => _count;

    internal ReadOnlySpan<byte> Values => _values.Written;


    /// <summary>Adds the next value.</summary>
    public SimpleStatement Add<T>(T value)
    {
        var codec = Codec<T>.Instance;
        codec.WriteValue(ref _values, value, codec.DefaultType);
        _count++;
        return this;
    }

    internal override void Write(ref WireWriter writer, in RequestParameters parameters)
    {
        writer.LongString(Text);
        parameters.Write(ref writer, _count, _values.Written);
    }
}
