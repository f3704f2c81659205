using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Interactions;

/// <summary>INTERACTION_CREATE as the application gets it ("Interaction Structure"): all it needs to answer without asking back.</summary>
public sealed record InteractionCreate
{
    /// <summary><c>data</c>: normalised, with what it names resolved.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>As the application sees it.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Null in the DM with the bot.</summary>
    public GuildState? Guild { get; init; }

    /// <summary>Who did it, with the permissions it has in the channel; null in a DM.</summary>
    public Member? Member { get; init; }

    /// <summary>Of the user.</summary>
    public required string Locale { get; init; }

    /// <summary>The message object whose component was used, or opened the modal; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Message { get; init; }

    /// <summary>The event for the application.</summary>
    public DispatchEvent For(Interaction interaction) =>
        Json.Event(EventNames.InteractionCreate, (interaction, request: this), static (json, s) => Write(json, s.interaction, s.request));

    private static void Write(Utf8JsonWriter json, Interaction interaction, InteractionCreate request)
    {
        InteractionFacts facts = interaction.Facts;
        json.WriteStartObject();
        json.WriteString("id"u8, interaction.Id.ToString());
        json.WriteString("application_id"u8, facts.ApplicationId.ToString());
        json.WriteNumber("type"u8, (int)facts.Type);
        json.WriteString("token"u8, interaction.Token);
        json.WriteNumber("version"u8, 1);
        json.WritePropertyName("data"u8);
        json.WriteRawValue(request.Data.Span, skipInputValidation: true);
        json.WriteString("channel_id"u8, facts.ChannelId.ToString());
        json.WritePropertyName("channel"u8);
        JsonSerializer.Serialize(json, request.Channel, PayloadJson.Wire.Channel);
        if (request.Guild is { } guild)
        {
            json.WriteString("guild_id"u8, guild.Id.ToString());
            json.WriteString("guild_locale"u8, guild.Properties.PreferredLocale);
            json.WriteStartObject("guild"u8);
            json.WriteString("id"u8, guild.Id.ToString());
            json.WriteString("locale"u8, guild.Properties.PreferredLocale);
            json.WriteStartArray("features"u8);
            foreach (string feature in guild.Properties.Features)
                json.WriteStringValue(feature);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (request.Member is { } member)
        {
            json.WritePropertyName("member"u8);
            JsonSerializer.Serialize(json, member, PayloadJson.Wire.Member);
        }
        else
        {
            json.WritePropertyName("user"u8);
            JsonSerializer.Serialize(json, facts.User, PayloadJson.Wire.User);
        }
        if (!request.Message.IsEmpty)
        {
            json.WritePropertyName("message"u8);
            json.WriteRawValue(request.Message.Span, skipInputValidation: true);
        }
        json.WriteString("app_permissions"u8, ((ulong)facts.AppPermissions).ToString());
        json.WriteString("locale"u8, request.Locale);
        json.WriteStartArray("entitlements"u8);
        json.WriteEndArray();
        json.WriteStartObject("authorizing_integration_owners"u8);
        foreach ((string type, Snowflake owner) in facts.Owners)
            json.WriteString(type, owner.ToString());
        json.WriteEndObject();
        json.WriteNumber("context"u8, request.Guild is null ? 1 : 0);
        json.WriteNumber("attachment_size_limit"u8, Limits.AttachmentBytes);
        json.WriteEndObject();
    }
}
