using System.Globalization;
using System.Text.Json;
using Discord.Protocol.Payloads;

namespace Discord.Protocol.Tests;

public sealed class WireTimeTests
{
    [Theory]
    [InlineData("2017-07-11T17:27:07Z", "2017-07-11T17:27:07+00:00")]
    [InlineData("2017-07-11T17:27:07.5Z", "2017-07-11T17:27:07.500000+00:00")]
    [InlineData("2017-07-11T19:27:07.2990001+02:00", "2017-07-11T17:27:07.299000+00:00")]
    [InlineData("2017-07-11T17:27:07.0000009Z", "2017-07-11T17:27:07+00:00")]
    public void Time_has_six_decimals_or_none_and_stands_in_utc(string given, string written)
    {
        ThreadMetadata metadata = new() { ArchiveTimestamp = DateTimeOffset.Parse(given, CultureInfo.InvariantCulture) };
        JsonElement json = JsonSerializer.SerializeToElement(metadata, PayloadJson.Wire.ThreadMetadata);
        Assert.Equal(written, json.GetProperty("archive_timestamp").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("create_timestamp").ValueKind);
    }
}
