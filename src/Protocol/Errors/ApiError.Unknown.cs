namespace Discord.Protocol.Errors;

/// <summary>
/// 10xxx: what was named does not exist, or must look so.
/// </summary>
public sealed partial record ApiError
{
    /// <summary>10001, HTTP 404: Unknown Account.</summary>
    public static ApiError UnknownAccount { get; } = new(10001, 404, "Unknown Account");

    /// <summary>10002, HTTP 404: Unknown Application.</summary>
    public static ApiError UnknownApplication { get; } = new(10002, 404, "Unknown Application");

    /// <summary>10003, HTTP 404: Unknown Channel.</summary>
    public static ApiError UnknownChannel { get; } = new(10003, 404, "Unknown Channel");

    /// <summary>10004, HTTP 404: Unknown Guild.</summary>
    public static ApiError UnknownGuild { get; } = new(10004, 404, "Unknown Guild");

    /// <summary>10005, HTTP 404: Unknown Integration.</summary>
    public static ApiError UnknownIntegration { get; } = new(10005, 404, "Unknown Integration");

    /// <summary>10006, HTTP 404: Unknown Invite.</summary>
    public static ApiError UnknownInvite { get; } = new(10006, 404, "Unknown Invite");

    /// <summary>10007, HTTP 404: Unknown Member.</summary>
    public static ApiError UnknownMember { get; } = new(10007, 404, "Unknown Member");

    /// <summary>10008, HTTP 404: Unknown Message.</summary>
    public static ApiError UnknownMessage { get; } = new(10008, 404, "Unknown Message");

    /// <summary>10009, HTTP 404: Unknown Overwrite.</summary>
    public static ApiError UnknownPermissionOverwrite { get; } = new(10009, 404, "Unknown Overwrite");

    /// <summary>10010, HTTP 404: Unknown Provider.</summary>
    public static ApiError UnknownProvider { get; } = new(10010, 404, "Unknown Provider");

    /// <summary>10011, HTTP 404: Unknown Role.</summary>
    public static ApiError UnknownRole { get; } = new(10011, 404, "Unknown Role");

    /// <summary>10012, HTTP 404: Unknown Token.</summary>
    public static ApiError UnknownToken { get; } = new(10012, 404, "Unknown Token");

    /// <summary>10013, HTTP 404: Unknown User.</summary>
    public static ApiError UnknownUser { get; } = new(10013, 404, "Unknown User");

    /// <summary>10014, HTTP 404: Unknown Emoji.</summary>
    public static ApiError UnknownEmoji { get; } = new(10014, 404, "Unknown Emoji");

    /// <summary>10015, HTTP 404: Unknown Webhook.</summary>
    public static ApiError UnknownWebhook { get; } = new(10015, 404, "Unknown Webhook");

    /// <summary>10016, HTTP 404: Unknown Webhook Service.</summary>
    public static ApiError UnknownWebhookService { get; } = new(10016, 404, "Unknown Webhook Service");

    /// <summary>10020, HTTP 404: Unknown Session.</summary>
    public static ApiError UnknownSession { get; } = new(10020, 404, "Unknown Session");

    /// <summary>10021, HTTP 404: Unknown Asset.</summary>
    public static ApiError UnknownAsset { get; } = new(10021, 404, "Unknown Asset");

    /// <summary>10026, HTTP 404: Unknown Ban.</summary>
    public static ApiError UnknownBan { get; } = new(10026, 404, "Unknown Ban");

    /// <summary>10027, HTTP 404: Unknown SKU.</summary>
    public static ApiError UnknownSku { get; } = new(10027, 404, "Unknown SKU");

    /// <summary>10028, HTTP 404: Unknown Store Listing.</summary>
    public static ApiError UnknownStoreListing { get; } = new(10028, 404, "Unknown Store Listing");

    /// <summary>10029, HTTP 404: Unknown Entitlement.</summary>
    public static ApiError UnknownEntitlement { get; } = new(10029, 404, "Unknown Entitlement");

    /// <summary>10030, HTTP 404: Unknown Build.</summary>
    public static ApiError UnknownBuild { get; } = new(10030, 404, "Unknown Build");

    /// <summary>10031, HTTP 404: Unknown Lobby.</summary>
    public static ApiError UnknownLobby { get; } = new(10031, 404, "Unknown Lobby");

    /// <summary>10032, HTTP 404: Unknown Branch.</summary>
    public static ApiError UnknownBranch { get; } = new(10032, 404, "Unknown Branch");

    /// <summary>10033, HTTP 404: Unknown Store Directory Layout.</summary>
    public static ApiError UnknownStoreDirectoryLayout { get; } = new(10033, 404, "Unknown Store Directory Layout");

    /// <summary>10036, HTTP 404: Unknown Redistributable.</summary>
    public static ApiError UnknownRedistributable { get; } = new(10036, 404, "Unknown Redistributable");

    /// <summary>10038, HTTP 404: Unknown Gift Code.</summary>
    public static ApiError UnknownGiftCode { get; } = new(10038, 404, "Unknown Gift Code");

    /// <summary>10049, HTTP 404: Unknown Stream.</summary>
    public static ApiError UnknownStream { get; } = new(10049, 404, "Unknown Stream");

    /// <summary>10050, HTTP 404: Unknown Premium Server Subscribe Cooldown.</summary>
    public static ApiError UnknownPremiumServerSubscribeCooldown { get; } = new(10050, 404, "Unknown Premium Server Subscribe Cooldown");

    /// <summary>10057, HTTP 404: Unknown Guild Template.</summary>
    public static ApiError UnknownGuildTemplate { get; } = new(10057, 404, "Unknown Guild Template");

    /// <summary>10059, HTTP 404: Unknown Discoverable Server Category.</summary>
    public static ApiError UnknownDiscoverableServerCategory { get; } = new(10059, 404, "Unknown Discoverable Server Category");

    /// <summary>10060, HTTP 404: Unknown Sticker.</summary>
    public static ApiError UnknownSticker { get; } = new(10060, 404, "Unknown Sticker");

    /// <summary>10061, HTTP 404: Unknown Sticker Pack.</summary>
    public static ApiError UnknownStickerPack { get; } = new(10061, 404, "Unknown Sticker Pack");

    /// <summary>10062, HTTP 404: Unknown interaction.</summary>
    public static ApiError UnknownInteraction { get; } = new(10062, 404, "Unknown interaction");

    /// <summary>10063, HTTP 404: Unknown application command.</summary>
    public static ApiError UnknownApplicationCommand { get; } = new(10063, 404, "Unknown application command");

    /// <summary>10065, HTTP 404: Unknown Voice State.</summary>
    public static ApiError UnknownVoiceState { get; } = new(10065, 404, "Unknown Voice State");

    /// <summary>10066, HTTP 404: Unknown application command permissions.</summary>
    public static ApiError UnknownApplicationCommandPermissions { get; } = new(10066, 404, "Unknown application command permissions");

    /// <summary>10067, HTTP 404: Unknown Stage Instance.</summary>
    public static ApiError UnknownStageInstance { get; } = new(10067, 404, "Unknown Stage Instance");

    /// <summary>10068, HTTP 404: Unknown Guild Member Verification Form.</summary>
    public static ApiError UnknownGuildMemberVerificationForm { get; } = new(10068, 404, "Unknown Guild Member Verification Form");

    /// <summary>10069, HTTP 404: Unknown Guild Welcome Screen.</summary>
    public static ApiError UnknownGuildWelcomeScreen { get; } = new(10069, 404, "Unknown Guild Welcome Screen");

    /// <summary>10070, HTTP 404: Unknown Guild Scheduled Event.</summary>
    public static ApiError UnknownGuildScheduledEvent { get; } = new(10070, 404, "Unknown Guild Scheduled Event");

    /// <summary>10071, HTTP 404: Unknown Guild Scheduled Event User.</summary>
    public static ApiError UnknownGuildScheduledEventUser { get; } = new(10071, 404, "Unknown Guild Scheduled Event User");

    /// <summary>10087, HTTP 404: Unknown Tag.</summary>
    public static ApiError UnknownTag { get; } = new(10087, 404, "Unknown Tag");

    /// <summary>10097, HTTP 404: Unknown Sound.</summary>
    public static ApiError UnknownSound { get; } = new(10097, 404, "Unknown Sound");
}
