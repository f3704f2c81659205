using System.Globalization;
using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Members;
using Discord.Actors.Guilds.Voice;
using Discord.Actors.Presences;
using Discord.Actors.Relays;
using Discord.Actors.Users;
using Discord.Kernel;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Sessions;

/// <summary>
/// Owns one session's life: serves the client's commands, waits for a resume when the connection is gone, ends the session when none comes.
/// The fan-out does not pass through it: relays write into <see cref="Session"/> directly. When it fails it is stopped, and the session
/// ends with it: the client identifies anew.
/// </summary>
internal sealed class SessionActor(Session session, DomainServices domain) : UntypedActor
{
    private const int MembersPerChunk = 1000;

    // The session ended by itself; else the node stops, and the user is waited for when it is back.
    private bool _isOver;

    /// <summary>The connection is gone; <paramref name="Final"/>: the client said good-bye.</summary>
    internal sealed record ConnectionLost(bool Final);

    /// <summary>A connection was attached again.</summary>
    internal sealed class ConnectionResumed
    {
        public static ConnectionResumed Instance { get; } = new();
    }

    /// <summary>Ends the session: the token was revoked, the account is gone, an operator kicked it.</summary>
    internal sealed record EndSession(int Code, string Reason);

    private sealed class ResumeWindowClosed
    {
        public static ResumeWindowClosed Instance { get; } = new();
    }

    protected override void OnReceive(object message)
    {
        if (message is GatewayCommand)
            session.Taken();
        switch (message)
        {
            case ConnectionLost { Final: true }:
                End();
                break;
            case ConnectionLost:
                Context.Timers.StartSingleTimer("resume", ResumeWindowClosed.Instance, domain.Options.Sessions.ResumeWindow);
                break;
            case ConnectionResumed:
                Context.Timers.Cancel("resume");
                break;
            case ResumeWindowClosed when !session.IsConnected:
                End();
                break;
            case ResumeWindowClosed:
                break;
            case EndSession end:
                session.End(end.Code, end.Reason);
                End();
                break;
            case PresenceCommand presence:
                domain.Users.Tell(session.UserId, new UserActor.PresenceSet(session, Cleaned(presence)));
                break;
            case VoiceStateCommand voice:
                Context.RunTask(() => VoiceAsync(voice));
                break;
            case RequestMembersCommand request:
                Context.RunTask(() => MembersAsync(request));
                break;
            case IgnoredCommand:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        session.End(4009, "Session ended");
        domain.Sessions.Remove(session);
        domain.Users.Tell(session.UserId, new UserActor.SessionClosed(session));
        // A subscription that is still on its way finds the session ended.
        foreach (Snowflake id in session.Guilds)
        {
            if (domain.Guilds.LoadedOrNull(id) is not { } guild)
                continue;
            guild.Relays.Unsubscribe(session);
            if (_isOver && guild.State.Members.TryGet(session.UserId, out Member? member) && member.IsTemporary)
                domain.Guilds.Tell(id, new SessionEnded(session.UserId));
        }
        base.PostStop();
    }

    private void End()
    {
        _isOver = true;
        Context.Stop(Self);
    }

    private PresenceCommand Cleaned(PresenceCommand presence) =>
        presence with { Activities = Activities.Clean(presence.Activities, session.SessionId, domain.Time.GetUtcNow()) };

    // The voice server itself is not part of this node yet: the state is kept and told, and VOICE_SERVER_UPDATE says that there is no
    // endpoint.
    private async Task VoiceAsync(VoiceStateCommand voice)
    {
        if (voice.GuildId is not { } guildId || await domain.Guilds.FindAsync(guildId) is not { } guild)
            return;
        try
        {
            await domain.Guilds.RunAsync(guildId, new SetOwnVoiceState(session.SessionId, voice) { By = new Caller(session.UserId) });
        }
        catch (Exception refused) when (refused is Protocol.Errors.ApiException or PersistenceFailedException or AskTimeoutException
            or AskUndeliveredException)
        {
            // A refused op 4 has no answer in the protocol (a full channel, no CONNECT, a full disk).
            return;
        }
        if (voice.ChannelId is not null)
        {
            // By the way the state takes: voice libraries hang when the state comes second.
            guild.Relays.Publish(new Relayed(
                Json.Event(EventNames.VoiceServerUpdate, guild.Id, static (w, id) =>
                {
                    w.WriteStartObject();
                    w.WriteString("token", "");
                    w.WriteString("guild_id", id.ToString());
                    w.WriteNull("endpoint");
                    w.WriteEndObject();
                }),
                GatewayIntents.None, Audience.Session(session)));
        }
    }

    private async Task MembersAsync(RequestMembersCommand request)
    {
        foreach (Snowflake guildId in request.GuildIds)
        {
            if (await domain.Guilds.FindAsync(guildId) is not { } guild || guild.State is not { } state
                || !state.Members.TryGet(session.UserId, out Member? self))
                continue;
            bool whole = request.UserIds is null && string.IsNullOrEmpty(request.Query) && request.Limit == 0;
            if (whole && !MayRequestAll(state, self))
                continue;
            if (whole && domain.Options.RateLimits && !domain.MemberRequests.TryEnter(session.UserId, guildId, out TimeSpan wait))
            {
                RateLimited(guildId, wait, request.Nonce);
                continue;
            }
            await ChunksAsync(guild, state, request, whole);
        }
    }

    private bool MayRequestAll(GuildState state, Member self) => session.Identity.IsBot
        ? (session.Identity.Intents & GatewayIntents.GuildMembers) != 0
        : state.PermissionsOf(self).HasAny(Permissions.ManageRoles | Permissions.KickMembers | Permissions.BanMembers);

    private void RateLimited(Snowflake guildId, TimeSpan wait, string? nonce) =>
        session.Dispatch(Json.Event(EventNames.RateLimited, (guildId, wait, nonce), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteNumber("opcode", (int)GatewayOpcode.RequestGuildMembers);
            w.WriteNumber("retry_after", s.wait.TotalSeconds);
            w.WriteStartObject("meta");
            w.WriteString("guild_id", s.guildId.ToString());
            if (s.nonce is not null)
                w.WriteString("nonce", s.nonce);
            w.WriteEndObject();
            w.WriteEndObject();
        }));

    private async Task ChunksAsync(GuildHandle guild, GuildState state, RequestMembersCommand request, bool whole)
    {
        List<Snowflake>? notFound = null;
        List<Member> found;
        if (request.UserIds is { } ids)
        {
            found = [];
            foreach (Snowflake id in ids.Distinct())
            {
                if (state.Members.TryGet(id, out Member? member))
                    found.Add(member);
                else
                    (notFound ??= []).Add(id);
            }
        }
        else
        {
            int limit = whole ? int.MaxValue : request.Limit is > 0 and <= 100 ? request.Limit : 100;
            found = [.. MemberSearch.ByPrefix(state, request.Query ?? "", limit)];
        }
        bool presences = request.Presences && (!session.Identity.IsBot || (session.Identity.Intents & GatewayIntents.GuildPresences) != 0);
        int chunks = Math.Max(1, (found.Count + MembersPerChunk - 1) / MembersPerChunk);
        for (int i = 0; i < chunks; i++)
        {
            // A client that is slow to take chunks is waited for, so that a large guild neither floods its socket nor the replay buffer.
            while (session.IsCongested && !Context.CancellationToken.IsCancellationRequested)
                await Task.Delay(TimeSpan.FromMilliseconds(20), domain.Time, Context.CancellationToken);
            List<Member> part = found.GetRange(i * MembersPerChunk, Math.Min(MembersPerChunk, found.Count - i * MembersPerChunk));
            session.Dispatch(Chunk(guild, part, i, chunks, presences, i == 0 ? notFound : null, request.Nonce));
        }
    }

    private static DispatchEvent Chunk(
        GuildHandle guild, List<Member> members, int index, int count, bool presences, List<Snowflake>? notFound, string? nonce) =>
        Json.Event(EventNames.GuildMembersChunk, (guild, members, index, count, presences, notFound, nonce), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("guild_id", s.guild.Id.ToString());
            w.WritePropertyName("members");
            JsonSerializer.Serialize(w, s.members, PayloadJson.Wire.ListMember);
            w.WriteNumber("chunk_index", s.index);
            w.WriteNumber("chunk_count", s.count);
            if (s.notFound is not null)
            {
                w.WriteStartArray("not_found");
                foreach (Snowflake id in s.notFound)
                    w.WriteStringValue(id.Value.ToString(CultureInfo.InvariantCulture));
                w.WriteEndArray();
            }
            if (s.presences)
            {
                w.WriteStartArray("presences");
                foreach (Member member in s.members)
                {
                    Presence presence = s.guild.Presences.Of(member.User!.Id);
                    if (presence.IsOnline)
                        JsonSerializer.Serialize(w, presence.ToPayload(member.User.Id, null), PayloadJson.Wire.PresencePayload);
                }
                w.WriteEndArray();
            }
            if (s.nonce is not null)
                w.WriteString("nonce", s.nonce);
            w.WriteEndObject();
        });
}
