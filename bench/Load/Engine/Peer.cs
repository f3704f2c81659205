using System.Net;
using Discord.Limit.Sockets;

namespace Discord.Load.Engine;

/// <summary>One outgoing connection of an <see cref="EventLoop"/>. Everything happens on the loop's thread.</summary>
internal abstract class Peer(EventLoop loop)
{
    private byte[]? _unsent;

    /// <summary>The loop that owns it.</summary>
    public EventLoop Loop { get; } = loop;

    /// <summary>The descriptor, -1 while there is no connection.</summary>
    public int Fd { get; private set; } = -1;

    /// <summary>Whether the connection attempt is still under way.</summary>
    public bool Connecting { get; private set; }

    /// <summary>Starts connecting; <see cref="OnConnected"/> or <see cref="OnLost"/> follows.</summary>
    /// <exception cref="IOException">No descriptor is left.</exception>
    public void Connect(IPEndPoint to)
    {
        Fd = Posix.OpenTcp();
        Connecting = true;
        int begun = Posix.BeginConnect(Fd, to);
        if (begun < 0)
        {
            Lose($"Connecting to {to} failed: {Posix.Describe(-begun)}.");
            return;
        }
        Loop.Watch(this, Readiness.Readable | Readiness.Writable);
    }

    /// <summary>Sends, keeping what the socket does not take now.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (Fd < 0) return;
        if (_unsent is { } before)
        {
            _unsent = [.. before, .. bytes];
            return;
        }
        int sent = Posix.Send(Fd, bytes);
        if (sent == bytes.Length) return;
        if (sent < 0 && sent != Posix.WouldBlock)
        {
            Lose($"Sending failed: {Posix.Describe(-sent)}.");
            return;
        }
        _unsent = bytes[Math.Max(sent, 0)..].ToArray();
        Loop.Change(this, Readiness.Readable | Readiness.Writable);
    }

    /// <summary>Closes the connection without a word to the derived class.</summary>
    public void Close()
    {
        if (Fd < 0) return;
        Loop.Forget(this);
        Posix.Close(Fd);
        Fd = -1;
        Connecting = false;
        _unsent = null;
    }

    /// <summary>Called by the loop when something is ready.</summary>
    internal void OnReady(Readiness state)
    {
        if (Connecting)
        {
            int error = Posix.PendingError(Fd);
            if (error != 0)
            {
                Lose($"Connecting failed: {Posix.Describe(error)}.");
                return;
            }
            Connecting = false;
            Loop.Change(this, Readiness.Readable);
            OnConnected();
            return;
        }
        if ((state & Readiness.Writable) != 0 && _unsent is { } unsent)
        {
            _unsent = null;
            Loop.Change(this, Readiness.Readable);
            Send(unsent);
        }
        if ((state & ~Readiness.Writable) == 0 || Fd < 0) return;
        int count = Posix.Receive(Fd, Loop.Buffer);
        if (count == Posix.WouldBlock) return;
        if (count <= 0)
        {
            Lose(count == 0 ? "The server closed the connection." : $"Receiving failed: {Posix.Describe(-count)}.");
            return;
        }
        try
        {
            OnReceived(Loop.Buffer.AsSpan(0, count));
        }
        catch (InvalidDataException e)
        {
            Lose(e.Message);
        }
    }

    /// <summary>Closes the connection and tells the derived class why.</summary>
    protected void Lose(string reason)
    {
        if (Fd < 0) return;
        Close();
        OnLost(reason);
    }

    /// <summary>The connection stands.</summary>
    protected abstract void OnConnected();

    /// <summary>Bytes have come; they are valid until the return.</summary>
    /// <exception cref="InvalidDataException">They break the protocol; the connection is lost with that reason.</exception>
    protected abstract void OnReceived(ReadOnlySpan<byte> bytes);

    /// <summary>The connection is gone, not by <see cref="Close"/>.</summary>
    protected abstract void OnLost(string reason);
}
