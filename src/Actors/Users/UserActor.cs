using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Voice;
using Discord.Actors.Presences;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Users;

/// <summary>
/// One user's presence: what its sessions say, put together, and told to the guilds it is in. It exists while the user has sessions;
/// nothing of it outlives a restart, as no session's presence does.
/// </summary>
internal sealed class UserActor(Snowflake userId, DomainServices domain) : UntypedActor
{
    // Sessions that SESSIONS_REPLACE lists.
    private const int MaxListed = 15;

    private readonly Dictionary<Session, PresenceCommand> _sessions = [];
    private UserState _stored = UserState.None;

    /// <summary>
    /// A session began. <see cref="Stored"/> is what user accounts keep: a status, which a session without one of its own shows, and
    /// friends; null for bots. Answered with <see cref="SessionList"/>.
    /// </summary>
    internal sealed record SessionOpened(Session Session, PresenceCommand? Presence, UserState? Stored);

    /// <summary>The user's sessions as SESSIONS_REPLACE has them.</summary>
    internal sealed record SessionList(byte[] Json);

    internal sealed record SessionClosed(Session Session);

    /// <summary>The stored status changed, which the user's sessions show from now on, or the user's friends did, who see its
    /// presence.</summary>
    internal sealed record StateStored(UserState Before, UserState State);

    internal sealed record PresenceSet(Session Session, PresenceCommand Presence);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionOpened opened:
                OnOpened(opened);
                break;
            case SessionClosed closed:
                if (_sessions.Remove(closed.Session))
                {
                    LeaveVoice(closed.Session);
                    NoteSeen(closed.Session);
                    Publish(closed.Session);
                }
                if (_sessions.Count == 0)
                    Context.Parent.Tell(new Kernel.Sharding.Passivate());
                break;
            case PresenceSet set when _sessions.ContainsKey(set.Session):
                _sessions[set.Session] = WithStored(set.Presence);
                Publish();
                break;
            case PresenceSet:
                break;
            case StateStored when _sessions.Count == 0:
                Context.Parent.Tell(new Kernel.Sharding.Passivate());
                break;
            case StateStored stored:
                OnStored(stored);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnOpened(SessionOpened opened)
    {
        // What was read for READY may have changed meanwhile.
        _stored = opened.Stored is null ? UserState.None : domain.Users.StateOrNull(userId) ?? opened.Stored;

        // A session that ended while it was opened was taken out of the registry first, and its end may have been told here already.
        if (domain.Sessions.Find(opened.Session.SessionId) is not null)
        {
            _sessions[opened.Session] = WithStored(opened.Presence ?? new PresenceCommand("unknown", null, false, null));
            Publish();
        }
        else if (_sessions.Count == 0)
            Context.Parent.Tell(new Kernel.Sharding.Passivate());
        if (!opened.Session.IsBot)
            Sender.Tell(new SessionList(Json.Encode(this, static (w, a) => a.WriteSessions(w))));
        NoteSeen(opened.Session);
    }

    private void OnStored(StateStored stored)
    {
        _stored = stored.State;
        if (stored.Before.Status != stored.State.Status)
        {
            foreach (Session session in _sessions.Keys.ToArray())
                _sessions[session] = _sessions[session] with { Status = stored.State.Status.Status };
            Publish();
        }
        if (domain.Presences.Of(userId) is { IsOnline: true } presence)
            TellFriends(presence, Friends(stored.State).Except(Friends(stored.Before)));
    }

    private static IEnumerable<Snowflake> Friends(UserState state) =>
        state.Relationships.Values.Where(r => r.Type == RelationshipType.Friend).Select(r => r.Id);

    // Friends see the presence wherever they are: without a guild.
    private void TellFriends(Presence presence, IEnumerable<Snowflake> friends)
    {
        DispatchEvent? changed = null;
        foreach (Session session in friends.SelectMany(domain.Sessions.Of))
        {
            changed ??= Json.Event(EventNames.PresenceUpdate, presence.ToPayload(userId, null), PayloadJson.Wire.PresencePayload);
            session.Dispatch(changed);
        }
    }

    // Bots are never pruned.
    private void NoteSeen(Session session)
    {
        if (!session.Identity.IsBot)
            domain.LastSeen.Note(userId);
    }

    private void Publish(Session? closed = null)
    {
        Presence before = domain.Presences.Of(userId);
        Presence now = Merge();
        TellSessions();
        if (SamePresence(before, now))
            return;
        domain.Presences.Set(userId, now);
        TellFriends(now, Friends(_stored));
        IEnumerable<Session> sessions = closed is null ? _sessions.Keys : _sessions.Keys.Append(closed);
        foreach (Snowflake id in sessions.SelectMany(session => session.Guilds).Distinct())
        {
            if (domain.Guilds.LoadedOrNull(id) is { } guild && guild.Relays.Wants(GatewayIntents.GuildPresences)
                && guild.State.Members.Contains(userId))
            {
                guild.Relays.Publish(new Relayed(
                    Json.Event(EventNames.PresenceUpdate, now.ToPayload(userId, guild.Id), PayloadJson.Wire.PresencePayload),
                    GatewayIntents.GuildPresences, Audience.Everyone));
            }
        }
    }

    // The most present status wins, also among the sessions of one platform; activities are those of all sessions, the newest session's
    // first.
    private Presence Merge()
    {
        string status = "offline";
        List<JsonElement> activities = [];
        string? desktop = null, mobile = null, web = null;
        foreach ((Session session, PresenceCommand presence) in _sessions.Reverse())
        {
            string own = presence.Status is "online" or "idle" or "dnd" ? presence.Status : "offline";
            if (Rank(own) > Rank(status))
                status = own;
            if (own == "offline")
                continue;
            switch (session.Identity.Platform)
            {
                case "desktop":
                    desktop = MorePresent(desktop, own);
                    break;
                case "mobile":
                    mobile = MorePresent(mobile, own);
                    break;
                default:
                    web = MorePresent(web, own);
                    break;
            }
            if (presence.Activities is { ValueKind: JsonValueKind.Array } sent)
                activities.AddRange(sent.EnumerateArray().Take(Presences.Activities.MaxPerSession));
        }
        if (CustomActivity(activities) is { } custom)
            activities.Insert(0, custom);
        return status == "offline"
            ? Presence.Offline
            : new Presence(status, activities, new ClientStatus { Desktop = desktop, Mobile = mobile, Web = web });
    }

    private PresenceCommand WithStored(PresenceCommand presence) =>
        presence.Status == "unknown" ? presence with { Status = _stored.Status.Status } : presence;

    // The stored custom status is shown as an activity, unless a session sends one itself.
    private JsonElement? CustomActivity(List<JsonElement> sent)
    {
        if (_stored.Status.Custom is not { } custom || custom.ExpiresAt <= domain.Time.GetUtcNow()
            || sent.Exists(a => a.TryGetProperty("type", out JsonElement type) && type.ToString() == "4"))
            return null;
        return JsonElement.Parse(Json.Encode((custom, domain.Time), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("id", "custom");
            w.WriteString("name", "Custom Status");
            w.WriteNumber("type", 4);
            if (s.custom.Text is not null)
                w.WriteString("state", s.custom.Text);
            if (s.custom.EmojiName is not null)
            {
                w.WriteStartObject("emoji");
                w.WriteString("name", s.custom.EmojiName);
                if (s.custom.EmojiId is { } id)
                    w.WriteString("id", id.ToString());
                w.WriteEndObject();
            }
            w.WriteNumber("created_at", s.Time.GetUtcNow().ToUnixTimeMilliseconds());
            w.WriteEndObject();
        }));
    }

    // Every change of a session is told to all sessions of a user account.
    private void TellSessions()
    {
        if (_sessions.Count == 0 || _sessions.Keys.First().IsBot)
            return;
        DispatchEvent replaced = Json.Event(EventNames.SessionsReplace, this, static (w, a) => a.WriteSessions(w));
        foreach (Session session in _sessions.Keys)
            session.Dispatch(replaced);
    }

    private void WriteSessions(Utf8JsonWriter w)
    {
        w.WriteStartArray();
        foreach ((Session session, PresenceCommand presence) in _sessions.Reverse().Take(MaxListed))
            WriteSession(w, session.SessionId, session.Identity, presence.Status, presence.Activities);
        if (_sessions.Values.Select(p => p.Status).Distinct().Count() > 1)
            WriteSession(w, "all", null, Merge().Status, null);
        w.WriteEndArray();
    }

    private static void WriteSession(Utf8JsonWriter w, string id, SessionIdentity? identity, string status, JsonElement? activities)
    {
        w.WriteStartObject();
        w.WriteString("session_id", id);
        w.WriteStartObject("client_info");
        w.WriteString("client", identity?.Platform ?? "unknown");
        w.WriteString("os", (identity is null ? null : ClientPlatform.Text(identity.Properties, "os")) ?? "unknown");
        w.WriteNumber("version", 0);
        w.WriteEndObject();
        w.WriteString("status", status);
        w.WritePropertyName("activities");
        if (activities is { ValueKind: JsonValueKind.Array } sent)
            sent.WriteTo(w);
        else
        {
            w.WriteStartArray();
            w.WriteEndArray();
        }
        ReadyParts.WriteEmpty(w, "hidden_activities");
        w.WriteBoolean("active", id == "all");
        w.WriteEndObject();
    }

    private static string MorePresent(string? known, string own) => known is not null && Rank(known) >= Rank(own) ? known : own;

    private static int Rank(string status) => status switch { "online" => 3, "idle" => 2, "dnd" => 1, _ => 0 };

    private static bool SamePresence(Presence a, Presence b) => a.Status == b.Status && a.ClientStatus == b.ClientStatus
        && a.Activities.Count == b.Activities.Count && a.Activities.Zip(b.Activities).All(p => JsonElement.DeepEquals(p.First, p.Second));

    private void LeaveVoice(Session session)
    {
        foreach (Snowflake id in session.Guilds)
        {
            if (domain.Guilds.LoadedOrNull(id) is { } guild && guild.State.VoiceStates.TryGetValue(userId, out VoiceState? state)
                && state.SessionId == session.SessionId)
                domain.Guilds.Tell(guild.Id, new LeaveVoice(session.SessionId) { By = new Caller(userId) });
        }
    }
}
