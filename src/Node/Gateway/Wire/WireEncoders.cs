namespace Discord.Node.Gateway.Wire;

/// <summary>Which encoder serves which connection.</summary>
internal static class WireEncoders
{
    public static WireEncoder For(ConnectionParameters parameters) => JsonWire.Shared;

    public static WireEncoder WithPayloadCompression(ConnectionParameters parameters) => JsonWire.Shared;
}
