using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Presences;
using Discord.Actors.Users;
using Discord.Actors.Users.Settings;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Sessions;

/// <summary>
/// Writes READY and READY_SUPPLEMENTAL of one user session in the forms that its capability bits ask for. Where a bit replaces an old form
/// by a new one and clients with the bit are known to read both, both are written: ids and embedded users, JSON settings and protobuf ones.
/// Every array by guild has the length and the order of READY's <c>guilds</c>.
/// </summary>
internal sealed class ReadyWriter(
    DomainServices domain, Session session, UserProfile profile, UserState state, IReadOnlyList<ReadyGuild> guilds,
    IReadOnlyList<Channel> privates, IReadOnlyDictionary<Snowflake, User> related, ReadOnlyMemory<byte> sessions)
{
    private readonly SessionIdentity _identity = session.Identity;

    private bool Dedupes => Has(UserCapabilities.DedupeUserObjects);

    // Needs the former bit, as the protocol says.
    private bool IsPrioritized => Has(UserCapabilities.PrioritizedReadyPayload);

    public void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteNumber("v", _identity.ApiVersion);
        w.WritePropertyName("user");
        JsonSerializer.Serialize(w, profile.ToSelf(), PayloadJson.Wire.SelfUser);
        w.WriteString("session_type", "normal");
        w.WriteString("session_id", _identity.SessionId);
        w.WriteString("resume_gateway_url", domain.Options.GatewayUrl);
        w.WriteString("static_client_session_id", _identity.SessionId);
        w.WriteString("auth_session_id_hash", _identity.LogInHash);
        WriteGuilds(w);
        WritePeople(w);
        WriteOwnThings(w);
        w.WriteStartArray("_trace");
        w.WriteStringValue("discord-akka");
        w.WriteEndArray();
        w.WriteEndObject();
    }

    public void WriteSupplemental(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        w.WriteStartArray("guilds");
        foreach (ReadyGuild guild in guilds)
        {
            w.WriteStartObject();
            w.WriteString("id", guild.Id.ToString());
            w.WriteStartArray("voice_states");
            foreach (VoiceState voice in guild.Slice?.State.VoiceStates.Values ?? [])
                JsonSerializer.Serialize(w, voice with { GuildId = null, Member = null }, PayloadJson.Wire.VoiceState);
            w.WriteEndArray();
            ReadyParts.WriteEmpty(w, "activity_instances", "embedded_activities");
            w.WriteEndObject();
        }
        w.WriteEndArray();
        WriteMergedMembers(w, self: false, others: true);
        WriteMergedPresences(w);
        ReadyParts.WriteEmpty(w, "lazy_private_channels", "disclose", "game_invites");
        w.WriteEndObject();
    }

    private bool Has(UserCapabilities bit) => (_identity.Capabilities & bit) != 0;

    private void WriteGuilds(Utf8JsonWriter w)
    {
        w.WriteStartArray("guilds");
        foreach (ReadyGuild guild in guilds)
        {
            if (guild.Slice is { } slice)
            {
                w.WriteRawValue([.. slice.Shared, .. slice.Own], skipInputValidation: true);
                continue;
            }
            w.WriteStartObject();
            w.WriteString("id", guild.Id.ToString());
            w.WriteBoolean("unavailable", true);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        if (Dedupes)
            WriteMergedMembers(w, self: true, others: !IsPrioritized);
    }

    private void WritePeople(Utf8JsonWriter w)
    {
        if (Dedupes)
        {
            w.WriteStartArray("users");
            foreach (User user in Others())
                JsonSerializer.Serialize(w, user, PayloadJson.Wire.User);
            w.WriteEndArray();
            if (!IsPrioritized)
                WriteMergedPresences(w);
        }
        w.WriteStartArray("presences");
        if (!Dedupes)
        {
            foreach ((Snowflake user, Presence presence) in FriendsOnline())
                JsonSerializer.Serialize(w, presence.ToPayload(user, null), PayloadJson.Wire.PresencePayload);
        }
        w.WriteEndArray();
        w.WritePropertyName("relationships");
        ReadyParts.WriteRelationships(w, state, related, _identity.Capabilities);
        w.WriteStartArray("private_channels");
        foreach (Channel channel in privates)
        {
            JsonSerializer.Serialize(
                w, Dedupes ? channel with { RecipientIds = [.. channel.Recipients!.Select(r => r.Id)] } : channel,
                PayloadJson.Wire.Channel);
        }
        w.WriteEndArray();
        if (!Has(UserCapabilities.LazyUserNotes))
        {
            w.WritePropertyName("notes");
            ReadyParts.WriteNotes(w, state);
        }
    }

    private void WriteOwnThings(Utf8JsonWriter w)
    {
        Versioned(w, "read_state", Has(UserCapabilities.VersionedReadStates), state.ReadStateVersion, () =>
        {
            foreach (ReadState read in state.ReadStates.Values)
                ReadyParts.WriteReadState(w, read);
        });

        // Clients fail on settings of a guild that they are not in.
        HashSet<Snowflake> mine = [Snowflake.None, .. guilds.Select(g => g.Id)];
        Versioned(w, "user_guild_settings", Has(UserCapabilities.VersionedUserGuildSettings), state.GuildSettingsVersion, () =>
        {
            foreach (UserGuildSettings settings in state.GuildSettings.Values)
            {
                if (mine.Contains(settings.GuildId ?? Snowflake.None))
                    w.WriteRawValue(settings.Json.Span, skipInputValidation: true);
            }
        });
        w.WritePropertyName("user_settings");
        w.WriteRawValue(SettingsDocument.WholeBytes(state.Settings), skipInputValidation: true);
        w.WriteBase64String("user_settings_proto", SettingsMessage.PreloadedOf(state).Span);
        w.WritePropertyName("sessions");
        w.WriteRawValue(sessions.Span, skipInputValidation: true);
        w.WriteStartObject("notification_settings");
        w.WriteNumber("flags", 0);
        w.WriteEndObject();
        w.WriteStartObject("consents");
        w.WriteStartObject("personalization");
        w.WriteBoolean("consented", false);
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteStartObject("auth");
        ReadyParts.WriteEmpty(w, "authenticator_types");
        w.WriteEndObject();
        ReadyParts.WriteEmpty(
            w, "experiments", "guild_experiments", "connected_accounts", "guild_join_requests", "game_relationships",
            "geo_ordered_rtc_regions", "linked_users");
        w.WriteString("country_code", "US");
        w.WriteString("analytics_token", "");
        w.WriteNull("tutorial");
        w.WriteNumber("friend_suggestion_count", 0);
        w.WriteNumber("explicit_content_scan_version", 0);
        w.WriteNumber("api_code_version", 1);
    }

    // A list, or with its capability an object of the list and its version.
    private static void Versioned(Utf8JsonWriter w, string name, bool versioned, long version, Action entries)
    {
        if (!versioned)
        {
            w.WriteStartArray(name);
            entries();
            w.WriteEndArray();
            return;
        }
        w.WriteStartObject(name);
        w.WriteStartArray("entries");
        entries();
        w.WriteEndArray();
        w.WriteBoolean("partial", false);
        w.WriteNumber("version", version);
        w.WriteEndObject();
    }

    private void WriteMergedMembers(Utf8JsonWriter w, bool self, bool others)
    {
        w.WriteStartArray("merged_members");
        foreach (ReadyGuild guild in guilds)
        {
            w.WriteStartArray();
            if (guild.Slice is { } slice)
            {
                if (self)
                    WriteMember(w, slice.Self, guild.Id);
                foreach (Member member in others ? Met(slice.State) : [])
                    WriteMember(w, member, guild.Id);
            }
            w.WriteEndArray();
        }
        w.WriteEndArray();
    }

    // With the user's id in front: {"user_id":"1","user":{…},…}
    private static void WriteMember(Utf8JsonWriter w, Member member, Snowflake guild)
    {
        byte[] json = Json.Encode(member with { GuildId = guild }, PayloadJson.Wire.Member);
        w.WriteRawValue(
            [.. "{\"user_id\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(member.User!.Id.ToString()), .. "\","u8, .. json.AsSpan(1)],
            skipInputValidation: true);
    }

    private void WriteMergedPresences(Utf8JsonWriter w)
    {
        w.WriteStartObject("merged_presences");
        w.WriteStartArray("friends");
        foreach ((Snowflake user, Presence presence) in FriendsOnline())
            ReadyParts.WritePresence(w, user, presence);
        w.WriteEndArray();
        w.WriteStartArray("guilds");
        foreach (ReadyGuild guild in guilds)
        {
            w.WriteStartArray();
            foreach (Member member in guild.Slice is { } slice ? Met(slice.State) : [])
            {
                if (domain.Presences.Of(member.User!.Id) is { IsOnline: true } presence)
                    ReadyParts.WritePresence(w, member.User.Id, presence);
            }
            w.WriteEndArray();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private IEnumerable<Member> Met(GuildState guild) => GuildCreatePayload.Met(guild, session);

    private IEnumerable<(Snowflake User, Presence Presence)> FriendsOnline()
    {
        foreach (Relationship relationship in state.Relationships.Values)
        {
            if (relationship.Type == RelationshipType.Friend && domain.Presences.Of(relationship.Id) is { IsOnline: true } presence)
                yield return (relationship.Id, presence);
        }
    }

    private Dictionary<Snowflake, User>.ValueCollection Others()
    {
        Dictionary<Snowflake, User> users = new(related);
        foreach (User recipient in privates.SelectMany(p => p.Recipients ?? []))
            users[recipient.Id] = recipient;
        foreach (Member member in guilds.SelectMany(g => g.Slice is { } slice ? Met(slice.State) : []))
            users[member.User!.Id] = member.User;
        return users.Values;
    }
}
