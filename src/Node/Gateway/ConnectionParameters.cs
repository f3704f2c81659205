using Discord.Node.Gateway.Wire;
using Discord.Protocol.Gateway;

namespace Discord.Node.Gateway;

/// <summary><c>encoding</c> of the connection's query.</summary>
internal enum PayloadFormat : byte
{
    /// <summary>Text frames of JSON; also what a missing <c>encoding</c> means.</summary>
    Json,

    /// <summary>Binary frames of Erlang's external term format.</summary>
    Etf,
}

/// <summary><c>compress</c> of the connection's query.</summary>
internal enum TransportCompression : byte
{
    /// <summary>None; IDENTIFY may still ask for payload compression.</summary>
    None,

    /// <summary>One deflate stream per connection, flushed after each message.</summary>
    ZlibStream,

    /// <summary>One zstd stream per connection, flushed after each message.</summary>
    ZstdStream,
}

/// <summary>What the query of a gateway URL asks for (<c>v</c>, <c>encoding</c>, <c>compress</c>). Other parameters are ignored.</summary>
internal readonly record struct ConnectionParameters(int Version, PayloadFormat Format, TransportCompression Compression)
{
    /// <summary>
    /// Reads <paramref name="query"/>, with or without its question mark. Never throws: a query that cannot be served gives the close code
    /// and reason, 4012 for a version other than 9 and 10, 4002 for an unknown encoding or compression.
    /// </summary>
    public static ConnectionParameters Parse(ReadOnlySpan<char> query, out GatewayCloseCode? refused, out string reason)
    {
        var version = 10;
        var format = PayloadFormat.Json;
        var compression = TransportCompression.None;
        refused = null;
        reason = "";
        if (query.StartsWith("?"))
            query = query[1..];
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            var key = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            switch (key)
            {
                case "v":
                    if (value is "9" or "10")
                        version = value is "9" ? 9 : 10;
                    else
                        (refused, reason) = (GatewayCloseCode.InvalidApiVersion, "Invalid API version: 9 and 10 are served.");
                    break;
                case "encoding":
                    if (value is "json" or "etf")
                        format = value is "etf" ? PayloadFormat.Etf : PayloadFormat.Json;
                    else
                        (refused, reason) = (refused ?? GatewayCloseCode.DecodeError,
                            reason is "" ? "Unknown encoding: json and etf are served." : reason);
                    break;
                case "compress":
                    if (value is "" or "false")
                        break;
                    if (value is "zlib-stream" or "zstd-stream")
                        compression = value is "zlib-stream" ? TransportCompression.ZlibStream : TransportCompression.ZstdStream;
                    else
                        (refused, reason) = (refused ?? GatewayCloseCode.DecodeError,
                            reason is "" ? "Unknown compression: zlib-stream and zstd-stream are served." : reason);
                    break;
                default:
                    break;
            }
        }
        if (refused is null && !WireEncoders.CanServe(compression))
            (refused, reason) = (GatewayCloseCode.DecodeError, "zstd-stream is not served here: its library is not installed.");
        return new ConnectionParameters(version, format, compression);
    }
}
