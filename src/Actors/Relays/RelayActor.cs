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
/// Events are gathered as long as the mailbox holds more: the first one queues a <see cref="Flush"/> behind what already waits, and the flush
/// walks the sessions once for the whole batch, so that ten waiting events cost each socket one send. Visibility is decided per viewer class
/// and event, never per session (but for private threads, whose members are few).
/// </para>
/// <para>
/// A session hears of the guild from exactly one relay, and a relay handles its mailbox in order. A session that subscribes is told the guild as of
/// the last change this relay has handled, after a flush of what came before; what comes later it gets as events. So it misses nothing and
/// sees nothing twice.
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

    // As of the last GuildChanged handled here.
    private GuildState _state = initial;

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
                if (relayed.Audience.Only is not null || IsPrivateThread(relayed) || viewers.Sees(relayed.Audience, relayed.State ?? _state))
                    visible |= UInt128.One << i;
            }
            if (visible == UInt128.Zero)
                continue;
            foreach (Session session in viewers.Sessions)
                session.Dispatch(batch, perSession ? Narrow(batch, visible, session) : visible);
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
        Permissions held = state.PermissionsIn(relayed.Audience.Channel!, session.UserId, DateTimeOffset.MinValue);
        return held.Has(Permissions.ViewChannel | relayed.Audience.Needs);
    }

    private void OnChanged(GuildChanged changed)
    {
        GuildState before = _state;
        foreach (Relayed relayed in changed.Events)
            Gather(relayed);
        // What was gathered under the old classes goes out before anyone changes class; a leaver still hears of what happened before.
        FlushBatch();
        _state = changed.State;
        if (_homes.Count == 0)
            return;
        GainedChannels? gained = changed.State.Deleted ? null : GainedChannels.Of(guild, before, changed.State, changed.Facts);
        List<(Session Session, ViewerClass Was)> origins = gained?.Origins(_homes, guild.Sessions) ?? [];
        bool regroup = before.Properties.OwnerId != changed.State.Properties.OwnerId;
        foreach (GuildEvent fact in changed.Facts)
        {
            switch (fact)
            {
                case MemberPut put:
                    foreach (Session session in SessionsOf(put.Member.User!.Id))
                        Place(session, put.Member);
                    break;
                case MemberRemoved removed:
                    foreach (Session session in SessionsOf(removed.UserId))
                        Remove(session);
                    break;
                case ChannelPut or ChannelRemoved:
                    regroup = true;
                    break;
            }
        }
        if (changed.State.Deleted)
        {
            foreach (Session session in _homes.Keys.ToArray())
                Remove(session);
        }
        else if (regroup)
            Regroup();
        foreach ((Session session, ViewerClass was) in origins)
        {
            if (!_homes.TryGetValue(session, out ViewerClass? now))
                continue;
            foreach (Relayed channel in gained!.For(was, now))
                session.Dispatch([channel], UInt128.One);
        }
        if (!changed.State.Deleted && ThreadSync.Of(before, changed.State, changed.Facts) is { } sync)
        {
            foreach (Session session in _homes.Keys)
            {
                if (sync.For(session.UserId, guild) is { } list)
                    session.Dispatch([list], UInt128.One);
            }
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
        ViewerKey key = ViewerKey.Of(_state, member);
        if (_homes.TryGetValue(session, out ViewerClass? home))
        {
            if (home.Key == key)
                return home;
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

    private void Regroup()
    {
        foreach (Session session in _homes.Keys.ToArray())
        {
            if (_state.Members.TryGet(session.UserId, out Member? member))
                Place(session, member);
        }
    }
}
