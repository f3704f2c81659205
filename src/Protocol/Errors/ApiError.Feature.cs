namespace Discord.Protocol.Errors;

/// <summary>
/// From 80xxx on: errors of single features.
/// </summary>
public sealed partial record ApiError
{
    /// <summary>80004, HTTP 400: No users with DiscordTag exist.</summary>
    public static ApiError NoSuchTag { get; } = new(80004, 400, "No users with DiscordTag exist");

    /// <summary>90001, HTTP 403: Reaction blocked.</summary>
    public static ApiError ReactionBlocked { get; } = new(90001, 403, "Reaction blocked");

    /// <summary>90002, HTTP 403: User cannot use burst reactions.</summary>
    public static ApiError BurstReactionsNotAllowed { get; } = new(90002, 403, "User cannot use burst reactions");

    /// <summary>110000, HTTP 202: Index not yet available. Try again later.</summary>
    public static ApiError IndexNotReady { get; } = new(110000, 202, "Index not yet available. Try again later");

    /// <summary>110001, HTTP 400: Application not yet available. Try again later.</summary>
    public static ApiError ApplicationNotAvailable { get; } = new(110001, 400, "Application not yet available. Try again later");

    /// <summary>130000, HTTP 503: API resource is currently overloaded. Try again a little later.</summary>
    public static ApiError ApiOverloaded { get; } = new(130000, 503, "API resource is currently overloaded. Try again a little later");

    /// <summary>150006, HTTP 400: The Stage is already open.</summary>
    public static ApiError StageAlreadyOpen { get; } = new(150006, 400, "The Stage is already open");

    /// <summary>160002, HTTP 403: Cannot reply without permission to read message history.</summary>
    public static ApiError CannotReplyWithoutHistory { get; } = new(160002, 403, "Cannot reply without permission to read message history");

    /// <summary>160004, HTTP 400: A thread has already been created for this message.</summary>
    public static ApiError ThreadAlreadyCreated { get; } = new(160004, 400, "A thread has already been created for this message");

    /// <summary>160005, HTTP 400: Thread is locked.</summary>
    public static ApiError ThreadLocked { get; } = new(160005, 400, "Thread is locked");

    /// <summary>160006, HTTP 400: Maximum number of active threads reached.</summary>
    public static ApiError MaxActiveThreads { get; } = new(160006, 400, "Maximum number of active threads reached");

    /// <summary>160007, HTTP 400: Maximum number of active announcement threads reached.</summary>
    public static ApiError MaxActiveAnnouncementThreads { get; } = new(
        160007, 400, "Maximum number of active announcement threads reached");

    /// <summary>170001, HTTP 400: Invalid JSON for uploaded Lottie file.</summary>
    public static ApiError InvalidLottieJson { get; } = new(170001, 400, "Invalid JSON for uploaded Lottie file");

    /// <summary>170002, HTTP 400: Uploaded Lotties cannot contain rasterized images such as PNG or JPEG.</summary>
    public static ApiError LottieRasterized { get; } = new(
        170002, 400, "Uploaded Lotties cannot contain rasterized images such as PNG or JPEG");

    /// <summary>170003, HTTP 400: Sticker maximum framerate exceeded.</summary>
    public static ApiError StickerFrameRateExceeded { get; } = new(170003, 400, "Sticker maximum framerate exceeded");

    /// <summary>170004, HTTP 400: Sticker frame count exceeds maximum of 1000 frames.</summary>
    public static ApiError StickerFrameCountExceeded { get; } = new(170004, 400, "Sticker frame count exceeds maximum of 1000 frames");

    /// <summary>170005, HTTP 400: Lottie animation maximum dimensions exceeded.</summary>
    public static ApiError LottieDimensionsExceeded { get; } = new(170005, 400, "Lottie animation maximum dimensions exceeded");

    /// <summary>170006, HTTP 400: Sticker frame rate is either too small or too large.</summary>
    public static ApiError StickerFrameRate { get; } = new(170006, 400, "Sticker frame rate is either too small or too large");

    /// <summary>170007, HTTP 400: Sticker animation duration exceeds maximum of 5 seconds.</summary>
    public static ApiError StickerDurationExceeded { get; } = new(170007, 400, "Sticker animation duration exceeds maximum of 5 seconds");

    /// <summary>180000, HTTP 400: Cannot update a finished event.</summary>
    public static ApiError CannotUpdateFinishedEvent { get; } = new(180000, 400, "Cannot update a finished event");

    /// <summary>180002, HTTP 400: Failed to create stage needed for stage event.</summary>
    public static ApiError StageEventFailed { get; } = new(180002, 400, "Failed to create stage needed for stage event");

    /// <summary>200000, HTTP 400: Message was blocked by automatic moderation.</summary>
    public static ApiError AutomodMessageBlocked { get; } = new(200000, 400, "Message was blocked by automatic moderation");

    /// <summary>200001, HTTP 400: Title was blocked by automatic moderation.</summary>
    public static ApiError AutomodTitleBlocked { get; } = new(200001, 400, "Title was blocked by automatic moderation");

    /// <summary>220001, HTTP 400: Webhooks posted to forum channels must have a thread_name or thread_id.</summary>
    public static ApiError WebhookForumNeedsThread { get; } = new(
        220001, 400, "Webhooks posted to forum channels must have a thread_name or thread_id");

    /// <summary>220002, HTTP 400: Webhooks posted to forum channels cannot have both a thread_name and thread_id.</summary>
    public static ApiError WebhookForumThreadConflict { get; } = new(
        220002, 400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id");

    /// <summary>220003, HTTP 400: Webhooks can only create threads in forum channels.</summary>
    public static ApiError WebhookThreadsOnlyInForum { get; } = new(220003, 400, "Webhooks can only create threads in forum channels");

    /// <summary>220004, HTTP 400: Webhook services cannot be used in forum channels.</summary>
    public static ApiError WebhookServiceInForum { get; } = new(220004, 400, "Webhook services cannot be used in forum channels");

    /// <summary>240000, HTTP 400: Message blocked by harmful links filter.</summary>
    public static ApiError HarmfulLinksBlocked { get; } = new(240000, 400, "Message blocked by harmful links filter");

    /// <summary>350000, HTTP 400: Cannot enable onboarding, requirements are not met.</summary>
    public static ApiError OnboardingRequirements { get; } = new(350000, 400, "Cannot enable onboarding, requirements are not met");

    /// <summary>350001, HTTP 400: Cannot update onboarding while below requirements.</summary>
    public static ApiError OnboardingBelowRequirements { get; } = new(350001, 400, "Cannot update onboarding while below requirements");

    /// <summary>400001, HTTP 403: Access to file uploads has been limited for this guild.</summary>
    public static ApiError UploadsLimited { get; } = new(400001, 403, "Access to file uploads has been limited for this guild");

    /// <summary>500000, HTTP 400: Failed to ban users.</summary>
    public static ApiError FailedToBanUsers { get; } = new(500000, 400, "Failed to ban users");

    /// <summary>520000, HTTP 403: Poll voting blocked.</summary>
    public static ApiError PollVotingBlocked { get; } = new(520000, 403, "Poll voting blocked");

    /// <summary>520001, HTTP 400: Poll expired.</summary>
    public static ApiError PollExpired { get; } = new(520001, 400, "Poll expired");

    /// <summary>520002, HTTP 400: Invalid channel type for poll creation.</summary>
    public static ApiError PollChannelType { get; } = new(520002, 400, "Invalid channel type for poll creation");

    /// <summary>520003, HTTP 400: Cannot edit a poll message.</summary>
    public static ApiError CannotEditPoll { get; } = new(520003, 400, "Cannot edit a poll message");

    /// <summary>520004, HTTP 400: Cannot use an emoji included with the poll.</summary>
    public static ApiError PollEmojiNotAllowed { get; } = new(520004, 400, "Cannot use an emoji included with the poll");

    /// <summary>520006, HTTP 400: Cannot expire a non-poll message.</summary>
    public static ApiError CannotExpireNonPoll { get; } = new(520006, 400, "Cannot expire a non-poll message");
}
