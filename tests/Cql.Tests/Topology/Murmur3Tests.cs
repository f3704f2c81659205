using System.Text;
using Discord.Cql.Topology;

namespace Discord.Cql.Tests.Topology;

/// <summary>
/// Tokens as Cassandra's <c>token()</c> gives them; all lengths of keys are compared with the real server in the live tests.
/// </summary>
public sealed class Murmur3Tests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("123", -7468325962851647638)]
    public void Token_is_the_servers(string key, long token)
    {
        Assert.Equal(token, Murmur3.Token(Encoding.UTF8.GetBytes(key)));
    }
}
