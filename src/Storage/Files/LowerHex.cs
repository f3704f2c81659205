using System.Buffers;

namespace Discord.Storage.Files;

internal static class LowerHex
{
    public static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");
}
