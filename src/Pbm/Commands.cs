using System.CommandLine;
using System.Text.Json;
using Discord.Node.Ops;
using static Discord.Pbm.CommandLine;

namespace Discord.Pbm;

/// <summary>All commands. Each asks the node one thing and prints the answer.</summary>
internal static class Commands
{
    private static readonly OpsJson Types = OpsJson.Wire;

    /// <summary>Adds every palette to the root.</summary>
    public static void AddTo(RootCommand root)
    {
        root.Add(new Command("system", "The process and what it carries.") { SystemInfo(), SystemUptime() });
        root.Add(new Command("actor", "The actors.") { ActorHierarchy() });
        root.Add(new Command("guild", "Guilds.") { GuildList(), GuildShow() });
        root.Add(new Command("session", "Gateway sessions.") { SessionList(), SessionKick() });
        root.Add(new Command("user", "User accounts.") { UserCreate() });
        root.Add(new Command("bot", "Applications with a bot.") { BotCreate() });
        root.Add(new Command("log", "The node's log.") { LogCommands.Tail(), LogCommands.Level() });
        root.Add(MigrateCommands.All());
        root.Add(new Command("dev", "For developers.") { DevSeed() });
    }

    private static Command SystemInfo() => OnNode(
        "info", "Version, addresses, memory, processor time.", async (_, node, output, cancellation) =>
            output.Answer(await node.SendAsync(HttpMethod.Get, "system", null, cancellation), Types.SystemInfo, info => output.Facts(
                ("State", info.State), ("Version", info.Version), ("Up since", info.StartedAt), ("Uptime", Output.Span(info.UptimeSeconds)),
                ("Address", info.Address), ("Public URL", info.PublicUrl), ("Operators", info.OpsAddress),
                ("Data directory", info.DataDirectory), ("Process", info.ProcessId), ("Runtime", info.Runtime), ("System", info.System),
                ("Processors", info.Processors), ("Processor time", $"{info.CpuSeconds:0.0} s"),
                ("Memory", Output.Bytes(info.WorkingSetBytes)), ("Managed heap", Output.Bytes(info.HeapBytes)),
                ("Pool threads", info.Threads), ("Actors", info.Actors), ("Log level", info.LogLevel))));

    private static Command SystemUptime() => OnNode(
        "uptime", "How long the node has been running.", async (_, node, output, cancellation) =>
            output.Answer(await node.SendAsync(HttpMethod.Get, "uptime", null, cancellation), Types.Uptime, uptime => output.Facts(
                ("State", uptime.State), ("Up since", uptime.StartedAt), ("Uptime", Output.Span(uptime.UptimeSeconds)))));

    private static Command ActorHierarchy()
    {
        var path = new Argument<string>("path") { Description = "Where to begin", DefaultValueFactory = _ => "/" };
        var depth = new Option<int>("--depth") { Description = "Levels below it", DefaultValueFactory = _ => 3 };
        var limit = new Option<int>("--limit") { Description = "Actors at most", DefaultValueFactory = _ => 1000 };
        return OnNode("hierarchy", "The tree of actors with their mailboxes.", async (parsed, node, output, cancellation) =>
        {
            var query =
                $"actors?path={Uri.EscapeDataString(parsed.GetValue(path)!)}&depth={parsed.GetValue(depth)}&limit={parsed.GetValue(limit)}";
            output.Answer(await node.SendAsync(HttpMethod.Get, query, null, cancellation), Types.ActorHierarchy, tree =>
            {
                output.Table(["Actor", "Class", "Mailbox", "Restarts", "Children"], tree.Actors.Select(actor =>
                    new object?[]
                    {
                        new string(' ', actor.Depth * 2)
                            + (actor.Path.Length > 1 ? actor.Path[(actor.Path.LastIndexOf('/') + 1)..] : actor.Path),
                        actor.Class, actor.MailboxDepth, actor.Restarts, actor.Children,
                    }));
                if (tree.Truncated)
                    output.Line("There are more; raise --limit or begin deeper.");
            });
        }, path, depth, limit);
    }

    private static Command GuildList()
    {
        var after = new Option<string?>("--after") { Description = "Guilds with greater ids than this" };
        var limit = new Option<int>("--limit") { Description = "Guilds at most", DefaultValueFactory = _ => 100 };
        return OnNode("list", "Guilds by rising id.", async (parsed, node, output, cancellation) =>
        {
            var query = $"guilds?limit={parsed.GetValue(limit)}&after={Uri.EscapeDataString(parsed.GetValue(after) ?? "")}";
            output.Answer(await node.SendAsync(HttpMethod.Get, query, null, cancellation), Types.GuildList, list =>
            {
                output.Table(["Id", "Name", "Owner", "Members", "Channels"], list.Guilds.Select(guild =>
                    new object?[] { guild.Id, guild.Name, guild.OwnerId, guild.Members, guild.Channels }));
                if (list.More)
                    output.Line($"There are more; go on with --after {list.Guilds[^1].Id}.");
            });
        }, after, limit);
    }

    private static Command GuildShow()
    {
        var id = new Argument<string>("id") { Description = "The guild's id" };
        return OnNode("show", "One guild with its channels and roles.", async (parsed, node, output, cancellation) =>
            output.Answer(
                await node.SendAsync(HttpMethod.Get, $"guilds/{Segment(parsed.GetValue(id))}", null, cancellation), Types.GuildDetail,
                guild =>
                {
                    output.Facts(
                        ("Id", guild.Id), ("Name", guild.Name), ("Owner", guild.OwnerId), ("Created", guild.CreatedAt),
                        ("Members", guild.Members));
                    output.Table(["Channel", "Name", "Type", "Parent"], guild.Channels.Select(channel =>
                        new object?[] { channel.Id, channel.Name, channel.Type, channel.ParentId }));
                    output.Table(["Role", "Name", "Position", "Permissions"], guild.Roles.Select(role =>
                        new object?[] { role.Id, role.Name, role.Position, role.Permissions }));
                }), id);
    }

    private static Command SessionList()
    {
        var limit = new Option<int>("--limit") { Description = "Sessions at most", DefaultValueFactory = _ => 1000 };
        return OnNode("list", "Gateway sessions, connected or waiting for a resume.", async (parsed, node, output, cancellation) =>
            output.Answer(
                await node.SendAsync(HttpMethod.Get, $"sessions?limit={parsed.GetValue(limit)}", null, cancellation), Types.SessionList,
                list =>
                {
                    output.Table(
                        ["Session", "User", "Name", "Bot", "Connected", "Shard", "Seq", "Guilds", "Opened"],
                        list.Sessions.Select(session =>
                            new object?[]
                            {
                                session.Id, session.UserId, session.Username, session.Bot, session.Connected, session.Shard,
                                session.Sequence, session.Guilds, session.OpenedAt,
                            }));
                    if (list.Truncated)
                        output.Line("There are more; raise --limit.");
                }), limit);
    }

    private static Command SessionKick()
    {
        var id = new Argument<string>("id") { Description = "The session's id" };
        return OnNode("kick", "Ends a session; its client must identify anew.", async (parsed, node, output, cancellation) =>
            output.Answer(
                await node.SendAsync(HttpMethod.Delete, $"sessions/{Segment(parsed.GetValue(id))}", null, cancellation),
                Types.SessionKicked, kicked => output.Line($"Session {kicked.Id} is ended.")), id);
    }

    private static Command UserCreate()
    {
        var username = new Option<string>("--username") { Description = "Name to log in with", Required = true };
        var password = new Option<string?>("--password") { Description = "Password; without it one line is read from standard input" };
        return OnNode("create", "Creates a user account.", async (parsed, node, output, cancellation) =>
        {
            var wanted = new CreateUser(
                parsed.GetValue(username), parsed.GetValue(password) ?? await Secret.ReadAsync("Password: ", cancellation));
            output.Answer(
                await node.SendAsync(HttpMethod.Post, "users", OpsClient.Body(wanted, Types.CreateUser), cancellation), Types.CreatedUser,
                user => output.Facts(("User", user.UserId), ("Username", user.Username), ("Token", user.Token)));
        }, username, password);
    }

    private static Command BotCreate()
    {
        var name = new Option<string>("--name") { Description = "Name of the application and its bot", Required = true };
        var owner = new Option<string>("--owner") { Description = "Username or id of the owner", Required = true };
        return OnNode("create", "Creates an application with a bot.", async (parsed, node, output, cancellation) =>
        {
            var wanted = new CreateBot(parsed.GetValue(name), parsed.GetValue(owner));
            output.Answer(
                await node.SendAsync(HttpMethod.Post, "bots", OpsClient.Body(wanted, Types.CreateBot), cancellation), Types.CreatedBot,
                bot => output.Facts(
                    ("Application", bot.ApplicationId), ("Bot", bot.BotId), ("Name", bot.Name), ("Owner", bot.OwnerId),
                    ("Token", bot.Token)));
        }, name, owner);
    }

    private static Command DevSeed() => OnNode(
        "seed", "Creates an owner, a bot with all intents and Administrator, a guild and a text channel.",
        async (_, node, output, cancellation) =>
            output.Answer(await node.SendAsync(HttpMethod.Post, "dev/seed", null, cancellation), Types.DevSeed, seed => output.Facts(
                ("User token", seed.UserToken), ("Bot token", seed.BotToken), ("Application", seed.ApplicationId), ("Guild", seed.GuildId),
                ("Channel", seed.ChannelId))));

    private static string Segment(string? text) => Uri.EscapeDataString(text ?? "");
}
