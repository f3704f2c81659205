using System.Text.Json;
using Discord.Protocol;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Applications;

/// <summary>What a command shall be, checked in form and normalised; it has no id yet. Immutable; elements outlive the request.</summary>
public sealed record CommandDraft
{
    /// <summary>In a bulk overwrite: the command this one continues, whatever its name was.</summary>
    public Snowflake? Id { get; init; }

    /// <summary>1 chat input, 2 user, 3 message.</summary>
    public int Type { get; init; } = 1;

    public required string Name { get; init; }
    public IReadOnlyDictionary<string, string>? NameLocalizations { get; init; }
    public string Description { get; init; } = "";
    public IReadOnlyDictionary<string, string>? DescriptionLocalizations { get; init; }
    public IReadOnlyList<JsonElement>? Options { get; init; }
    public Permissions? DefaultMemberPermissions { get; init; }
    public bool? DmPermission { get; init; }
    public IReadOnlyList<int>? Contexts { get; init; }
    public IReadOnlyList<int> IntegrationTypes { get; init; } = [0];
    public bool Nsfw { get; init; }

    /// <summary>The command that this makes.</summary>
    internal ApplicationCommand ToCommand(Snowflake id, Snowflake version, Snowflake applicationId, Snowflake? guildId) => new()
    {
        Id = id,
        ApplicationId = applicationId,
        GuildId = guildId,
        Version = version,
        Type = Type,
        Name = Name,
        NameLocalizations = NameLocalizations,
        Description = Description,
        DescriptionLocalizations = DescriptionLocalizations,
        Options = Options,
        DefaultMemberPermissions = DefaultMemberPermissions,
        DmPermission = guildId is null ? DmPermission ?? Contexts?.Contains(1) ?? true : null,
        Contexts = guildId is null ? Contexts : null,
        IntegrationTypes = IntegrationTypes,
        Nsfw = Nsfw,
    };
}

/// <summary>A change of a command: what is absent stays.</summary>
public sealed record CommandPatch
{
    public Optional<string> Name { get; init; }
    public Optional<Dictionary<string, string>> NameLocalizations { get; init; }
    public Optional<string> Description { get; init; }
    public Optional<Dictionary<string, string>> DescriptionLocalizations { get; init; }
    public Optional<JsonElement[]> Options { get; init; }
    public Optional<Permissions> DefaultMemberPermissions { get; init; }
    public Optional<bool> DmPermission { get; init; }
    public Optional<List<int>> Contexts { get; init; }
    public Optional<List<int>> IntegrationTypes { get; init; }
    public Optional<bool> Nsfw { get; init; }

    /// <summary>The command after the change; itself when nothing differs.</summary>
    internal ApplicationCommand Apply(ApplicationCommand command) => command with
    {
        Name = Name.Or(command.Name),
        NameLocalizations = NameLocalizations.IsPresent ? NameLocalizations.OrNullReference() : command.NameLocalizations,
        Description = Description.Or(command.Description),
        DescriptionLocalizations =
            DescriptionLocalizations.IsPresent ? DescriptionLocalizations.OrNullReference() : command.DescriptionLocalizations,
        Options = Options.IsPresent ? Options.OrNullReference() : command.Options,
        DefaultMemberPermissions = DefaultMemberPermissions.Over(command.DefaultMemberPermissions),
        DmPermission = command.GuildId is null ? DmPermission.Over(command.DmPermission) : null,
        Contexts = command.GuildId is null && Contexts.IsPresent ? Contexts.OrNullReference() : command.Contexts,
        IntegrationTypes = IntegrationTypes.HasValue ? IntegrationTypes.Value : command.IntegrationTypes,
        Nsfw = Nsfw.Or(command.Nsfw),
    };
}
