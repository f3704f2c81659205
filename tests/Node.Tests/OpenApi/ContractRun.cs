using System.Text.Json.Nodes;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.OpenApi;

/// <summary>
/// Calls operations of the description and holds each answer against it. A status that was not expected ends the run; bodies that are not
/// as the schema says are gathered, so that one run shows all of them.
/// </summary>
internal sealed class ContractRun(OpenApiFile file, NodeKit node)
{
    private readonly HashSet<string> _driven = [];
    private readonly List<string> _problems = [];

    public NodeKit Node { get; } = node;

    /// <summary>The operations that have succeeded, as shapes.</summary>
    public IReadOnlySet<string> Driven => _driven;

    /// <summary>What was wrong with answers and events.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public Task<JsonNode> GetAsync(RestClient caller, string path) => CallAsync(caller, HttpMethod.Get, path, null, 200);

    public Task<JsonNode> PostAsync(RestClient caller, string path, object? body, int status = 200) =>
        CallAsync(caller, HttpMethod.Post, path, body, status);

    public Task<JsonNode> PutAsync(RestClient caller, string path, object? body = null, int status = 204) =>
        CallAsync(caller, HttpMethod.Put, path, body, status);

    public Task<JsonNode> PatchAsync(RestClient caller, string path, object? body, int status = 200) =>
        CallAsync(caller, HttpMethod.Patch, path, body, status);

    public Task<JsonNode> DeleteAsync(RestClient caller, string path, int status = 204) =>
        CallAsync(caller, HttpMethod.Delete, path, null, status);

    /// <summary>Posts to an operation and gives the new object's id.</summary>
    public async Task<string> CreateAsync(RestClient caller, string path, object body, int status = 200) =>
        (string)(await PostAsync(caller, path, body, status))["id"]!;

    /// <summary>Holds an event's <c>d</c> against a schema of the description.</summary>
    public JsonNode Event(string name, JsonNode data, string component)
    {
        _problems.AddRange(file.Schema.Check(data, component, name));
        return data;
    }

    private async Task<JsonNode> CallAsync(RestClient caller, HttpMethod method, string path, object? body, int status)
    {
        Operation operation = file.Find(method.Method, path);
        Reply reply = await caller.SendAsync(method, path, body);
        Assert.True(reply.Status == status, $"{operation} answered {reply.Status} instead of {status}: {reply.Body?.ToJsonString()}");
        Assert.True(operation.Answers(status), $"The description has no {status} for {operation}.");
        _driven.Add(operation.Shape);
        if (operation.Body(status) is { } schema)
        {
            if (reply.ContentType != "application/json")
                _problems.Add($"{operation} has the type {reply.ContentType}");
            _problems.AddRange(file.Schema.Check(reply.Body, schema, operation.ToString()));
        }
        else if (reply.Body is not null)
        {
            _problems.Add($"{operation} has a body with {status}");
        }
        return reply.Body ?? new JsonObject();
    }
}
