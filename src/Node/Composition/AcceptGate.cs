using Discord.Protocol.Errors;
using Discord.Node.Rest;
using Microsoft.AspNetCore.Connections;

namespace Discord.Node.Composition;

/// <summary>
/// Shut at the begin of a shutdown, while sessions are still told to reconnect: new connections are closed at once and new requests on old
/// ones get 503,
/// which tells clients that the request was not carried out. (Stopping Kestrel instead would cut the sockets of the sessions in the same
/// moment.)
/// </summary>
internal sealed class AcceptGate
{
    private volatile bool _shut;

    public void Shut() => _shut = true;

    public ConnectionDelegate Connections(ConnectionDelegate next) => connection =>
    {
        if (!_shut)
            return next(connection);
        connection.Abort(new ConnectionAbortedException("The node is stopping."));
        return Task.CompletedTask;
    };

    public RequestDelegate Requests(RequestDelegate next) => http =>
    {
        if (!_shut)
            return next(http);
        http.Response.Headers.Connection = "close";
        http.Response.Headers.RetryAfter = "5";
        ErrorAnswer.Api(http, ApiError.ServiceUnavailable);
        return Task.CompletedTask;
    };
}
