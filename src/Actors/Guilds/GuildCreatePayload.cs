using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Presences;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using static Discord.Protocol.Payloads.PayloadJson;

namespace Discord.Actors.Guilds;

/// <summary>
/// GUILD_CREATE, and the guilds in a user's READY. The long part (settings, roles, channels that the class may see, …) is encoded once
/// for all sessions of a viewer class; what differs per session (own membership, members and presences it may know) is the short second
/// part.
/// </summary>
internal static class GuildCreatePayload
{
    /// <summary>Above this many members nobody is sent presences and members with GUILD_CREATE.</summary>
    private const int MaxMembersWithPresences = 75_000;

    /// <summary>The shared part: an object without its closing brace.</summary>
    public static byte[] Shared(GuildState state, ViewerClass viewers, GuildHandle guild) =>
        Open(Json.Encode((state, viewers, guild), static (w, s) =>
        {
            w.WriteStartObject();
            WriteProperties(w, s.state);
            w.WriteBoolean("unavailable", false);
            WriteContents(w, s.state, s.viewers, s.guild);
            w.WriteEndObject();
        }));

    /// <summary>
    /// The shared part for user accounts. With capability bit 10 (<paramref name="nested"/>) the settings stand under <c>properties</c>,
    /// else flat. The key <c>unavailable</c> is absent: there are clients that take a guild which has it, even as false, for one that is
    /// down.
    /// </summary>
    public static byte[] SharedForUsers(GuildState state, ViewerClass viewers, GuildHandle guild, bool nested) =>
        Open(Json.Encode((state, viewers, guild, nested), static (w, s) =>
        {
            w.WriteStartObject();
            if (s.nested)
                WriteNested(w, s.state);
            else
                WriteProperties(w, s.state);
            WriteContents(w, s.state, s.viewers, s.guild);
            w.WriteEndObject();
        }));

    /// <summary>The rest for one session, with the closing brace.</summary>
    /// <param name="inReady">READY of clients that keep users once each has members and presences of its guilds elsewhere.</param>
    public static byte[] Own(GuildState state, Member self, Session session, ViewerClass viewers, GuildHandle guild, bool inReady) =>
        CommaFirst(Json.Encode((state, self, session, viewers, guild, inReady), static (w, s) =>
        {
            if (s.session.IsBot)
                WriteOwn(w, s.state, s.self, s.session, s.viewers, s.guild);
            else
                WriteOwnForUsers(w, s.state, s.self, s.session, s.viewers, s.guild, s.inReady);
        }));

    private static void WriteNested(Utf8JsonWriter w, GuildState state)
    {
        Guild guild = GuildPayloads.Guild(state);
        w.WriteString("id", state.Id.ToString());
        w.WriteString("data_mode", "full");
        w.WriteNumber("version", 1);
        w.WriteNumber("premium_subscription_count", state.Properties.PremiumSubscriptionCount);
        w.WritePropertyName("properties");
        JsonSerializer.Serialize(w, state.Properties, Wire.GuildProperties);
        w.WritePropertyName("roles");
        JsonSerializer.Serialize(w, [.. guild.Roles], Wire.ListRole);
        w.WritePropertyName("emojis");
        JsonSerializer.Serialize(w, [.. guild.Emojis], Wire.ListEmoji);
        w.WriteStartArray("stickers");
        w.WriteEndArray();
    }

    private static void WriteProperties(Utf8JsonWriter w, GuildState state)
    {
        JsonElement head = JsonSerializer.SerializeToElement(GuildPayloads.Guild(state), Wire.Guild);
        foreach (JsonProperty property in head.EnumerateObject())
            property.WriteTo(w);
    }

    private static void WriteContents(Utf8JsonWriter w, GuildState state, ViewerClass viewers, GuildHandle guild)
    {
        w.WriteNumber("member_count", state.Members.Count);
        w.WriteStartArray("channels");
        foreach (Channel channel in state.Channels.Values)
        {
            if (viewers.In(channel, state).Has(Permissions.ViewChannel))
                JsonSerializer.Serialize(w, guild.WithLastMessage(channel), Wire.Channel);
        }
        w.WriteEndArray();
        w.WriteStartArray("voice_states");
        foreach (VoiceState voice in state.VoiceStates.Values)
            JsonSerializer.Serialize(w, voice with { GuildId = null, Member = null }, Wire.VoiceState);
        w.WriteEndArray();
        foreach (string empty in (ReadOnlySpan<string>)
        [
            "stage_instances", "guild_scheduled_events", "soundboard_sounds", "embedded_activities"
        ])
        {
            w.WriteStartArray(empty);
            w.WriteEndArray();
        }
    }

    // Members and presences of those a user meets without asking: itself, people in voice, friends, partners in private channels.
    private static void WriteOwnForUsers(
        Utf8JsonWriter w, GuildState state, Member self, Session session, ViewerClass viewers, GuildHandle guild, bool inReady)
    {
        w.WriteStartObject();
        w.WriteTime("joined_at", self.JoinedAt);
        w.WriteBoolean("large", state.Members.Count > session.Identity.LargeThreshold);
        WriteThreads(w, state, session, viewers, guild);
        if (!inReady || (session.Identity.Capabilities & UserCapabilities.DedupeUserObjects) == 0)
        {
            w.WriteStartArray("members");
            JsonSerializer.Serialize(w, self, Wire.Member);
            foreach (Member member in Met(state, session))
                JsonSerializer.Serialize(w, member, Wire.Member);
            w.WriteEndArray();
            w.WriteStartArray("presences");
            foreach (Member member in Met(state, session))
            {
                if (guild.Presences.Of(member.User!.Id) is { IsOnline: true } presence)
                    JsonSerializer.Serialize(w, presence.ToPayload(member.User.Id, null), Wire.PresencePayload);
            }
            w.WriteEndArray();
        }
        w.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter w, GuildState state, Member self, Session session, ViewerClass viewers, GuildHandle guild)
    {
        SessionIdentity identity = session.Identity;
        bool large = state.Members.Count > identity.LargeThreshold;
        w.WriteStartObject();
        w.WriteTime("joined_at", self.JoinedAt);
        w.WriteBoolean("large", large);
        WriteThreads(w, state, session, viewers, guild);
        bool withPresences = (identity.Intents & Protocol.Gateway.GatewayIntents.GuildPresences) != 0
            && state.Members.Count <= MaxMembersWithPresences;
        w.WriteStartArray("members");
        foreach (Member member in withPresences ? state.Members.All : Known(state, self))
        {
            if (!withPresences || !large || IsNotable(member, self, state, guild.Presences))
                JsonSerializer.Serialize(w, member, Wire.Member);
        }
        w.WriteEndArray();
        w.WriteStartArray("presences");
        if (withPresences)
        {
            foreach ((Snowflake user, Presence presence) in guild.Presences.OnlineAmong(state.Members))
                JsonSerializer.Serialize(w, presence.ToPayload(user, null), Wire.PresencePayload);
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    // Active threads: for bots all that they may see, for users those they are in. Those one is in carry one's membership.
    private static void WriteThreads(Utf8JsonWriter w, GuildState state, Session session, ViewerClass viewers, GuildHandle guild)
    {
        w.WriteStartArray("threads");
        foreach (ThreadState thread in state.Threads.Values)
        {
            if (thread.Channel.ThreadMetadata is not { Archived: false } || !Sees(state, thread.Channel, session, viewers))
                continue;
            if (thread.Members.TryGetValue(session.UserId, out ThreadMember? member))
                JsonSerializer.Serialize(w, guild.WithLastMessage(thread.Channel) with { Member = member }, Wire.Channel);
            else if (session.IsBot)
                JsonSerializer.Serialize(w, guild.WithLastMessage(thread.Channel), Wire.Channel);
        }
        w.WriteEndArray();
    }

    // Who sees a private thread is decided by membership, so not by class.
    private static bool Sees(GuildState state, Channel thread, Session session, ViewerClass viewers) =>
        (thread.Type == ChannelType.PrivateThread
            ? state.PermissionsIn(thread, session.UserId, DateTimeOffset.MinValue)
            : viewers.In(thread, state)).Has(Permissions.ViewChannel);

    /// <summary>
    /// The members besides itself that a user account is shown of a guild: those in voice, friends, partners in private channels.
    /// </summary>
    public static IEnumerable<Member> Met(GuildState state, Session session)
    {
        foreach (Snowflake user in state.VoiceStates.Keys.Union(session.Acquaintances))
        {
            if (user != session.UserId && state.Members.TryGet(user, out Member? member))
                yield return member;
        }
    }

    // Without GUILD_PRESENCES: oneself and those in voice channels.
    private static IEnumerable<Member> Known(GuildState state, Member self)
    {
        yield return self;
        foreach (Snowflake user in state.VoiceStates.Keys)
        {
            if (user != self.User!.Id && state.Members.TryGet(user, out Member? member))
                yield return member;
        }
    }

    // Of a large guild: oneself, those online or in voice, and those with a role or a nickname.
    private static bool IsNotable(Member member, Member self, GuildState state, PresenceBoard presences) =>
        ReferenceEquals(member, self) || member.Roles.Count > 0 || member.Nick is not null
        || state.VoiceStates.ContainsKey(member.User!.Id) || presences.IsOnline(member.User.Id);

    private static byte[] Open(byte[] json) => json[..^1];

    // {"a":1} becomes ,"a":1}
    private static byte[] CommaFirst(byte[] json)
    {
        json[0] = (byte)',';
        return json;
    }
}
