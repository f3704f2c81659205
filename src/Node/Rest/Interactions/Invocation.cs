using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Discord.Actors.Interactions;

namespace Discord.Node.Rest.Interactions;

/// <summary>What a user does with an application, read and checked: what its kind adds to the place it is done in.</summary>
/// <param name="Facts">Completes the facts that all kinds have in common.</param>
/// <param name="Data"><c>data</c> for the application.</param>
internal sealed record Invocation(Func<InteractionFacts, InteractionFacts> Facts, ReadOnlyMemory<byte> Data)
{
    /// <summary>The message object whose component it is about; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>Encodes <c>data</c>.</summary>
    public static ReadOnlyMemory<byte> Encode(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
