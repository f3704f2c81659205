using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Discord.Protocol.Etf;

/// <summary>
/// Turns JSON into External Term Format, as gateway clients with <c>encoding=etf</c> read it: objects are MAP_EXT with BINARY_EXT keys,
/// arrays LIST_EXT (empty ones NIL_EXT), texts BINARY_EXT, null and booleans SMALL_ATOM_EXT (nil, true, false), whole numbers the
/// smallest of SMALL_INTEGER_EXT, INTEGER_EXT and SMALL_BIG_EXT, others NEW_FLOAT_EXT. One pass; depth at most <see cref="MaxDepth"/>.
/// </summary>
public static class EtfWriter
{
    /// <summary>Deepest nesting, in both directions.</summary>
    public const int MaxDepth = 64;

    /// <summary>A JSON document as a whole ETF message, with the version byte.</summary>
    /// <exception cref="JsonException">The JSON is malformed or too deep.</exception>
    public static byte[] Transcode(ReadOnlySpan<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 16);
        Transcode(json, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A JSON document as a term, with or without the version byte that begins a message.</summary>
    /// <exception cref="JsonException">The JSON is malformed or too deep; nothing was written.</exception>
    public static void Transcode(ReadOnlySpan<byte> json, IBufferWriter<byte> destination, bool version = true)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var output = new Output(json.Length);
        try
        {
            if (version)
                output.Byte(EtfTag.Version);
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            Write(ref reader, ref output);
            destination.Write(output.Written);
        }
        finally
        {
            output.Return();
        }
    }

    private static void Write(ref Utf8JsonReader reader, ref Output output)
    {
        // Where the counts of the containers that are open go, and what they are so far.
        Span<int> starts = stackalloc int[MaxDepth];
        Span<int> counts = stackalloc int[MaxDepth];
        var depth = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                case JsonTokenType.StartArray:
                    Count(counts, depth);
                    starts[depth] = output.Length;
                    counts[depth++] = 0;
                    output.Byte(reader.TokenType == JsonTokenType.StartObject ? EtfTag.Map : EtfTag.List);
                    output.UInt32(0);
                    continue;
                case JsonTokenType.EndObject:
                    depth--;
                    // Keys and values were both counted.
                    output.PatchUInt32(starts[depth] + 1, (uint)counts[depth] / 2);
                    continue;
                case JsonTokenType.EndArray:
                    depth--;
                    if (counts[depth] == 0)
                        output.Truncate(starts[depth]);
                    else
                        output.PatchUInt32(starts[depth] + 1, (uint)counts[depth]);
                    output.Byte(EtfTag.Nil);
                    continue;
                case JsonTokenType.PropertyName:
                case JsonTokenType.String:
                    output.Text(ref reader);
                    break;
                case JsonTokenType.Number:
                    Number(ref reader, ref output);
                    break;
                case JsonTokenType.True:
                    output.Atom("true"u8);
                    break;
                case JsonTokenType.False:
                    output.Atom("false"u8);
                    break;
                default:
                    output.Atom("nil"u8);
                    break;
            }
            Count(counts, depth);
        }
    }

    private static void Count(Span<int> counts, int depth)
    {
        if (depth > 0)
            counts[depth - 1]++;
    }

    private static void Number(ref Utf8JsonReader reader, ref Output output)
    {
        if (reader.TryGetInt64(out var signed))
        {
            if (signed is >= 0 and <= byte.MaxValue)
            {
                output.Byte(EtfTag.SmallInteger);
                output.Byte((byte)signed);
            }
            else if (signed is >= int.MinValue and <= int.MaxValue)
            {
                output.Byte(EtfTag.Integer);
                output.UInt32((uint)(int)signed);
            }
            else
                output.Big(signed < 0, (ulong)Int128.Abs(signed));
        }
        else if (reader.TryGetUInt64(out var unsigned))
            output.Big(false, unsigned);
        else if (reader.TryGetDouble(out var real) && double.IsFinite(real))
        {
            output.Byte(EtfTag.NewFloat);
            output.UInt64(BitConverter.DoubleToUInt64Bits(real));
        }
        else
            throw new JsonException("A number is too large.");
    }

    /// <summary>A growing, pooled buffer in which counts are filled in later. Return it.</summary>
    private ref struct Output
    {
        private byte[] _bytes;

        public Output(int capacity)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(256, capacity + (capacity / 4)));
            Length = 0;
        }

        public int Length { get; private set; }

        public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

        public readonly void Return() => ArrayPool<byte>.Shared.Return(_bytes);

        public void Truncate(int length) => Length = length;

        public void Byte(byte value)
        {
            Room(1)[0] = value;
            Length++;
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);
            Length += 4;
        }

        public void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);
            Length += 8;
        }

        public readonly void PatchUInt32(int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(offset), value);

        public void Atom(ReadOnlySpan<byte> name)
        {
            var room = Room(name.Length + 2);
            room[0] = EtfTag.SmallAtom;
            room[1] = (byte)name.Length;
            name.CopyTo(room[2..]);
            Length += name.Length + 2;
        }

        public void Big(bool negative, ulong magnitude)
        {
            var digits = (71 - System.Numerics.BitOperations.LeadingZeroCount(magnitude)) / 8;
            var room = Room(3 + 8);
            room[0] = EtfTag.SmallBig;
            room[1] = (byte)digits;
            room[2] = negative ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt64LittleEndian(room[3..], magnitude);
            Length += 3 + digits;
        }

        public void Text(ref Utf8JsonReader reader)
        {
            // Unescaping only shortens, so the raw length is enough room.
            var room = Room(5 + reader.ValueSpan.Length);
            int length;
            if (reader.ValueIsEscaped)
            {
                try
                {
                    length = reader.CopyString(room[5..]);
                }
                catch (InvalidOperationException lone)
                {
                    throw new JsonException("A text holds half of a surrogate pair.", lone);
                }
            }
            else
            {
                length = reader.ValueSpan.Length;
                reader.ValueSpan.CopyTo(room[5..]);
            }
            room[0] = EtfTag.Binary;
            BinaryPrimitives.WriteUInt32BigEndian(room[1..], (uint)length);
            Length += 5 + length;
        }

        private Span<byte> Room(int count)
        {
            if (_bytes.Length - Length < count)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + count));
                Written.CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = larger;
            }
            return _bytes.AsSpan(Length);
        }
    }
}
