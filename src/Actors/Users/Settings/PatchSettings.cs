using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Actors.Encoders;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Google.Protobuf;

namespace Discord.Actors.Users.Settings;

/// <summary>Changes JSON settings. Answers with the whole object.</summary>
/// <param name="Patch">A JSON object of known keys with values of the right form; checked by the caller's form.</param>
public sealed record PatchSettings(ReadOnlyMemory<byte> Patch) : UserCommand<ReadOnlyMemory<byte>>
{
    protected override ReadOnlyMemory<byte> Decide(UserDecision user)
    {
        List<string> changed = SettingsChange.Put(user, JsonNode.Parse(Patch.Span)!.AsObject());
        if (changed.Any(SettingsMessage.SharedKeys.Contains))
        {
            SettingsProto known = SettingsChange.ProtoOf(user.State, 1);
            SettingsChange.PutProto(
                user, known, SettingsMessage.PatchFrom(SettingsDocument.Whole(user.State.Settings), changed, known.Bytes));
        }
        return SettingsDocument.WholeBytes(user.State.Settings);
    }
}

/// <summary>Changes the settings as a protobuf message.</summary>
/// <param name="Type">1 preloaded settings, 2 frecency.</param>
/// <param name="Patch">A message whose top-level fields replace those that are stored; checked by the caller to be one.</param>
/// <param name="RequiredDataVersion">Refused as out of date when what is stored is newer.</param>
public sealed record PatchSettingsProto(
    int Type, ReadOnlyMemory<byte> Patch, long? RequiredDataVersion) : UserCommand<PatchSettingsProto.Outcome>
{
    /// <summary>Bytes of a stored message.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Whether these bytes can be a message at all.</summary>
    public static bool IsMessage(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            Wire.PreloadedUserSettings.Parser.ParseFrom(bytes.Span);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    public sealed record Outcome(ReadOnlyMemory<byte> Settings, bool OutOfDate);

    protected override Outcome Decide(UserDecision user)
    {
        SettingsProto known = SettingsChange.ProtoOf(user.State, Type);
        if (RequiredDataVersion < known.DataVersion)
            return new Outcome(known.Bytes, OutOfDate: true);
        if (Type == 1)
            SettingsChange.Put(user, SettingsMessage.ToJson(Patch));
        return new Outcome(SettingsChange.PutProto(user, known, Patch), OutOfDate: false);
    }
}

/// <summary>The facts and events of a change of the settings, whichever form it came in.</summary>
internal static class SettingsChange
{
    public static SettingsProto ProtoOf(UserState state, int type) =>
        state.SettingsProtos.GetValueOrDefault(type) ?? new SettingsProto(type, ReadOnlyMemory<byte>.Empty, 0);

    /// <summary>Puts the keys of <paramref name="patch"/> that are new values into the JSON settings.</summary>
    /// <returns>Their names.</returns>
    public static List<string> Put(UserDecision user, JsonObject patch)
    {
        JsonObject whole = SettingsDocument.Whole(user.State.Settings);
        JsonObject stored = SettingsDocument.Changes(user.State.Settings);
        JsonObject told = [];
        foreach ((string key, JsonNode? value) in patch)
        {
            if (JsonNode.DeepEquals(whole[key], value))
                continue;
            stored[key] = value?.DeepClone();
            told[key] = value?.DeepClone();
        }
        List<string> changed = [.. told.Select(p => p.Key)];
        if (changed.Count == 0)
            return changed;
        user.Put(new SettingsChanged(new UserSettings(SettingsDocument.Bytes(stored), user.State.Settings.Version + 1)));
        user.Tell(
            new DispatchEvent(EventNames.UserSettingsUpdate, SettingsDocument.Bytes(told)), without: UserCapabilities.UserSettingsProto);
        if (changed.Contains("status") || changed.Contains("custom_status"))
            user.Put(new StatusChanged(Status(SettingsDocument.Whole(user.State.Settings))));
        return changed;
    }

    public static ReadOnlyMemory<byte> PutProto(UserDecision user, SettingsProto known, ReadOnlyMemory<byte> patch)
    {
        byte[] merged = SettingsMessage.Merge(known.Bytes, patch, known.DataVersion + 1);
        user.Put(new SettingsProtoChanged(new SettingsProto(known.Type, merged, known.DataVersion + 1)));
        user.Tell(Json.Event(EventNames.UserSettingsProtoUpdate, (known.Type, merged), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteStartObject("settings");
            w.WriteNumber("type", s.Type);
            w.WriteBase64String("proto", s.merged);
            w.WriteEndObject();
            w.WriteBoolean("partial", false);
            w.WriteEndObject();
        }));
        return merged;
    }

    private static StoredStatus Status(JsonObject settings)
    {
        JsonNode? custom = settings["custom_status"];
        return new StoredStatus((string?)settings["status"] ?? "online", custom is null ? null : new CustomStatus
        {
            Text = (string?)custom["text"],
            EmojiId = Snowflake.TryParse((string?)custom["emoji_id"], out Snowflake id) ? id : null,
            EmojiName = (string?)custom["emoji_name"],
            ExpiresAt = custom["expires_at"] is { } expires ? DateTimeOffset.Parse((string)expires!, CultureInfo.InvariantCulture) : null,
        });
    }
}
