namespace Discord.Cql.Wire;

/// <summary>The requests of a connection itself: they carry no statement. Native protocol v4, section 4.1.</summary>
internal sealed class ControlMessage : IRequestBody
{
    /// <summary>What the server offers; also the heart-beat.</summary>
    public static readonly ControlMessage Options = new(Opcode.Options, new WireWriter(0));

    private readonly WireWriter _body;

    private ControlMessage(Opcode opcode, WireWriter body)
    {
        Opcode = opcode;
        _body = body;
    }

    public Opcode Opcode { get; }

    public static ControlMessage Startup(IReadOnlyCollection<KeyValuePair<string, string>> options)
    {
        var body = new WireWriter(128);
        body.StringMap(options);
        return new ControlMessage(Opcode.Startup, body);
    }

    public static ControlMessage AuthResponse(ReadOnlySpan<byte> token)
    {
        var body = new WireWriter(64);
        body.Bytes(token);
        return new ControlMessage(Opcode.AuthResponse, body);
    }

    public static ControlMessage Prepare(string text)
    {
        var body = new WireWriter(256);
        body.LongString(text);
        return new ControlMessage(Opcode.Prepare, body);
    }

    public static ControlMessage Register(params string[] events)
    {
        var body = new WireWriter(64);
        body.Short((ushort)events.Length);
        foreach (var name in events) body.String(name);
        return new ControlMessage(Opcode.Register, body);
    }

    public void Write(ref WireWriter writer, in RequestParameters parameters) => writer.Raw(_body.Written);
}
