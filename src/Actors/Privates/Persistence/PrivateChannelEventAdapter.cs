using System.Collections.Immutable;
using Discord.Actors.Persistence;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Google.Protobuf;
using Kind = Discord.Actors.Privates.Persistence.Wire.Stored.ValueOneofCase;

namespace Discord.Actors.Privates.Persistence;

/// <summary>
/// The bytes of a private channel's facts (<see cref="PrivateChannelEvent"/>) and snapshots (<see cref="PrivateChannelState"/>), as
/// private_channel.proto draws them. Bytes of an unknown kind throw <see cref="InvalidDataException"/>, damaged ones
/// <see cref="InvalidProtocolBufferException"/>. Stateless.
/// </summary>
public sealed class PrivateChannelEventAdapter : IEventAdapter
{
    public ReadOnlyMemory<byte> ToBytes(object value) => ToWire(value).ToByteArray();

    public object FromBytes(ReadOnlyMemory<byte> bytes) => FromWire(Wire.Stored.Parser.ParseFrom(bytes.Span));

    private static Wire.Stored ToWire(object value) => value switch
    {
        PrivateChannelCreated e => new() { Created = e.ToWire() },
        RecipientAdded e => new() { RecipientAdded = new() { User = e.User.ToWire() } },
        RecipientRemoved e => new() { RecipientRemoved = new() { UserId = e.UserId.Value } },
        PrivateChannelChanged e => new() { Changed = e.ToWire() },
        ClosedByRecipient e => new() { Closed = new() { UserId = e.UserId.Value } },
        ReopenedForRecipient e => new() { Reopened = new() { UserId = e.UserId.Value } },
        PrivateChannelState state => new() { Snapshot = state.ToWire() },
        _ => throw WireValues.NotStored(value),
    };

    private static object FromWire(Wire.Stored wire) => wire.ValueCase switch
    {
        Kind.Created => wire.Created.FromWire(),
        Kind.RecipientAdded => new RecipientAdded(wire.RecipientAdded.User.FromWire()),
        Kind.RecipientRemoved => new RecipientRemoved(new(wire.RecipientRemoved.UserId)),
        Kind.Changed => wire.Changed.FromWire(),
        Kind.Closed => new ClosedByRecipient(new(wire.Closed.UserId)),
        Kind.Reopened => new ReopenedForRecipient(new(wire.Reopened.UserId)),
        Kind.Snapshot => wire.Snapshot.FromWire(),
        _ => throw WireValues.Unknown("private channel"),
    };
}

internal static class PrivateChannelMapping
{
    public static Wire.Created ToWire(this PrivateChannelCreated created)
    {
        Wire.Created wire = new()
        {
            ChannelId = created.ChannelId.Value,
            Type = (int)created.Type,
            Recipients = { created.Recipients.Select(u => u.ToWire()) },
        };
        if (created.OwnerId is { } ownerId) wire.OwnerId = ownerId.Value;
        return wire;
    }

    public static PrivateChannelCreated FromWire(this Wire.Created wire) => new(
        new(wire.ChannelId),
        (ChannelType)wire.Type,
        wire.Recipients.ToArray(u => u.FromWire()),
        wire.HasOwnerId ? new(wire.OwnerId) : null);

    public static Wire.Changed ToWire(this PrivateChannelChanged changed)
    {
        Wire.Changed wire = new();
        if (changed.Name is { } name) wire.Name = name;
        if (changed.Icon is { } icon) wire.Icon = icon;
        if (changed.OwnerId is { } ownerId) wire.OwnerId = ownerId.Value;
        return wire;
    }

    public static PrivateChannelChanged FromWire(this Wire.Changed wire) => new(
        wire.HasName ? wire.Name : null,
        wire.HasIcon ? wire.Icon : null,
        wire.HasOwnerId ? new(wire.OwnerId) : null);

    public static Wire.Snapshot ToWire(this PrivateChannelState state)
    {
        Wire.Snapshot wire = new()
        {
            Id = state.Id.Value,
            Type = (int)state.Type,
            Recipients = { state.Recipients.Values.Select(u => u.ToWire()) },
            ClosedBy = { state.ClosedBy.ToWire() },
        };
        if (state.Name is { } name) wire.Name = name;
        if (state.Icon is { } icon) wire.Icon = icon;
        if (state.OwnerId is { } ownerId) wire.OwnerId = ownerId.Value;
        return wire;
    }

    public static PrivateChannelState FromWire(this Wire.Snapshot wire) => new()
    {
        Id = new(wire.Id),
        Type = (ChannelType)wire.Type,
        Recipients = wire.Recipients.Select(u => u.FromWire()).ToImmutableDictionary(u => u.Id),
        Name = wire.HasName ? wire.Name : null,
        Icon = wire.HasIcon ? wire.Icon : null,
        OwnerId = wire.HasOwnerId ? new(wire.OwnerId) : null,
        ClosedBy = [.. wire.ClosedBy.FromWire()],
    };
}
