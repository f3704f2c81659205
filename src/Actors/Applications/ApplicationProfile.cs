using Discord.Actors.Applications.Persistence;
using Discord.Protocol.Payloads;
using Google.Protobuf;

namespace Discord.Actors.Applications;

/// <summary>An application's settings as the bytes that stand in its row of the accounts store.</summary>
public static class ApplicationProfile
{
    public static byte[] ToBytes(Application application) => application.ToWire().ToByteArray();

    public static Application FromBytes(ReadOnlySpan<byte> bytes) => Persistence.Wire.Application.Parser.ParseFrom(bytes).FromWire();
}
