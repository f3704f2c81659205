using Discord.Node.Composition;

namespace Discord.Node.Tests.Composition;

public sealed class DescriptorTests
{
    [Theory]
    [InlineData(65_536, int.MaxValue, 65_536)]
    [InlineData(65_536, 1_048_576, 65_536)]
    [InlineData(65_536, 20_000, 18_592)]
    [InlineData(100, 20_000, 100)]
    [InlineData(65_536, 1_024, 512)]
    [InlineData(65_536, 256, 32)]
    public void Connections_leave_descriptors_to_everything_else(int wanted, int limit, int expected) =>
        Assert.Equal(expected, Descriptors.Connections(wanted, limit));

    [Fact]
    public void Limit_of_the_process_is_read() => Assert.InRange(Descriptors.Limit, 64, int.MaxValue);
}
