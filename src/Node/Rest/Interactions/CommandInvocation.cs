using Discord.Actors;
using Discord.Actors.Applications;
using Discord.Actors.Guilds;
using Discord.Actors.Interactions;
using Discord.Actors.Messages;
using Discord.Node.Rest.Bodies;
using Discord.Node.Rest.Messages;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Forms;
using Discord.Protocol.Payloads;

namespace Discord.Node.Rest.Interactions;

/// <summary>A user invokes a command, or types an option that has autocomplete: whether it may, and with what.</summary>
internal static class CommandInvocation
{
    private const int ChatInput = 1, OnUser = 2, OnMessage = 3;

    /// <exception cref="ApiException">10063 no such command here, 50013 not for this member, 50035 the version or the options are not the
    /// command's.</exception>
    public static async ValueTask<Invocation> ReadAsync(
        RestCall call, InvocationPlace place, FormReader data, RestForm body, bool autocomplete)
    {
        DomainServices domain = call.Services.Domain;
        Snowflake? id = data.Snowflake("id", required: true);
        Snowflake? version = data.Snowflake("version");
        int? type = data.Int("type");
        data.ThrowIfInvalid();
        ApplicationCommand command = await FindAsync(domain, place, id!.Value);
        if (version is not null && version != command.Version)
        {
            data.Fail("version", "INTERACTION_APPLICATION_COMMAND_INVALID_VERSION",
                "This command is outdated, please try again in a few minutes");
        }
        if (type is not null && type != command.Type)
            data.Fail("type", FormError.Choices([command.Type]));
        if (autocomplete && command.Type != ChatInput)
            data.Fail("id", "INTERACTION_AUTOCOMPLETE_NOT_ENABLED", "The command has no autocomplete");

        ResolvedData resolved = new(place);
        GivenFiles files = GivenFiles.Read(data, body.Files);
        CommandArguments arguments =
            CommandArguments.Read(data, (command.Options ?? []).Select(static o => new Defined(o)), resolved, files, autocomplete);
        Snowflake? target = command.Type == ChatInput ? null : data.Snowflake("target_id", required: true);
        if (command.Type == OnUser && target is { } user)
            resolved.User(data, "target_id", user);
        else if (command.Type == OnMessage && target is { } message)
            await MessageAsync(call, place, data, message, resolved);
        await resolved.LoadAsync(domain, call.Cancelled);
        data.ThrowIfInvalid();
        await files.StoreAsync(domain, place.Channel.Id, resolved, call.Cancelled);
        return new Invocation(
            facts => facts with
            {
                CommandName = string.Join(' ', arguments.Path.Prepend(command.Name)),
                CommandType = command.Type,
                AutocompleteType = arguments.FocusedType,
                TargetUser = command.Type == OnUser ? resolved[target!.Value] : null,
                TargetMessageId = command.Type == OnMessage ? target : null,
                Files = files.Stored,
            },
            Invocation.Encode(json =>
            {
                json.WriteString("id"u8, command.Id.ToString());
                json.WriteString("name"u8, command.Name);
                json.WriteNumber("type"u8, command.Type);
                if (command.GuildId is { } guild)
                    json.WriteString("guild_id"u8, guild.ToString());
                arguments.Write(json);
                if (target is { } on)
                    json.WriteString("target_id"u8, on.ToString());
                resolved.Write(json);
            }));
    }

    private static async ValueTask<ApplicationCommand> FindAsync(DomainServices domain, InvocationPlace place, Snowflake id)
    {
        GuildState? guild = place.Guild;
        ApplicationState? application = await domain.Applications.FindAsync(place.ApplicationId);
        ApplicationCommand? command = guild?.Commands.GetValueOrDefault(id) ?? application?.Commands.GetValueOrDefault(id);
        if (command is null || command.ApplicationId != place.ApplicationId || !CommandAccess.AllowsContext(command, guild is not null))
            throw new ApiException(ApiError.UnknownApplicationCommand);
        if (guild is null)
            return command;
        Channel home = place.Channel is { ThreadMetadata: not null, ParentId: { } parent }
            ? guild.Channels.GetValueOrDefault(parent, place.Channel)
            : place.Channel;
        if (!CommandAccess.IsAllowed(guild, place.Channel, place.Member!, command, place.Now) || (command.Nsfw && home.Nsfw != true))
            throw new ApiException(ApiError.MissingPermissions);
        return command;
    }

    // The application sees the message whole, whatever its intents: the user shows it to it.
    private static async ValueTask MessageAsync(
        RestCall call, InvocationPlace place, FormReader data, Snowflake id, ResolvedData resolved)
    {
        ReadOnlyMemory<byte>? message = place.Access.Has(Permissions.ReadMessageHistory)
            ? await place.Access.Log.ReadAsync(id, new MessageViewer(place.ApplicationId, SeesContent: true), call.Cancelled)
            : null;
        if (message is { } json)
            resolved.Message(id, json);
        else
            data.Fail("target_id", "INTERACTION_RESOLVE_FAILED", $"There is no message {id} here.");
    }
}
