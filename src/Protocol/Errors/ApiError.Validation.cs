namespace Discord.Protocol.Errors;

/// <summary>
/// 50xxx and 60xxx: validation and permission.
/// </summary>
public sealed partial record ApiError
{
    /// <summary>50001, HTTP 403: Missing Access.</summary>
    public static ApiError MissingAccess { get; } = new(50001, 403, "Missing Access");

    /// <summary>50002, HTTP 400: Invalid account type.</summary>
    public static ApiError InvalidAccountType { get; } = new(50002, 400, "Invalid account type");

    /// <summary>50003, HTTP 403: Cannot execute action on a DM channel.</summary>
    public static ApiError CannotExecuteOnDm { get; } = new(50003, 403, "Cannot execute action on a DM channel");

    /// <summary>50004, HTTP 403: Widget Disabled.</summary>
    public static ApiError WidgetDisabled { get; } = new(50004, 403, "Widget Disabled");

    /// <summary>50005, HTTP 403: Cannot edit a message authored by another user.</summary>
    public static ApiError CannotEditOthersMessage { get; } = new(50005, 403, "Cannot edit a message authored by another user");

    /// <summary>50006, HTTP 400: Cannot send an empty message.</summary>
    public static ApiError CannotSendEmptyMessage { get; } = new(50006, 400, "Cannot send an empty message");

    /// <summary>50007, HTTP 403: Cannot send messages to this user.</summary>
    public static ApiError CannotSendToUser { get; } = new(50007, 403, "Cannot send messages to this user");

    /// <summary>50008, HTTP 400: Cannot send messages in a non-text channel.</summary>
    public static ApiError CannotSendInNonTextChannel { get; } = new(50008, 400, "Cannot send messages in a non-text channel");

    /// <summary>50009, HTTP 403: Channel verification level is too high for you to gain access.</summary>
    public static ApiError VerificationLevelTooHigh { get; } = new(
        50009, 403, "Channel verification level is too high for you to gain access");

    /// <summary>50010, HTTP 400: OAuth2 application does not have a bot.</summary>
    public static ApiError ApplicationHasNoBot { get; } = new(50010, 400, "OAuth2 application does not have a bot");

    /// <summary>50011, HTTP 400: OAuth2 application limit reached.</summary>
    public static ApiError ApplicationLimitReached { get; } = new(50011, 400, "OAuth2 application limit reached");

    /// <summary>50012, HTTP 400: Invalid OAuth2 state.</summary>
    public static ApiError InvalidOAuth2State { get; } = new(50012, 400, "Invalid OAuth2 state");

    /// <summary>50013, HTTP 403: Missing Permissions.</summary>
    public static ApiError MissingPermissions { get; } = new(50013, 403, "Missing Permissions");

    /// <summary>50014, HTTP 401: Invalid authentication token.</summary>
    public static ApiError InvalidAuthenticationToken { get; } = new(50014, 401, "Invalid authentication token");

    /// <summary>50015, HTTP 400: Note was too long.</summary>
    public static ApiError NoteTooLong { get; } = new(50015, 400, "Note was too long");

    /// <summary>50016, HTTP 400: Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to
    /// delete.</summary>
    public static ApiError BulkDeleteCount { get; } = new(
        50016, 400, "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete.");

    /// <summary>50017, HTTP 400: Invalid MFA Level.</summary>
    public static ApiError InvalidMfaLevel { get; } = new(50017, 400, "Invalid MFA Level");

    /// <summary>50019, HTTP 400: A message can only be pinned to the channel it was sent in.</summary>
    public static ApiError PinInOtherChannel { get; } = new(50019, 400, "A message can only be pinned to the channel it was sent in");

    /// <summary>50020, HTTP 400: Invite code was either invalid or taken.</summary>
    public static ApiError InviteCodeTaken { get; } = new(50020, 400, "Invite code was either invalid or taken");

    /// <summary>50021, HTTP 403: Cannot execute action on a system message.</summary>
    public static ApiError CannotExecuteOnSystemMessage { get; } = new(50021, 403, "Cannot execute action on a system message");

    /// <summary>50024, HTTP 400: Cannot execute action on this channel type.</summary>
    public static ApiError CannotExecuteOnChannelType { get; } = new(50024, 400, "Cannot execute action on this channel type");

    /// <summary>50025, HTTP 401: Invalid OAuth2 access token.</summary>
    public static ApiError InvalidOAuth2Token { get; } = new(50025, 401, "Invalid OAuth2 access token");

    /// <summary>50026, HTTP 403: Missing required OAuth2 scope.</summary>
    public static ApiError MissingOAuth2Scope { get; } = new(50026, 403, "Missing required OAuth2 scope");

    /// <summary>50027, HTTP 401: Invalid Webhook Token.</summary>
    public static ApiError InvalidWebhookToken { get; } = new(50027, 401, "Invalid Webhook Token");

    /// <summary>50028, HTTP 400: Invalid Role.</summary>
    public static ApiError InvalidRole { get; } = new(50028, 400, "Invalid Role");

    /// <summary>50033, HTTP 400: Invalid Recipient(s).</summary>
    public static ApiError InvalidRecipients { get; } = new(50033, 400, "Invalid Recipient(s)");

    /// <summary>50034, HTTP 400: You can only bulk delete messages that are under 14 days old.</summary>
    public static ApiError TooOldToBulkDelete { get; } = new(50034, 400, "You can only bulk delete messages that are under 14 days old.");

    /// <summary>50035, HTTP 400: Invalid Form Body.</summary>
    public static ApiError InvalidFormBody { get; } = new(50035, 400, "Invalid Form Body");

    /// <summary>50036, HTTP 400: An invite was accepted to a guild the application's bot is not in.</summary>
    public static ApiError InviteToForeignGuild { get; } = new(
        50036, 400, "An invite was accepted to a guild the application's bot is not in");

    /// <summary>50039, HTTP 400: Invalid Activity Action.</summary>
    public static ApiError InvalidActivityAction { get; } = new(50039, 400, "Invalid Activity Action");

    /// <summary>50041, HTTP 400: Invalid API version.</summary>
    public static ApiError InvalidApiVersion { get; } = new(50041, 400, "Invalid API version");

    /// <summary>50045, HTTP 400: File uploaded exceeds the maximum size.</summary>
    public static ApiError FileTooLarge { get; } = new(50045, 400, "File uploaded exceeds the maximum size");

    /// <summary>50046, HTTP 400: Invalid file uploaded.</summary>
    public static ApiError InvalidFile { get; } = new(50046, 400, "Invalid file uploaded");

    /// <summary>50054, HTTP 400: Cannot self-redeem this gift.</summary>
    public static ApiError CannotSelfRedeemGift { get; } = new(50054, 400, "Cannot self-redeem this gift");

    /// <summary>50055, HTTP 400: Invalid Guild.</summary>
    public static ApiError InvalidGuild { get; } = new(50055, 400, "Invalid Guild");

    /// <summary>50057, HTTP 400: Invalid SKU.</summary>
    public static ApiError InvalidSku { get; } = new(50057, 400, "Invalid SKU");

    /// <summary>50067, HTTP 403: Invalid request origin.</summary>
    public static ApiError InvalidOrigin { get; } = new(50067, 403, "Invalid request origin");

    /// <summary>50068, HTTP 400: Invalid message type.</summary>
    public static ApiError InvalidMessageType { get; } = new(50068, 400, "Invalid message type");

    /// <summary>50070, HTTP 400: Payment source required to redeem gift.</summary>
    public static ApiError PaymentSourceRequired { get; } = new(50070, 400, "Payment source required to redeem gift");

    /// <summary>50073, HTTP 400: Cannot modify a system webhook.</summary>
    public static ApiError CannotModifySystemWebhook { get; } = new(50073, 400, "Cannot modify a system webhook");

    /// <summary>50074, HTTP 400: Cannot delete a channel required for Community guilds.</summary>
    public static ApiError CannotDeleteCommunityChannel { get; } = new(50074, 400, "Cannot delete a channel required for Community guilds");

    /// <summary>50080, HTTP 400: Cannot edit stickers within a message.</summary>
    public static ApiError CannotEditStickers { get; } = new(50080, 400, "Cannot edit stickers within a message");

    /// <summary>50081, HTTP 400: Invalid sticker sent.</summary>
    public static ApiError InvalidSticker { get; } = new(50081, 400, "Invalid sticker sent");

    /// <summary>50083, HTTP 400: Thread is archived.</summary>
    public static ApiError ThreadArchived { get; } = new(50083, 400, "Thread is archived");

    /// <summary>50084, HTTP 400: Invalid thread notification settings.</summary>
    public static ApiError InvalidThreadNotificationSettings { get; } = new(50084, 400, "Invalid thread notification settings");

    /// <summary>50085, HTTP 400: before value is earlier than the thread creation date.</summary>
    public static ApiError BeforeThreadCreation { get; } = new(50085, 400, "before value is earlier than the thread creation date");

    /// <summary>50086, HTTP 400: Community server channels must be text channels.</summary>
    public static ApiError CommunityChannelsMustBeText { get; } = new(50086, 400, "Community server channels must be text channels");

    /// <summary>50091, HTTP 400: The entity type of the event is different from the entity you are trying to start the event for.</summary>
    public static ApiError EventEntityTypeMismatch { get; } = new(
        50091, 400, "The entity type of the event is different from the entity you are trying to start the event for");

    /// <summary>50095, HTTP 403: This server is not available in your location.</summary>
    public static ApiError ServerNotAvailableHere { get; } = new(50095, 403, "This server is not available in your location");

    /// <summary>50097, HTTP 400: This server needs monetization enabled in order to perform this action.</summary>
    public static ApiError MonetizationRequired { get; } = new(
        50097, 400, "This server needs monetization enabled in order to perform this action");

    /// <summary>50101, HTTP 403: This server needs more boosts to perform this action.</summary>
    public static ApiError BoostsRequired { get; } = new(50101, 403, "This server needs more boosts to perform this action");

    /// <summary>50109, HTTP 400: The request body contains invalid JSON.</summary>
    public static ApiError InvalidJson { get; } = new(50109, 400, "The request body contains invalid JSON.");

    /// <summary>50110, HTTP 400: The provided file is invalid.</summary>
    public static ApiError InvalidProvidedFile { get; } = new(50110, 400, "The provided file is invalid.");

    /// <summary>50123, HTTP 400: The provided file type is invalid.</summary>
    public static ApiError InvalidFileType { get; } = new(50123, 400, "The provided file type is invalid.");

    /// <summary>50124, HTTP 400: The provided file duration exceeds maximum of 5.2 seconds.</summary>
    public static ApiError FileDurationTooLong { get; } = new(50124, 400, "The provided file duration exceeds maximum of 5.2 seconds.");

    /// <summary>50131, HTTP 400: Owner cannot be pending member.</summary>
    public static ApiError OwnerCannotBePending { get; } = new(50131, 400, "Owner cannot be pending member");

    /// <summary>50132, HTTP 400: Ownership cannot be transferred to a bot user.</summary>
    public static ApiError OwnershipToBot { get; } = new(50132, 400, "Ownership cannot be transferred to a bot user");

    /// <summary>50138, HTTP 400: Failed to resize asset below the maximum size: 262144.</summary>
    public static ApiError AssetResizeFailed { get; } = new(50138, 400, "Failed to resize asset below the maximum size: 262144");

    /// <summary>50144, HTTP 400: Cannot mix subscription and non subscription roles for an emoji.</summary>
    public static ApiError CannotMixSubscriptionRoles { get; } = new(
        50144, 400, "Cannot mix subscription and non subscription roles for an emoji");

    /// <summary>50145, HTTP 400: Cannot convert between premium emoji and normal emoji.</summary>
    public static ApiError CannotConvertPremiumEmoji { get; } = new(50145, 400, "Cannot convert between premium emoji and normal emoji");

    /// <summary>50146, HTTP 400: Uploaded file not found.</summary>
    public static ApiError UploadedFileNotFound { get; } = new(50146, 400, "Uploaded file not found.");

    /// <summary>50151, HTTP 400: The specified emoji is invalid.</summary>
    public static ApiError InvalidEmoji { get; } = new(50151, 400, "The specified emoji is invalid");

    /// <summary>50159, HTTP 400: Voice messages do not support additional content.</summary>
    public static ApiError VoiceMessageContent { get; } = new(50159, 400, "Voice messages do not support additional content.");

    /// <summary>50160, HTTP 400: Voice messages must have a single audio attachment.</summary>
    public static ApiError VoiceMessageAttachment { get; } = new(50160, 400, "Voice messages must have a single audio attachment.");

    /// <summary>50161, HTTP 400: Voice messages must have supporting metadata.</summary>
    public static ApiError VoiceMessageMetadata { get; } = new(50161, 400, "Voice messages must have supporting metadata.");

    /// <summary>50162, HTTP 400: Voice messages cannot be edited.</summary>
    public static ApiError VoiceMessageEdit { get; } = new(50162, 400, "Voice messages cannot be edited.");

    /// <summary>50163, HTTP 400: Cannot delete guild subscription integration.</summary>
    public static ApiError CannotDeleteSubscriptionIntegration { get; } = new(50163, 400, "Cannot delete guild subscription integration");

    /// <summary>50173, HTTP 403: You cannot send voice messages in this channel.</summary>
    public static ApiError CannotSendVoiceMessages { get; } = new(50173, 403, "You cannot send voice messages in this channel.");

    /// <summary>50178, HTTP 403: The user account must first be verified.</summary>
    public static ApiError AccountMustBeVerified { get; } = new(50178, 403, "The user account must first be verified");

    /// <summary>50192, HTTP 400: The provided file does not have a valid duration.</summary>
    public static ApiError InvalidFileDuration { get; } = new(50192, 400, "The provided file does not have a valid duration.");

    /// <summary>50600, HTTP 403: You do not have permission to send this sticker.</summary>
    public static ApiError CannotSendSticker { get; } = new(50600, 403, "You do not have permission to send this sticker.");

    /// <summary>60003, HTTP 403: Two factor is required for this operation.</summary>
    public static ApiError TwoFactorRequired { get; } = new(60003, 403, "Two factor is required for this operation");
}
