using System.Diagnostics.Metrics;
using Discord.Actors.Sessions;

namespace Discord.Node.Ops.Metrics;

/// <summary>Gateway sessions: those with a connection and those that wait for a resume. Counted when they are asked for.</summary>
internal sealed class SessionMetrics : IDisposable
{
    private readonly Meter _meter = new("Discord.Node.Sessions");

    public SessionMetrics(SessionRegistry sessions) =>
        _meter.CreateObservableUpDownCounter(
            "discord.sessions", () => Count(sessions), "{session}", "Gateway sessions, by whether a client is connected.");

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static Measurement<int>[] Count(SessionRegistry sessions)
    {
        int all = 0, connected = 0;
        foreach (var session in sessions.All)
        {
            all++;
            if (session.IsConnected)
                connected++;
        }
        return [State(connected, "connected"), State(all - connected, "waiting")];
    }

    private static Measurement<int> State(int count, string state) => new(count, KeyValuePair.Create("state", (object?)state));
}
