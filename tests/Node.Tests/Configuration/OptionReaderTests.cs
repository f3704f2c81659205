using System.Collections;
using Discord.Cql;
using Discord.Node.Configuration;

namespace Discord.Node.Tests.Configuration;

public sealed class OptionReaderTests
{
    private static NodeOptions Read(params string[] arguments) => OptionReader.Read(arguments, new Hashtable()).Options;

    private static string Refused(IDictionary environment, params string[] arguments)
    {
        var message = Assert.Throws<OptionException>(() => OptionReader.Read(arguments, environment)).Message;
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    [Fact]
    public void Nothing_given_means_the_defaults()
    {
        var options = Read();
        Assert.Equal(8080, options.Listen.Port);
        Assert.Equal("127.0.0.1", options.Listen.Bind.ToString());
        Assert.Equal(9110, options.Ops.Port);
        Assert.True(options.RateLimits.Enabled);
        Assert.Equal(Durability.Full, options.Storage.Durability);
        Assert.Equal(TimeSpan.FromSeconds(10), options.ShutdownTimeout);
        Assert.Equal(Path.GetFullPath("data"), options.Storage.DataDirectory);
    }

    [Fact]
    public void Flags_are_read_in_both_forms()
    {
        var options = Read(
            "--port", "0", "--rate-limits=off", "--shutdown-timeout", "2.5s", "--public-url", "https://chat.example/", "--bind", "*");
        Assert.Equal(0, options.Listen.Port);
        Assert.False(options.RateLimits.Enabled);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.ShutdownTimeout);
        Assert.Equal("https://chat.example/", options.Listen.PublicUrl!.ToString());
        Assert.Equal("0.0.0.0", options.Listen.Bind.ToString());
    }

    [Fact]
    public void Cluster_is_read_with_its_password_from_the_environment()
    {
        var environment = new Hashtable { ["DISCORD_CQL_PASSWORD"] = "secret" };
        var options = OptionReader.Read(
            ["--store", "cql", "--cql-contact-points", "127.0.0.1, db:9043,[::1]:9042", "--cql-user", "u", "--cql-consistency", "quorum"],
            environment).Options.Storage;
        Assert.Equal(["127.0.0.1", "db:9043", "[::1]:9042"], options.Cql.ContactPoints);
        Assert.Equal(("u", "secret", ConsistencyLevel.Quorum), (options.Cql.User, options.Cql.Password, options.Cql.Consistency));
        Assert.DoesNotContain("\"", Refused(new Hashtable { ["DISCORD_CQL_PASSWORD"] = "" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Flag_wins_over_environment_and_environment_over_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"port": 1, "ops-port": 2, "log-level": "debug", "rate-limits": false}""");
        var environment = new Hashtable
        {
            ["DISCORD_PORT"] = "3",
            ["DISCORD_OPS_PORT"] = "4",
            ["DISCORD_TOKEN"] = "somebody else's",
            ["DISCORD_CONFIG"] = file
        };
        var options = OptionReader.Read(["--port", "5"], environment).Options;
        File.Delete(file);
        Assert.Equal((5, 4), (options.Listen.Port, options.Ops.Port));
        Assert.Equal(LogLevel.Debug, options.Telemetry.LogLevel);
        Assert.False(options.RateLimits.Enabled);
    }

    [Theory]
    [InlineData("--port must be a whole number from 0 to 65535, not \"abc\".", "--port", "abc")]
    [InlineData("--port must be a whole number from 0 to 65535, not \"65536\".", "--port", "65536")]
    [InlineData("There is no option --prot; --help lists them.", "--prot", "1")]
    [InlineData("\"8080\" is no option; --help lists them.", "8080")]
    [InlineData("--port needs a value.", "--port")]
    [InlineData("--port is given twice.", "--port", "1", "--port=2")]
    [InlineData("--rate-limits must be on or off, not \"maybe\".", "--rate-limits", "maybe")]
    [InlineData("--hot-pages must be a whole number from 0 to 1048576, not \"-1\".", "--hot-pages", "-1")]
    [InlineData("--redis must be a host and a port, for example 127.0.0.1:6379, not \"localhost\".", "--redis", "localhost")]
    [InlineData("--redis must be a host and a port, for example 127.0.0.1:6379, not \"a b:1\".", "--redis", "a b:1")]
    [InlineData("--redis must be a host and a port, for example 127.0.0.1:6379, not \"localhost:0\".", "--redis", "localhost:0")]
    [InlineData("--tls-cert must name a file that exists, not \"/nowhere\".", "--tls-cert", "/nowhere")]
    [InlineData("--port and --ops-port must differ, and both are 9110.", "--port", "9110")]
    [InlineData("--store cql needs --cql-contact-points.", "--store", "cql")]
    [InlineData("--cql-contact-points is only good with --store cql.", "--cql-contact-points", "127.0.0.1")]
    [InlineData("--cql-contact-points must be a list of hosts divided by commas, for example 10.0.0.1,db.example.org:9042, not \"a:b\".",
        "--store", "cql", "--cql-contact-points", "a:b")]
    [InlineData("--cql-keyspace must be a small letter and then at most 47 small letters, digits or underscores, not \"a; DROP\".",
        "--cql-keyspace", "a; DROP")]
    [InlineData("--cql-datacenter must be 1 to 64 letters, digits, dots, dashes or underscores, not \"dc'1\".", "--cql-datacenter", "dc'1")]
    [InlineData("--cql-user and --cql-password are only good together: give both or none.", "--cql-user", "u")]
    [InlineData("--cql-password would be seen by every user of the machine; give it as DISCORD_CQL_PASSWORD or in the file of --config.",
        "--cql-user", "u", "--cql-password", "p")]
    [InlineData("--cql-consistency must be local_quorum or quorum, not \"one\".", "--cql-consistency", "one")]
    [InlineData("--public-url must be an http or https URL without a query, not \"ftp://x\".", "--public-url", "ftp://x")]
    public void Option_wrong_is_refused_in_one_sentence(string sentence, params string[] arguments) =>
        Assert.Equal(sentence, Refused(new Hashtable(), arguments));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    [InlineData("192.168.1.1")]
    [InlineData("::")]
    public void Ops_address_open_to_others_is_refused(string address) =>
        Assert.Contains("must be a loopback address", Refused(new Hashtable(), "--ops-bind", address), StringComparison.Ordinal);

    [Fact]
    public void Environment_wrong_names_the_variable() => Assert.Equal(
        "DISCORD_PORT must be a whole number from 0 to 65535, not \"x\".", Refused(new Hashtable { ["DISCORD_PORT"] = "x" }));

    [Theory]
    [InlineData("""{"prot": 1}""", "There is no option \"prot\"")]
    [InlineData("""{"port": {}}""", "must be a string, a number, true or false")]
    [InlineData("[]", "needs an object")]
    [InlineData("{", "cannot read")]
    public void File_wrong_is_refused(string json, string part)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, json);
        Assert.Contains(part, Refused(new Hashtable(), "--config", file), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void Certificate_without_key_is_refused()
    {
        var file = Path.GetTempFileName();
        Assert.Contains("--tls-key", Refused(new Hashtable(), "--tls-cert", file), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void Help_lists_every_option_with_its_default_and_variable()
    {
        var help = OptionReader.Help();
        Assert.All(OptionTable.All, option =>
        {
            Assert.Contains($"--{option.Name} ", help, StringComparison.Ordinal);
            Assert.Contains(option.EnvironmentVariable, help, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Defaults_in_the_help_are_those_in_the_options()
    {
        // Applying a default that can be written down must change nothing.
        var defaults = Read();
        foreach (var option in OptionTable.All.Where(option => option.Default is not ("none" or "the listener's")))
            option.Apply(defaults, option.Default);
        Assert.Equal(Describe(Read()), Describe(defaults));
    }

    private static string Describe(object options) => string.Join('\n', options.GetType().GetProperties().Select(property =>
    {
        var value = property.GetValue(options);
        return value is not null && property.PropertyType is { IsClass: true, Namespace: "Discord.Node.Configuration" }
            ? Describe(value)
            : $"{property.DeclaringType!.Name}.{property.Name} = {value}";
    }));

    [Fact]
    public void Documentation_lists_every_option()
    {
        var table = File.ReadAllText(Repository.File("docs/operations.md"));
        Assert.All(
            OptionTable.All, option => Assert.Contains($"| `--{option.Name}` | `{option.Default}` |", table, StringComparison.Ordinal));
    }
}
