using System.Text.Json;
using Discord.Actors.Presences;

namespace Discord.Actors.Tests.Presences;

public sealed class ActivitiesTests
{
    private static string? Clean(string activities) =>
        Activities.Clean(JsonElement.Parse(activities), "session", DateTimeOffset.FromUnixTimeMilliseconds(5))?.GetRawText();

    [Fact]
    public void Whole_activity_keeps_what_others_may_see() => Assert.Equal(
        """
        [{"id":"0","type":2,"created_at":5,"session_id":"session","name":"n","state":"s","details":"d","url":"https://u",
        "application_id":"7","flags":1,"instance":true,
        "timestamps":{"start":1,"end":2},"emoji":{"name":"e","id":"8","animated":false},"party":{"id":"p","size":[1,2]},
        "assets":{"large_image":"i","small_text":"t"},"buttons":["a","b"]}]
        """.ReplaceLineEndings(""),
        Clean("""
            [{"name":"n","type":2,"state":"s","details":"d","url":"https://u","application_id":7,"flags":1,"instance":true,
            "timestamps":{"start":1,"end":2,"x":3},"emoji":{"name":"e","id":"8","animated":false},"party":{"id":"p","size":[1,2]},
            "assets":{"large_image":"i","small_text":"t"},"buttons":["a","b"],
            "secrets":{"join":"x"},"metadata":{"button_urls":["u"]},"id":"mine","created_at":1}]
            """));

    [Theory]
    [InlineData("""{"name":"n","type":"x","state":5,"details":{},"url":[],"flags":"1"}""")]
    [InlineData("""{"name":"n","buttons":"a","instance":1,"application_id":{}}""")]
    [InlineData("""{"name":"n","type":99,"buttons":["a","b","c"],"sync_id":null,"emoji":"e","party":7}""")]
    [InlineData("""{"name":"n","state":null}""")]
    public void What_has_another_type_is_left_out(string activity) =>
        Assert.Equal("""[{"id":"0","type":0,"created_at":5,"session_id":"session","name":"n"}]""", Clean($"[{activity}]"));

    [Fact]
    public void Parts_of_another_type_are_left_out() => Assert.Equal(
        """[{"id":"custom","type":4,"created_at":5,"session_id":"session","name":"n","timestamps":{},"emoji":{},"party":{},"assets":{}}]""",
        Clean("""
            [{"name":"n","type":4,"timestamps":{"start":"1"},"emoji":{"name":1,"id":"x"},"party":{"size":[1]},"assets":{"large_image":3}}]
            """));

    [Fact]
    public void Activity_without_a_name_or_with_one_too_long_is_left_out() => Assert.Equal(
        "[]", Clean($$"""[{}, 1, null, {"name":5}, {"name":"{{new string('n', 129)}}"}]"""));

    [Fact]
    public void Too_many_activities_are_cut() => Assert.Equal(
        Activities.MaxPerSession,
        JsonElement.Parse(Clean($"[{string.Join(',', Enumerable.Repeat("""{"name":"n"}""", 50))}]")!).GetArrayLength());

    [Fact]
    public void What_is_no_array_is_none() => Assert.Null(Clean("{}"));
}
