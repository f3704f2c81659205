using System.Collections.Immutable;
using Discord.Actors.Persistence;
using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Protocol.Payloads;
using Google.Protobuf;
using Kind = Discord.Actors.Applications.Persistence.Wire.Stored.ValueOneofCase;

namespace Discord.Actors.Applications.Persistence;

/// <summary>
/// The bytes of an application's facts (<see cref="ApplicationEvent"/>) and snapshots (<see cref="ApplicationState"/>), as
/// application.proto draws them. Bytes of an unknown kind throw <see cref="InvalidDataException"/>, damaged ones
/// <see cref="InvalidProtocolBufferException"/>. Stateless.
/// </summary>
public sealed class ApplicationEventAdapter : IEventAdapter
{
    public ReadOnlyMemory<byte> ToBytes(object value) => ToWire(value).ToByteArray();

    public object FromBytes(ReadOnlyMemory<byte> bytes) => FromWire(Wire.Stored.Parser.ParseFrom(bytes.Span));

    private static Wire.Stored ToWire(object value) => value switch
    {
        GlobalCommandPut e => new() { GlobalCommandPut = new() { Command = e.Command.ToWire() } },
        GlobalCommandRemoved e => new() { GlobalCommandRemoved = new() { CommandId = e.CommandId.Value } },
        ApplicationEmojiPut e => new() { EmojiPut = new() { Emoji = e.Emoji.ToWire() } },
        ApplicationEmojiRemoved e => new() { EmojiRemoved = new() { EmojiId = e.EmojiId.Value } },
        ApplicationState state => new() { Snapshot = state.ToWire() },
        _ => throw WireValues.NotStored(value),
    };

    private static object FromWire(Wire.Stored wire) => wire.ValueCase switch
    {
        Kind.GlobalCommandPut => new GlobalCommandPut(wire.GlobalCommandPut.Command.FromWire()),
        Kind.GlobalCommandRemoved => new GlobalCommandRemoved(new(wire.GlobalCommandRemoved.CommandId)),
        Kind.EmojiPut => new ApplicationEmojiPut(wire.EmojiPut.Emoji.FromWire()),
        Kind.EmojiRemoved => new ApplicationEmojiRemoved(new(wire.EmojiRemoved.EmojiId)),
        Kind.Snapshot => wire.Snapshot.FromWire(),
        _ => throw WireValues.Unknown("application"),
    };
}

internal static class ApplicationMapping
{
    public static Wire.Snapshot ToWire(this ApplicationState state) => new()
    {
        Commands = { state.Commands.Values.Select(c => c.ToWire()) },
        Emojis = { state.Emojis.Values.Select(e => e.ToWire()) },
    };

    public static ApplicationState FromWire(this Wire.Snapshot wire) => new()
    {
        Commands = wire.Commands.Select(c => c.FromWire()).ToImmutableDictionary(c => c.Id),
        Emojis = wire.Emojis.Select(e => e.FromWire()).ToImmutableDictionary(e => e.Id!.Value),
    };

    /// <summary>Without the counts of guilds and users, which are computed.</summary>
    public static Wire.Application ToWire(this Application application)
    {
        Wire.Application wire = new()
        {
            Id = application.Id.Value,
            Name = application.Name,
            Description = application.Description,
            Bot = application.Bot?.ToWire(),
            BotPublic = application.BotPublic,
            BotRequireCodeGrant = application.BotRequireCodeGrant,
            InstallParams = application.InstallParams is { } install
                ? new() { Scopes = { install.Scopes }, Permissions = (ulong)install.Permissions }
                : null,
            VerifyKey = application.VerifyKey,
            Flags = application.Flags,
            FlagsNew = application.FlagsNew,
            Tags = { application.Tags },
            RedirectUris = { application.RedirectUris },
            Owner = application.Owner?.ToWire(),
            ExplicitContentFilter = application.ExplicitContentFilter,
            EligibleOauth2Scopes = { application.EligibleOauth2Scopes },
            Summary = application.Summary,
        };
        if (application.Icon is { } icon) wire.Icon = icon;
        if (application.Type is { } type) wire.Type = type;
        if (application.CoverImage is { } coverImage) wire.CoverImage = coverImage;
        if (application.GuildId is { } guildId) wire.GuildId = guildId.Value;
        if (application.TermsOfServiceUrl is { } termsOfServiceUrl) wire.TermsOfServiceUrl = termsOfServiceUrl;
        if (application.PrivacyPolicyUrl is { } privacyPolicyUrl) wire.PrivacyPolicyUrl = privacyPolicyUrl;
        if (application.CustomInstallUrl is { } customInstallUrl) wire.CustomInstallUrl = customInstallUrl;
        if (application.IntegrationTypesConfig is { } integrationTypes) wire.IntegrationTypesConfig = integrationTypes.ToWire();
        if (application.InteractionsEndpointUrl is { } interactionsUrl) wire.InteractionsEndpointUrl = interactionsUrl;
        if (application.RoleConnectionsVerificationUrl is { } verificationUrl) wire.RoleConnectionsVerificationUrl = verificationUrl;
        return wire;
    }

    public static Application FromWire(this Wire.Application wire) => new()
    {
        Id = new(wire.Id),
        Name = wire.Name,
        Icon = wire.HasIcon ? wire.Icon : null,
        Description = wire.Description,
        Type = wire.HasType ? wire.Type : null,
        CoverImage = wire.HasCoverImage ? wire.CoverImage : null,
        Bot = wire.Bot?.FromWire(),
        GuildId = wire.HasGuildId ? new(wire.GuildId) : null,
        BotPublic = wire.BotPublic,
        BotRequireCodeGrant = wire.BotRequireCodeGrant,
        TermsOfServiceUrl = wire.HasTermsOfServiceUrl ? wire.TermsOfServiceUrl : null,
        PrivacyPolicyUrl = wire.HasPrivacyPolicyUrl ? wire.PrivacyPolicyUrl : null,
        CustomInstallUrl = wire.HasCustomInstallUrl ? wire.CustomInstallUrl : null,
        InstallParams = wire.InstallParams is { } install ? new(install.Scopes.ToArray(), (Permissions)install.Permissions) : null,
        IntegrationTypesConfig = wire.HasIntegrationTypesConfig ? wire.IntegrationTypesConfig.FromWireJson() : null,
        VerifyKey = wire.VerifyKey,
        Flags = wire.Flags,
        FlagsNew = wire.FlagsNew,
        Tags = wire.Tags.ToArray(),
        RedirectUris = wire.RedirectUris.ToArray(),
        InteractionsEndpointUrl = wire.HasInteractionsEndpointUrl ? wire.InteractionsEndpointUrl : null,
        RoleConnectionsVerificationUrl = wire.HasRoleConnectionsVerificationUrl ? wire.RoleConnectionsVerificationUrl : null,
        Owner = wire.Owner?.FromWire(),
        ExplicitContentFilter = wire.ExplicitContentFilter,
        EligibleOauth2Scopes = wire.EligibleOauth2Scopes.ToArray(),
        Summary = wire.Summary,
    };
}
