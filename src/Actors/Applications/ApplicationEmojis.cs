using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Applications;

/// <summary>Adds an emoji whose image is stored already; 30008 when the application has 2,000.</summary>
/// <param name="EmojiId">The id under which the image is stored.</param>
/// <param name="User">The bot, or the owner, who uploaded it.</param>
public sealed record AddApplicationEmoji(Snowflake EmojiId, string Name, bool Animated, User User) : ApplicationRequest<Emoji>
{
    protected override Emoji Decide(ApplicationDecision application)
    {
        if (application.State.Emojis.Count >= Limits.ApplicationEmojis)
            throw new ApiException(ApiError.MaxEmojis);
        EmojiNames.RequireFree(application, Name, null);
        Emoji emoji = new()
        {
            Id = EmojiId,
            Name = Name,
            Roles = Array.Empty<Snowflake>(),
            User = User,
            RequireColons = true,
            Managed = false,
            Animated = Animated,
            Available = true,
        };
        application.Put(new ApplicationEmojiPut(emoji));
        application.Write(LookupWrite.Put(LookupKind.EmojiOwner, EmojiId, application.Id));
        return emoji;
    }
}

/// <summary>Renames an emoji; 10014 when there is none.</summary>
public sealed record RenameApplicationEmoji(Snowflake EmojiId, string Name) : ApplicationRequest<Emoji>
{
    protected override Emoji Decide(ApplicationDecision application)
    {
        Emoji known = application.State.Emojis.GetValueOrDefault(EmojiId) ?? throw new ApiException(ApiError.UnknownEmoji);
        if (known.Name == Name)
            return known;
        EmojiNames.RequireFree(application, Name, EmojiId);
        Emoji renamed = known with { Name = Name };
        application.Put(new ApplicationEmojiPut(renamed));
        return renamed;
    }
}

/// <summary>Deletes an emoji; 10014 when there is none.</summary>
public sealed record RemoveApplicationEmoji(Snowflake EmojiId) : ApplicationRequest<bool>
{
    protected override bool Decide(ApplicationDecision application)
    {
        if (!application.State.Emojis.ContainsKey(EmojiId))
            throw new ApiException(ApiError.UnknownEmoji);
        application.Put(new ApplicationEmojiRemoved(EmojiId));
        application.Write(LookupWrite.Delete(LookupKind.EmojiOwner, EmojiId));
        return true;
    }
}

internal static class EmojiNames
{
    /// <summary>An application's emojis, unlike a guild's, are told apart by name.</summary>
    public static void RequireFree(ApplicationDecision application, string name, Snowflake? except)
    {
        if (application.State.Emojis.Values.Any(e => e.Name == name && e.Id != except))
        {
            throw new ApiException(ApiError.InvalidFormBody, FormErrors.Of(
                "name", new FormError("APPLICATION_EMOJI_NAME_ALREADY_TAKEN", "This emoji name is already taken.")));
        }
    }
}
