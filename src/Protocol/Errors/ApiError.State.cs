namespace Discord.Protocol.Errors;

/// <summary>
/// 40xxx: the request and the state of things disagree.
/// </summary>
public sealed partial record ApiError
{
    /// <summary>40001, HTTP 401: Unauthorized.</summary>
    public static ApiError Unauthorized { get; } = new(40001, 401, "Unauthorized");

    /// <summary>40002, HTTP 403: You need to verify your account in order to perform this action.</summary>
    public static ApiError VerificationRequired { get; } = new(
        40002, 403, "You need to verify your account in order to perform this action.");

    /// <summary>40003, HTTP 429: You are opening direct messages too fast.</summary>
    public static ApiError OpeningDmsTooFast { get; } = new(40003, 429, "You are opening direct messages too fast");

    /// <summary>40004, HTTP 403: Send messages has been temporarily disabled.</summary>
    public static ApiError SendingDisabled { get; } = new(40004, 403, "Send messages has been temporarily disabled");

    /// <summary>40005, HTTP 413: Request entity too large.</summary>
    public static ApiError RequestTooLarge { get; } = new(40005, 413, "Request entity too large");

    /// <summary>40006, HTTP 503: This feature has been temporarily disabled server-side.</summary>
    public static ApiError FeatureDisabled { get; } = new(40006, 503, "This feature has been temporarily disabled server-side");

    /// <summary>40007, HTTP 403: The user is banned from this guild.</summary>
    public static ApiError UserBanned { get; } = new(40007, 403, "The user is banned from this guild.");

    /// <summary>40009, HTTP 400: Only one channel can change its parent at a time.</summary>
    public static ApiError OneParentChangeOnly { get; } = new(40009, 400, "Only one channel can change its parent at a time");

    /// <summary>40012, HTTP 403: Connection has been revoked.</summary>
    public static ApiError ConnectionRevoked { get; } = new(40012, 403, "Connection has been revoked");

    /// <summary>40018, HTTP 400: Only consumable SKUs can be consumed.</summary>
    public static ApiError OnlyConsumableSkus { get; } = new(40018, 400, "Only consumable SKUs can be consumed");

    /// <summary>40019, HTTP 400: You can only delete sandbox entitlements.</summary>
    public static ApiError OnlySandboxEntitlements { get; } = new(40019, 400, "You can only delete sandbox entitlements.");

    /// <summary>40032, HTTP 400: Target user is not connected to voice.</summary>
    public static ApiError TargetNotInVoice { get; } = new(40032, 400, "Target user is not connected to voice.");

    /// <summary>40033, HTTP 400: This message has already been crossposted.</summary>
    public static ApiError AlreadyCrossposted { get; } = new(40033, 400, "This message has already been crossposted.");

    /// <summary>40041, HTTP 400: An application command with that name already exists.</summary>
    public static ApiError CommandNameExists { get; } = new(40041, 400, "An application command with that name already exists");

    /// <summary>40043, HTTP 400: Application interaction failed to send.</summary>
    public static ApiError InteractionFailedToSend { get; } = new(40043, 400, "Application interaction failed to send");

    /// <summary>40058, HTTP 400: Cannot send a message in a forum channel.</summary>
    public static ApiError CannotSendInForum { get; } = new(40058, 400, "Cannot send a message in a forum channel");

    /// <summary>40060, HTTP 400: Interaction has already been acknowledged.</summary>
    public static ApiError InteractionAlreadyAcknowledged { get; } = new(40060, 400, "Interaction has already been acknowledged.");

    /// <summary>40061, HTTP 400: Tag names must be unique.</summary>
    public static ApiError TagNamesMustBeUnique { get; } = new(40061, 400, "Tag names must be unique");

    /// <summary>40062, HTTP 429: Service resource is being rate limited.</summary>
    public static ApiError ResourceRateLimited { get; } = new(40062, 429, "Service resource is being rate limited.");

    /// <summary>40066, HTTP 400: There are no tags available that can be set by non-moderators.</summary>
    public static ApiError NoSettableTags { get; } = new(40066, 400, "There are no tags available that can be set by non-moderators");

    /// <summary>40067, HTTP 400: A tag is required to create a forum post in this channel.</summary>
    public static ApiError TagRequired { get; } = new(40067, 400, "A tag is required to create a forum post in this channel");

    /// <summary>40074, HTTP 400: An entitlement has already been granted for this resource.</summary>
    public static ApiError EntitlementExists { get; } = new(40074, 400, "An entitlement has already been granted for this resource");

    /// <summary>40094, HTTP 400: This interaction has hit the maximum number of follow up messages.</summary>
    public static ApiError MaxFollowups { get; } = new(40094, 400, "This interaction has hit the maximum number of follow up messages");
}
