using Discord.Protocol;
using Discord.Storage;

namespace Discord.Actors.Guilds;

/// <summary>Which guilds a user is in.</summary>
public static class UserGuilds
{
    private const int Page = 10_000;

    /// <summary>All guilds of a user, by id, a page of look-ups at a time.</summary>
    public static async IAsyncEnumerable<Snowflake> GuildsOfAsync(this ILookupStore lookups, Snowflake user)
    {
        Snowflake after = Snowflake.None;
        while (true)
        {
            IReadOnlyList<Snowflake> page = await lookups.MembersAsync(SetKind.UserGuilds, user, after, Page);
            foreach (Snowflake guild in page)
                yield return guild;
            if (page.Count < Page)
                yield break;
            after = page[^1];
        }
    }
}
