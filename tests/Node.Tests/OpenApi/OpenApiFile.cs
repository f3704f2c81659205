using System.Text.Json.Nodes;

namespace Discord.Node.Tests.OpenApi;

/// <summary>
/// The public description of the API (an OpenAPI file), which is not part of the repository: the tests against it run where a folder
/// <c>shared</c> lies beside the checkout.
/// </summary>
internal sealed class OpenApiFile
{
    private const string Name = "../shared/discord-openapi.json";

    private static readonly Lazy<OpenApiFile?> s_file = new(Load);

    private OpenApiFile(JsonNode document)
    {
        // Values that the API's documentation has and the description leaves out: media channels, forwards.
        JsonNode schemas = document["components"]!["schemas"]!;
        schemas["GuildChannelResponse"]!["properties"]!["type"]!["enum"]!.AsArray().Add(16);
        schemas["ChannelTypes"]!["oneOf"]!.AsArray().Add(new JsonObject { ["const"] = 16 });
        schemas["MessageReferenceType"]!["oneOf"]!.AsArray().Add(new JsonObject { ["const"] = 1 });
        Schema = new JsonSchema(document["components"]!["schemas"]!.AsObject());
        Operations =
        [
            .. from path in document["paths"]!.AsObject()
               from method in path.Value!.AsObject()
               where method.Key != "parameters"
               select new Operation(method.Key.ToUpperInvariant(), path.Key, method.Value!["responses"]!.AsObject())
        ];
    }

    public JsonSchema Schema { get; }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The description; the test is skipped where there is none.</summary>
    public static OpenApiFile Read()
    {
        Assert.SkipWhen(s_file.Value is null, $"The API's description is not at {Name} beside the checkout.");
        return s_file.Value!;
    }

    /// <summary>The operation of a request; where two paths match, the one with more literal segments.</summary>
    /// <param name="path">Below the version, with or without a query.</param>
    public Operation Find(string method, string path)
    {
        string[] segments = path.Split('?')[0].Split('/');
        return Operations.Where(o => o.Method == method && o.Matches(segments)).MinBy(o => o.Path.Count(c => c == '{'))
            ?? throw new ArgumentException($"The description has no {method} {path}.", nameof(path));
    }

    private static OpenApiFile? Load() =>
        Repository.File(Name) is var file && File.Exists(file) ? new OpenApiFile(JsonNode.Parse(File.ReadAllBytes(file))!) : null;
}

/// <summary>One method on one path of the description.</summary>
internal sealed class Operation(string method, string path, JsonObject responses)
{
    private readonly string[] _segments = path.Split('/');

    public string Method { get; } = method;

    public string Path { get; } = path;

    /// <summary>Method and path without the parameters' names: <c>GET /guilds/{}/bans/{}</c>.</summary>
    public string Shape { get; } = ShapeOf(method, path);

    public static string ShapeOf(string method, string path) =>
        $"{method} {string.Join('/', path.Split('/').Select(s => s.StartsWith('{') ? "{}" : s))}";

    public bool Matches(string[] segments) =>
        segments.Length == _segments.Length && _segments.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);

    /// <summary>Whether the description has this successful status.</summary>
    public bool Answers(int status) => responses.ContainsKey($"{status}");

    /// <summary>The schema of an answer's body; null when it has none.</summary>
    public JsonObject? Body(int status) => responses[$"{status}"]?["content"]?["application/json"]?["schema"]?.AsObject();

    public override string ToString() => $"{Method} {Path}";
}
