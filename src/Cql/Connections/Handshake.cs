using System.Text;
using Discord.Cql.Errors;
using Discord.Cql.Topology;
using Discord.Cql.Wire;

namespace Discord.Cql.Connections;

/// <summary>
/// What is said before the first request: OPTIONS, what the server offers; STARTUP, what is taken of it; the login where the server asks
/// for one; the keyspace. Native protocol v4, section 4.1.
/// </summary>
internal static class Handshake
{
    public static async Task RunAsync(Connection connection, CqlOptions options, CancellationToken cancellationToken)
    {
        var supported = await AskAsync(
            connection, options, ControlMessage.Options, ReadSupported, cancellationToken).ConfigureAwait(false);
        connection.Sharding = ShardingInfo.From(supported);

        var chosen = new Dictionary<string, string>
        {
            ["CQL_VERSION"] = "3.0.0",
            ["DRIVER_NAME"] = "Discord.Cql",
            ["DRIVER_VERSION"] = typeof(Handshake).Assembly.GetName().Version?.ToString(3) ?? "0",
        };
        var compresses = options.Compression && supported.TryGetValue("COMPRESSION", out var offered) && offered.Contains("lz4");
        if (compresses) chosen["COMPRESSION"] = "lz4";
        // The answer to STARTUP may be compressed already; STARTUP itself is too small to be.
        connection.Compresses = compresses;
        if (supported.ContainsKey(Tablets.StartupOption)) chosen[Tablets.StartupOption] = "";
        var authenticator = await AskAsync(
            connection, options, ControlMessage.Startup(chosen), ReadStartupAnswer, cancellationToken).ConfigureAwait(false);
        if (authenticator is not null) await LogInAsync(connection, options, authenticator, cancellationToken).ConfigureAwait(false);
        if (options.Keyspace is { } keyspace)
        {
            var use = new SimpleStatement($"USE \"{keyspace.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            await AskAsync(
                connection, options, use, static response => response.Opcode == Opcode.Result, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task LogInAsync(
        Connection connection, CqlOptions options, string authenticator, CancellationToken cancellationToken)
    {
        if (options.Credentials is not { } login)
            throw new CqlAuthenticationException($"the server asks for a login ({authenticator}) and none is configured");
        // SASL PLAIN (RFC 4616): no identity to act as, the user, the password.
        var token = Encoding.UTF8.GetBytes($"\0{login.User}\0{login.Password}");
        var done = await AskAsync(
            connection,
            options,
            ControlMessage.AuthResponse(token),
            static response => response.Opcode == Opcode.AuthSuccess,
            cancellationToken).ConfigureAwait(false);
        if (!done) throw new CqlAuthenticationException($"the server asks for more than SASL PLAIN ({authenticator})");
    }

    private static async Task<T> AskAsync<T>(
        Connection connection, CqlOptions options, IRequestBody request, Func<Response, T> read, CancellationToken cancellationToken)
    {
        var parameters = new RequestParameters { Consistency = ConsistencyLevel.One, SerialConsistency = ConsistencyLevel.Serial };
        var response = await connection.SendAsync(request, parameters, options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
        if (response.TakeError() is { } error) throw error;
        try
        {
            return read(response);
        }
        finally
        {
            response.Return();
        }
    }

    private static Dictionary<string, string[]> ReadSupported(Response response)
    {
        if (response.Opcode != Opcode.Supported) throw new CqlProtocolException($"OPTIONS was answered with {response.Opcode}");
        var reader = new WireReader(response.Span);
        return reader.StringMultimap();
    }

    private static string? ReadStartupAnswer(Response response)
    {
        var reader = new WireReader(response.Span);
        return response.Opcode switch
        {
            Opcode.Ready => null,
            Opcode.Authenticate => reader.String(),
            _ => throw new CqlProtocolException($"STARTUP was answered with {response.Opcode}"),
        };
    }
}
