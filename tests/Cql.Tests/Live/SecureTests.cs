using Discord.Cql.Errors;
using Discord.Servers;

namespace Discord.Cql.Tests.Live;

/// <summary>Login and TLS against a real server that asks for both.</summary>
public sealed class SecureTests
{
    [Fact]
    public async Task Login_over_tls_with_the_right_authority_is_let_in()
    {
        await using var session = await CqlSession.ConnectAsync(await OptionsAsync());

        using var rows = await session.ExecuteAsync("SELECT cluster_name FROM system.local");

        Assert.Equal(1, rows.Count);
    }

    [Fact]
    public async Task Wrong_password_is_refused_and_stands_in_no_message()
    {
        var options = await OptionsAsync();
        options.Credentials = new CqlCredentials("cassandra", "secret-7531");

        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(() => CqlSession.ConnectAsync(options));

        Assert.IsType<CqlAuthenticationException>(Assert.Single(error.Causes).Cause);
        Assert.DoesNotContain("secret-7531", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_without_a_trusted_certificate_is_refused()
    {
        var options = await OptionsAsync();
        options.Tls = new CqlTlsOptions();

        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(() => CqlSession.ConnectAsync(options));

        Assert.IsType<CqlTlsException>(Assert.Single(error.Causes).Cause);
    }

    [Fact]
    public async Task Certificate_of_another_name_is_refused_unless_the_check_is_off()
    {
        var options = await OptionsAsync();
        options.Tls!.HostName = "other.example";

        var error = await Assert.ThrowsAsync<CqlNoHostAvailableException>(() => CqlSession.ConnectAsync(options));
        options.Tls.CheckHost = false;
        await using var session = await CqlSession.ConnectAsync(options);

        Assert.IsType<CqlTlsException>(Assert.Single(error.Causes).Cause);
    }

    [Fact]
    public async Task Compressed_frames_are_understood_by_both()
    {
        var options = await OptionsAsync();
        options.Compression = true;
        await using var session = await CqlSession.ConnectAsync(options);
        var keyspace = Cassandra.NewKeyspace();
        await session.ExecuteAsync($"CREATE KEYSPACE {keyspace} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}");
        await session.ExecuteAsync($"CREATE TABLE {keyspace}.t (k int PRIMARY KEY, a text)");
        var text = string.Concat(Enumerable.Repeat("abc ü ", 5000));

        await session.ExecuteAsync(new SimpleStatement($"INSERT INTO {keyspace}.t (k, a) VALUES (1, ?)").Add(text));
        using var rows = await session.ExecuteAsync($"SELECT a FROM {keyspace}.t");

        Assert.Equal(text, rows.First(row => row.GetText(0)));
    }

    private static async Task<CqlOptions> OptionsAsync()
    {
        var server = await Cassandra.SecureAsync();
        return new CqlOptions
        {
            ContactPoints = [server.Address],
            LocalDatacenter = "dc1",
            Credentials = new CqlCredentials("cassandra", "cassandra"),
            Tls = new CqlTlsOptions { CaFile = server.CaFile },
            // A login costs the server a slow hash, on a machine that may be busy.
            ConnectTimeout = TimeSpan.FromSeconds(30),
            Consistency = ConsistencyLevel.LocalOne,
        };
    }
}
