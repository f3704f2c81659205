using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Discord.Protocol.Etf;

/// <summary>
/// Turns the External Term Format that gateway clients send into JSON. Maps become objects (keys may be binaries, atoms, strings or
/// integers), lists and tuples arrays, binaries texts (which must be UTF-8), the atoms nil, null and undefined null, true and false
/// booleans, other atoms texts, integers up to 64 bits and floats numbers. STRING_EXT is an array: Erlang writes lists of small integers
/// so, such as <c>[0, 1]</c> in
/// <c>shard</c>. Compressed terms, improper lists, integers beyond 64 bits, processes, functions and references are refused.
/// Bounded: input length, nesting of <see cref="EtfWriter.MaxDepth"/>, and every length is checked against what is left before it is used.
/// </summary>
public static class EtfReader
{
    /// <summary>Longest input unless the caller says otherwise.</summary>
    public const int DefaultMaxLength = 64 * 1024;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>A whole message, beginning with the version byte, as JSON.</summary>
    /// <exception cref="EtfException">The input is malformed, too long or too deep.</exception>
    public static byte[] ToJson(ReadOnlySpan<byte> etf, int maxLength = DefaultMaxLength)
    {
        var buffer = new ArrayBufferWriter<byte>(etf.Length + 64);
        ToJson(etf, buffer, maxLength);
        return buffer.WrittenSpan.ToArray();
    }

    /// <inheritdoc cref="ToJson(ReadOnlySpan{byte}, int)"/>
    public static void ToJson(ReadOnlySpan<byte> etf, IBufferWriter<byte> destination, int maxLength = DefaultMaxLength)
    {
        if (etf.Length > maxLength)
            throw new EtfException($"longer than {maxLength} bytes", maxLength);
        using var writer = new Utf8JsonWriter(destination, Options);
        var input = new Input(etf);
        if (input.Byte() != EtfTag.Version)
            throw new EtfException("does not begin with version 131", 0);
        Term(ref input, writer, 0);
        if (input.Offset != etf.Length)
            throw new EtfException("bytes after the term", input.Offset);
    }

    private static void Term(ref Input input, Utf8JsonWriter writer, int depth)
    {
        var start = input.Start = input.Offset;
        var tag = input.Byte();
        if (depth == EtfWriter.MaxDepth && IsContainer(tag))
            throw input.Bad("nested too deep");
        switch (tag)
        {
            case EtfTag.SmallInteger:
                writer.WriteNumberValue(input.Byte());
                break;
            case EtfTag.Integer:
                writer.WriteNumberValue((int)input.UInt32());
                break;
            case EtfTag.SmallBig:
                if (input.Big(out var negative) is var magnitude && negative)
                    writer.WriteNumberValue((long)-(Int128)magnitude);
                else
                    writer.WriteNumberValue(magnitude);
                break;
            case EtfTag.NewFloat:
                writer.WriteNumberValue(input.Finite(BitConverter.UInt64BitsToDouble(input.UInt64())));
                break;
            case EtfTag.Float:
                writer.WriteNumberValue(input.OldFloat());
                break;
            case EtfTag.Atom or EtfTag.AtomUtf8:
                AtomValue(input.Text(input.UInt16()), writer);
                break;
            case EtfTag.SmallAtom or EtfTag.SmallAtomUtf8:
                AtomValue(input.Text(input.Byte()), writer);
                break;
            case EtfTag.Binary:
                writer.WriteStringValue(input.Text(input.UInt32()));
                break;
            case EtfTag.Nil:
                writer.WriteStartArray();
                writer.WriteEndArray();
                break;
            case EtfTag.String:
                writer.WriteStartArray();
                foreach (var unit in input.Take(input.UInt16()))
                    writer.WriteNumberValue(unit);
                writer.WriteEndArray();
                break;
            case EtfTag.List:
                Elements(ref input, writer, depth, input.UInt32());
                input.Start = start;
                if (input.Byte() != EtfTag.Nil)
                    throw input.Bad("an improper list");
                break;
            case EtfTag.SmallTuple:
                Elements(ref input, writer, depth, input.Byte());
                break;
            case EtfTag.LargeTuple:
                Elements(ref input, writer, depth, input.UInt32());
                break;
            case EtfTag.Map:
                Map(ref input, writer, depth);
                break;
            default:
                throw input.Bad($"tag {tag} is not taken");
        }
    }

    private static bool IsContainer(byte tag) =>
        tag is EtfTag.Nil or EtfTag.String or EtfTag.List or EtfTag.SmallTuple or EtfTag.LargeTuple or EtfTag.Map;

    private static void Elements(ref Input input, Utf8JsonWriter writer, int depth, uint count)
    {
        input.Require(count);
        writer.WriteStartArray();
        for (; count > 0; count--)
            Term(ref input, writer, depth + 1);
        writer.WriteEndArray();
    }

    private static void Map(ref Input input, Utf8JsonWriter writer, int depth)
    {
        var count = input.UInt32();
        input.Require(count * 2L);
        writer.WriteStartObject();
        for (; count > 0; count--)
        {
            Key(ref input, writer);
            Term(ref input, writer, depth + 1);
        }
        writer.WriteEndObject();
    }

    private static void Key(ref Input input, Utf8JsonWriter writer)
    {
        input.Start = input.Offset;
        Span<byte> digits = stackalloc byte[24];
        int length;
        switch (input.Byte())
        {
            case EtfTag.Binary:
                writer.WritePropertyName(input.Text(input.UInt32()));
                return;
            case EtfTag.Atom or EtfTag.AtomUtf8 or EtfTag.String:
                writer.WritePropertyName(input.Text(input.UInt16()));
                return;
            case EtfTag.SmallAtom or EtfTag.SmallAtomUtf8:
                writer.WritePropertyName(input.Text(input.Byte()));
                return;
            case EtfTag.SmallInteger:
                Utf8Formatter.TryFormat(input.Byte(), digits, out length);
                break;
            case EtfTag.Integer:
                Utf8Formatter.TryFormat((int)input.UInt32(), digits, out length);
                break;
            case EtfTag.SmallBig:
                if (input.Big(out var negative) is var magnitude && negative)
                    Utf8Formatter.TryFormat((long)-(Int128)magnitude, digits, out length);
                else
                    Utf8Formatter.TryFormat(magnitude, digits, out length);
                break;
            case var tag:
                throw input.Bad($"tag {tag} is no key");
        }
        writer.WritePropertyName(digits[..length]);
    }

    private static void AtomValue(ReadOnlySpan<byte> name, Utf8JsonWriter writer)
    {
        if (name.SequenceEqual("nil"u8) || name.SequenceEqual("null"u8) || name.SequenceEqual("undefined"u8))
            writer.WriteNullValue();
        else if (name.SequenceEqual("true"u8))
            writer.WriteBooleanValue(true);
        else if (name.SequenceEqual("false"u8))
            writer.WriteBooleanValue(false);
        else
            writer.WriteStringValue(name);
    }

    /// <summary>The bytes with a position; every step checks what is left.</summary>
    private ref struct Input(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        /// <summary>The next byte.</summary>
        public int Offset { get; private set; }

        /// <summary>First byte of the term being read, for errors.</summary>
        public int Start { get; set; }

        public readonly EtfException Bad(string message) => new(message, Start);

        public readonly void Require(long count)
        {
            if (count > _bytes.Length - Offset)
                throw Bad("cut off");
        }

        public ReadOnlySpan<byte> Take(long count)
        {
            Require(count);
            var taken = _bytes.Slice(Offset, (int)count);
            Offset += (int)count;
            return taken;
        }

        public byte Byte() => Take(1)[0];

        public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

        public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

        public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

        public ReadOnlySpan<byte> Text(long count)
        {
            var text = Take(count);
            return Utf8.IsValid(text) ? text : throw Bad("a text that is not UTF-8");
        }

        public ulong Big(out bool negative)
        {
            var count = Byte();
            negative = Byte() != 0;
            var digits = Take(count);
            ulong magnitude = 0;
            for (var i = digits.Length - 1; i >= 0; i--)
            {
                if (magnitude > ulong.MaxValue >> 8)
                    throw Bad("an integer beyond 64 bits");
                magnitude = (magnitude << 8) | digits[i];
            }
            return negative && magnitude > 1UL << 63 ? throw Bad("an integer beyond 64 bits") : magnitude;
        }

        public readonly double Finite(double value) => double.IsFinite(value) ? value : throw Bad("a float that is no number");

        public double OldFloat()
        {
            var text = Take(31);
            var end = text.IndexOf((byte)0);
            if (end >= 0)
                text = text[..end];
            return Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length
                ? Finite(value)
                : throw Bad("a float that cannot be read");
        }
    }
}
