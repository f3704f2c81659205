using Discord.Actors.Sessions;

namespace Discord.Actors.Tests.Sessions;

/// <summary>A connection that remembers what it was given. Sends count once they are flushed.</summary>
internal sealed class RecordingTransport : ISessionTransport
{
    private readonly Lock _gate = new();
    private readonly List<(int Seq, DispatchEvent Event)> _pending = [];
    private readonly List<(int Seq, DispatchEvent Event)> _sent = [];

    public IReadOnlyList<(int Seq, DispatchEvent Event)> Sent
    {
        get
        {
            lock (_gate)
                return [.. _sent];
        }
    }

    public int Flushes { get; private set; }
    public List<(int Opcode, string D)> Controls { get; } = [];
    public int? ClosedWith { get; private set; }
    public bool IsCongested => false;

    public void Send(DispatchEvent dispatch, int seq)
    {
        lock (_gate)
            _pending.Add((seq, dispatch));
    }

    public void SendControl(int opcode, ReadOnlySpan<byte> d)
    {
        lock (_gate)
            Controls.Add((opcode, System.Text.Encoding.UTF8.GetString(d)));
    }

    public void Flush()
    {
        lock (_gate)
        {
            Flushes++;
            _sent.AddRange(_pending);
            _pending.Clear();
        }
    }

    public void Close(int code, string reason) => ClosedWith ??= code;
}
