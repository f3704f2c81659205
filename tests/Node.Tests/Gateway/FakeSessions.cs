using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Discord.Actors.Sessions;

namespace Discord.Node.Tests.Gateway;

/// <summary>A domain that does what a test says: every IDENTIFY opens a session that the test drives by hand.</summary>
internal sealed class FakeSessions : IGatewaySessions
{
    private readonly Channel<FakeSession> _opened = Channel.CreateUnbounded<FakeSession>();

    /// <summary>What IDENTIFY and RESUME answer before a session opens; may throw, or return null after an op 9.</summary>
    public Func<GatewayCommand, ISessionTransport, CancellationToken, ValueTask<bool>> Gate { get; set; } = (_, _, _) => new(true);

    public bool IsBot { get; set; } = true;

    public ConcurrentQueue<FakeSession> All { get; } = new();

    public ValueTask<FakeSession> NextAsync() => _opened.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask<IGatewaySession?> IdentifyAsync(IdentifyCommand command, ISessionTransport transport, CancellationToken ct) =>
        OpenAsync(command, transport, ct);

    public ValueTask<IGatewaySession?> ResumeAsync(ResumeCommand command, ISessionTransport transport, CancellationToken ct) =>
        OpenAsync(command, transport, ct);

    private async ValueTask<IGatewaySession?> OpenAsync(GatewayCommand command, ISessionTransport transport, CancellationToken cancellation)
    {
        if (!await Gate(command, transport, cancellation))
            return null;
        var session = new FakeSession(command, transport, IsBot);
        All.Enqueue(session);
        _opened.Writer.TryWrite(session);
        return session;
    }
}

/// <summary>A session under a test's control; records what the connection tells it.</summary>
internal sealed class FakeSession(GatewayCommand opening, ISessionTransport transport, bool isBot) : IGatewaySession
{
    private readonly Channel<GatewayCommand> _commands = Channel.CreateUnbounded<GatewayCommand>();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<int?> _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seq;

    public GatewayCommand Opening { get; } = opening;
    public ISessionTransport Transport { get; } = transport;
    public string SessionId => "session";
    public bool IsBot { get; } = isBot;
    public int Acknowledged { get; private set; } = -1;
    public int Detaches { get; private set; }

    /// <summary>The client's close code, or null when the server closed or the link was cut.</summary>
    public Task<int?> Detached => _detached.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public ValueTask<GatewayCommand> CommandAsync() => _commands.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public void Acknowledge(int seq) => Acknowledged = seq;

    public void Handle(GatewayCommand command) => _commands.Writer.TryWrite(command);

    public void Detach(ISessionTransport transport, int? clientCode)
    {
        Detaches++;
        _detached.TrySetResult(clientCode);
    }

    /// <summary>Sends events as one batch, as a session would.</summary>
    public void Send(params DispatchEvent[] events)
    {
        lock (_gate)
        {
            foreach (var dispatch in events)
                Transport.Send(dispatch, ++_seq);
            Transport.Flush();
        }
    }

    public static DispatchEvent Event(string name, string d, string tail = "") =>
        new(new EventName(name), Encoding.UTF8.GetBytes(d), Encoding.UTF8.GetBytes(tail));
}
