using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Messages;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Interactions;

/// <summary>What the invoking user's sessions are told about an interaction.</summary>
public static class InteractionEvents
{
    /// <summary>The interaction was sent to its application.</summary>
    public static DispatchEvent Created(Interaction interaction) => About(EventNames.InteractionCreate, interaction, null);

    /// <summary>The application has answered.</summary>
    public static DispatchEvent Success(Interaction interaction) => About(EventNames.InteractionSuccess, interaction, null);

    /// <summary>The application has not answered in time, or cannot be reached.</summary>
    public static DispatchEvent Failure(Interaction interaction) =>
        About(EventNames.InteractionFailure, interaction, static (w, _) => w.WriteNumber("reason_code", 2));

    /// <summary>The application opens a modal.</summary>
    public static DispatchEvent Modal(Interaction interaction, OpenedModal modal, PublicApplication application) =>
        Json.Event(EventNames.InteractionModalCreate, (interaction, modal, application), static (w, s) =>
        {
            w.WriteStartObject();
            Head(w, s.interaction);
            w.WriteString("channel_id", s.interaction.Facts.ChannelId.ToString());
            w.WriteString("custom_id", s.modal.CustomId);
            w.WriteString("title", s.modal.Title);
            w.WritePropertyName("components");
            s.modal.Components.WriteTo(w);
            w.WritePropertyName("application");
            JsonSerializer.Serialize(w, s.application, PayloadJson.Wire.PublicApplication);
            w.WriteEndObject();
        });

    /// <summary>The application proposes choices.</summary>
    public static DispatchEvent Choices(Interaction interaction, JsonElement choices) =>
        Json.Event(EventNames.AutocompleteResponse, (interaction, choices), static (w, s) =>
        {
            w.WriteStartObject();
            Nonce(w, s.interaction);
            w.WritePropertyName("choices");
            s.choices.WriteTo(w);
            w.WriteEndObject();
        });

    internal static DispatchEvent Message(EventName name, EphemeralMessage shown, JsonElement? nonce) =>
        Json.Event(name, (shown, nonce), static (w, s) =>
        {
            w.WriteStartObject();
            foreach (JsonProperty property in JsonElement.Parse(s.shown.Json).EnumerateObject())
                property.WriteTo(w);
            if (s.nonce is { } nonce)
            {
                w.WritePropertyName("nonce");
                nonce.WriteTo(w);
            }
            if (s.shown.GuildId is { } guild)
                w.WriteString("guild_id", guild.ToString());
            w.WriteEndObject();
        });

    internal static DispatchEvent Deleted(EphemeralMessage gone) => Json.Event(EventNames.MessageDelete, gone, static (w, m) =>
    {
        w.WriteStartObject();
        w.WriteString("id", m.Message.Id.ToString());
        w.WriteString("channel_id", m.Message.ChannelId.ToString());
        if (m.GuildId is { } guild)
            w.WriteString("guild_id", guild.ToString());
        w.WriteEndObject();
    });

    private static DispatchEvent About(EventName name, Interaction interaction, Action<Utf8JsonWriter, Interaction>? more) =>
        Json.Event(name, (interaction, more), static (w, s) =>
        {
            w.WriteStartObject();
            Head(w, s.interaction);
            s.more?.Invoke(w, s.interaction);
            w.WriteEndObject();
        });

    private static void Head(Utf8JsonWriter writer, Interaction interaction)
    {
        writer.WriteString("id", interaction.Id.ToString());
        Nonce(writer, interaction);
    }

    private static void Nonce(Utf8JsonWriter writer, Interaction interaction)
    {
        if (interaction.Facts.Nonce is { } nonce)
            writer.WriteString("nonce", nonce);
    }
}
