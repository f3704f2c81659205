using Discord.Actors.Messages;
using Discord.Protocol;

namespace Discord.Actors.Tests.Messages;

public sealed class ReactionEmojiTests
{
    [Theory]
    [InlineData("🔥", null, "🔥", false)]
    [InlineData("1️⃣", null, "1️⃣", false)]
    [InlineData("👨‍👩‍👧", null, "👨‍👩‍👧", false)]
    [InlineData("🇩🇪", null, "🇩🇪", false)]
    [InlineData("❤", null, "❤", false)]
    [InlineData("blob:123", 123UL, "blob", false)]
    [InlineData("a:blob:123", 123UL, "blob", true)]
    [InlineData("<a:blob:123>", 123UL, "blob", true)]
    [InlineData("<:blob:123>", 123UL, "blob", false)]
    [InlineData("a:123", 123UL, "a", false)]
    public void Emoji_in_a_path_is_read(string text, ulong? id, string name, bool animated)
    {
        Assert.True(ReactionEmoji.TryParse(text, out ReactionEmoji? emoji));
        Assert.Equal(new ReactionEmoji(id is { } value ? new Snowflake(value) : null, name, animated), emoji);
        Assert.Equal(emoji, ReactionEmoji.FromKey(emoji.Value.Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("123456789012345678")]
    [InlineData("blob:")]
    [InlineData(":1:x")]
    [InlineData(":123")]
    [InlineData("🔥x")]
    public void Text_that_is_no_emoji_is_refused(string text) => Assert.False(ReactionEmoji.TryParse(text, out _));
}
