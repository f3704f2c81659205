using Discord.Actors.Guilds.Channels;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Threads;

/// <summary>
/// Changes a thread. Its owner may rename and archive it and set its archive time and tags; everything is open to MANAGE_THREADS; opening
/// an archived thread that is not locked takes no more than being able to send into it. An archived thread must be opened to be changed.
/// Answers with the thread.
/// </summary>
public sealed record ModifyThread(Snowflake ThreadId) : GuildCommand<Channel>
{
    /// <summary>PINNED, in forums and media channels.</summary>
    public const int Pinned = 1 << 1;

    public string? Name { get; init; }
    public bool? Archived { get; init; }
    public bool? Locked { get; init; }
    public bool? Invitable { get; init; }
    public int? AutoArchiveDuration { get; init; }
    public int? RateLimitPerUser { get; init; }
    public int? Flags { get; init; }
    public IReadOnlyList<Snowflake>? AppliedTags { get; init; }

    protected override Channel Decide(GuildDecision guild)
    {
        if (!guild.State.Threads.TryGetValue(ThreadId, out ThreadState? thread))
            throw new ApiException(ApiError.UnknownChannel);
        Channel before = thread.Channel;
        guild.Require(before, Permissions.ViewChannel);
        ThreadMetadata metadata = before.ThreadMetadata!;
        Permissions held = guild.By.System ? Permissions.All : guild.State.PermissionsIn(before, guild.By.UserId, guild.Now);
        bool manages = held.Has(Permissions.ManageThreads);
        bool owns = before.OwnerId == guild.By.UserId && held.Has(Permissions.SendMessages);
        bool opens = metadata.Archived && Archived == false;
        if (opens && !manages && (metadata.Locked || !held.Has(Permissions.SendMessages)))
            throw new ApiException(ApiError.MissingPermissions);
        bool changesRest = Name is not null || AutoArchiveDuration is not null || AppliedTags is not null
            || (Archived == true && !metadata.Archived);
        if (changesRest && !manages && !owns)
            throw new ApiException(ApiError.MissingPermissions);
        if (!manages && ((Locked is { } l && l != metadata.Locked) || RateLimitPerUser is not null || Flags is not null
            || (Invitable is not null && !owns)))
            throw new ApiException(ApiError.MissingPermissions);
        if (metadata.Archived && !opens
            && (Name is not null || AutoArchiveDuration is not null || RateLimitPerUser is not null || AppliedTags is not null))
            throw new ApiException(ApiError.ThreadArchived);

        Channel parent = guild.Channel(before.ParentId!.Value);
        bool archived = Archived ?? metadata.Archived;
        Channel after = before with
        {
            Name = Name ?? before.Name,
            RateLimitPerUser = RateLimitPerUser ?? before.RateLimitPerUser,
            AppliedTags = Tags(guild, parent, before),
            Flags = parent.Type.IsThreadOnly() && Flags is { } flags ? flags & Pinned : before.Flags,
            ThreadMetadata = metadata with
            {
                Archived = archived,
                ArchiveTimestamp = archived == metadata.Archived ? metadata.ArchiveTimestamp : guild.Now,
                Locked = Locked ?? metadata.Locked,
                AutoArchiveDuration = AutoArchiveDuration ?? metadata.AutoArchiveDuration,
                Invitable = before.Type == ChannelType.PrivateThread ? Invitable ?? metadata.Invitable : null,
            },
        };
        if ((after.Flags & ~before.Flags & Pinned) != 0)
            CheckPinned(guild, parent.Id);
        IReadOnlyList<AuditLogChange> changes = AuditChanges.Between(Flat.Of(before), Flat.Of(after), FlatJson.Default.Flat);
        if (changes.Count == 0)
            return before;
        if (opens && guild.State.Threads.Values.Count(t => t.Channel.ThreadMetadata is { Archived: false }) >= Limits.ActiveThreads)
            throw new ApiException(ApiError.MaxActiveThreads);
        guild.Put(new ThreadPut(after));
        guild.Audit(AuditLogEvent.ThreadUpdate, ThreadId, changes);
        return guild.State.Threads[ThreadId].Channel;
    }

    private IReadOnlyList<Snowflake>? Tags(GuildDecision guild, Channel parent, Channel before)
    {
        if (AppliedTags is null || !parent.Type.IsThreadOnly())
            return before.AppliedTags;
        PostTags.Check(guild, parent, AppliedTags, before.AppliedTags ?? [], ApiError.TagRequired);
        return AppliedTags.SequenceEqual(before.AppliedTags ?? []) ? before.AppliedTags : AppliedTags;
    }

    private static void CheckPinned(GuildDecision guild, Snowflake forum)
    {
        if (guild.State.Threads.Values.Any(t => t.Channel.ParentId == forum && (t.Channel.Flags & Pinned) != 0))
            throw new ApiException(ApiError.MaxPinnedThreads);
    }
}

/// <summary>A thread as the audit log speaks of it: its metadata's keys stand beside its own.</summary>
internal sealed record Flat(
    string? Name, ChannelType Type, int? RateLimitPerUser, int Flags, IReadOnlyList<Snowflake>? AppliedTags, bool Archived, bool Locked,
        int AutoArchiveDuration, bool? Invitable)
{
    public static Flat Of(Channel t) => new(
        t.Name, t.Type, t.RateLimitPerUser, t.Flags, t.AppliedTags, t.ThreadMetadata!.Archived, t.ThreadMetadata.Locked,
            t.ThreadMetadata.AutoArchiveDuration,
        t.ThreadMetadata.Invitable);
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.SnakeCaseLower)]
[System.Text.Json.Serialization.JsonSerializable(typeof(Flat))]
internal sealed partial class FlatJson : System.Text.Json.Serialization.JsonSerializerContext;

/// <summary>Deletes a thread. Needs MANAGE_THREADS. Answers with it as it was.</summary>
public sealed record DeleteThread(Snowflake ThreadId) : GuildCommand<Channel>
{
    protected override Channel Decide(GuildDecision guild)
    {
        if (!guild.State.Threads.TryGetValue(ThreadId, out ThreadState? thread))
            throw new ApiException(ApiError.UnknownChannel);
        guild.Require(thread.Channel, Permissions.ManageThreads);
        guild.Put(new ThreadRemoved(ThreadId));
        guild.Audit(AuditLogEvent.ThreadDelete, ThreadId, AuditChanges.Between(Flat.Of(thread.Channel), null, FlatJson.Default.Flat));
        return thread.Channel;
    }
}
