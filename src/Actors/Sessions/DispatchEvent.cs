using System.Text;

namespace Discord.Actors.Sessions;

/// <summary>
/// One gateway event, its <c>d</c> encoded once as JSON and shared by every session that receives it. Immutable; safe on any thread.
/// What differs per session is the envelope's <c>s</c>, which the transport writes around these bytes.
/// </summary>
/// <remarks>
/// <see cref="Body"/> followed by <see cref="BodyTail"/> is the whole <c>d</c>. Events that are nearly the same for many sessions
/// (GUILD_CREATE) share the long first part and own only a short second one.
/// </remarks>
public sealed class DispatchEvent
{
    private object? _etf;
    private object? _deflated;

    public DispatchEvent(EventName name, ReadOnlyMemory<byte> body, ReadOnlyMemory<byte> bodyTail = default)
    {
        Name = name;
        Body = body;
        BodyTail = bodyTail;
    }

    /// <summary>The event's name with its pre-encoded envelope head.</summary>
    public EventName Name { get; }

    /// <summary>UTF-8 JSON of <c>d</c>, or its first part.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The rest of <c>d</c> where the first part is shared between different events; mostly empty.</summary>
    public ReadOnlyMemory<byte> BodyTail { get; }

    /// <summary>The same event for sessions without MESSAGE_CONTENT that are not entitled to its content; null when both are
    /// equal.</summary>
    public DispatchEvent? WithoutContent { get; init; }

    /// <summary>Bytes of <c>d</c> as JSON.</summary>
    public int Length => Body.Length + BodyTail.Length;

    /// <summary>A derived encoding, computed by the first transport that needs it and kept with the event (ETF).</summary>
    public T Etf<T>(Func<DispatchEvent, T> encode) where T : class => Derived(ref _etf, encode);

    /// <summary>A derived encoding, computed by the first transport that needs it and kept with the event (shared deflate
    /// blocks).</summary>
    public T Deflated<T>(Func<DispatchEvent, T> encode) where T : class => Derived(ref _deflated, encode);

    // Two threads may both encode; either result is right and one is kept.
    private T Derived<T>(ref object? slot, Func<DispatchEvent, T> encode) where T : class
    {
        if (Volatile.Read(ref slot) is T known)
            return known;
        T made = encode(this);
        return (Interlocked.CompareExchange(ref slot, made, null) as T) ?? made;
    }
}

/// <summary>An event's name (<c>t</c>) with the envelope bytes that precede <c>s</c>. One instance per name, made at start.</summary>
public sealed class EventName(string text)
{
    public string Text { get; } = text;

    /// <summary><c>{"t":"NAME","s":</c></summary>
    public byte[] JsonHead { get; } = Encoding.UTF8.GetBytes($"{{\"t\":\"{text}\",\"s\":");

    /// <summary><c>,"op":0,"d":</c>, which follows <c>s</c> and precedes the body; the envelope ends with <c>}</c>.</summary>
    public static ReadOnlySpan<byte> JsonMiddle => ",\"op\":0,\"d\":"u8;

    public override string ToString() => Text;
}
