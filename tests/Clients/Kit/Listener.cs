using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Discord.Clients.Kit;

/// <summary>
/// A bot's gateway session without a client library: every event is kept, and that their numbers have no gap is asserted as they come.
/// </summary>
public sealed class Listener : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<(string Name, JsonNode Data)> _events = [];
    private readonly List<int> _opcodes = [];
    private Task _reading = Task.CompletedTask;
    private int _sequence;
    private string? _fault;

    public string SessionId { get; private set; } = "";

    /// <summary>The number of the last event.</summary>
    public int Sequence => Volatile.Read(ref _sequence);

    /// <summary>Whether the connection is over.</summary>
    public bool Ended => _reading.IsCompleted;

    /// <summary>The server's close code; null when there was none.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Connects, identifies with all intents, and waits for all guilds.</summary>
    public static async Task<Listener> IdentifyAsync(NodeProcess node, string token)
    {
        Listener listener = await ConnectAsync(node);
        await listener.SendAsync(2, new { token, intents = 53608447, properties = new { os = "linux" } });
        JsonNode ready = await listener.NextAsync("READY");
        listener.SessionId = (string)ready["session_id"]!;
        foreach (JsonNode? guild in ready["guilds"]!.AsArray())
            await listener.NextAsync("GUILD_CREATE", e => (string?)e["id"] == (string?)guild!["id"]);
        return listener;
    }

    /// <summary>Connects and asks for a session by its id; the caller waits for RESUMED or op 9.</summary>
    public static async Task<Listener> ResumeAsync(NodeProcess node, string token, string sessionId, int sequence)
    {
        Listener listener = await ConnectAsync(node);
        listener._sequence = sequence;
        await listener.SendAsync(6, new { token, session_id = sessionId, seq = sequence });
        return listener;
    }

    /// <summary>Connects and reads on; the caller says what it wants.</summary>
    public static async Task<Listener> ConnectAsync(NodeProcess node)
    {
        Listener listener = new();
        await listener._socket.ConnectAsync(new Uri($"{node.Url.Replace("http", "ws")}/?v=10&encoding=json"), CancellationToken.None)
            .WaitAsync(NodeProcess.Patience);
        listener._reading = listener.ReadAsync();
        return listener;
    }

    public Task SendAsync(int op, object? d) =>
        _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { op, d }), WebSocketMessageType.Text, true, CancellationToken.None);

    /// <summary>The first event of this name that matches, waited for.</summary>
    public async Task<JsonNode> NextAsync(string name, Func<JsonNode, bool>? match = null)
    {
        JsonNode? found = null;
        await NodeProcess.UntilAsync(name, () =>
        {
            found = Find(name, match);
            if (found is null && (Ended || _fault is not null))
                throw new InvalidOperationException($"Waiting for {name}: {_fault ?? $"the connection ended ({CloseCode})"}.");
            return Task.FromResult(found is not null);
        });
        return found!;
    }

    /// <summary>Waits for a frame with this opcode.</summary>
    public Task OpcodeAsync(int op) => NodeProcess.UntilAsync($"op {op}", () => Task.FromResult(HasOpcode(op)));

    public bool HasOpcode(int op)
    {
        lock (_gate)
            return _opcodes.Contains(op);
    }

    public JsonNode? Find(string name, Func<JsonNode, bool>? match = null)
    {
        lock (_gate)
            return _events.Find(e => e.Name == name && (match is null || match(e.Data))).Data;
    }

    /// <summary>Contents of all messages heard in a channel, in the order in which they came.</summary>
    public List<string> Contents(string channelId)
    {
        lock (_gate)
            return [.. _events.Where(e => e.Name == "MESSAGE_CREATE" && (string?)e.Data["channel_id"] == channelId).Select(e =>
                (string)e.Data["content"]!)];
    }

    /// <summary>Fails when an event was missed or came twice.</summary>
    public void AssertGapless() => Assert.Null(_fault);

    /// <summary>Waits until the server has ended the connection.</summary>
    public Task EndedAsync() => _reading.WaitAsync(NodeProcess.Patience);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Abort();
        await _reading.WaitAsync(NodeProcess.Patience);
        _socket.Dispose();
        _stop.Dispose();
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
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                    return;
                }
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                Arrive(JsonNode.Parse(Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length))!);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The node was killed, or the test is over.
        }
    }

    private void Arrive(JsonNode envelope)
    {
        lock (_gate)
        {
            int op = (int)envelope["op"]!;
            _opcodes.Add(op);
            if (op != 0)
                return;
            int number = (int)envelope["s"]!;
            if (number != _sequence + 1)
                _fault ??= $"s {number} came after {_sequence}";
            Volatile.Write(ref _sequence, number);
            _events.Add(((string)envelope["t"]!, envelope["d"]!));
        }
    }
}
