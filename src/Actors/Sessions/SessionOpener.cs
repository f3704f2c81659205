using System.Buffers.Text;
using System.Security.Cryptography;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Presences;
using Discord.Actors.Relays;
using Discord.Actors.Users;
using Discord.Kernel;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Actors.Sessions;

/// <summary>
/// Opens and resumes sessions: checks IDENTIFY, makes the session and its actor, sends READY, and joins the session to its guilds. A bot's
/// READY names its guilds, and a GUILD_CREATE each follows; a user's READY holds them, so everything that happens while they are gathered
/// is held back until it is sent. Thread-safe.
/// </summary>
internal sealed class SessionOpener(DomainServices domain, IActorRef supervisor) : IGatewaySessions
{
    private static readonly DispatchEvent Resumed = new(EventNames.Resumed, "{\"_trace\":[\"discord-akka\"]}"u8.ToArray());
    private static readonly byte[] NotResumable = "false"u8.ToArray();

    public async ValueTask<IGatewaySession?> IdentifyAsync(
        IdentifyCommand command, ISessionTransport transport, CancellationToken cancellation)
    {
        (Account account, ApplicationRow? application, string logIn) = await AuthenticateAsync(command.Token, cancellation);
        SessionIdentity identity = Check(command, account, application) with { LogInHash = logIn };
        if (domain.Sessions.Count >= domain.Options.Sessions.MaxSessions
            || (domain.Options.RateLimits && identity.IsBot && !domain.Identifies.TryEnter(identity.UserId, identity.ShardId)))
        {
            InvalidSession(transport);
            return null;
        }
        Session session = new(identity, domain.Options.Sessions);
        session.Hold();

        // Not cancelled with the connection: the actor would be there, and nobody would know it.
        session.Actor = await supervisor.Ask<IActorRef>(new SessionSupervisor.Start(session), ct: CancellationToken.None);

        // Known before its guilds are read: a guild joined in between subscribes the session itself, and one it is subscribed to twice is
        // told once.
        domain.Sessions.Add(session);
        session.Open(transport);
        try
        {
            await StartAsync(session, account, application, command.Presence, cancellation);
        }
        catch
        {
            session.Actor.Tell(new SessionActor.EndSession(4000, "Could not be started"));
            throw;
        }
        return session;
    }

    public async ValueTask<IGatewaySession?> ResumeAsync(ResumeCommand command, ISessionTransport transport, CancellationToken cancellation)
    {
        (Account account, _, _) = await AuthenticateAsync(command.Token, cancellation);
        Session? session = domain.Sessions.Find(command.SessionId);
        if (session is null || session.UserId != account.Id || !session.TryResume(transport, command.Seq, Resumed))
        {
            InvalidSession(transport);
            return null;
        }
        session.Actor.Tell(SessionActor.ConnectionResumed.Instance);
        return session;
    }

    private async Task StartAsync(
        Session session, Account account, ApplicationRow? application, PresenceCommand? sent, CancellationToken cancellation)
    {
        List<Snowflake> guilds = [];
        await foreach (Snowflake id in domain.Storage.Lookups.GuildsOfAsync(account.Id))
        {
            if (session.Identity.Owns(id))
                guilds.Add(id);
        }
        if (guilds.Count > domain.Options.Sessions.MaxGuildsPerSession)
            throw new GatewayRefusedException((int)GatewayCloseCode.ShardingRequired, "Sharding required");
        session.Enter([.. guilds]);
        UserProfile profile = UserProfile.FromBytes(account.Profile.Span);
        PresenceCommand? presence = sent is null
            ? null
            : sent with { Activities = Activities.Clean(sent.Activities, session.SessionId, domain.Time.GetUtcNow()) };
        if (application is null)
        {
            UserState state = await domain.Users.StateOfAsync(account.Id);
            UserActor.SessionList sessions = await domain.Users.AskAsync<UserActor.SessionList>(
                account.Id, new UserActor.SessionOpened(session, presence, state), cancellation);
            await UserReady.SendAsync(domain, session, profile, state, sessions.Json, guilds, cancellation);
            return;
        }
        domain.Users.Tell(account.Id, new UserActor.SessionOpened(session, presence, null));
        session.Release(BotReady.Make(domain, session.Identity, profile, application, guilds));
        foreach (Snowflake guild in guilds)
            domain.Guilds.Tell(guild, new Subscribe(session));
    }

    private static void InvalidSession(ISessionTransport transport)
    {
        transport.SendControl((int)GatewayOpcode.InvalidSession, NotResumable);
        transport.Flush();
    }

    private async ValueTask<(Account Account, ApplicationRow? Application, string LogInHash)> AuthenticateAsync(
        string token, CancellationToken cancellation)
    {
        TokenRow? row = await domain.Storage.Accounts.ResolveTokenAsync(token, cancellation);
        Account? account = row is null ? null : await domain.Storage.Accounts.GetAsync(row.AccountId, cancellation);
        if (row is null || account is null)
            throw new GatewayRefusedException((int)GatewayCloseCode.AuthenticationFailed, "Authentication failed.");
        ApplicationRow? application = account.Bot
            ? await domain.Storage.Accounts.FindApplicationByBotAsync(account.Id, cancellation)
            : null;
        return (account, application, account.Bot ? "" : row.SessionIdHash);
    }

    private SessionIdentity Check(IdentifyCommand command, Account account, ApplicationRow? application)
    {
        if (command.ShardCount < 1 || command.ShardId < 0 || command.ShardId >= command.ShardCount)
            throw new GatewayRefusedException((int)GatewayCloseCode.InvalidShard, "Invalid shard");
        if (account.Bot && application is null)
            throw new GatewayRefusedException((int)GatewayCloseCode.AuthenticationFailed, "Authentication failed.");
        GatewayIntents intents = SessionIdentity.UserIntents;
        if (application is not null)
        {
            if (command.Intents is not { } asked || asked < 0 || (asked & ~(long)GatewayIntents.All) != 0)
                throw new GatewayRefusedException((int)GatewayCloseCode.InvalidIntents, "Invalid intent(s).");
            intents = (GatewayIntents)asked;
            GatewayIntents allowed = ((ApplicationFlags)ApplicationFlagsOf(application)).AllowedIntents();
            if ((intents & GatewayIntents.Privileged & ~allowed) != 0)
                throw new GatewayRefusedException((int)GatewayCloseCode.DisallowedIntents, "Disallowed intent(s).");
        }
        else if (domain.Sessions.Of(account.Id).Length >= domain.Options.Sessions.MaxSessionsPerUser)
            throw new GatewayRefusedException(4015, "Too many sessions");
        return new SessionIdentity
        {
            SessionId = NewSessionId(),
            UserId = account.Id,
            ApplicationId = application?.Id,
            ApiVersion = command.ApiVersion,
            Intents = intents,
            LargeThreshold = command.LargeThreshold ?? (application is null ? 250 : 50),
            ShardId = command.ShardId,
            ShardCount = command.ShardCount,
            HasShard = command.HasShard,
            Capabilities = (UserCapabilities)command.Capabilities,
            Platform = ClientPlatform.Of(command.Properties),
            Properties = command.Properties,
            StartedAt = domain.Time.GetUtcNow(),
        };
    }

    private static long ApplicationFlagsOf(ApplicationRow application) =>
        Applications.ApplicationProfile.FromBytes(application.Body.Span).Flags;

    private static string NewSessionId()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return Convert.ToHexStringLower(random);
    }
}

/// <summary>Which platform a client is, from IDENTIFY's free-form properties.</summary>
internal static class ClientPlatform
{
    public static string Of(System.Text.Json.JsonElement? properties)
    {
        if (properties is not { ValueKind: System.Text.Json.JsonValueKind.Object } given)
            return "web";
        string browser = Text(given, "browser") ?? Text(given, "$browser") ?? "";
        string os = Text(given, "os") ?? Text(given, "$os") ?? "";
        if (browser.Contains("iOS", StringComparison.OrdinalIgnoreCase) || browser.Contains("Android", StringComparison.OrdinalIgnoreCase)
            || os.Contains("Android", StringComparison.OrdinalIgnoreCase))
            return "mobile";
        return browser.Contains("Client", StringComparison.OrdinalIgnoreCase) ? "desktop" : "web";
    }

    /// <summary>A text among the properties; null when it is none.</summary>
    public static string? Text(System.Text.Json.JsonElement? properties, string key) =>
        properties is { ValueKind: System.Text.Json.JsonValueKind.Object } given
            && given.TryGetProperty(key, out System.Text.Json.JsonElement value)
            && value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString() : null;
}
