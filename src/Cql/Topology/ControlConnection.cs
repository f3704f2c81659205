using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Discord.Cql.Connections;
using Discord.Cql.Errors;
using Discord.Cql.Wire;
using Microsoft.Extensions.Logging;

namespace Discord.Cql.Topology;

/// <summary>
/// Watches the cluster through one connection of its own. One loop owns it: connect, read everything, then read anew what events call for,
/// once they have been quiet for the debounce time; when the connection breaks, the next host is taken.
/// </summary>
internal sealed class ControlConnection : IDisposable
{
    private readonly CqlOptions _options;
    private readonly Transport _transport;
    private readonly CqlMetrics _metrics;
    private readonly ILogger _log;
    private readonly Cluster _cluster;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<EventBody?> _events =
        Channel.CreateBounded<EventBody?>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });

    private Connection? _connection;

    public ControlConnection(Cluster cluster, Transport transport, CqlOptions options, CqlMetrics metrics, ILogger log)
    {
        _cluster = cluster;
        _transport = transport;
        _options = options;
        _metrics = metrics;
        _log = log;
    }

    /// <summary>Connects to the first contact point that answers and reads the cluster.</summary>
    /// <exception cref="CqlNoHostAvailableException">None answers.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var contacts = new List<Endpoint>();
        var causes = new List<(IPEndPoint, Exception?)>();
        foreach (var point in _options.ContactPoints.Select(text => ContactPoint.Parse(text, _options.Port)))
        {
            try
            {
                contacts.AddRange(
                    (await point.ResolveAsync(cancellationToken).ConfigureAwait(false)).Select(found => new Endpoint(found, point.Name)));
            }
            catch (SocketException reason)
            {
                causes.Add((new IPEndPoint(IPAddress.None, point.Port), reason));
            }
        }
        foreach (var contact in contacts)
        {
            if (await TryConnectAsync(contact, causes, cancellationToken).ConfigureAwait(false) is not { } connection) continue;
            _ = RunAsync(connection);
            return;
        }
        throw new CqlNoHostAvailableException(causes, sent: false);
    }

    public void Dispose()
    {
        _closing.Cancel();
        Volatile.Read(ref _connection)?.Break(new CqlSessionClosedException());
        _closing.Dispose();
    }

    private async Task RunAsync(Connection connection)
    {
        var schedule = new ReconnectionSchedule(_options.ReconnectMin, _options.ReconnectMax);
        var closing = _closing.Token;
        try
        {
            while (true)
            {
                await WatchAsync(connection, closing).ConfigureAwait(false);
                while (true)
                {
                    var causes = new List<(IPEndPoint, Exception?)>();
                    if (await ReconnectAsync(causes, closing).ConfigureAwait(false) is { } next)
                    {
                        connection = next;
                        schedule.Reset();
                        break;
                    }
                    var wait = schedule.Next();
                    CqlLog.ControlFailed(_log, new CqlNoHostAvailableException(causes, sent: false).Message, wait);
                    await Task.Delay(wait, _options.Time, closing).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    // Until the connection breaks.
    private async Task WatchAsync(Connection connection, CancellationToken closing)
    {
        while (!connection.IsBroken)
        {
            var first = await _events.Reader.ReadAsync(closing).ConfigureAwait(false);
            if (first is null) continue;
            await Task.Delay(_options.EventDebounce, _options.Time, closing).ConfigureAwait(false);
            while (_events.Reader.TryRead(out _))
            {
                // Whatever came meanwhile is seen by the same reading.
            }
            try
            {
                await ReadAsync(connection, closing).ConfigureAwait(false);
            }
            catch (Exception reason) when (reason is not OperationCanceledException)
            {
                connection.Break(reason);
            }
        }
    }

    private async Task<Connection?> ReconnectAsync(List<(IPEndPoint, Exception?)> causes, CancellationToken closing)
    {
        // Hosts with connections first: they are the likeliest to answer.
        var hosts = _cluster.State.Hosts.OrderByDescending(host => host.IsUp).ThenBy(_ => Random.Shared.Next()).ToArray();
        foreach (var host in hosts)
        {
            if (await TryConnectAsync(host.Info.Endpoint, causes, closing).ConfigureAwait(false) is { } connection) return connection;
        }
        return null;
    }

    private async Task<Connection?> TryConnectAsync(
        Endpoint endpoint, List<(IPEndPoint, Exception?)> causes, CancellationToken cancellationToken)
    {
        Connection? connection = null;
        try
        {
            connection = await Connection.OpenAsync(
                endpoint, 0, _transport, _options, _metrics, _log, cancellationToken).ConfigureAwait(false);
            connection.OnEvent = OnEvent;
            connection.OnBroken = _ => _events.Writer.TryWrite(null);
            Volatile.Write(ref _connection, connection);
            await RegisterAsync(connection, cancellationToken).ConfigureAwait(false);
            await ReadAsync(connection, cancellationToken).ConfigureAwait(false);
            if (!_closing.IsCancellationRequested) return connection;
            throw new CqlSessionClosedException();
        }
        catch (Exception reason)
        {
            connection?.Break(reason);
            if (reason is OperationCanceledException) throw;
            // Also what a host says of the cluster that makes no sense: another one may know better.
            causes.Add((endpoint.Address, reason));
            return null;
        }
    }

    private async Task RegisterAsync(Connection connection, CancellationToken cancellationToken)
    {
        var register = ControlMessage.Register(EventBody.Topology, EventBody.Status, EventBody.Schema);
        var response = await connection.SendAsync(register, default, _options.RequestTimeout, cancellationToken).ConfigureAwait(false);
        if (response.TakeError() is { } error) throw error;
        response.Return();
    }

    private async Task ReadAsync(Connection connection, CancellationToken cancellationToken)
    {
        var hosts = await SystemTables.ReadHostsAsync(connection, _options, cancellationToken).ConfigureAwait(false);
        var keyspaces = await SystemTables.ReadKeyspacesAsync(connection, _options, cancellationToken).ConfigureAwait(false);
        _cluster.Update(hosts, keyspaces, connection.Address);
    }

    private void OnEvent(EventBody told)
    {
        if (told.Kind == EventBody.Status && told is { Change: "UP", Host: { } host }) _cluster.Wake(_options.AddressTranslator(host));
        _events.Writer.TryWrite(told);
    }
}
