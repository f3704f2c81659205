using System.Net;
using Discord.Load.Measure;
using Discord.Load.Wire;

namespace Discord.Load.Engine;

/// <summary>What posters report; called on loop threads.</summary>
internal interface IPosterEvents
{
    /// <summary>An answer has come whole.</summary>
    /// <param name="poster">Whose request it was.</param>
    /// <param name="kind">The kind that was given with the request.</param>
    /// <param name="nanoseconds">From sending to the last byte of the answer.</param>
    void OnAnswer(Poster poster, int kind, long nanoseconds);

    /// <summary>The connection was lost with a request in flight, or could not be made.</summary>
    void OnFailed(Poster poster, string reason);
}

/// <summary>
/// One keep-alive HTTP connection that sends requests built beforehand, one at a time, and steps over the answers. A connection that the
/// server closes between requests is opened again for the next one.
/// </summary>
internal sealed class Poster(EventLoop loop, IPEndPoint server, IPosterEvents events, int index) : Peer(loop)
{
    private ResponseReader _reader = new();
    private byte[]? _request;
    private int _kind;
    private long _sentAt;

    /// <summary>Its number among the posters of a run.</summary>
    public int Index { get; } = index;

    /// <summary>The reader of the answer that has just come.</summary>
    public ResponseReader Answer => _reader;

    /// <summary>Sends a request. On the loop's thread, and only when none is in flight.</summary>
    /// <exception cref="InvalidOperationException">One is in flight.</exception>
    public void Request(byte[] request, int kind = 0)
    {
        if (_request is not null) throw new InvalidOperationException("A request is in flight on this connection.");
        _request = request;
        _kind = kind;
        _sentAt = Clock.Now;
        if (Fd < 0) Connect(server);
        else if (!Connecting) Send(request);
    }

    protected override void OnConnected()
    {
        _reader = new ResponseReader();
        if (_request is { } request) Send(request);
    }

    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
        while (_reader.Read(ref bytes))
        {
            if (_request is null) throw new InvalidDataException("The server answered a request that was not made.");
            if (_reader.Status < 200) continue;
            _request = null;
            if (_reader.CloseAfter) Close();
            events.OnAnswer(this, _kind, Clock.Now - _sentAt);
            if (Fd < 0) return;
        }
    }

    protected override void OnLost(string reason)
    {
        if (_request is null) return;
        _request = null;
        events.OnFailed(this, reason);
    }
}
