using System.Net;
using Discord.Cql.Errors;

namespace Discord.Cql.Wire;

/// <summary>What the server tells without being asked. Native protocol v4, section 4.2.6.</summary>
/// <param name="Kind">Whether it is about hosts or the schema.</param>
/// <param name="Change">What happened: <c>NEW_NODE</c>, <c>UP</c>, <c>CREATED</c> …</param>
/// <param name="Host">The host it is about; null for the schema.</param>
/// <param name="Keyspace">The keyspace it is about; null for hosts.</param>
internal sealed record EventBody(string Kind, string Change, IPEndPoint? Host, string? Keyspace)
{
    public const string Topology = "TOPOLOGY_CHANGE";
    public const string Status = "STATUS_CHANGE";
    public const string Schema = "SCHEMA_CHANGE";

    public static EventBody Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var kind = reader.String();
        var change = reader.String();
        switch (kind)
        {
            case Topology or Status:
                return new EventBody(kind, change, reader.Inet(), null);
            case Schema:
                reader.String();
                return new EventBody(kind, change, null, reader.String());
            default:
                throw new CqlProtocolException("an event of a kind that was not asked for");
        }
    }
}
