using System.Diagnostics.CodeAnalysis;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Messages;

/// <summary>
/// The emoji of a reaction: a Unicode one by its text, a custom one by its id with the name it had. In the store it is <c>🔥</c>,
/// <c>name:id</c>, or <c>a:name:id</c> when animated; two custom ones are the same when their ids are.
/// </summary>
public readonly record struct ReactionEmoji(Snowflake? Id, string Name, bool Animated = false)
{
    /// <summary>The text under which the store keeps it.</summary>
    public string Key => Id is not { } id ? Name : Animated ? $"a:{Name}:{id}" : $"{Name}:{id}";

    /// <summary>Reads <see cref="Key"/>.</summary>
    public static ReactionEmoji FromKey(string key)
    {
        int colon = key.LastIndexOf(':');
        if (colon <= 0 || !Snowflake.TryParse(key.AsSpan(colon + 1), out Snowflake id))
            return new(null, key);
        bool animated = key.StartsWith("a:", StringComparison.Ordinal) && colon > 1;
        return new(id, animated ? key[2..colon] : key[..colon], animated);
    }

    /// <summary>
    /// Reads what stands in a path: <c>name:id</c>, <c>a:name:id</c>, also in angle brackets, or a Unicode emoji. False for what can be
    /// neither.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ReactionEmoji? emoji)
    {
        emoji = null;
        ReadOnlySpan<char> rest = text.AsSpan().Trim("<>");
        int colon = rest.LastIndexOf(':');
        if (colon >= 0)
        {
            if (!Snowflake.TryParse(rest[(colon + 1)..], out Snowflake id))
                return false;
            bool animated = rest.StartsWith("a:") && colon > 1;
            ReadOnlySpan<char> name = animated ? rest[2..colon] : rest[..colon];
            if (name.StartsWith(":"))
                name = name[1..];
            if (name.Length is 0 or > 32)
                return false;
            emoji = new ReactionEmoji(id, name.ToString(), animated);
            return true;
        }
        if (!IsUnicodeEmoji(rest))
            return false;
        emoji = new ReactionEmoji(null, rest.ToString());
        return true;
    }

    /// <summary>Whether both are the same emoji.</summary>
    public bool IsSame(ReactionEmoji other) => Id is { } id ? other.Id == id : other.Id is null && other.Name == Name;

    internal Emoji ToPayload() => new() { Id = Id, Name = Name, Animated = Id is null ? null : Animated ? true : null };

    // Emoji are symbols, keycaps (digit + U+20E3), flags and their joiners. Letters are none; that is as far as a server must know.
    private static bool IsUnicodeEmoji(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 64)
            return false;
        bool symbol = false;
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            int value = rune.Value;
            if (value is 0x20E3 or 0xA9 or 0xAE or 0x203C or 0x2049 or 0x2122 or 0x2139 or 0x3030 or 0x303D or 0x3297 or 0x3299 or 0x24C2
                || value is (>= 0x2190 and <= 0x21FF) or (>= 0x2300 and <= 0x27BF) or (>= 0x2900 and <= 0x297F) or (>= 0x2B00 and <= 0x2BFF)
                || value is >= 0x1F000 and <= 0x1FAFF)
                symbol = true;
            else if (!(value is 0x200D or 0xFE0F or 0xFE0E or (>= 0xE0020 and <= 0xE007F) or '#' or '*' or (>= '0' and <= '9')))
                return false;
        }
        return symbol;
    }
}
