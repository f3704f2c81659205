using System.Text;

namespace Discord.Protocol.Tests.Compression;

/// <summary>Messages like those of a gateway, the same for a seed.</summary>
internal static class Corpus
{
    private static readonly string[] Words =
        ["hello", "deploy", "shard", "latency", "pizza", "the", "a", "is", "broken", "again",
            "who", "wants", "lunch", "merge", "review", "nice"];

    public static byte[] Message(Random random)
    {
        var user = 100000000000000000UL + ((ulong)random.Next(50) * 7919);
        var words = string.Join(' ', Enumerable.Range(0, random.Next(1, 30)).Select(_ => Words[random.Next(Words.Length)]));
        return Encoding.UTF8.GetBytes(
            $$$"""
            ,"op":0,"d":{"id":"{{{random.NextInt64(1L << 59, 1L << 60)}}}","type":0,"channel_id":"223344556677889900",
            "guild_id":"998877665544332211",
            "author":{"id":"{{{user}}}","username":"user{{{user % 50}}}","avatar":null,
            "discriminator":"0","global_name":"User","public_flags":0},
            "content":"{{{words}}}","timestamp":"2026-01-01T00:00:{{{random.Next(60)}}}.000000+00:00","edited_timestamp":null,"tts":false,
            "mention_everyone":false,"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],
            "pinned":false,"components":[],"flags":0}}
            """);
    }

    public static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
