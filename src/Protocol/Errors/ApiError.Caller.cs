namespace Discord.Protocol.Errors;

/// <summary>
/// 20xxx: who may call, and how often.
/// </summary>
public sealed partial record ApiError
{
    /// <summary>20001, HTTP 403: Bots cannot use this endpoint.</summary>
    public static ApiError BotsNotAllowed { get; } = new(20001, 403, "Bots cannot use this endpoint");

    /// <summary>20002, HTTP 403: Only bots can use this endpoint.</summary>
    public static ApiError OnlyBotsAllowed { get; } = new(20002, 403, "Only bots can use this endpoint");

    /// <summary>20009, HTTP 403: Explicit content cannot be sent to the desired recipient(s).</summary>
    public static ApiError ExplicitContent { get; } = new(20009, 403, "Explicit content cannot be sent to the desired recipient(s)");

    /// <summary>20012, HTTP 403: You are not authorized to perform this action on this application.</summary>
    public static ApiError NotAuthorizedForApplication { get; } = new(
        20012, 403, "You are not authorized to perform this action on this application");

    /// <summary>20016, HTTP 429: This action cannot be performed due to slowmode rate limit.</summary>
    public static ApiError SlowmodeRateLimited { get; } = new(20016, 429, "This action cannot be performed due to slowmode rate limit.");

    /// <summary>20018, HTTP 403: Only the owner of this account can perform this action.</summary>
    public static ApiError OwnerOnly { get; } = new(20018, 403, "Only the owner of this account can perform this action");

    /// <summary>20022, HTTP 429: This message cannot be edited due to announcement rate limits.</summary>
    public static ApiError AnnouncementEditRateLimited { get; } = new(
        20022, 429, "This message cannot be edited due to announcement rate limits.");

    /// <summary>20024, HTTP 403: Under minimum age.</summary>
    public static ApiError UnderMinimumAge { get; } = new(20024, 403, "Under minimum age");

    /// <summary>20028, HTTP 429: The channel you are writing has hit the write rate limit.</summary>
    public static ApiError ChannelWriteRateLimited { get; } = new(20028, 429, "The channel you are writing has hit the write rate limit.");

    /// <summary>20029, HTTP 429: The write action you are performing on the server has hit the write rate limit.</summary>
    public static ApiError GuildWriteRateLimited { get; } = new(
        20029, 429, "The write action you are performing on the server has hit the write rate limit.");

    /// <summary>20031, HTTP 400: Your Stage topic, server name, server description, or channel names contain words that are not
    /// allowed.</summary>
    public static ApiError WordsNotAllowed { get; } = new(
        20031, 400, "Your Stage topic, server name, server description, or channel names contain words that are not allowed");

    /// <summary>20035, HTTP 403: Guild premium subscription level too low.</summary>
    public static ApiError PremiumLevelTooLow { get; } = new(20035, 403, "Guild premium subscription level too low");
}
