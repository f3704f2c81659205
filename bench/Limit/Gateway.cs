using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Discord.Limit;

/// <summary>
/// The gateway of one loop: reads masked client frames, answers IDENTIFY, HEARTBEAT and RESUME, and knows the sessions of each
/// guild.
/// </summary>
internal sealed class Gateway(ServerLoop loop, LimitServer server, int index, World world, Routes routes)
{
    /// <summary>Returned by <see cref="Read"/> when another loop goes on with the connection.</summary>
    public const int HandedOver = int.MinValue;

    /// <summary>Largest client frame, as Discord's gateway has it.</summary>
    private const int MaxFrame = 4096;

    private static readonly List<Session> NoSessions = [];

    // What a small guild's GUILD_CREATE carries beside its ids, so that READY costs bytes as elsewhere.
    private static readonly string GuildBody = string.Concat(Enumerable.Repeat(
        """{"id":"1","type":0,"name":"general","position":0,"permission_overwrites":[],"nsfw":false,"topic":null,"parent_id":null},""",
        12)).TrimEnd(',');

    private readonly Dictionary<string, Session> _sessions = [];
    private readonly Dictionary<long, List<Session>> _sessionsOfGuild = [];
    private long _lastSession;

    /// <summary>The sessions that get a guild's events.</summary>
    public List<Session> SessionsOf(long guild) => _sessionsOfGuild.GetValueOrDefault(guild, NoSessions);

    /// <summary>Reads one client frame (RFC 6455, 5.2).</summary>
    /// <returns>The bytes it took, 0 when it is not whole, negative when the connection must end.</returns>
    public int Read(Connection connection, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 6) return 0;
        int opcode = bytes[0] & 15;
        if ((bytes[1] & 0x80) == 0) return -1;
        int length = bytes[1] & 127;
        int header = 2;
        if (length == 127) return -1;
        if (length == 126)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            header = 4;
        }
        if (length > MaxFrame) return -1;
        int total = header + 4 + length;
        if (bytes.Length < total) return 0;
        var payload = bytes.Slice(header + 4, length).ToArray();
        for (int i = 0; i < payload.Length; i++) payload[i] ^= bytes[header + (i & 3)];
        switch (opcode)
        {
            case 1:
                return Handle(connection, payload, bytes[total..]) ? total : HandedOver;
            case 8:
                CloseByClient(connection, payload);
                return -1;
            case 9 or 10:
                return total;
            default:
                return -1;
        }
    }

    private void CloseByClient(Connection connection, ReadOnlySpan<byte> payload)
    {
        int code = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : 1005;
        // 1000 and 1001 end the session; every other code keeps it for a resume.
        if (code is 1000 or 1001 && connection.Session is { } session) Forget(session);
    }

    private bool Handle(Connection connection, byte[] payload, ReadOnlySpan<byte> behind)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            var d = json.RootElement.GetProperty("d");
            switch (json.RootElement.GetProperty("op").GetInt32())
            {
                case 1:
                    loop.Send(connection, Frames.HeartbeatAck);
                    return true;
                case 2:
                    Identify(connection, d.GetProperty("token").GetString()!);
                    return true;
                case 6:
                    return Resume(connection, d.GetProperty("session_id").GetString()!, d.GetProperty("seq").GetInt64(), behind);
                default:
                    return true;
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Refuse(connection, 4002);
            return true;
        }
    }

    private void Identify(Connection connection, string token)
    {
        long user = routes.UserOf(Encoding.ASCII.GetBytes(token.StartsWith("Bot ", StringComparison.Ordinal) ? token[4..] : token));
        if (user == 0 || !world.TryGetGuilds(user, out var guilds))
        {
            Refuse(connection, 4004);
            return;
        }
        var session = new Session($"{index}-{++_lastSession}", guilds) { Connection = connection };
        connection.Session = session;
        _sessions[session.Id] = session;
        foreach (long guild in guilds)
        {
            if (!_sessionsOfGuild.TryGetValue(guild, out var list)) _sessionsOfGuild[guild] = list = [];
            list.Add(session);
        }
        string unavailable = string.Join(',', guilds.Select(guild => $$$"""{"id":"{{{guild}}}","unavailable":true}"""));
        loop.Send(connection, Frames.Text($$$"""
            {"t":"READY","s":{{{session.Number(null)}}},"op":0,"d":{"v":10,"user":{"id":"{{{user}}}","username":"limit","bot":true},
            "guilds":[{{{unavailable}}}],"session_id":"{{{session.Id}}}","resume_gateway_url":"{{{server.GatewayUrl}}}",
            "private_channels":[],"application":{"id":"{{{user}}}","flags":0} } }
            """));
        SendGuilds(connection, session, guilds);
    }

    private void SendGuilds(Connection connection, Session session, ImmutableArray<long> guilds)
    {
        foreach (long guild in guilds)
        {
            loop.Send(connection, Frames.Text($$$"""
                {"t":"GUILD_CREATE","s":{{{session.Number(null)}}},"op":0,
                "d":{"id":"{{{guild}}}","unavailable":false,"channels":[{{{GuildBody}}}]}}
                """));
        }
    }

    // A session lives on the loop that made it, which its id names; the connection moves there with all that it has sent.
    private bool Resume(Connection connection, string id, long sequence, ReadOnlySpan<byte> behind)
    {
        int dash = id.IndexOf('-', StringComparison.Ordinal);
        if (dash < 1 || !int.TryParse(id.AsSpan(0, dash), out int home) || home < 0 || home >= server.Loops.Count)
        {
            loop.Send(connection, Frames.InvalidSession);
            return true;
        }
        if (home == index)
        {
            Resume(connection, id, sequence);
            return true;
        }
        byte[] rest = behind.ToArray();
        connection.KeepLeftOver([]);
        loop.Release(connection);
        var owner = server.Loops[home];
        owner.Post(() => owner.AdoptForResume(connection, id, sequence, rest));
        return false;
    }

    /// <summary>Resumes a session of this loop: everything after the number, then RESUMED.</summary>
    public void Resume(Connection connection, string id, long sequence)
    {
        if (!_sessions.TryGetValue(id, out var session) || !session.CanReplayFrom(sequence))
        {
            loop.Send(connection, Frames.InvalidSession);
            return;
        }
        if (session.Connection is { } old) loop.Close(old);
        session.Connection = connection;
        connection.Session = session;
        for (long s = sequence + 1; s <= session.Sequence; s++)
        {
            var missed = session.Replay(s)!;
            var frame = new byte[Frames.MaxLength(missed)];
            loop.Send(connection, frame.AsSpan(0, Frames.Write(frame, missed, s)));
        }
        loop.Send(connection, Frames.Text($$$"""{"t":"RESUMED","s":{{{session.Number(Resumed)}}},"op":0,"d":{}}"""));
    }

    // Kept like any dispatch, so that a second cut right after a resume can be resumed too.
    private static readonly Event Resumed = new(0, """{"t":"RESUMED","s":"""u8.ToArray(), ""","op":0,"d":{}}"""u8.ToArray());

    private void Forget(Session session)
    {
        _sessions.Remove(session.Id);
        foreach (long guild in session.Guilds) _sessionsOfGuild[guild].Remove(session);
    }

    private void Refuse(Connection connection, ushort code)
    {
        loop.Send(connection, Frames.Close(code));
        loop.Close(connection);
    }
}
