using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Members;

/// <summary>Members whose user name, global name or nickname begins with a text, without regard to case; by user id.</summary>
public static class MemberSearch
{
    public static IEnumerable<Member> ByPrefix(GuildState state, string prefix, int limit) => prefix.Length == 0
        ? state.Members.All.Take(limit)
        : state.Members.All.Where(m => Starts(m.User!.Username, prefix) || Starts(m.Nick, prefix) || Starts(m.User.GlobalName, prefix))
            .Take(limit);

    private static bool Starts(string? name, string prefix) => name?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true;
}
