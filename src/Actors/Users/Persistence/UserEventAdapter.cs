using Discord.Actors.Persistence;
using Discord.Kernel.Persistence;
using Google.Protobuf;
using Kind = Discord.Actors.Users.Persistence.Wire.Stored.ValueOneofCase;

namespace Discord.Actors.Users.Persistence;

/// <summary>
/// The bytes of a user's facts (<see cref="UserEvent"/>) and snapshots (<see cref="UserState"/>), as user.proto draws them. Bytes of an
/// unknown kind throw <see cref="InvalidDataException"/>, damaged ones <see cref="InvalidProtocolBufferException"/>. Stateless.
/// </summary>
public sealed class UserEventAdapter : IEventAdapter
{
    public ReadOnlyMemory<byte> ToBytes(object value) => ToWire(value).ToByteArray();

    public object FromBytes(ReadOnlyMemory<byte> bytes) => FromWire(Wire.Stored.Parser.ParseFrom(bytes.Span));

    private static Wire.Stored ToWire(object value) => value switch
    {
        SettingsChanged e => new() { SettingsChanged = new() { Settings = e.Settings.ToWire() } },
        SettingsProtoChanged e => new() { SettingsProtoChanged = new() { Settings = e.Settings.ToWire() } },
        StatusChanged e => new() { StatusChanged = new() { Status = e.Status.ToWire() } },
        ReadStatePut e => new() { ReadStatePut = new() { ReadState = e.ReadState.ToWire(), Version = e.Version } },
        ReadStateRemoved e => new() { ReadStateRemoved = new() { ChannelId = e.ChannelId.Value, Version = e.Version } },
        GuildSettingsPut e => new() { GuildSettingsPut = new() { Settings = e.Settings.ToWire() } },
        NotePut e => new() { NotePut = new() { Note = new() { UserId = e.UserId.Value, Text = e.Note } } },
        NoteRemoved e => new() { NoteRemoved = new() { UserId = e.UserId.Value } },
        RelationshipPut e => new() { RelationshipPut = new() { Relationship = e.Relationship.ToWire() } },
        RelationshipRemoved e => new() { RelationshipRemoved = new() { UserId = e.UserId.Value } },
        PrivateChannelOpened e => new() { PrivateChannelOpened = new() { ChannelId = e.ChannelId.Value } },
        PrivateChannelClosed e => new() { PrivateChannelClosed = new() { ChannelId = e.ChannelId.Value } },
        UserState state => new() { Snapshot = state.ToWire() },
        _ => throw WireValues.NotStored(value),
    };

    private static object FromWire(Wire.Stored wire) => wire.ValueCase switch
    {
        Kind.SettingsChanged => new SettingsChanged(wire.SettingsChanged.Settings.FromWire()),
        Kind.SettingsProtoChanged => new SettingsProtoChanged(wire.SettingsProtoChanged.Settings.FromWire()),
        Kind.StatusChanged => new StatusChanged(wire.StatusChanged.Status.FromWire()),
        Kind.ReadStatePut => new ReadStatePut(wire.ReadStatePut.ReadState.FromWire(), wire.ReadStatePut.Version),
        Kind.ReadStateRemoved => new ReadStateRemoved(new(wire.ReadStateRemoved.ChannelId), wire.ReadStateRemoved.Version),
        Kind.GuildSettingsPut => new GuildSettingsPut(wire.GuildSettingsPut.Settings.FromWire()),
        Kind.NotePut => new NotePut(new(wire.NotePut.Note.UserId), wire.NotePut.Note.Text),
        Kind.NoteRemoved => new NoteRemoved(new(wire.NoteRemoved.UserId)),
        Kind.RelationshipPut => new RelationshipPut(wire.RelationshipPut.Relationship.FromWire()),
        Kind.RelationshipRemoved => new RelationshipRemoved(new(wire.RelationshipRemoved.UserId)),
        Kind.PrivateChannelOpened => new PrivateChannelOpened(new(wire.PrivateChannelOpened.ChannelId)),
        Kind.PrivateChannelClosed => new PrivateChannelClosed(new(wire.PrivateChannelClosed.ChannelId)),
        Kind.Snapshot => wire.Snapshot.FromWire(),
        _ => throw WireValues.Unknown("user"),
    };
}
