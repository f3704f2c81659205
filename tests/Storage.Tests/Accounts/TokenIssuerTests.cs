using System.Text;
using Discord.Protocol;
using Discord.Storage.Accounts;

namespace Discord.Storage.Tests.Accounts;

public sealed class TokenIssuerTests
{
    private static readonly Snowflake Account = new(1234567890123456789);

    [Fact]
    public void Issue_has_discords_form_and_stores_no_token()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        var (token, row) = TokenIssuer.Issue(Account, now, "session");
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        // How client libraries read the user id from a token.
        var padded = parts[0].PadRight((parts[0].Length + 3) / 4 * 4, '=');
        Assert.Equal("1234567890123456789", Encoding.ASCII.GetString(Convert.FromBase64String(padded)));
        Assert.True(token.Length <= TokenIssuer.MaxLength);
        Assert.Matches("^[A-Za-z0-9_.-]+$", token);
        Assert.Equal((Account, now, "session"), (row.AccountId, row.CreatedAt, row.SessionIdHash));
        Assert.Equal(TokenIssuer.Hash(token), row.Hash.ToArray());
        Assert.True(TokenIssuer.TryReadAccount(token, out var read));
        Assert.Equal(Account, read);
    }

    [Fact]
    public void Issue_twice_gives_different_tokens() =>
        Assert.NotEqual(TokenIssuer.Issue(Account, default).Token, TokenIssuer.Issue(Account, default).Token);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("MTIz")]
    [InlineData("MTIz.x")]
    [InlineData("MTIz.x.")]
    [InlineData("MTIz..y")]
    [InlineData("MTIz.x.y.z")]
    [InlineData("M!Iz.x.y")]
    [InlineData("YWJj.x.y")]
    [InlineData("MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw.x.y")]
    public void Read_of_what_is_no_token_fails(string text) => Assert.False(TokenIssuer.TryReadAccount(text, out _));
}
