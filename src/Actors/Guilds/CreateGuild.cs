using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds;

/// <summary>
/// Makes a guild as the application does it: @everyone with the default permissions, a category with a text and a voice channel each, and
/// its owner as the first member.
/// </summary>
/// <param name="GuildId">A fresh id; @everyone's too.</param>
/// <param name="Name">2 to 100 characters.</param>
/// <param name="Owner">The first member.</param>
/// <param name="Icon">Hash of a stored icon.</param>
public sealed record CreateGuild(Snowflake GuildId, string Name, User Owner, string? Icon = null) : GuildCommand<Snowflake>
{
    /// <summary>What @everyone may do in a new guild.</summary>
    public const Permissions DefaultPermissions = Permissions.CreateInstantInvite | Permissions.AddReactions | Permissions.Stream
        | Permissions.ViewChannel | Permissions.SendMessages | Permissions.EmbedLinks | Permissions.AttachFiles
        | Permissions.ReadMessageHistory | Permissions.MentionEveryone | Permissions.UseExternalEmojis | Permissions.Connect
        | Permissions.Speak | Permissions.UseVad | Permissions.ChangeNickname | Permissions.UseApplicationCommands
        | Permissions.RequestToSpeak | Permissions.CreatePublicThreads | Permissions.CreatePrivateThreads | Permissions.UseExternalStickers
        | Permissions.SendMessagesInThreads | Permissions.UseEmbeddedActivities | Permissions.UseSoundboard | Permissions.UseExternalSounds
        | Permissions.SendVoiceMessages | Permissions.SendPolls | Permissions.UseExternalApps;

    protected override Snowflake Decide(GuildDecision guild)
    {
        Channel text = Channel(guild.NewId(), ChannelType.GuildCategory, "Text Channels", 0, null);
        Channel voice = Channel(guild.NewId(), ChannelType.GuildCategory, "Voice Channels", 0, null);
        Channel general = Channel(guild.NewId(), ChannelType.GuildText, "general", 0, text.Id) with { RateLimitPerUser = 0 };
        Channel lounge = Channel(guild.NewId(), ChannelType.GuildVoice, "General", 0, voice.Id) with
        {
            Bitrate = 64_000,
            UserLimit = 0,
            RateLimitPerUser = 0
        };
        guild.Put(new PropertiesChanged(
            new GuildProperties { Id = GuildId, Name = Name, OwnerId = Owner.Id, Icon = Icon, SystemChannelId = general.Id }));
        guild.Put(new RolePut(new Role { Id = GuildId, Name = "@everyone", Permissions = DefaultPermissions }));
        foreach (Channel channel in (ReadOnlySpan<Channel>)[text, voice, general, lounge])
            guild.Put(new ChannelPut(channel));
        guild.Put(new MemberPut(new Member { User = Owner, Roles = Array.Empty<Snowflake>(), JoinedAt = guild.Now }));
        return general.Id;
    }

    private Channel Channel(Snowflake id, ChannelType type, string name, int position, Snowflake? parent) => new()
    {
        Id = id,
        Type = type,
        GuildId = GuildId,
        Name = name,
        Position = position,
        ParentId = parent,
        PermissionOverwrites = Array.Empty<Overwrite>(),
        Nsfw = type == ChannelType.GuildCategory ? null : false,
    };
}
