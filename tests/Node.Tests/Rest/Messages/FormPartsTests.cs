using Discord.Node.Rest.Messages;
using Discord.Protocol;

namespace Discord.Node.Tests.Rest.Messages;

public sealed class FormPartsTests
{
    [Theory]
    [InlineData("a.png", "a.png")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\x\\y z.txt", "y_z.txt")]
    [InlineData("ü🔥.png", "___.png")]
    [InlineData(".hidden", "hidden")]
    [InlineData("", "unknown")]
    [InlineData("///", "unknown")]
    public void File_names_are_made_harmless(string given, string safe) => Assert.Equal(safe, AttachmentUploads.SafeName(given));

    [Fact]
    public void File_names_keep_their_extension_when_cut()
    {
        string safe = AttachmentUploads.SafeName(new string('x', 500) + ".png");
        Assert.Equal(260, safe.Length);
        Assert.EndsWith(".png", safe);
    }

    [Fact]
    public void Mentions_are_found_and_near_misses_are_not()
    {
        MentionParser found = MentionParser.Parse("<@1> <@!2> <@&3> <@1> <@> <@x> <@4 @everyon <#5> @");
        Assert.Equal([new Snowflake(1), new Snowflake(2)], found.Users);
        Assert.Equal([new Snowflake(3)], found.Roles);
        Assert.False(found.Everyone);
        Assert.True(MentionParser.Parse("hi @here").Everyone);
    }

    public static TheoryData<byte[], int, int> Images => new()
    {
        { [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 1, 2, 0, 0, 0, 9], 258, 9 },
        { [.. "GIF89a"u8, 5, 1, 6, 0], 261, 6 },
        { [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC2, 0, 11, 8, 0, 20, 1, 0, 3, 0, 0], 256, 20 },
        { [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 19, 0, 0], 10, 20 },
        { [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8L"u8, 10, 0, 0, 0, 0x2F, 0x09, 0xC0, 0x04, 0, 0, 0, 0, 0, 0], 10, 20 },
        { [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 10, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A, 10, 0, 20, 0], 10, 20 },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void Image_sizes_are_read_from_the_head(byte[] head, int width, int height)
    {
        Assert.True(ImageSize.TryRead(head, out int w, out int h));
        Assert.Equal((width, height), (w, h));
        for (int length = 0; length < head.Length; length++)
        {
            // Cut anywhere: an answer or none, never an exception.
            ImageSize.TryRead(head.AsSpan(0, length), out _, out _);
        }
    }
}
