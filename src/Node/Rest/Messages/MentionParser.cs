using Discord.Protocol;

namespace Discord.Node.Rest.Messages;

/// <summary>Finds mentions in a text: <c>&lt;@id&gt;</c>, <c>&lt;@!id&gt;</c>, <c>&lt;@&amp;id&gt;</c>, <c>@everyone</c>, <c>@here</c>.
/// Pure.</summary>
internal sealed class MentionParser
{
    // Mentions beyond this are not looked up: 2,000 characters hold fewer than a hundred of them.
    private const int Max = 100;

    private MentionParser() { }

    public List<Snowflake> Users { get; } = [];

    public List<Snowflake> Roles { get; } = [];

    public bool Everyone { get; private set; }

    public static MentionParser Parse(string text)
    {
        MentionParser found = new();
        ReadOnlySpan<char> rest = text;
        while (true)
        {
            int at = rest.IndexOf('@');
            if (at < 0)
                return found;
            bool bracket = at > 0 && rest[at - 1] == '<';
            rest = rest[(at + 1)..];
            if (!bracket)
            {
                found.Everyone |= rest.StartsWith("everyone") || rest.StartsWith("here");
                continue;
            }
            bool role = rest.StartsWith("&");
            ReadOnlySpan<char> digits = role || rest.StartsWith("!") ? rest[1..] : rest;
            int end = digits.IndexOf('>');
            if (end <= 0 || !Snowflake.TryParse(digits[..end], out Snowflake id))
                continue;
            List<Snowflake> list = role ? found.Roles : found.Users;
            if (list.Count < Max && !list.Contains(id))
                list.Add(id);
        }
    }
}
