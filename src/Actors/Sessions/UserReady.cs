using System.Collections.Frozen;
using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Privates;
using Discord.Actors.Relays;
using Discord.Actors.Users;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Sessions;

/// <summary>
/// READY for user accounts. It holds the guilds, so they are gathered from their relays first; what happens meanwhile is held back and
/// follows it. Its shape depends on the client's capabilities (<see cref="ReadyWriter"/>).
/// </summary>
internal static class UserReady
{
    private static readonly TimeSpan GatherLimit = TimeSpan.FromSeconds(10);

    // Guilds that no relay answered for.
    private static readonly GuildSlice Late = new(Guilds.GuildState.None, null!, [], []);

    public static async Task SendAsync(
        DomainServices domain, Session session, UserProfile profile, UserState state, ReadOnlyMemory<byte> sessions, List<Snowflake> guilds,
        CancellationToken cancellation)
    {
        IReadOnlyList<PrivateHandle> privates = await domain.Privates.ListAsync(session.UserId, cancellation);
        session.Acquaintances = state.Relationships.Values.Where(r => r.Type == RelationshipType.Friend).Select(r => r.Id)
            .Concat(privates.SelectMany(p => p.State.Recipients.Keys)).Where(id => id != session.UserId).ToFrozenSet();
        Task<GuildSlice?[]> gathering = Task.WhenAll(guilds.Select(id => GatherAsync(domain, session, id, cancellation)));
        IReadOnlyDictionary<Snowflake, User> related = await domain.Accounts.FindUsersAsync([.. state.Relationships.Keys], cancellation);
        GuildSlice?[] slices = await gathering;

        // A guild whose relay knows no such member was left a moment ago; one that does not answer in time is told as unavailable.
        List<ReadyGuild> all = [];
        for (int i = 0; i < guilds.Count; i++)
        {
            if (slices[i] is { } slice)
                all.Add(new ReadyGuild(guilds[i], ReferenceEquals(slice, Late) ? null : slice));
        }
        ReadyWriter writer = new(
            domain, session, profile, state, all, [.. privates.Select(p => p.ChannelFor(session.UserId))], related, sessions);
        DispatchEvent ready = Json.Event(EventNames.Ready, writer, static (w, s) => s.Write(w));
        if ((session.Identity.Capabilities & UserCapabilities.PrioritizedReadyPayload) != 0)
            session.Release(ready, Json.Event(EventNames.ReadySupplemental, writer, static (w, s) => s.WriteSupplemental(w)));
        else
            session.Release(ready);
    }

    private static async Task<GuildSlice?> GatherAsync(
        DomainServices domain, Session session, Snowflake guild, CancellationToken cancellation)
    {
        TaskCompletionSource<GuildSlice?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        domain.Guilds.Tell(guild, new Subscribe(session, slice => answer.TrySetResult(slice)));
        try
        {
            return await answer.Task.WaitAsync(GatherLimit, domain.Time, cancellation);
        }
        catch (TimeoutException)
        {
            return Late;
        }
    }
}

/// <summary>A guild of READY; without <see cref="Slice"/> it is unavailable.</summary>
internal readonly record struct ReadyGuild(Snowflake Id, GuildSlice? Slice);
