using System.Buffers;
using Discord.Cql.Errors;
using Discord.Cql.Wire;

namespace Discord.Cql.Connections;

/// <summary>
/// A whole answer. The body is rented: whoever receives it gives it on or returns it. RESULT Void without warnings, which most writes get,
/// has none.
/// </summary>
internal readonly struct Response(Opcode opcode, FrameFlags flags, byte[]? body, int length)
{
    public Opcode Opcode { get; } = opcode;

    public FrameFlags Flags { get; } = flags;

    public byte[]? Body { get; } = body;

    public int Length { get; } = length;

    public bool IsVoid => Opcode == Opcode.Result && Body is null;

    public ReadOnlySpan<byte> Span => Body.AsSpan(0, Length);

    public void Return()
    {
        if (Body is not null) ArrayPool<byte>.Shared.Return(Body);
    }

    /// <summary>Reads what stands before the body proper: the trace's id, warnings, custom payload.</summary>
    public Envelope ReadEnvelope()
    {
        var reader = new WireReader(Span);
        string[] warnings = [];
        byte[]? tablets = null;
        if ((Flags & FrameFlags.Tracing) != 0) reader.Take(16);
        if ((Flags & FrameFlags.Warning) != 0) warnings = reader.StringList();
        if ((Flags & FrameFlags.CustomPayload) != 0)
        {
            var count = reader.ShortCount(6);
            for (var i = 0; i < count; i++)
            {
                var name = reader.String();
                if (reader.TryBytes(out var value) && name == Topology.Tablets.PayloadName) tablets = value.ToArray();
            }
        }
        return new Envelope(reader.Position, warnings, tablets);
    }

    /// <summary>The server's error, if it is one; the body is then returned.</summary>
    public CqlServerException? TakeError()
    {
        if (Opcode != Opcode.Error) return null;
        try
        {
            var reader = new WireReader(Span[ReadEnvelope().Length..]);
            return ErrorBody.Read(ref reader);
        }
        finally
        {
            Return();
        }
    }
}

/// <summary>What stands before an answer's body.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Warnings">The server's warnings.</param>
/// <param name="Tablets">ScyllaDB's hint where the partition lives.</param>
internal readonly record struct Envelope(int Length, string[] Warnings, byte[]? Tablets);
