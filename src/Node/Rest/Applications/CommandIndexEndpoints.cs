using System.Text.Json;
using Discord.Actors;
using Discord.Actors.Applications;
using Discord.Actors.Encoders;
using Discord.Actors.Guilds;
using Discord.Actors.Interactions;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Applications;

/// <summary>
/// What user clients offer when a slash is typed: the commands of the applications in a guild or a DM. Clients apply permissions themselves
/// from what stands in <c>permissions</c>; invoking is checked again.
/// </summary>
internal static class CommandIndexEndpoints
{
    // Applications that one answer names: beyond it a guild has more bots than a person can choose from.
    private const int MaxApplications = 200;

    public static void Map(RouteTable routes)
    {
        routes.Get("/guilds/{guild_id}/application-command-index", InGuild).Auth(RestAuth.User);
        routes.Get("/channels/{channel_id}/application-command-index", InChannel).Auth(RestAuth.User);
        routes.Get("/users/@me/application-command-index", OfUser).Auth(RestAuth.User);
        routes.Get("/channels/{channel_id}/application-commands/search", Search).Auth(RestAuth.User);
    }

    private static async ValueTask<RestReply> InGuild(RestCall call)
    {
        GuildState guild = (await call.Services.Domain.Guilds.GetAsync(call.Id("guild_id"))).State;
        return guild.Members.Contains(call.Account.Id)
            ? await ReplyAsync(call, guild, BotsOf(guild), static _ => true)
            : throw new ApiException(ApiError.UnknownGuild);
    }

    private static async ValueTask<RestReply> InChannel(RestCall call)
    {
        ChannelAccess access = await ChannelAccess.OpenAsync(call);
        return await ReplyAsync(call, access.Guild, BotsOf(access), static _ => true);
    }

    // Applications that are installed for a user are not there on this server.
    private static ValueTask<RestReply> OfUser(RestCall call) => ReplyAsync(call, null, [], static _ => true);

    private static async ValueTask<RestReply> Search(RestCall call)
    {
        ChannelAccess access = await ChannelAccess.OpenAsync(call);
        int type = call.Query.IntOr("type", 1, 1, 3);
        string query = call.Query.String("query", 0, Limits.CommandName) ?? "";
        Snowflake? application = call.Query.Snowflake("application_id");
        call.Query.ThrowIfInvalid();
        IEnumerable<Snowflake> bots = BotsOf(access).Where(id => application is null || id == application);
        return await ReplyAsync(
            call, access.Guild, bots, c => c.Type == type && c.Name.StartsWith(query, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<Snowflake> BotsOf(ChannelAccess access) => access.Guild is { } guild
        ? BotsOf(guild)
        : (access.Channel.Recipients ?? []).Where(r => r.Bot == true).Select(r => r.Id);

    private static IEnumerable<Snowflake> BotsOf(GuildState guild) =>
        guild.Members.All.Where(m => m.User!.Bot == true).Select(m => m.User!.Id).Take(MaxApplications);

    private static async ValueTask<RestReply> ReplyAsync(
        RestCall call, GuildState? guild, IEnumerable<Snowflake> bots, Func<ApplicationCommand, bool> match)
    {
        DomainServices domain = call.Services.Domain;
        List<PublicApplication> applications = [];
        List<ApplicationCommand> commands = [];
        foreach (Snowflake id in bots.ToArray())
        {
            if (await domain.Applications.FindAsync(id) is not { } state
                || await domain.Applications.ProfileAsync(id, call.Cancelled) is not { } profile)
                continue;
            IEnumerable<ApplicationCommand> global = state.Commands.Values.Where(c => CommandAccess.AllowsContext(c, guild is not null));
            IEnumerable<ApplicationCommand> own = guild?.Commands.Values.Where(c => c.ApplicationId == id) ?? [];
            List<ApplicationCommand> found = [.. global.Concat(own).Where(match).OrderBy(c => c.Name, StringComparer.Ordinal)];
            if (found.Count == 0)
                continue;
            commands.AddRange(found);
            User? bot = await domain.Accounts.FindUserAsync(id, call.Cancelled);
            applications.Add(ApplicationPayloads.Public(profile) with { Bot = bot });
        }
        Snowflake version = commands.Count == 0 ? Snowflake.None : commands.Max(c => c.Version);
        return RestReply.Raw(Json.Encode((applications, commands, guild, version), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteStartArray("applications");
            foreach (PublicApplication application in s.applications)
            {
                w.WriteStartObject();
                JsonElement keys = JsonSerializer.SerializeToElement(application, PayloadJson.Wire.PublicApplication);
                foreach (JsonProperty property in keys.EnumerateObject())
                    property.WriteTo(w);
                Permissions(w, s.guild, application.Id);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteStartArray("application_commands");
            foreach (ApplicationCommand command in s.commands)
            {
                w.WriteStartObject();
                foreach (JsonProperty property in JsonSerializer.SerializeToElement(command, PayloadJson.Wire.ApplicationCommand)
                    .EnumerateObject())
                    property.WriteTo(w);
                Permissions(w, s.guild, command.Id);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteString("version", s.version.ToString());
            w.WriteEndObject();
        }));
    }

    private static void Permissions(Utf8JsonWriter json, GuildState? guild, Snowflake target)
    {
        if (guild is null || !guild.CommandPermissions.TryGetValue(target, out CommandPermissions? known))
            return;
        json.WriteStartArray("permissions");
        foreach (CommandPermission entry in known.Permissions)
            JsonSerializer.Serialize(json, entry, PayloadJson.Wire.CommandPermission);
        json.WriteEndArray();
    }
}
