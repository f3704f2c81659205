using System.Runtime.InteropServices;
using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Relays;

/// <summary>
/// Fans a guild's events out to some of its sessions on this node.
/// <para>
/// Events are gathered as long as the mailbox holds more: the first one queues a <see cref="Flush"/> behind what already waits, and the
/// flush walks the sessions once for the whole batch, so that ten waiting events cost each socket one send. Visibility is decided per
/// viewer class and event, never per session (but for private threads, whose members are few).
/// </para>
/// <para>
/// A session hears of the guild from exactly one relay, and a relay handles its mailbox in order. A session that subscribes is told the
/// guild as of the last change this relay has handled, after a flush of what came before; what comes later it gets as events. So it misses
/// nothing and sees nothing twice.
/// </para>
/// </summary>
internal sealed class RelayActor(GuildHandle guild, GuildState initial, int index) : UntypedActor
{
    private const int MaxBatch = 128;

    private readonly Dictionary<ViewerKey, ViewerClass> _classes = [];
    private readonly Dictionary<Session, ViewerClass> _homes = [];
    private readonly Relayed[] _batch = new Relayed[MaxBatch];
    private int _pending;
    private bool _flushQueued;
    private GatewayIntents _interest;

    // As of the last step handled here; the classes are those of it.
    private GuildState _state = initial;
    private HashSet<Snowflake> _singled = ViewerKey.SingledOut(initial);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Relayed relayed:
                Gather(relayed);
                break;
            case Flush:
                _flushQueued = false;
                FlushBatch();
                break;
            case GuildChanged changed:
                OnChanged(changed);
                break;
            case Subscribe subscribe:
                OnSubscribe(subscribe);
                break;
            case Unsubscribe unsubscribe:
                FlushBatch();
                Remove(unsubscribe.Session);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Gather(Relayed relayed)
    {
        if (_homes.Count == 0)
            return;
        _batch[_pending++] = relayed;
        if (_pending == MaxBatch)
            FlushBatch();
        else if (!_flushQueued)
        {
            _flushQueued = true;
            Self.Tell(Flush.Instance);
        }
    }

    private void FlushBatch()
    {
        if (_pending == 0)
            return;
        ReadOnlySpan<Relayed> batch = _batch.AsSpan(0, _pending);
        bool perSession = false;
        foreach (Relayed relayed in batch)
            perSession |= relayed.Audience.Only is not null || relayed.Audience.Except is not null || IsPrivateThread(relayed);
        foreach (ViewerClass viewers in _classes.Values)
        {
            UInt128 visible = UInt128.Zero;
            for (int i = 0; i < batch.Length; i++)
            {
                Relayed relayed = batch[i];
                if (relayed.Audience.Only is not null || IsPrivateThread(relayed)
                    || viewers.Sees(relayed.Audience, relayed.State ?? _state))
                    visible |= UInt128.One << i;
            }
            if (visible == UInt128.Zero)
                continue;
            ReadOnlySpan<Session> sessions = CollectionsMarshal.AsSpan(viewers.Sessions);
            for (int i = 0; i < sessions.Length; i++)
            {
                Session.Prepare(sessions, i);
                sessions[i].Dispatch(batch, perSession ? Narrow(batch, visible, sessions[i]) : visible);
            }
        }
        Array.Clear(_batch, 0, _pending);
        _pending = 0;
    }

    // The few events that are decided per user.
    private UInt128 Narrow(ReadOnlySpan<Relayed> batch, UInt128 visible, Session session)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            Relayed relayed = batch[i];
            bool sees = relayed.Audience.Only is { } only
                ? only == session.UserId && (relayed.Audience.OnlySession is not { } one || one == session.SessionId)
                : relayed.Audience.Except != session.UserId && (!IsPrivateThread(relayed) || SeesPrivateThread(relayed, session));
            if (!sees)
                visible &= ~(UInt128.One << i);
        }
        return visible;
    }

    private static bool IsPrivateThread(Relayed relayed) => relayed.Audience.Channel?.Type == ChannelType.PrivateThread;

    private bool SeesPrivateThread(Relayed relayed, Session session)
    {
        GuildState state = relayed.State ?? _state;
        Channel thread = relayed.Audience.Channel!;
        return state.Threads.ContainsKey(thread.Id) && state.Members.TryGet(session.UserId, out Member? member)
            && state.PermissionsIn(thread, session.UserId, member.Roles, timedOut: false)
                .Has(Permissions.ViewChannel | relayed.Audience.Needs);
    }

    // Each step tells what went away to those who saw it, then changes the classes, then tells the rest to those who see it now. What was
    // gathered before is for those who saw it then.
    private void OnChanged(GuildChanged changed)
    {
        FlushBatch();
        GuildState before = _state, after = changed.Steps[^1].After;
        GuildEvent[] facts = [.. changed.Steps.Select(step => step.Fact).OfType<GuildEvent>()];
        GainedChannels? gained = after.Deleted || _homes.Count == 0 ? null : GainedChannels.Of(guild, before, after, facts);
        List<(Session Session, ViewerClass Was)> origins = gained?.Origins(_homes, guild.Sessions) ?? [];
        foreach (GuildStep step in changed.Steps)
        {
            foreach (Relayed relayed in step.Events.Where(e => ReferenceEquals(e.State, step.Before)))
                Gather(relayed);
            Advance(step);
            foreach (Relayed relayed in step.Events.Where(e => !ReferenceEquals(e.State, step.Before)))
                Gather(relayed);
        }
        FlushBatch();
        if (after.Deleted)
        {
            foreach (Session session in _homes.Keys.ToArray())
                Remove(session);
            return;
        }
        foreach ((Session session, ViewerClass was) in origins)
        {
            if (!_homes.TryGetValue(session, out ViewerClass? now))
                continue;
            foreach (Relayed channel in gained!.For(was, now))
                session.Dispatch([channel], UInt128.One);
        }
        if (_homes.Count > 0 && ThreadSync.Of(before, after, facts) is { } sync)
        {
            foreach (Session session in _homes.Keys)
            {
                if (sync.For(session.UserId, guild) is { } list)
                    session.Dispatch([list], UInt128.One);
            }
        }
    }

    private void Advance(GuildStep step)
    {
        switch (step.Fact)
        {
            case MemberPut put:
                Place([put.Member.User!.Id], step.After);
                break;
            case MemberRemoved removed:
                foreach (Session session in SessionsOf(removed.UserId).ToArray())
                {
                    // Its last event is the one that says so.
                    FlushBatch();
                    Remove(session);
                }
                break;
            case ChannelPut put when step.Before.Channels.TryGetValue(put.Channel.Id, out Channel? was)
                && ReferenceEquals(was.PermissionOverwrites, put.Channel.PermissionOverwrites):
                break;
            case ChannelPut or ChannelRemoved or PropertiesChanged:
                HashSet<Snowflake> singled = ViewerKey.SingledOut(step.After);
                Snowflake[] moved = [.. singled.Except(_singled), .. _singled.Except(singled)];
                _singled = singled;
                Place(moved, step.After);
                break;
        }
        _state = step.After;
    }

    // Puts the sessions of users into the classes that are theirs in a state. What was gathered goes out under the old ones.
    private void Place(ReadOnlySpan<Snowflake> users, GuildState state)
    {
        foreach (Snowflake user in users)
        {
            if (!state.Members.TryGet(user, out Member? member))
                continue;
            foreach (Session session in SessionsOf(user).ToArray())
                Place(session, member);
        }
    }

    private void OnSubscribe(Subscribe subscribe)
    {
        FlushBatch();
        Session session = subscribe.Session;
        if (session.IsEnded || !_state.Exists || !_state.Members.TryGet(session.UserId, out Member? member))
        {
            subscribe.Ready?.Invoke(null);
            return;
        }
        bool known = _homes.ContainsKey(session);
        ViewerClass viewers = Place(session, member);
        if (subscribe.Ready is { } ready)
            ready(guild.SliceFor(session, member, viewers, _state));
        else if (!known && (session.Identity.Intents & GatewayIntents.Guilds) != 0)
            session.Dispatch(guild.CreateFor(session, member, viewers, _state));
    }

    private IEnumerable<Session> SessionsOf(Snowflake userId) => guild.Sessions.Of(userId).Where(_homes.ContainsKey);

    private ViewerClass Place(Session session, Member member)
    {
        ViewerKey key = ViewerKey.Of(member, _singled);
        if (_homes.TryGetValue(session, out ViewerClass? home))
        {
            if (home.Key == key)
                return home;
            FlushBatch();
            Remove(session);
        }
        if (!_classes.TryGetValue(key, out ViewerClass? viewers))
        {
            viewers = new ViewerClass(key, [.. member.Roles]);
            _classes.Add(key, viewers);
        }
        viewers.Sessions.Add(session);
        _homes.Add(session, viewers);
        _interest |= session.Identity.Intents;
        Report();
        return viewers;
    }

    private void Remove(Session session)
    {
        if (!_homes.Remove(session, out ViewerClass? viewers))
            return;
        viewers.Sessions.Remove(session);
        if (viewers.Sessions.Count == 0)
            _classes.Remove(viewers.Key);
        if (_homes.Count == 0)
            _interest = GatewayIntents.None;
        Report();
    }

    private void Report() => guild.Relays.Report(index, _interest, _homes.Count);
}
