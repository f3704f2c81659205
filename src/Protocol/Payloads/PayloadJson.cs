using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Discord.Protocol.Payloads;

/// <summary>Source-generated JSON for every payload. Keys are snake_case; null values are left out unless their property says
/// otherwise.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(SelfUser))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(PresencePayload))]
[JsonSerializable(typeof(ClientStatus))]
[JsonSerializable(typeof(VoiceState))]
[JsonSerializable(typeof(Guild))]
[JsonSerializable(typeof(GuildProperties))]
[JsonSerializable(typeof(PartialGuild))]
[JsonSerializable(typeof(GuildPreview))]
[JsonSerializable(typeof(Role))]
[JsonSerializable(typeof(Emoji))]
[JsonSerializable(typeof(Ban))]
[JsonSerializable(typeof(Invite))]
[JsonSerializable(typeof(Webhook))]
[JsonSerializable(typeof(AuditLog))]
[JsonSerializable(typeof(AuditLogEntry))]
[JsonSerializable(typeof(Channel))]
[JsonSerializable(typeof(Overwrite))]
[JsonSerializable(typeof(ForumTag))]
[JsonSerializable(typeof(DefaultReaction))]
[JsonSerializable(typeof(ThreadMetadata))]
[JsonSerializable(typeof(ThreadMember))]
[JsonSerializable(typeof(ThreadList))]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(Attachment))]
[JsonSerializable(typeof(PinPage))]
[JsonSerializable(typeof(Application))]
[JsonSerializable(typeof(PublicApplication))]
[JsonSerializable(typeof(PartialApplication))]
[JsonSerializable(typeof(ApplicationCommand))]
[JsonSerializable(typeof(CommandPermissions))]
[JsonSerializable(typeof(InstallParams))]
[JsonSerializable(typeof(CommandPermission))]
[JsonSerializable(typeof(List<User>))]
[JsonSerializable(typeof(List<Member>))]
[JsonSerializable(typeof(List<Role>))]
[JsonSerializable(typeof(List<Emoji>))]
[JsonSerializable(typeof(List<Ban>))]
[JsonSerializable(typeof(List<Invite>))]
[JsonSerializable(typeof(List<Webhook>))]
[JsonSerializable(typeof(List<Channel>))]
[JsonSerializable(typeof(List<ThreadMember>))]
[JsonSerializable(typeof(List<Message>))]
[JsonSerializable(typeof(List<PartialGuild>))]
[JsonSerializable(typeof(List<VoiceRegion>))]
[JsonSerializable(typeof(List<VoiceState>))]
[JsonSerializable(typeof(List<PresencePayload>))]
[JsonSerializable(typeof(List<ApplicationCommand>))]
[JsonSerializable(typeof(List<CommandPermissions>))]
[JsonSerializable(typeof(List<Application>))]
public sealed partial class PayloadJson : JsonSerializerContext
{
    /// <summary>
    /// The context every payload is written with. The relaxed encoder leaves <c>+</c>, <c>&lt;</c> and letters of all scripts as they are;
    /// payloads are never embedded in HTML.
    /// </summary>
    public static PayloadJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new WireTimeConverter() },
    });
}
