using Discord.Actors.Encoders;
using Discord.Actors.Guilds.Channels;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Threads;

/// <summary>
/// Starts a thread with the caller as its owner and first member; the messages that go with it are sent when this is answered. In forums
/// and media channels it is a post. Answers with the thread.
/// </summary>
/// <param name="ThreadId">A fresh id, or that of the message it starts from.</param>
/// <param name="ParentId">The channel.</param>
public sealed record StartThread(Snowflake ThreadId, Snowflake ParentId, string Name) : GuildCommand<Channel>
{
    /// <summary>Null: what the parent asks for.</summary>
    public ChannelType? Type { get; init; }

    /// <summary>It starts from a message of the parent, whose id it has.</summary>
    public bool FromMessage { get; init; }

    /// <summary>Minutes; null = the parent's default.</summary>
    public int? AutoArchiveDuration { get; init; }

    public int? RateLimitPerUser { get; init; }

    /// <summary>Private threads.</summary>
    public bool? Invitable { get; init; }

    /// <summary>Posts.</summary>
    public IReadOnlyList<Snowflake> AppliedTags { get; init; } = [];

    /// <summary>Minutes after which a thread is archived when neither it nor its parent says otherwise: three days.</summary>
    public const int DefaultAutoArchive = 4320;

    protected override Channel Decide(GuildDecision guild)
    {
        if (!guild.State.Channels.TryGetValue(ParentId, out Channel? parent))
            throw new ApiException(
                guild.State.Threads.ContainsKey(ParentId) ? ApiError.CannotExecuteOnChannelType : ApiError.UnknownChannel);
        ChannelType type = TypeIn(parent);
        guild.Require(parent, type == ChannelType.PrivateThread ? Permissions.CreatePrivateThreads
            : parent.Type.IsThreadOnly() ? Permissions.SendMessages
            : FromMessage ? Permissions.CreatePublicThreads | Permissions.ReadMessageHistory : Permissions.CreatePublicThreads);
        if (guild.State.Threads.ContainsKey(ThreadId))
            throw new ApiException(ApiError.ThreadAlreadyCreated);
        if (guild.State.Threads.Values.Count(t => t.Channel.ThreadMetadata is { Archived: false }) >= Limits.ActiveThreads)
            throw new ApiException(ApiError.MaxActiveThreads);
        bool isPost = parent.Type.IsThreadOnly();
        if (isPost)
            PostTags.Check(guild, parent, AppliedTags, [], ApiError.TagRequired);
        Snowflake owner = guild.By.UserId;
        bool joins = guild.State.Members.Contains(owner);
        Channel thread = new()
        {
            Id = ThreadId,
            Type = type,
            GuildId = guild.State.Id,
            ParentId = ParentId,
            Name = Name,
            OwnerId = owner,
            RateLimitPerUser = RateLimitPerUser ?? parent.DefaultThreadRateLimitPerUser ?? 0,
            MessageCount = 0,
            TotalMessageSent = 0,
            MemberCount = joins ? 1 : 0,
            AppliedTags = isPost ? AppliedTags : null,
            ThreadMetadata = new ThreadMetadata
            {
                AutoArchiveDuration = AutoArchiveDuration ?? parent.DefaultAutoArchiveDuration ?? DefaultAutoArchive,
                ArchiveTimestamp = guild.Now,
                CreateTimestamp = guild.Now,
                Invitable = type == ChannelType.PrivateThread ? Invitable ?? true : null,
            },
        };

        // Told once its first member is in: who may see a private thread follows from that.
        guild.Put(new ThreadPut(thread), silent: true);
        if (joins)
            guild.Put(new ThreadMemberPut(new ThreadMember { Id = ThreadId, UserId = owner, JoinTimestamp = guild.Now }), silent: true);
        guild.Tell(EventNames.ThreadCreate, thread with { NewlyCreated = true }, PayloadJson.Wire.Channel, GatewayIntents.Guilds,
            Audience.Viewers(thread));
        if (joins)
            guild.Tell(GuildDispatches.ThreadJoined(guild.State, ThreadId, owner));
        guild.Audit(AuditLogEvent.ThreadCreate, ThreadId, AuditChanges.Between(null, Flat.Of(thread), FlatJson.Default.Flat));
        return thread;
    }

    private ChannelType TypeIn(Channel parent)
    {
        ChannelType type =
            Type ?? (parent.Type == ChannelType.GuildAnnouncement ? ChannelType.AnnouncementThread : ChannelType.PublicThread);
        bool fits = parent.Type switch
        {
            ChannelType.GuildText => type == ChannelType.PublicThread || (type == ChannelType.PrivateThread && !FromMessage),
            ChannelType.GuildAnnouncement => type == ChannelType.AnnouncementThread,
            ChannelType.GuildForum or ChannelType.GuildMedia => type == ChannelType.PublicThread && !FromMessage,
            _ => throw new ApiException(ApiError.CannotExecuteOnChannelType),
        };
        return fits ? type : throw ChannelRules.Wrong("type",
            FormError.Choices([(int)ChannelType.AnnouncementThread, (int)ChannelType.PublicThread, (int)ChannelType.PrivateThread]));
    }
}

/// <summary>Tags on a post.</summary>
internal static class PostTags
{
    public static void Check(
        GuildDecision guild, Channel parent, IReadOnlyList<Snowflake> wanted, IReadOnlyList<Snowflake> present, ApiError whenNone)
    {
        IReadOnlyList<ForumTag> tags = parent.AvailableTags ?? [];
        bool manages = guild.By.System || guild.State.PermissionsIn(parent, guild.By.UserId, guild.Now).Has(Permissions.ManageThreads);
        foreach (Snowflake id in wanted)
        {
            ForumTag tag = tags.FirstOrDefault(t => t.Id == id) ?? throw new ApiException(ApiError.UnknownTag);
            if (tag.Moderated && !manages && !present.Contains(id))
                throw new ApiException(ApiError.MissingPermissions);
        }
        if (wanted.Count > 0 || (parent.Flags & ChannelSettings.RequireTag) == 0)
            return;
        throw new ApiException(!manages && tags.Count > 0 && tags.All(t => t.Moderated) ? ApiError.NoSettableTags : whenNone);
    }
}
