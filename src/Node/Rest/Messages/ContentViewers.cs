using System.Collections.Concurrent;
using Discord.Actors.Applications;
using Discord.Actors.Messages;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Discord.Storage;

namespace Discord.Node.Rest.Messages;

/// <summary>
/// Who sees the content of others' messages: users, and bots whose application has MESSAGE_CONTENT. Answers from memory, so that history
/// does
/// not read the application each time; a change of flags is seen within <see cref="Kept"/>. Thread-safe.
/// </summary>
internal sealed class ContentViewers(IAccountStore accounts, TimeProvider time)
{
    // Applications remembered; beyond it all are asked for anew.
    private const int MaxApplications = 10_000;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Snowflake, (bool Sees, DateTimeOffset Until)> _known = new();

    public ValueTask<MessageViewer> OfAsync(RestAccount account)
    {
        if (!account.IsBot)
            return new(new MessageViewer(account.Id, true));
        return account.ApplicationId is { } id && _known.TryGetValue(id, out var known) && known.Until > time.GetUtcNow()
            ? new(new MessageViewer(account.Id, known.Sees))
            : Look();

        async ValueTask<MessageViewer> Look()
        {
            if (account.ApplicationId is not { } id || await accounts.GetApplicationAsync(id) is not { } row)
                return new MessageViewer(account.Id, false);
            ApplicationFlags flags = (ApplicationFlags)ApplicationProfile.FromBytes(row.Body.Span).Flags;
            bool sees = (flags & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) != 0;
            if (_known.Count >= MaxApplications)
                _known.Clear();
            _known[id] = (sees, time.GetUtcNow() + Kept);
            return new MessageViewer(account.Id, sees);
        }
    }
}
