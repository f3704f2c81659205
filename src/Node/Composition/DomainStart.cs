using Discord.Actors;
using Discord.Node.Ops;
using Discord.Node.Rest;
using Discord.Node.Rest.Interactions;
using Discord.Protocol;
using Discord.Storage;

namespace Discord.Node.Composition;

/// <summary>Brings up storage and the domain, and hangs them into the node: accounts for REST, sessions for the gateway, deeds for
/// operators.</summary>
internal static class DomainStart
{
    public static async Task RunAsync(NodeServices services, CancellationToken cancellation)
    {
        IStorage storage = await StorageStart.OpenAsync(services, cancellation);
        DomainOptions options = new() { PublicAddress = () => services.PublicUrl, RateLimits = services.Options.RateLimits.Enabled };
        options.Sessions.ResumeWindow = services.Options.Sessions.ResumeWindow;
        options.Sessions.MaxSessions = services.Options.Sessions.MaxSessions;
        options.Sessions.IdentifyConcurrency = services.Options.Sessions.IdentifyConcurrency;
        options.Sessions.IdentifiesPerDay = services.Options.Sessions.IdentifiesPerDay;
        Domain domain = Domain.Start(services.Actors, storage, new SnowflakeGenerator(0, 0, services.Time), services.Time, options);
        services.Domain = domain.Services;
        services.Authenticator = new TokenAuthenticator(storage.Accounts);
        services.Operator = new OperatorActions(domain.Services);
        services.Sessions = domain.Gateway;
        services.WebhookTokens.Add(new InteractionTokens(domain.Services));
    }
}
