using Discord.Actors.Accounts;
using Discord.Actors.Applications;
using Discord.Actors.Applications.Persistence;
using Discord.Actors.Guilds;
using Discord.Actors.Guilds.Persistence;
using Discord.Actors.Interactions;
using Discord.Actors.Messages;
using Discord.Actors.Presences;
using Discord.Actors.Privates;
using Discord.Actors.Sessions;
using Discord.Actors.Users;
using Discord.Actors.Users.ReadStates;
using Discord.Actors.Users.Relationships;
using Discord.Kernel;
using Discord.Kernel.Sharding;
using Discord.Protocol;
using Discord.Storage;
using Discord.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Discord.Actors;

/// <summary>
/// The whole domain on one actor system: regions of guilds, users and private channels, sessions under their supervisor. Start it once the
/// storage is open; the gateway talks to <see cref="Gateway"/>, REST to <see cref="Services"/>.
/// </summary>
public sealed class Domain
{
    private Domain(DomainServices services, IGatewaySessions gateway)
    {
        Services = services;
        Gateway = gateway;
    }

    public DomainServices Services { get; }

    /// <summary>Opens and resumes sessions.</summary>
    public IGatewaySessions Gateway { get; }

    public static Domain Start(ActorSystem system, IStorage storage, SnowflakeGenerator ids, TimeProvider time, DomainOptions options)
    {
        SessionRegistry sessions = new();
        PresenceBoard presences = new();
        PasswordHasher passwords = new();
        GuildDirectory guildDirectory = new(sessions, presences, storage.Lookups, time);
        PrivateDirectory privateDirectory = new(sessions, storage.Lookups, ids, time);
        AttachmentUrls urls = new(options, storage.Urls, time);
        UserDirectory users = new(storage.Lookups, guildDirectory, privateDirectory);
        DomainServices services = new()
        {
            Options = options,
            System = system,
            Storage = storage,
            Ids = ids,
            Time = time,
            AttachmentUrls = urls,
            LastSeen = new LastSeen(storage.Lookups, time),
            Identifies = new IdentifyLimiter(options.Sessions, time),
            MemberRequests = new MemberRequestLimiter(time),
            Sessions = sessions,
            Presences = presences,
            Accounts = new AccountDesk(storage.Accounts, ids, time, passwords),
            Credentials = new Credentials(storage.Accounts, passwords, sessions),
            Guilds = guildDirectory,
            Privates = privateDirectory,
            Users = users,
            Friendships = new Friendships(users),
            Applications = new ApplicationDirectory(storage.Accounts),
            Interactions = new InteractionRegistry(sessions, ids, time, urls, storage.Blobs),
        };
        ChannelServices channels = new(
            storage.Messages, ids, time, urls,
            new AttachmentFiles(storage.Blobs, system.Options.LoggerFactory.CreateLogger<AttachmentFiles>()));
        UnreadCounter unread = new(users);
        GuildServices guilds = new(
            services.Guilds, storage.Journal, storage.Snapshots, new GuildEventAdapter(), storage.Messages, ids, time, channels, unread,
            options.Sessions.ResumeWindow);

        // A guild decides itself when it may be forgotten: it must stay as long as a session hears of it.
        ShardRegionOptions region = new() { PassivateAfter = null };
        services.Guilds.Start(ShardRegion.Start(
            system, "guilds", id => Props.Create(() => new GuildActor(new Snowflake(id), guilds)),
            new ShardEnvelopeExtractor(region.Shards), region), system.WhenTerminated);
        PrivateServices privates = new(services, channels, unread);
        services.Privates.Start(ShardRegion.Start(
            system, "privates", id => Props.Create(() => new PrivateChannelActor(new Snowflake(id), privates)),
            new ShardEnvelopeExtractor(region.Shards), region));
        services.Users.Start(
            ShardRegion.Start(
                system, "users", id => Props.Create(() => new UserActor(new Snowflake(id), services)),
                new ShardEnvelopeExtractor(region.Shards), region),
            ShardRegion.Start(
                system, "user-states", id => Props.Create(() => new UserStateActor(new Snowflake(id), services)),
                new ShardEnvelopeExtractor()));
        ApplicationEventAdapter applicationEvents = new();
        ShardRegionOptions applications = new();
        services.Applications.Start(ShardRegion.Start(
            system, "applications",
            id => Props.Create(() => new ApplicationActor(services.Applications.HandleOf(new Snowflake(id)), services, applicationEvents)),
            new ShardEnvelopeExtractor(applications.Shards), applications));
        IActorRef supervisor = system.ActorOf(Props.Create(() => new SessionSupervisor(services)), "sessions");
        return new Domain(services, new SessionOpener(services, supervisor));
    }
}
