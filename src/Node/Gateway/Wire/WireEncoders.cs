using Discord.Protocol.Compression;

namespace Discord.Node.Gateway.Wire;

/// <summary>Which encoder serves which connection.</summary>
internal static class WireEncoders
{
    /// <summary>Whether this machine can serve the compression; zstd needs its library.</summary>
    public static bool CanServe(TransportCompression compression) =>
        compression != TransportCompression.ZstdStream || ZstdStreamCompressor.IsAvailable;

    public static WireEncoder For(ConnectionParameters parameters) => parameters switch
    {
        { Compression: TransportCompression.ZstdStream } => new ContextWire(StreamCompressor.Zstd(), parameters.Format),
        { Compression: TransportCompression.ZlibStream, Format: PayloadFormat.Etf } => SharedZlibWire.Etf,
        { Compression: TransportCompression.ZlibStream } => SharedZlibWire.Json,
        { Format: PayloadFormat.Etf } => EtfWire.Shared,
        _ => JsonWire.Shared,
    };

    public static WireEncoder WithPayloadCompression(ConnectionParameters parameters) =>
        parameters.Format == PayloadFormat.Etf ? PayloadZlibWire.Etf : PayloadZlibWire.Json;
}
