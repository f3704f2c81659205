using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>Where a node cannot run it says why in one sentence, ends with 1, and leaves everything as it is.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Second_node_on_a_data_directory_is_refused_and_the_first_goes_on()
    {
        await using NodeProcess node = await NodeProcess.StartAsync("--rate-limits", "off");
        Seed place = await node.SeedAsync();
        (int code, string error) = await NodeProcess.RefusedAsync(node.DataDirectory);
        Assert.Equal((1, $"The data directory {node.DataDirectory} is in use by another node; stop it or choose another with --data-dir."),
            (code, error));
        using Poster poster = new(node, place.UserToken);
        await poster.PostAsync(place.ChannelId, "still here");
        Assert.True(File.Exists(Path.Combine(node.DataDirectory, "node.json")), "The second node took away where the first is.");
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("cut")]
    [InlineData("zeros")]
    public async Task Damaged_database_is_one_sentence(string damage)
    {
        await using NodeProcess node = await NodeProcess.StartAsync("--rate-limits", "off");
        await node.SeedAsync();
        await node.StopAsync();
        string file = Path.Combine(node.DataDirectory, "discord.db");
        byte[] bytes = await File.ReadAllBytesAsync(file);
        byte[] damaged = damage switch
        {
            "garbage" => [.. Enumerable.Range(0, bytes.Length).Select(i => (byte)(i * 31))],
            "cut" => bytes[..(bytes.Length / 3)],
            _ => [.. bytes[..100], .. new byte[bytes.Length - 100]],
        };
        await File.WriteAllBytesAsync(file, damaged);

        (int code, string error) = await NodeProcess.RefusedAsync(node.DataDirectory);
        Assert.Equal(1, code);
        AssertSentence(error);
        Assert.Contains("restore the directory from a backup", error);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Directory_that_cannot_be_written_is_one_sentence()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a directory that nobody, not even root, may write into: Linux has /sys.");
        (int code, string error) = await NodeProcess.RefusedAsync("/sys/kernel");
        Assert.Equal(1, code);
        AssertSentence(error);
        Assert.StartsWith("The data directory /sys/kernel cannot be written:", error);
    }

    private static void AssertSentence(string text)
    {
        Assert.DoesNotContain('\n', text);
        Assert.DoesNotContain("Exception", text);
        Assert.EndsWith(".", text);
    }
}
