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
/// One user's presence: what its sessions say, put together, and told to the guilds it is in. It exists while the user has sessions; nothing of it
/// outlives a restart, as no session's presence does.
/// </summary>
internal sealed class UserActor(Snowflake userId, DomainServices domain) : UntypedActor
{
    private readonly Dictionary<Session, PresenceCommand> _sessions = [];

    internal sealed record SessionOpened(Session Session, PresenceCommand? Presence);

    internal sealed record SessionClosed(Session Session);

    /// <summary>The stored status changed: the user's sessions show it from now on.</summary>
    internal sealed record StatusStored(StoredStatus Status);

    internal sealed record PresenceSet(Session Session, PresenceCommand Presence);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionOpened opened:
                _sessions[opened.Session] = opened.Presence ?? new PresenceCommand("online", null, false, null);
                NoteSeen(opened.Session);
                Publish();
                break;
            case SessionClosed closed:
                if (_sessions.Remove(closed.Session))
                {
                    LeaveVoice(closed.Session);
                    NoteSeen(closed.Session);
                    Publish();
                }
                if (_sessions.Count == 0)
                    Context.Parent.Tell(new Kernel.Sharding.Passivate());
                break;
            case PresenceSet set when _sessions.ContainsKey(set.Session):
                _sessions[set.Session] = set.Presence;
                Publish();
                break;
            case PresenceSet:
                break;
            case StatusStored stored:
                foreach (Session session in _sessions.Keys.ToArray())
                    _sessions[session] = _sessions[session] with { Status = stored.Status.Status };
                Publish();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // Bots are never pruned.
    private void NoteSeen(Session session)
    {
        if (!session.Identity.IsBot)
            domain.LastSeen.Note(userId);
    }

    private void Publish()
    {
        Presence before = domain.Presences.Of(userId);
        Presence now = Merge();
        if (SamePresence(before, now))
            return;
        domain.Presences.Set(userId, now);
        foreach (GuildHandle guild in domain.Guilds.Loaded)
        {
            if (guild.Relays.Wants(GatewayIntents.GuildPresences) && guild.State.Members.Contains(userId))
            {
                guild.Relays.Publish(new Relayed(
                    Json.Event(EventNames.PresenceUpdate, now.ToPayload(userId, guild.Id), PayloadJson.Wire.PresencePayload),
                    GatewayIntents.GuildPresences, Audience.Everyone));
            }
        }
    }

    // The most present status wins; activities are those of all sessions, the newest session's first.
    private Presence Merge()
    {
        string status = "offline";
        List<JsonElement> activities = [];
        string? desktop = null, mobile = null, web = null;
        foreach ((Session session, PresenceCommand presence) in _sessions.Reverse())
        {
            string own = presence.Status is "online" or "idle" or "dnd" ? presence.Status : presence.Status == "unknown" ? "online" : "offline";
            if (Rank(own) > Rank(status))
                status = own;
            if (own == "offline")
                continue;
            switch (session.Identity.Platform)
            {
                case "desktop":
                    desktop = own;
                    break;
                case "mobile":
                    mobile = own;
                    break;
                default:
                    web = own;
                    break;
            }
            if (presence.Activities is { ValueKind: JsonValueKind.Array } sent)
                activities.AddRange(sent.EnumerateArray().Take(Presences.Activities.MaxPerSession));
        }
        return status == "offline"
            ? Presence.Offline
            : new Presence(status, activities, new ClientStatus { Desktop = desktop, Mobile = mobile, Web = web });
    }

    private static int Rank(string status) => status switch { "online" => 3, "dnd" => 2, "idle" => 1, _ => 0 };

    private static bool SamePresence(Presence a, Presence b) => a.Status == b.Status && a.ClientStatus == b.ClientStatus
        && a.Activities.Count == b.Activities.Count && a.Activities.Zip(b.Activities).All(p => JsonElement.DeepEquals(p.First, p.Second));

    private void LeaveVoice(Session session)
    {
        foreach (GuildHandle guild in domain.Guilds.Loaded)
        {
            if (guild.State.VoiceStates.TryGetValue(userId, out VoiceState? state) && state.SessionId == session.SessionId)
                domain.Guilds.Tell(guild.Id, new LeaveVoice(session.SessionId) { By = new Caller(userId) });
        }
    }
}
