using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Discord.Node.Composition;

/// <summary>
/// Listeners that never hold more than so many connections. Kestrel's own limit closes what is too much at its leisure on the thread pool,
/// while it goes on accepting: a flood takes the process's last descriptor, and without one the runtime cannot even load a library and ends
/// the process. Here a connection beyond the limit is closed before the next is accepted, and one counts until its socket is closed.
/// Thread-safe.
/// </summary>
internal sealed class BoundedListenerFactory(IConnectionListenerFactory inner, int limit) : IConnectionListenerFactory
{
    private static readonly Meter Meter = new("Discord.Node.Connections");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "discord.connections.refused", "{connection}", "Connections closed at once: there were too many.");

    private int _open;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(this, await inner.BindAsync(endpoint, cancellationToken));

    private async ValueTask<ConnectionContext?> AcceptAsync(IConnectionListener listener, CancellationToken cancellation)
    {
        while (await listener.AcceptAsync(cancellation) is { } connection)
        {
            if (Interlocked.Increment(ref _open) <= limit)
                return new Connection(connection, this);
            Interlocked.Decrement(ref _open);
            Refused.Add(1);
            connection.Abort(new ConnectionAbortedException("Too many connections."));
            await connection.DisposeAsync();
        }
        return null;
    }

    private sealed class Listener(BoundedListenerFactory owner, IConnectionListener inner) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            owner.AcceptAsync(inner, cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    // The transport's connection as it is, but for its end.
    private sealed class Connection(ConnectionContext inner, BoundedListenerFactory owner) : ConnectionContext
    {
        private int _disposed;

        public override string ConnectionId { get => inner.ConnectionId; set => inner.ConnectionId = value; }

        public override IFeatureCollection Features => inner.Features;

        public override IDictionary<object, object?> Items { get => inner.Items; set => inner.Items = value; }

        public override IDuplexPipe Transport { get => inner.Transport; set => inner.Transport = value; }

        public override CancellationToken ConnectionClosed { get => inner.ConnectionClosed; set => inner.ConnectionClosed = value; }

        public override EndPoint? LocalEndPoint { get => inner.LocalEndPoint; set => inner.LocalEndPoint = value; }

        public override EndPoint? RemoteEndPoint { get => inner.RemoteEndPoint; set => inner.RemoteEndPoint = value; }

        public override void Abort() => inner.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await inner.DisposeAsync();
                await base.DisposeAsync();
            }
            finally
            {
                if (Interlocked.Exchange(ref _disposed, 1) == 0)
                    Interlocked.Decrement(ref owner._open);
            }
        }
    }
}
