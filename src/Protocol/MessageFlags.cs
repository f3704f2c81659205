namespace Discord.Protocol;

/// <summary>Properties of a message (<c>flags</c>). See the API reference, "Message Flags".</summary>
[Flags]
public enum MessageFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>It was published to following channels.</summary>
    Crossposted = 1 << 0,

    /// <summary>It came from a followed channel.</summary>
    IsCrosspost = 1 << 1,

    /// <summary>Embeds are hidden. Settable.</summary>
    SuppressEmbeds = 1 << 2,

    /// <summary>The original of this crosspost was deleted.</summary>
    SourceMessageDeleted = 1 << 3,

    /// <summary>From the system's urgent messages.</summary>
    Urgent = 1 << 4,

    /// <summary>A thread with the message's id belongs to it.</summary>
    HasThread = 1 << 5,

    /// <summary>Only the invoker of the interaction sees it. Settable on interaction responses.</summary>
    Ephemeral = 1 << 6,

    /// <summary>A deferred answer: "thinking".</summary>
    Loading = 1 << 7,

    /// <summary>Some mentioned roles could not be added to the thread.</summary>
    FailedToMentionSomeRolesInThread = 1 << 8,

    /// <summary>No push or desktop notification. Settable.</summary>
    SuppressNotifications = 1 << 12,

    /// <summary>A voice message. Settable.</summary>
    IsVoiceMessage = 1 << 13,

    /// <summary>A forwarded message.</summary>
    HasSnapshot = 1 << 14,

    /// <summary>Components alone make the message. Settable, cannot be taken back.</summary>
    IsComponentsV2 = 1 << 15,

    /// <summary>What a client may set when it creates a message.</summary>
    Settable = SuppressEmbeds | SuppressNotifications | IsVoiceMessage | IsComponentsV2,
}
