using System.Text;
using System.Text.Json;
using Discord.Actors.Sessions;
using Discord.Node.Gateway.Framing;
using Discord.Protocol;
using Discord.Protocol.Etf;
using Discord.Protocol.Forms;
using Discord.Protocol.Gateway;

namespace Discord.Node.Gateway;

/// <summary>A decoded client frame. <see cref="Command"/> is null for heartbeats and for opcodes that nobody knows.</summary>
internal readonly record struct ClientFrame(int Opcode, GatewayCommand? Command)
{
    /// <summary>What a heartbeat acknowledges.</summary>
    public int? Seq { get; init; }

    /// <summary>IDENTIFY's <c>compress</c> is <c>true</c>. Some clients put other things there, which mean nothing.</summary>
    public bool PayloadCompression { get; init; }
}

/// <summary>
/// Client frames to commands: sizes, types and ranges are checked here, rights are not. Depth is bounded, sizes by the message limit; no
/// input throws out of it.
/// </summary>
internal static class CommandDecoder
{
    /// <summary>User clients' second kind of heartbeat, with <c>d.seq</c>.</summary>
    public const int UserHeartbeat = 40;

    private const int MaxDepth = 32;
    private const int MaxToken = 512;
    private const int MaxSessionId = 128;
    private const int MaxMemberIds = 100;
    private const int MaxNonce = 32;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    private delegate GatewayCommand? Decode(JsonElement d, ConnectionParameters parameters);

    /// <summary>Decodes one message. False gives the close code and a reason.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> payload, FrameOpcode kind, ConnectionParameters parameters, out ClientFrame frame, out GatewayCloseCode code,
        out string reason)
    {
        frame = default;
        code = GatewayCloseCode.DecodeError;
        reason = GatewayCloseCode.DecodeError.Reason();
        try
        {
            if (parameters.Format == PayloadFormat.Etf)
            {
                if (kind != FrameOpcode.Binary)
                {
                    reason = "ETF comes in binary messages.";
                    return false;
                }
                return TryDecodeJson(EtfReader.ToJson(payload), parameters, out frame);
            }
            return TryDecodeJson(payload, parameters, out frame);
        }
        catch (RefusedException refused)
        {
            (code, reason) = (refused.Code, refused.Message);
            return false;
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryDecodeJson(ReadOnlySpan<byte> json, ConnectionParameters parameters, out ClientFrame frame)
    {
        int? opcode = null;
        var d = default(ReadOnlySpan<byte>);
        // What is kept of a command is read and written again by others, who must not fail on it.
        if (!JsonBody.IsText(json))
            throw new JsonException();
        var reader = new Utf8JsonReader(json, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOpcode = reader.ValueTextEquals("op"u8);
            var isData = reader.ValueTextEquals("d"u8);
            reader.Read();
            if (isOpcode)
                opcode = reader.GetInt32();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isData)
                d = json[start..(int)reader.BytesConsumed];
        }
        // The rest must be nothing: garbage behind the object makes the reader throw.
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read() || opcode is not { } op)
            throw new JsonException();
        frame = op is (int)GatewayOpcode.Heartbeat ? new ClientFrame(op, null) { Seq = Sequence(d) } : Command(op, d, parameters);
        return true;
    }

    private static int? Sequence(ReadOnlySpan<byte> d) =>
        System.Buffers.Text.Utf8Parser.TryParse(d, out int seq, out var used) && used == d.Length && seq >= 0 ? seq : null;

    private static ClientFrame Command(int op, ReadOnlySpan<byte> d, ConnectionParameters parameters)
    {
        if (op is (int)GatewayOpcode.Identify or (int)GatewayOpcode.Resume or (int)GatewayOpcode.PresenceUpdate
            or (int)GatewayOpcode.VoiceStateUpdate or (int)GatewayOpcode.RequestGuildMembers or UserHeartbeat)
        {
            var reader = new Utf8JsonReader(d, ReaderOptions);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new JsonException();
            return op switch
            {
                (int)GatewayOpcode.Identify => new ClientFrame(op, Identify(root, parameters))
                {
                    PayloadCompression = root.TryGetProperty("compress"u8, out var compress) && compress.ValueKind == JsonValueKind.True,
                },
                (int)GatewayOpcode.Resume => new ClientFrame(op, Resume(root)),
                (int)GatewayOpcode.PresenceUpdate => new ClientFrame(op, Presence(root)),
                (int)GatewayOpcode.VoiceStateUpdate => new ClientFrame(op, VoiceState(root)),
                (int)GatewayOpcode.RequestGuildMembers => new ClientFrame(op, RequestMembers(root)),
                _ => new ClientFrame(op, null) { Seq = Integer(root, "seq"u8) is >= 0 and <= int.MaxValue and var seq ? (int)seq : null },
            };
        }
        var isKnown = op is 13 or 14 or (>= 18 and <= 22) or 28 or 30 or 31 or (>= 34 and <= 43);
        return new ClientFrame(op, isKnown ? new IgnoredCommand(op) : null);
    }

    private static IdentifyCommand Identify(JsonElement d, ConnectionParameters parameters)
    {
        var (shardId, shardCount, hasShard) = Shard(d);
        return new IdentifyCommand(Token(d))
        {
            ApiVersion = parameters.Version,
            Intents = Intents(d),
            LargeThreshold = Integer(d, "large_threshold"u8) is { } threshold ? (int)Math.Clamp(threshold, 25, 250) : null,
            ShardId = shardId,
            ShardCount = shardCount,
            HasShard = hasShard,
            Presence = Child(d, "presence"u8) is { ValueKind: JsonValueKind.Object } presence ? Presence(presence) : null,
            Capabilities = Integer(d, "capabilities"u8) is >= 0 and <= int.MaxValue and var bits ? (int)bits : 0,
            Properties = Child(d, "properties"u8)?.Clone(),
            ClientState = Child(d, "client_state"u8)?.Clone(),
        };
    }

    private static ResumeCommand Resume(JsonElement d)
    {
        var session = Text(d, "session_id"u8);
        if (session is null || session.Length > MaxSessionId)
            throw new RefusedException(GatewayCloseCode.DecodeError, "session_id is missing or too long.");
        // A client that has seen no event yet has no sequence: null means 0.
        var seq = Integer(d, "seq"u8) ?? 0;
        if (seq is < 0 or > int.MaxValue)
            throw new RefusedException(GatewayCloseCode.InvalidSequence, GatewayCloseCode.InvalidSequence.Reason());
        return new ResumeCommand(Token(d), session, (int)seq);
    }

    private static PresenceCommand Presence(JsonElement d)
    {
        var status = Text(d, "status"u8) ?? "online";
        if (status is not ("online" or "idle" or "dnd" or "invisible" or "offline" or "unknown"))
            throw new RefusedException(GatewayCloseCode.DecodeError, "status must be online, idle, dnd, invisible or offline.");
        var activities = Child(d, "activities"u8);
        if (activities is { ValueKind: not JsonValueKind.Array })
            throw new RefusedException(GatewayCloseCode.DecodeError, "activities must be an array.");
        return new PresenceCommand(status, Integer(d, "since"u8), Flag(d, "afk"u8), activities?.Clone());
    }

    private static VoiceStateCommand VoiceState(JsonElement d) => new(
        Id(d, "guild_id"u8), Id(d, "channel_id"u8), Flag(d, "self_mute"u8), Flag(d, "self_deaf"u8), Flag(d, "self_video"u8));

    private static RequestMembersCommand RequestMembers(JsonElement d)
    {
        var guilds = Ids(d, "guild_id"u8);
        if (guilds is not { Count: > 0 })
            throw new RefusedException(GatewayCloseCode.DecodeError, "guild_id is missing.");
        var limit = Integer(d, "limit"u8) ?? 0;
        var query = Text(d, "query"u8);
        // An empty list beside a query means nothing; alone it asks for nobody, which must not become everybody.
        var ids = Ids(d, "user_ids"u8) is { } given && (given.Count > 0 || query is null) ? given : null;
        var nonce = Child(d, "nonce"u8) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.ToString() : null;
        return new RequestMembersCommand(guilds)
        {
            Query = query,
            Limit = (int)Math.Clamp(limit, 0, int.MaxValue),
            UserIds = ids,
            Presences = Flag(d, "presences"u8),
            Nonce = nonce is not null && Encoding.UTF8.GetByteCount(nonce) <= MaxNonce ? nonce : null,
        };
    }

    private static string Token(JsonElement d)
    {
        if (Child(d, "token"u8) is not { ValueKind: JsonValueKind.String } value)
            throw new RefusedException(GatewayCloseCode.DecodeError, "token is missing.");
        var token = value.GetString()!;
        if (token.StartsWith("Bot ", StringComparison.Ordinal))
            token = token[4..].TrimStart();
        if (token.Length is 0 or > MaxToken)
            throw new RefusedException(GatewayCloseCode.AuthenticationFailed, GatewayCloseCode.AuthenticationFailed.Reason());
        return token;
    }

    private static long? Intents(JsonElement d)
    {
        if (Child(d, "intents"u8) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var intents) && intents >= 0)
            return intents;
        throw new RefusedException(GatewayCloseCode.InvalidIntents, GatewayCloseCode.InvalidIntents.Reason());
    }

    private static (int Id, int Count, bool Sent) Shard(JsonElement d)
    {
        if (Child(d, "shard"u8) is not { } shard)
            return (0, 1, false);
        if (shard.ValueKind == JsonValueKind.Array && shard.GetArrayLength() == 2
            && shard[0].ValueKind == JsonValueKind.Number && shard[1].ValueKind == JsonValueKind.Number
            && shard[0].TryGetInt32(out var id) && shard[1].TryGetInt32(out var count) && id >= 0 && id < count)
        {
            return (id, count, true);
        }
        throw new RefusedException(GatewayCloseCode.InvalidShard, GatewayCloseCode.InvalidShard.Reason());
    }

    /// <summary>The property's value; null when absent or null.</summary>
    private static JsonElement? Child(JsonElement d, ReadOnlySpan<byte> name) =>
        d.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement d, ReadOnlySpan<byte> name) => Child(d, name)?.GetString();

    private static bool Flag(JsonElement d, ReadOnlySpan<byte> name) => Child(d, name)?.GetBoolean() ?? false;

    /// <summary>A number, its fraction cut off: <c>since</c> comes from floating-point clocks.</summary>
    private static long? Integer(JsonElement d, ReadOnlySpan<byte> name)
    {
        if (Child(d, name) is not { } value)
            return null;
        if (value.TryGetInt64(out var number))
            return number;
        var real = value.GetDouble();
        return Math.Abs(real) < 1e15 ? (long)real : throw new FormatException();
    }

    private static Snowflake? Id(JsonElement d, ReadOnlySpan<byte> name) => Child(d, name) is { } value ? Id(value) : null;

    /// <summary>Ids are strings in JSON; clients that speak ETF send integers too.</summary>
    private static Snowflake Id(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when Snowflake.TryParse(value.GetString(), out var id) => id,
        JsonValueKind.Number when value.TryGetUInt64(out var id) => new Snowflake(id),
        _ => throw new RefusedException(GatewayCloseCode.DecodeError, "An id must be a snowflake."),
    };

    private static List<Snowflake>? Ids(JsonElement d, ReadOnlySpan<byte> name)
    {
        if (Child(d, name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
            return [Id(value)];
        if (value.GetArrayLength() > MaxMemberIds)
            throw new RefusedException(GatewayCloseCode.DecodeError, "At most 100 ids are allowed.");
        var ids = new List<Snowflake>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
            ids.Add(Id(item));
        return ids;
    }

    /// <summary>A frame that can be read but not accepted, with its own close code.</summary>
    private sealed class RefusedException(GatewayCloseCode code, string reason) : Exception(reason)
    {
        public GatewayCloseCode Code { get; } = code;
    }
}
