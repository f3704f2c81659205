using System.Text.Json;
using Discord.Actors.Presences;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Sessions;

/// <summary>The parts of a user's READY that are written the same way elsewhere.</summary>
public static class ReadyParts
{
    /// <summary>Notes as one object, by the user they are about.</summary>
    public static void WriteNotes(Utf8JsonWriter w, UserState state)
    {
        w.WriteStartObject();
        foreach ((Snowflake user, string note) in state.Notes)
            w.WriteString(user.ToString(), note);
        w.WriteEndObject();
    }

    /// <summary>
    /// Relationships with the users they are about. A client that keeps users once each reads <c>user_id</c>; the user stands beside it for
    /// those that say so and read it all the same.
    /// </summary>
    public static void WriteRelationships(
        Utf8JsonWriter w, UserState state, IReadOnlyDictionary<Snowflake, User> users, UserCapabilities capabilities)
    {
        w.WriteStartArray();
        foreach (Relationship relationship in state.Relationships.Values)
        {
            // The account is gone.
            if (users.TryGetValue(relationship.Id, out User? user))
                WriteRelationship(w, relationship, user, capabilities);
        }
        w.WriteEndArray();
    }

    internal static void WriteRelationship(
        Utf8JsonWriter w, Relationship relationship, User user, UserCapabilities capabilities, bool notify = false)
    {
        w.WriteStartObject();
        w.WriteString("id", relationship.Id.ToString());
        if ((capabilities & UserCapabilities.DedupeUserObjects) != 0)
            w.WriteString("user_id", relationship.Id.ToString());
        w.WriteNumber("type", (int)relationship.Type);
        w.WritePropertyName("user");
        JsonSerializer.Serialize(w, user, PayloadJson.Wire.User);
        w.WriteString("nickname", relationship.Nickname);
        w.WriteBoolean("is_spam_request", false);
        w.WriteBoolean("stranger_request", false);
        w.WriteBoolean("user_ignored", relationship.Ignored);
        if (relationship.Since is { } since)
            w.WriteTime("since", since);
        if (notify)
            w.WriteBoolean("should_notify", true);
        w.WriteEndObject();
    }

    /// <summary>A read state, with <c>channel_id</c> beside <c>id</c>.</summary>
    internal static void WriteReadState(Utf8JsonWriter w, ReadState state)
    {
        w.WriteStartObject();
        w.WriteString("id", state.ChannelId.ToString());
        w.WriteString("channel_id", state.ChannelId.ToString());
        w.WriteNumber("read_state_type", 0);
        w.WriteString("last_message_id", (state.LastMessageId ?? Snowflake.None).ToString());
        w.WriteNumber("mention_count", state.MentionCount);
        w.WriteTime("last_pin_timestamp", state.LastPinTimestamp ?? DateTimeOffset.UnixEpoch);
        w.WriteNumber("flags", state.Flags);
        if (state.LastViewed is { } viewed)
            w.WriteNumber("last_viewed", viewed);
        else
            w.WriteNull("last_viewed");
        w.WriteEndObject();
    }

    /// <summary>A presence that names its user by id alone.</summary>
    internal static void WritePresence(Utf8JsonWriter w, Snowflake user, Presence presence)
    {
        w.WriteStartObject();
        w.WriteString("user_id", user.ToString());
        w.WriteString("status", presence.Status);
        w.WritePropertyName("client_status");
        JsonSerializer.Serialize(w, presence.ClientStatus, PayloadJson.Wire.ClientStatus);
        w.WriteStartArray("activities");
        foreach (JsonElement activity in presence.Activities)
            activity.WriteTo(w);
        w.WriteEndArray();
        w.WriteEndObject();
    }

    internal static void WriteEmpty(Utf8JsonWriter w, params ReadOnlySpan<string> arrays)
    {
        foreach (string name in arrays)
        {
            w.WriteStartArray(name);
            w.WriteEndArray();
        }
    }
}
