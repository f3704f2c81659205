using Discord.Node.Rest;
using Discord.Node.Tests.Kit;

namespace Discord.Node.Tests.OpenApi;

/// <summary>The server against the public description of the API: every operation of the contract, and no other.</summary>
public sealed class ContractTests(NodeKit node) : IClassFixture<NodeKit>
{
    [Fact]
    public async Task Operations_of_the_contract_answer_as_described()
    {
        ContractRun run = new(OpenApiFile.Read(), node);
        await ApplicationCalls.RunAsync(run);
        await CommandCalls.RunAsync(run);
        await ChannelCalls.RunAsync(run);
        await MessageCalls.RunAsync(run);
        await ThreadCalls.RunAsync(run);
        await GuildCalls.RunAsync(run);
        await MemberCalls.RunAsync(run);
        await VoiceCalls.RunAsync(run);
        await UserCalls.RunAsync(run);
        await WebhookCalls.RunAsync(run);
        await InteractionCalls.RunAsync(run);
        Assert.True(run.Problems.Count == 0, string.Join('\n', run.Problems.Distinct()));
        Assert.Equal(Contract.Operations.Order(), run.Driven.Order());
    }

    [Fact]
    public async Task Other_operations_of_the_description_answer_as_unknown_routes()
    {
        SeededGuild guild = await node.SeedAsync();
        List<string> wrong = [];
        foreach (Operation other in OpenApiFile.Read().Operations.Where(o => !Contract.Operations.Contains(o.Shape)))
        {
            string path = string.Join('/', other.Path.Split('/').Select(s => s.StartsWith('{') ? Parameter(s, guild) : s));
            Reply reply = await guild.Bot.SendAsync(new HttpMethod(other.Method), path, other.Method is "GET" or "DELETE" ? null : new { });
            if (reply.Status != 404 || reply.Body?.ToJsonString() != """{"message":"404: Not Found","code":0}""")
                wrong.Add($"{other}: {reply.Status} {reply.Body?.ToJsonString()}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Routes_are_those_of_the_contract_and_of_user_accounts()
    {
        Assert.Equal(137, Contract.Operations.Count);
        Assert.Equal(
            Contract.Operations.Concat(Contract.Beside).Order(),
            Routes().Select(r => Operation.ShapeOf(r.Method, r.Template)).Order());
    }

    private static IReadOnlyList<RestRoute> Routes()
    {
        RouteTable table = new();
        RestRoutes.Map(table);
        return table.Routes;
    }

    // Something that exists where it can: what is missing is the route and not what it names.
    private static string Parameter(string name, SeededGuild guild) => name switch
    {
        "{guild_id}" => guild.Id.ToString(),
        "{channel_id}" => guild.ChannelId.ToString(),
        "{application_id}" => guild.Bot.Id.ToString(),
        _ => guild.Owner.Id.ToString(),
    };
}
