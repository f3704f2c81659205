using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Discord.Actors.Applications;
using Discord.Node.Composition;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Storage;

namespace Discord.Node.Rest.Applications;

/// <summary>
/// What the privileged intents open to bots over REST as well: the content of others' messages, the list of a guild's members. Users are
/// not limited by them. Answers from memory, so that history does not read the application each time; a change of flags is seen within <see
/// cref="Kept"/>. Thread-safe.
/// </summary>
internal sealed class ApplicationIntents(IAccountStore accounts, TimeProvider time)
{
    // Applications remembered; beyond it all are asked for anew.
    private const int MaxApplications = 10_000;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private static readonly ConditionalWeakTable<NodeServices, ApplicationIntents> s_nodes = [];

    private readonly ConcurrentDictionary<Snowflake, (GatewayIntents Allowed, DateTimeOffset Until)> _known = new();

    /// <summary>Whether the caller is a user, or a bot whose application has this privileged intent.</summary>
    public static async ValueTask<bool> AllowAsync(RestCall call, GatewayIntents intent) =>
        !call.Account.IsBot || ((await OfNode(call.Services).OfAsync(call.Account)) & intent) == intent;

    private static ApplicationIntents OfNode(NodeServices services) => s_nodes.GetValue(
        services, static services => new ApplicationIntents(services.Domain.Storage.Accounts, services.Time));

    private ValueTask<GatewayIntents> OfAsync(RestAccount bot)
    {
        return bot.ApplicationId is { } id && _known.TryGetValue(id, out var known) && known.Until > time.GetUtcNow()
            ? new(known.Allowed)
            : Look();

        async ValueTask<GatewayIntents> Look()
        {
            if (bot.ApplicationId is not { } id || await accounts.GetApplicationAsync(id) is not { } row)
                return GatewayIntents.None;
            GatewayIntents allowed = ((ApplicationFlags)ApplicationProfile.FromBytes(row.Body.Span).Flags).AllowedIntents();
            if (_known.Count >= MaxApplications)
                _known.Clear();
            _known[id] = (allowed, time.GetUtcNow() + Kept);
            return allowed;
        }
    }
}
