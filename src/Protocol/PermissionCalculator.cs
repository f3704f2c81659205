namespace Discord.Protocol;

/// <summary>
/// Who may do what. Pure functions over values; no allocation. See the API reference, "Permissions".
/// <list type="number">
/// <item><see cref="InGuild"/>: the owner has all; others @everyone's bits with those of all their roles; ADMINISTRATOR is all.</item>
/// <item><see cref="Overwritten"/>: @everyone's overwrite, then all role overwrites together, then the member's own; each time the denials
/// first, then the allowances. Positions of roles do not matter. Administrators are beyond overwrites.</item>
/// <item><see cref="Implied"/>: what cannot be used without another permission is taken away.</item>
/// <item><see cref="WhileTimedOut"/>: little remains.</item>
/// </list>
/// <see cref="InChannel"/> and <see cref="InThread"/> are the whole of it.
/// </summary>
public static class PermissionCalculator
{
    /// <summary>What a member who is timed out keeps.</summary>
    public const Permissions TimedOutMask = Permissions.ViewChannel | Permissions.ReadMessageHistory;

    /// <summary>What is void without SEND_MESSAGES.</summary>
    public const Permissions SendingMask =
        Permissions.MentionEveryone | Permissions.SendTtsMessages | Permissions.AttachFiles | Permissions.EmbedLinks;

    /// <summary>What is void without CONNECT in a voice or stage channel.</summary>
    public const Permissions VoiceMask = Permissions.PrioritySpeaker | Permissions.Stream | Permissions.Speak | Permissions.MuteMembers
        | Permissions.DeafenMembers | Permissions.MoveMembers | Permissions.UseVad | Permissions.RequestToSpeak
        | Permissions.UseEmbeddedActivities | Permissions.UseSoundboard | Permissions.UseExternalSounds | Permissions.SetVoiceChannelStatus;

    /// <summary>True when all of <paramref name="wanted"/> is there.</summary>
    public static bool Has(this Permissions permissions, Permissions wanted) => (permissions & wanted) == wanted;

    /// <summary>True when at least one bit of <paramref name="wanted"/> is there.</summary>
    public static bool HasAny(this Permissions permissions, Permissions wanted) => (permissions & wanted) != 0;

    /// <summary>Guild-level permissions of a member.</summary>
    /// <param name="isOwner">The member owns the guild.</param>
    /// <param name="everyone">Bits of the @everyone role.</param>
    /// <param name="roles">Bits of each of the member's roles.</param>
    public static Permissions InGuild(bool isOwner, Permissions everyone, ReadOnlySpan<Permissions> roles)
    {
        if (isOwner)
            return Permissions.All;
        foreach (var role in roles)
            everyone |= role;
        return everyone.Has(Permissions.Administrator) ? Permissions.All : everyone;
    }

    /// <summary>
    /// Applies a channel's overwrites and nothing else. ADMINISTRATOR cannot be granted by an overwrite.
    /// </summary>
    /// <param name="guild">The member's guild-level permissions.</param>
    /// <param name="guildId">The guild, whose id is that of @everyone.</param>
    /// <param name="memberId">The member's user id.</param>
    /// <param name="memberRoles">Ids of the member's roles, with or without @everyone.</param>
    /// <param name="overwrites">The channel's overwrites, in any order.</param>
    public static Permissions Overwritten(
        Permissions guild, Snowflake guildId, Snowflake memberId, ReadOnlySpan<Snowflake> memberRoles, ReadOnlySpan<Overwrite> overwrites)
    {
        if (guild.Has(Permissions.Administrator))
            return Permissions.All;
        Permissions everyoneAllow = 0, everyoneDeny = 0, rolesAllow = 0, rolesDeny = 0, memberAllow = 0, memberDeny = 0;
        foreach (ref readonly var overwrite in overwrites)
        {
            if (overwrite.Type == OverwriteType.Member)
            {
                if (overwrite.Id == memberId)
                    (memberAllow, memberDeny) = (memberAllow | overwrite.Allow, memberDeny | overwrite.Deny);
            }
            else if (overwrite.Id == guildId)
                (everyoneAllow, everyoneDeny) = (everyoneAllow | overwrite.Allow, everyoneDeny | overwrite.Deny);
            else if (memberRoles.Contains(overwrite.Id))
                (rolesAllow, rolesDeny) = (rolesAllow | overwrite.Allow, rolesDeny | overwrite.Deny);
        }
        var result = (guild & ~everyoneDeny) | everyoneAllow;
        result = (result & ~rolesDeny) | rolesAllow;
        result = (result & ~memberDeny) | memberAllow;
        return result & ~Permissions.Administrator;
    }

    /// <summary>Takes away what cannot be used: without VIEW_CHANNEL everything, without SEND_MESSAGES the
    /// <see cref="SendingMask"/>, without CONNECT in voice and stage channels the <see cref="VoiceMask"/>.</summary>
    public static Permissions Implied(Permissions permissions, ChannelType type = ChannelType.GuildText)
    {
        if (!permissions.Has(Permissions.ViewChannel))
            return Permissions.None;
        if (!permissions.Has(Permissions.SendMessages))
            permissions &= ~SendingMask;
        if (type.IsVoice() && !permissions.Has(Permissions.Connect))
            permissions &= ~VoiceMask;
        return permissions;
    }

    /// <summary>What remains of permissions during a time-out; owners and administrators keep all.</summary>
    public static Permissions WhileTimedOut(Permissions permissions) =>
        permissions.Has(Permissions.Administrator) ? permissions : permissions & TimedOutMask;

    /// <summary>What a member may do in a channel that is no thread. Parameters as in <see cref="Overwritten"/>.</summary>
    public static Permissions InChannel(
        Permissions guild, Snowflake guildId, Snowflake memberId, ReadOnlySpan<Snowflake> memberRoles, ReadOnlySpan<Overwrite> overwrites,
        ChannelType type = ChannelType.GuildText, bool timedOut = false)
    {
        var result = Implied(Overwritten(guild, guildId, memberId, memberRoles, overwrites), type);
        return timedOut ? WhileTimedOut(result) : result;
    }

    /// <summary>
    /// What a member may do in a thread: the parent's result, where SEND_MESSAGES follows SEND_MESSAGES_IN_THREADS, so that callers ask for
    /// SEND_MESSAGES in threads as elsewhere. A private thread is nothing to those who are neither in it nor manage threads.
    /// </summary>
    /// <param name="guild">The member's guild-level permissions.</param>
    /// <param name="guildId">The guild.</param>
    /// <param name="memberId">The member's user id.</param>
    /// <param name="memberRoles">Ids of the member's roles.</param>
    /// <param name="parentOverwrites">Overwrites of the parent channel.</param>
    /// <param name="isPrivate">The thread is private.</param>
    /// <param name="inThread">The member is in the thread.</param>
    /// <param name="timedOut">The member is timed out.</param>
    public static Permissions InThread(
        Permissions guild, Snowflake guildId, Snowflake memberId, ReadOnlySpan<Snowflake> memberRoles,
        ReadOnlySpan<Overwrite> parentOverwrites, bool isPrivate, bool inThread, bool timedOut = false) =>
        InThread(Overwritten(guild, guildId, memberId, memberRoles, parentOverwrites), isPrivate, inThread, timedOut);

    /// <summary>As the other, from the parent's <see cref="Overwritten"/> result (before implied denials).</summary>
    public static Permissions InThread(Permissions parentOverwritten, bool isPrivate, bool inThread, bool timedOut = false)
    {
        if (isPrivate && !inThread && !parentOverwritten.Has(Permissions.ManageThreads))
            return Permissions.None;
        var result = parentOverwritten.Has(Permissions.SendMessagesInThreads)
            ? parentOverwritten | Permissions.SendMessages
            : parentOverwritten & ~Permissions.SendMessages;
        result = Implied(result);
        return timedOut ? WhileTimedOut(result) : result;
    }
}
