using System.Text.Json.Nodes;
using Discord.Clients.Kit;

namespace Discord.Clients;

/// <summary>What bots do, each with a guild of its own, written once for every client library. The scenarios are in <c>scripts/</c>.</summary>
public abstract class ClientFeatures(Library library, Npm npm, SharedNode shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static int s_users;

    [Fact]
    public Task Login_with_the_token_is_ready() => RunAsync("login");

    [Fact]
    public Task Login_with_a_wrong_token_is_refused() => RunAsync("loginRefused");

    [Fact]
    public Task Guilds_are_available_with_channels_roles_and_members() => RunAsync("guilds");

    [Fact]
    public Task Message_sent_is_received() => RunAsync("sendAndReceive");

    private async Task RunAsync(string scenario)
    {
        npm.Require();
        NodeProcess node = shared.Node;
        await library.Scripts.RunAsync(scenario, node, await node.SeedAsync(), (name, argument) => AnswerAsync(node, name, argument), Limit);
    }

    private static async Task<JsonNode?> AnswerAsync(NodeProcess node, string name, JsonNode? argument) => name switch
    {
        "createUser" => await node.CreateUserAsync($"{(string)argument!}{Interlocked.Increment(ref s_users)}"),
        _ => throw new ArgumentException($"No test answers to {name}."),
    };
}

/// <summary>See <see cref="ClientFeatures"/>.</summary>
public sealed class DiscordJsTests(DiscordJs library, Npm npm, SharedNode shared) : ClientFeatures(library, npm, shared), IClassFixture<DiscordJs>;

/// <summary>See <see cref="ClientFeatures"/>.</summary>
public sealed class ErisTests(Eris library, Npm npm, SharedNode shared) : ClientFeatures(library, npm, shared), IClassFixture<Eris>;
