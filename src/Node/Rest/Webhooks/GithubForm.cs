using System.Text;
using System.Text.Json;
using Discord.Actors.Encoders;

namespace Discord.Node.Rest.Webhooks;

/// <summary>
/// Turns an event that GitHub's webhooks send (header <c>X-GitHub-Event</c>) into a message with one embed: what happened where, by whom,
/// with a link. Missing keys leave gaps, never errors: the bodies are not ours.
/// </summary>
internal static class GithubForm
{
    /// <summary>The author of these messages.</summary>
    public const string Username = "GitHub";

    private const int Opened = 0x009800, Commits = 0x7289DA, Comment = 0xE68D60, Review = 0x000001, MaxCommits = 10, MaxText = 500;

    private sealed record Embed(string Title, string? Url, string? Description, int? Color);

    /// <summary>The message as Discord's own body; null for events that are passed over.</summary>
    public static JsonElement? ToMessage(string name, JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || Of(name, body) is not { } embed)
            return null;
        byte[] json = Json.Encode((embed, body), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteStartArray("embeds");
            w.WriteStartObject();
            w.WriteString("title", Cut(s.embed.Title, 256));
            if (s.embed.Url is { } url)
                w.WriteString("url", url);
            if (!string.IsNullOrEmpty(s.embed.Description))
                w.WriteString("description", s.embed.Description);
            if (s.embed.Color is { } color)
                w.WriteNumber("color", color);
            if (Text(s.body, "sender", "login") is { } login)
            {
                w.WriteStartObject("author");
                w.WriteString("name", Cut(login, 256));
                if (Link(s.body, "sender", "html_url") is { } page)
                    w.WriteString("url", page);
                if (Link(s.body, "sender", "avatar_url") is { } icon)
                    w.WriteString("icon_url", icon);
                w.WriteEndObject();
            }
            w.WriteEndObject();
            w.WriteEndArray();
            w.WriteEndObject();
        });
        return JsonElement.Parse(json);
    }

    private static Embed? Of(string name, JsonElement body)
    {
        string repository = Text(body, "repository", "full_name") ?? Text(body, "repository", "name") ?? "repository";
        string? action = Text(body, "action");
        string? home = Link(body, "repository", "html_url");
        return name switch
        {
            "push" => Push(body, repository),
            "create" => new($"[{repository}] New {Text(body, "ref_type")} created: {Text(body, "ref")}", home, null, null),
            "delete" => new($"[{repository}] {Text(body, "ref_type")} deleted: {Text(body, "ref")}", home, null, null),
            "issues" when action is "opened" or "closed" or "reopened" =>
                About(body, "issue", $"[{repository}] Issue {action}: ", action == "opened"),
            "issue_comment" when action == "created" => Commented(body, "issue", $"[{repository}] New comment on issue "),
            "pull_request" when action is "opened" or "closed" or "reopened" =>
                About(body, "pull_request", $"[{repository}] Pull request {action}: ", action == "opened"),
            "pull_request_review" when action == "submitted" => new(
                $"[{repository}] Pull request review {Text(body, "review", "state")}: {Title(body, "pull_request")}",
                Link(body, "review", "html_url"), Cut(Text(body, "review", "body"), MaxText), Review),
            "pull_request_review_comment" when action == "created" =>
                Commented(body, "pull_request", $"[{repository}] New review comment on pull request "),
            "commit_comment" => new(
                $"[{repository}] New comment on commit `{Short(Text(body, "comment", "commit_id"))}`",
                Link(body, "comment", "html_url"), Cut(Text(body, "comment", "body"), MaxText), Comment),
            "discussion" when action is "created" or "answered" => About(body, "discussion", $"[{repository}] Discussion {action}: ", true),
            "discussion_comment" when action == "created" => Commented(body, "discussion", $"[{repository}] New comment on discussion "),
            "release" when action == "published" => new(
                $"[{repository}] New release published: {Text(body, "release", "name") ?? Text(body, "release", "tag_name")}",
                Link(body, "release", "html_url"), null, null),
            "fork" =>
                new($"[{repository}] Fork created: {Text(body, "forkee", "full_name")}", Link(body, "forkee", "html_url"), null, null),
            "watch" => new($"[{repository}] New star added", home, null, null),
            "member" when action == "added" => new(
                $"[{repository}] New collaborator added: {Text(body, "member", "login")}", Link(body, "member", "html_url"), null, null),
            "public" => new($"[{repository}] Now open sourced!", home, null, null),
            "check_run" or "check_suite" when action == "completed" => new(
                $"[{repository}] {Text(body, name, "name") ?? "Checks"} {Text(body, name, "conclusion")} on {Text(
                    body, name, "head_branch") ?? Text(body, name, "check_suite", "head_branch")}",
                Link(body, name, "html_url"), null, Text(body, name, "conclusion") == "success" ? Opened : 0xFC2929),
            _ => null,
        };
    }

    private static Embed? Push(JsonElement body, string repository)
    {
        string branch = Text(body, "ref")?.Split('/', 3) is [_, _, var last] ? last : "";
        if (!body.TryGetProperty("commits", out JsonElement commits) || commits.ValueKind != JsonValueKind.Array
            || commits.GetArrayLength() == 0)
            return null;
        int count = commits.GetArrayLength();
        StringBuilder lines = new();
        foreach (JsonElement commit in commits.EnumerateArray().Take(MaxCommits))
        {
            string first = (Text(commit, "message") ?? "").Split('\n')[0].TrimEnd('\r');
            lines.Append($"[`{Short(Text(commit, "id"))}`]({Text(commit, "url")}) {Cut(first, 72)} - {Cut(
                Text(commit, "author", "username") ?? Text(commit, "author", "name"), 40)}\n");
        }
        return new($"[{repository}:{branch}] {count} new commit{(count == 1 ? "" : "s")}", Link(body, "compare"),
            Cut(lines.ToString().TrimEnd(), 4000), Commits);
    }

    private static Embed About(JsonElement body, string key, string title, bool withText) =>
        new(title + Title(body, key), Link(body, key, "html_url"), withText ? Cut(Text(body, key, "body"), MaxText) : null, withText
            ? Opened : null);

    private static Embed Commented(JsonElement body, string key, string title) =>
        new(title + Title(body, key), Link(body, "comment", "html_url"), Cut(Text(body, "comment", "body"), MaxText), Comment);

    private static string Title(JsonElement body, string key) => $"#{Text(body, key, "number")} {Text(body, key, "title")}";

    private static string Short(string? hash) => hash is { Length: >= 7 } ? hash[..7] : hash ?? "";

    private static string? Link(JsonElement body, params ReadOnlySpan<string> path) =>
        Text(body, path) is { } text && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            && text.Length <= 2048 ? text : null;

    private static string? Text(JsonElement body, params ReadOnlySpan<string> path)
    {
        foreach (string key in path)
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(key, out body))
                return null;
        }
        return body.ValueKind switch { JsonValueKind.String => body.GetString(), JsonValueKind.Number => body.GetRawText(), _ => null };
    }

    private static string Cut(string? text, int max) => text is null ? "" : text.Length <= max ? text : text[..(max - 1)] + "…";
}
