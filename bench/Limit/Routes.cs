using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Discord.Limit;

/// <summary>
/// The answers to the requests that a load run makes: accounts, guilds, channels, invites and messages, each the least that a client can
/// work with. One per loop, used by its thread only.
/// </summary>
internal sealed class Routes(World world, LimitOptions options, int port, Action<Event> publish)
{
    /// <summary>Longest content of a message in bytes: 2000 characters of four.</summary>
    private const int MaxContent = 8000;

    private static readonly byte[] MessageHead = """{"t":"MESSAGE_CREATE","s":"""u8.ToArray();
    private static readonly byte[] DataHead = ""","op":0,"d":"""u8.ToArray();

    private readonly byte[] _history = Answer(200, History(options.HistoryBytes));
    private readonly byte[] _message = new byte[32 * 1024];
    private readonly byte[] _answer = new byte[32 * 1024];
    private byte[] _time = [];
    private long _timeOf;

    /// <summary>Answers a request; the bytes are valid until the next call.</summary>
    public ReadOnlySpan<byte> Handle(in Request request)
    {
        var path = request.Path;
        if (path.StartsWith("/channels/"u8) && path.EndsWith("/messages"u8)) return Messages(request, path["/channels/".Length..]);
        return Rare(Encoding.UTF8.GetString(request.Method), Encoding.UTF8.GetString(path), request);
    }

    /// <summary>The user that a token stands for, 0 for none.</summary>
    public long UserOf(ReadOnlySpan<byte> token) =>
        Utf8Parser.TryParse(token, out long id, out int used) && used == token.Length && world.TryGetGuilds(id, out _) ? id : 0;

    private ReadOnlySpan<byte> Messages(in Request request, ReadOnlySpan<byte> rest)
    {
        if (!Utf8Parser.TryParse(rest, out long channel, out _) || !world.TryGetGuildOf(channel, out long guild))
            return Error(404, 10003, "Unknown Channel");
        long author = UserOf(request.Token);
        if (author == 0) return Error(401, 0, "401: Unauthorized");
        if (request.Method.SequenceEqual("GET"u8)) return _history;
        if (!TryReadContent(request.Body, out var content)) return Error(400, 50006, "Cannot send an empty message");
        var message = Message(channel, guild, author, content);
        var tail = new byte[DataHead.Length + message.Length + 1];
        DataHead.CopyTo(tail, 0);
        message.CopyTo(tail.AsSpan(DataHead.Length));
        tail[^1] = (byte)'}';
        publish(new Event(guild, MessageHead, tail));

        var answer = new ByteWriter(_answer);
        answer.Add("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "u8);
        answer.Add(message.Length);
        answer.Add("\r\n\r\n"u8);
        answer.Add(message);
        return _answer.AsSpan(0, answer.Length);
    }

    private ReadOnlySpan<byte> Message(long channel, long guild, long author, ReadOnlySpan<byte> content)
    {
        var json = new ByteWriter(_message);
        json.Add("{\"id\":\""u8);
        json.Add(world.NextId());
        json.Add("\",\"type\":0,\"channel_id\":\""u8);
        json.Add(channel);
        json.Add("\",\"guild_id\":\""u8);
        json.Add(guild);
        json.Add("\",\"author\":{\"id\":\""u8);
        json.Add(author);
        json.Add("\",\"username\":\"limit\",\"discriminator\":\"0\",\"avatar\":null},\"timestamp\":\""u8);
        json.Add(Now());
        json.Add("\",\"edited_timestamp\":null,\"tts\":false,\"mention_everyone\":false,\"mentions\":[],\"mention_roles\":[],"u8);
        json.Add("\"attachments\":[],\"embeds\":[],\"pinned\":false,\"flags\":0,\"content\":\""u8);
        json.Add(content);
        json.Add("\""u8);
        // The envelope around it has 40 bytes and the number's digits; the padding key takes 10.
        int missing = options.EventBytes - json.Length - 52;
        if (missing > 0)
        {
            json.Add(",\"nonce\":\""u8);
            json.Fill((byte)'0', missing);
            json.Add("\""u8);
        }
        json.Add("}"u8);
        return _message.AsSpan(0, json.Length);
    }

    // ISO 8601 with offset, formatted once a millisecond.
    private byte[] Now()
    {
        var now = DateTimeOffset.UtcNow;
        long millisecond = now.ToUnixTimeMilliseconds();
        if (millisecond == _timeOf) return _time;
        _timeOf = millisecond;
        return _time = Encoding.ASCII.GetBytes(now.ToString("yyyy-MM-ddTHH:mm:ss.fff000+00:00", CultureInfo.InvariantCulture));
    }

    // The escaped bytes are passed on as they are: what was valid in one JSON string is valid in the next.
    private static bool TryReadContent(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> content)
    {
        content = default;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isContent = reader.ValueTextEquals("content"u8);
                if (!reader.Read()) return false;
                if (isContent && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length is > 0 and <= MaxContent)
                {
                    content = reader.ValueSpan;
                    return true;
                }
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            return false;
        }
        return false;
    }

    private ReadOnlySpan<byte> Rare(string method, string path, in Request request)
    {
        string[] parts = path.Trim('/').Split('/');
        switch (method, parts)
        {
            case ("GET", ["gateway"] or ["gateway", "bot"]):
                return Json(200, $$$"""
                    {"url":"ws://127.0.0.1:{{{port}}}","shards":1,
                    "session_start_limit":{"total":1000000,"remaining":1000000,"reset_after":0,"max_concurrency":1000}}
                    """);
            case ("POST", ["auth", "register"]):
                return Json(200, $$$"""{"token":"{{{world.AddUser()}}}"}""");
        }
        long user = UserOf(request.Token);
        if (user == 0) return Error(401, 0, "401: Unauthorized");
        switch (method, parts)
        {
            case ("GET", ["users", "@me"]):
                return Json(200, $$$"""{"id":"{{{user}}}","username":"limit","discriminator":"0","avatar":null}""");
            case ("POST", ["applications"]):
                return Json(201, $$$"""{"id":"{{{world.AddUser()}}}","name":"limit","flags":0}""");
            case ("POST", ["applications", var application, "bot"]):
                return Json(200, $$$"""{"id":"{{{application}}}","token":"{{{application}}}"}""");
            case ("PATCH", ["applications", var application]):
                return Json(200, $$$"""{"id":"{{{application}}}","name":"limit"}""");
            case ("POST", ["oauth2", "authorize"]):
                return Authorize(request.Body);
            case ("POST", ["guilds"]):
                return Json(201, $$$"""{"id":"{{{world.AddGuild(user)}}}","name":"limit","owner_id":"{{{user}}}"}""");
            case ("POST", ["guilds", var guild, "channels"]) when long.TryParse(guild, out long id) && world.TryGetChannels(id, out _):
                return Json(201, $$$"""{"id":"{{{world.AddChannel(id)}}}","type":0,"guild_id":"{{{id}}}","name":"limit"}""");
            case ("POST", ["channels", var channel, "invites"])
                when long.TryParse(channel, out long id) && world.TryGetGuildOf(id, out long of):
                return Json(200, $$$"""{"code":"{{{of}}}","guild":{"id":"{{{of}}}"}}""");
            case ("POST", ["invites", var code]) when long.TryParse(code, out long id) && world.TryGetChannels(id, out _):
                world.Join(user, id);
                return Json(200, $$$"""{"code":"{{{id}}}","guild":{"id":"{{{id}}}"}}""");
        }
        return Error(404, 0, "404: Not Found");
    }

    private ReadOnlySpan<byte> Authorize(ReadOnlySpan<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body.ToArray());
            if (json.RootElement.TryGetProperty("guild_id", out var guild) && long.TryParse(guild.GetString(), out long guildId)
                && json.RootElement.TryGetProperty("client_id", out var client) && long.TryParse(client.GetString(), out long clientId))
            {
                world.Join(clientId, guildId);
                return Json(200, """{"location":"/"}""");
            }
        }
        catch (JsonException)
        {
            return Error(400, 50109, "The request body contains invalid JSON.");
        }
        return Error(400, 50035, "Invalid Form Body");
    }

    private static ReadOnlySpan<byte> Error(int status, int code, string message) =>
        Json(status, $$$"""{"message":"{{{message}}}","code":{{{code}}}}""");

    private static ReadOnlySpan<byte> Json(int status, string json) => Answer(status, Encoding.UTF8.GetBytes(json));

    private static byte[] Answer(int status, byte[] body)
    {
        string head = $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    // An array of 50 equal messages, as long as asked for.
    private static byte[] History(int bytes)
    {
        int each = Math.Max((bytes - 2) / 50 - 1, 0);
        const string head = """{"id":"1","type":0,"content":""";
        string message = head + "\"" + new string('h', Math.Max(each - head.Length - 3, 0)) + "\"}";
        return Encoding.ASCII.GetBytes("[" + string.Join(',', Enumerable.Repeat(message, 50)) + "]");
    }
}
