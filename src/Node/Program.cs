using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Rest;

var parts = new NodeParts();
RestRoutes.Map(parts.Routes);
await using var node = await NodeHost.StartAsync(new NodeOptions(), parts);
await node.WaitForShutdownAsync();
