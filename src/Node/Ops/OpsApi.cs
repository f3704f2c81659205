using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Discord.Node.Composition;
using Discord.Node.Configuration;
using Discord.Node.Logging;
using Discord.Protocol;

namespace Discord.Node.Ops;

/// <summary>The operator's API, <c>/ops/v1</c>: what <c>pbm</c> talks to. The token was checked before.</summary>
internal sealed class OpsApi(NodeServices services, LogBuffer logs, LogLevelSwitch level)
{
    private const int MaxActors = 10_000;

    /// <summary>Answers a request; false when there is no such thing.</summary>
    /// <param name="http">The request.</param>
    /// <param name="path">The segments below <c>/ops/v1</c>.</param>
    public async Task<bool> TryHandleAsync(HttpContext http, string[] path)
    {
        var cancellation = http.RequestAborted;
        switch (http.Request.Method, path)
        {
            case ("GET", ["system"]):
                await AnswerAsync(http, System(), OpsJson.Wire.SystemInfo);
                return true;
            case ("GET", ["uptime"]):
                var uptime = new Uptime(services.State.StartedAt, services.State.Uptime.TotalSeconds, PhaseName);
                await AnswerAsync(http, uptime, OpsJson.Wire.Uptime);
                return true;
            case ("GET", ["actors"]):
                await AnswerAsync(http, Actors(http), OpsJson.Wire.ActorHierarchy);
                return true;
            case ("GET", ["guilds"]):
                var after = http.Request.Query["after"].ToString() is { Length: > 0 } from ? Id(from) : default;
                await AnswerAsync(
                    http, await Domain.GuildsAsync(after, Number(http, "limit", 100, 1, 1000), cancellation), OpsJson.Wire.GuildList);
                return true;
            case ("GET", ["guilds", var id]):
                var guild = await Domain.GuildAsync(Id(id), cancellation)
                    ?? throw new OperatorRefusedException($"There is no guild {id}.", 404);
                await AnswerAsync(http, guild, OpsJson.Wire.GuildDetail);
                return true;
            case ("GET", ["sessions"]):
                await AnswerAsync(
                    http, await Domain.SessionsAsync(Number(http, "limit", 1000, 1, 10_000), cancellation), OpsJson.Wire.SessionList);
                return true;
            case ("DELETE", ["sessions", var session]):
                if (!await Domain.KickSessionAsync(session, cancellation))
                    throw new OperatorRefusedException($"There is no session {session}.", 404);
                await AnswerAsync(http, new SessionKicked(session), OpsJson.Wire.SessionKicked);
                return true;
            case ("POST", ["users"]):
                var user = await BodyAsync(http, OpsJson.Wire.CreateUser);
                var createdUser = await Domain.CreateUserAsync(
                    Needed(user.Username, "username"), Needed(user.Password, "password"), cancellation);
                await AnswerAsync(http, createdUser, OpsJson.Wire.CreatedUser);
                return true;
            case ("POST", ["bots"]):
                var bot = await BodyAsync(http, OpsJson.Wire.CreateBot);
                var createdBot = await Domain.CreateBotAsync(Needed(bot.Name, "name"), Needed(bot.Owner, "owner"), cancellation);
                await AnswerAsync(http, createdBot, OpsJson.Wire.CreatedBot);
                return true;
            case ("POST", ["dev", "seed"]):
                await AnswerAsync(http, await Domain.SeedAsync(cancellation), OpsJson.Wire.DevSeed);
                return true;
            case ("GET", ["log"]):
                await LogAsync(http);
                return true;
            case ("GET", ["log", "level"]):
                await AnswerAsync(http, new LogLevelSetting(LogEntry.Name(level.Level)), OpsJson.Wire.LogLevelSetting);
                return true;
            case ("PUT", ["log", "level"]):
                level.Level = Level(Needed((await BodyAsync(http, OpsJson.Wire.LogLevelSetting)).Level, "level"));
                await AnswerAsync(http, new LogLevelSetting(LogEntry.Name(level.Level)), OpsJson.Wire.LogLevelSetting);
                return true;
            case (_, ["migration", ..]):
                return await MigrationApi.TryHandleAsync(http, path[1..], services.Migration ?? throw Starting());
            default:
                return false;
        }
    }

    private IOperatorActions Domain =>
        services.Operator ?? throw Starting();

    private static OperatorRefusedException Starting() =>
        new("The node is still starting: guilds, sessions and accounts are not there yet.", 503);

    private string PhaseName => services.State.Phase.ToString().ToLowerInvariant();

    private SystemInfo System()
    {
        using var process = Process.GetCurrentProcess();
        return new SystemInfo(
            NodeServices.Version, PhaseName, RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}", Environment.ProcessId,
            services.State.StartedAt, services.State.Uptime.TotalSeconds, services.Address, services.PublicUrl, services.OpsAddress,
            services.Options.Storage.DataDirectory, Environment.ProcessorCount, process.TotalProcessorTime.TotalSeconds,
            process.WorkingSet64, GC.GetTotalMemory(false), ThreadPool.ThreadCount, services.Actors.Metrics.Actors,
            LogEntry.Name(level.Level));
    }

    private ActorHierarchy Actors(HttpContext http)
    {
        var path = http.Request.Query["path"].ToString() is { Length: > 0 } given ? given : "/";
        var limit = Number(http, "limit", 1000, 1, MaxActors);
        var rows = services.Actors.Describe(path, Number(http, "depth", 3, 1, 20), limit + 1)
            .Select(actor => new ActorRow(actor.Path, actor.Class, actor.MailboxDepth, actor.Restarts, actor.Children, actor.Depth))
            .ToList();
        if (rows.Count == 0)
            throw new OperatorRefusedException($"There is no actor {path}.", 404);
        return new ActorHierarchy([.. rows.Take(limit)], rows.Count > limit);
    }

    private async Task LogAsync(HttpContext http)
    {
        var lines = Number(http, "lines", 100, 0, LogBuffer.Capacity);
        var least = http.Request.Query["level"].ToString() is { Length: > 0 } name ? Level(name) : LogLevel.Trace;
        http.Response.ContentType = "application/x-ndjson";
        if (http.Request.Query["follow"] != "true")
        {
            foreach (var entry in logs.Latest(LogBuffer.Capacity).Where(entry => entry.Level >= least).TakeLast(lines))
                await LineAsync(http, entry);
            return;
        }
        await http.Response.StartAsync();
        await http.Response.Body.FlushAsync();
        await foreach (var entry in logs.FollowAsync(lines, http.RequestAborted))
        {
            if (entry.Level < least)
                continue;
            await LineAsync(http, entry);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }
    }

    private static Task LineAsync(HttpContext http, LogEntry entry) =>
        http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(entry.ToJson() + "\n"), http.RequestAborted).AsTask();

    internal static Task AnswerAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type) => OpsEndpoint.JsonAsync(http, 200, value, type);

    internal static async Task<T> BodyAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted)
                ?? throw new OperatorRefusedException("The body must be a JSON object.");
        }
        catch (JsonException)
        {
            throw new OperatorRefusedException("The body must be a JSON object with the right types.");
        }
    }

    private static string Needed(string? value, string name) =>
        string.IsNullOrWhiteSpace(value) ? throw new OperatorRefusedException($"\"{name}\" is needed.") : value;

    private static Snowflake Id(string text) =>
        Snowflake.TryParse(text, out var id) ? id : throw new OperatorRefusedException($"\"{text}\" is no id: ids are numbers.");

    private static LogLevel Level(string name)
    {
        try
        {
            return OptionTable.Level(name);
        }
        catch (FormatException e)
        {
            throw new OperatorRefusedException($"The level {e.Message}, not \"{name}\".");
        }
    }

    private static int Number(HttpContext http, string name, int fallback, int min, int max)
    {
        if (http.Request.Query[name].ToString() is not { Length: > 0 } text)
            return fallback;
        return int.TryParse(text, out var value) && value >= min && value <= max
            ? value
            : throw new OperatorRefusedException($"\"{name}\" must be a whole number from {min} to {max}.");
    }
}
