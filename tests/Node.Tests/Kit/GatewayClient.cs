using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Discord.Protocol.Gateway;

namespace Discord.Node.Tests.Kit;

/// <summary>
/// A gateway connection that keeps every event it receives. <see cref="NextAsync"/> finds the next event of a name that no earlier call has
/// returned, whether it has come already or not; events of other names stay for later calls.
/// </summary>
public sealed class GatewayClient : IAsyncDisposable
{
    private readonly NodeKit _node;
    private readonly RestClient _account;
    private readonly ClientWebSocket _socket = new();
    private readonly Lock _gate = new();
    private readonly List<GatewayEvent> _events = [];
    private readonly HashSet<GatewayEvent> _taken = [];
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _arrived = New();
    private Task _reading = Task.CompletedTask;
    private bool _ended;

    private GatewayClient(NodeKit node, RestClient account)
    {
        _node = node;
        _account = account;
    }

    /// <summary>From READY, or what a resume was asked for.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>The last <c>s</c>; null before the first dispatch.</summary>
    public int? Seq { get; private set; }

    /// <summary>READY's <c>d</c>.</summary>
    public JsonNode Ready { get; private set; } = new JsonObject();

    /// <summary>How the server closed, once it has; 0 when the connection was cut.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Everything that has come so far, heartbeat acknowledgements included.</summary>
    public IReadOnlyList<GatewayEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    internal static async Task<GatewayClient> ConnectAsync(NodeKit node, RestClient account, string query)
    {
        GatewayClient client = new(node, account);
        UriBuilder address = new(node.Host.Address) { Scheme = "ws", Path = "/", Query = query };
        using CancellationTokenSource limit = new(NodeKit.Patience);
        await client._socket.ConnectAsync(address.Uri, limit.Token);
        client._reading = client.ReadAsync();
        await client.OpAsync(10);
        return client;
    }

    /// <summary>Identifies, and waits for READY and, where the bot asked for GUILDS, a GUILD_CREATE of each of its guilds.</summary>
    public async Task<GatewayClient> IdentifyAsync(GatewayIntents intents = GatewayIntents.All, object? extra = null)
    {
        JsonObject d = new()
        {
            ["token"] = _account.Token,
            ["properties"] = new JsonObject { ["os"] = "linux", ["browser"] = "kit", ["device"] = "kit" },
        };
        if (_account.IsBot)
            d["intents"] = (long)intents;
        else
            d["capabilities"] = 16381;
        foreach ((string key, JsonNode? value) in extra is null ? [] : JsonSerializer.SerializeToNode(extra)!.AsObject())
            d[key] = value?.DeepClone();
        await SendAsync(2, d);
        Ready = await NextAsync("READY");
        SessionId = (string)Ready["session_id"]!;
        if (_account.IsBot && (intents & GatewayIntents.Guilds) != 0)
        {
            foreach (JsonNode? guild in Ready["guilds"]!.AsArray())
                await NextAsync("GUILD_CREATE", e => (string?)e["id"] == (string?)guild!["id"]);
        }
        return this;
    }

    /// <summary>A new connection that resumes this one's session from <paramref name="seq"/>; RESUMED is not awaited.</summary>
    public async Task<GatewayClient> ResumeAsync(int? seq = null)
    {
        GatewayClient next = await ConnectAsync(_node, _account, "?v=10&encoding=json");
        next.SessionId = SessionId;
        await next.SendAsync(6, new { token = _account.Token, session_id = SessionId, seq = seq ?? Seq ?? 0 });
        return next;
    }

    public Task SendAsync(int op, object? d) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { op, d })), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The next event of this name that <paramref name="match"/> accepts: its <c>d</c>.</summary>
    public async Task<JsonNode> NextAsync(string name, Func<JsonNode, bool>? match = null, TimeSpan? patience = null) =>
        (await WaitAsync(e => e.Name == name && (match is null || match(e.Data!)), name, patience)).Data!;

    /// <summary>The next frame with this opcode: its <c>d</c>.</summary>
    public async Task<JsonNode?> OpAsync(int op) => (await WaitAsync(e => e.Op == op, $"op {op}", null)).Data;

    /// <summary>
    /// Whether no such event has come that no call has returned. It proves that none was sent only once something of the same guild that
    /// was published later has come: a session hears a guild's events in order.
    /// </summary>
    public bool HasNone(string name, Func<JsonNode, bool>? match = null)
    {
        lock (_gate)
            return !_events.Exists(e => e.Name == name && !_taken.Contains(e) && (match is null || match(e.Data!)));
    }

    /// <summary>How the server closed the connection.</summary>
    public async Task<int> ClosedAsync()
    {
        await _reading.WaitAsync(NodeKit.Patience);
        return CloseCode ?? 0;
    }

    /// <summary>Cuts the connection without a close frame: the session stays for a resume.</summary>
    public async Task AbortAsync()
    {
        _socket.Abort();
        await _reading.WaitAsync(NodeKit.Patience);
    }

    public async Task CloseAsync(int code)
    {
        await _socket.CloseOutputAsync((WebSocketCloseStatus)code, null, CancellationToken.None);
        await _reading.WaitAsync(NodeKit.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Abort();
        await _reading.WaitAsync(NodeKit.Patience);
        _socket.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<GatewayEvent> WaitAsync(Func<GatewayEvent, bool> match, string what, TimeSpan? patience)
    {
        using CancellationTokenSource limit = new(patience ?? NodeKit.Patience);
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                GatewayEvent? found = _events.Find(e => !_taken.Contains(e) && match(e));
                if (found is not null)
                {
                    _taken.Add(found);
                    return found;
                }
                if (_ended)
                    throw new InvalidOperationException($"The connection ended ({CloseCode}) while waiting for {what}; came: {Names()}");
                arrived = _arrived.Task;
            }
            try
            {
                await arrived.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{what} did not come; came: {Names()}");
            }
        }
    }

    private string Names()
    {
        lock (_gate)
            return string.Join(", ", _events.Select(e => e.Name ?? $"op {e.Op}"));
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        using MemoryStream message = new();
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    CloseCode = (int?)_socket.CloseStatus;
                    break;
                }
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                Arrive(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            CloseCode ??= 0;
        }
        finally
        {
            lock (_gate)
            {
                _ended = true;
                _arrived.TrySetResult();
            }
        }
    }

    private void Arrive(JsonNode envelope)
    {
        GatewayEvent arrived = new((int)envelope["op"]!, (string?)envelope["t"], (int?)envelope["s"], envelope["d"]);
        TaskCompletionSource waiters;
        lock (_gate)
        {
            Seq = arrived.Seq ?? Seq;
            _events.Add(arrived);
            waiters = _arrived;
            _arrived = New();
        }
        waiters.TrySetResult();
    }
}

/// <summary>One frame from the server. Compared by reference: two alike are two.</summary>
public sealed class GatewayEvent(int op, string? name, int? seq, JsonNode? data)
{
    public int Op { get; } = op;

    public string? Name { get; } = name;

    public int? Seq { get; } = seq;

    public JsonNode? Data { get; } = data;
}
