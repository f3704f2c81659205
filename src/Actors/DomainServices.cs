using Discord.Actors.Accounts;
using Discord.Actors.Applications;
using Discord.Actors.Guilds;
using Discord.Actors.Interactions;
using Discord.Actors.Messages;
using Discord.Actors.Presences;
using Discord.Actors.Privates;
using Discord.Actors.Sessions;
using Discord.Actors.Users;
using Discord.Actors.Users.Relationships;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Storage;

namespace Discord.Actors;

/// <summary>Settings of the domain.</summary>
public sealed class DomainOptions
{
    public SessionOptions Sessions { get; } = new();

    /// <summary>Whether protocol rate limits (identify, member requests) are applied. Default yes.</summary>
    public bool RateLimits { get; set; } = true;

    /// <summary>Where clients reach the node, as they are told; known once it listens, so it is asked for each time.</summary>
    public required Func<Uri> PublicAddress { get; init; }

    /// <summary>Base of attachment and image URLs: <c>http://host:port</c>, without a slash at its end.</summary>
    public string PublicUrl => PublicAddress().ToString().TrimEnd('/');

    /// <summary>What READY gives for resuming, and <c>/gateway</c> for connecting: <c>ws://host:port</c> or <c>wss://</c>, without
    /// query.</summary>
    public string GatewayUrl => "ws" + PublicUrl["http".Length..];
}

/// <summary>The domain's parts, made once by <see cref="Domain"/> and read by everyone. Thread-safe.</summary>
public sealed class DomainServices
{
    public required DomainOptions Options { get; init; }
    public required ActorSystem System { get; init; }
    public required IStorage Storage { get; init; }
    public required SnowflakeGenerator Ids { get; init; }
    public required TimeProvider Time { get; init; }
    public required IdentifyLimiter Identifies { get; init; }
    public required MemberRequestLimiter MemberRequests { get; init; }
    public required SessionRegistry Sessions { get; init; }
    public required PresenceBoard Presences { get; init; }
    public required GuildDirectory Guilds { get; init; }
    public required PrivateDirectory Privates { get; init; }
    public required ApplicationDirectory Applications { get; init; }
    public required InteractionRegistry Interactions { get; init; }
    public required AccountDesk Accounts { get; init; }
    public required IAttachmentUrls AttachmentUrls { get; init; }
    public required Credentials Credentials { get; init; }
    public required UserDirectory Users { get; init; }
    public required LastSeen LastSeen { get; init; }
    public required Friendships Friendships { get; init; }
}
