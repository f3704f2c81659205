using System.Security.Cryptography;
using Discord.Protocol;
using Discord.Protocol.Errors;
using Discord.Protocol.Payloads;

namespace Discord.Actors.Guilds.Invites;

/// <summary>
/// Makes an invite to a channel. Needs CREATE_INSTANT_INVITE there. Without <see cref="Unique"/> an invite of the same caller with the same
/// settings is answered again while it is valid.
/// </summary>
/// <param name="Code">A fresh code; see <see cref="NewCode"/>.</param>
public sealed record CreateInvite(string Code, Snowflake ChannelId) : GuildCommand<InviteState>
{
    private const string Letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Seconds; 0 = for ever.</summary>
    public int MaxAge { get; init; } = Limits.InviteMaxAgeDefaultSeconds;

    /// <summary>0 = no limit.</summary>
    public int MaxUses { get; init; }

    public bool Temporary { get; init; }
    public bool Unique { get; init; }
    public int? TargetType { get; init; }
    public Snowflake? TargetUserId { get; init; }
    public Snowflake? TargetApplicationId { get; init; }

    /// <summary>Roles for those who join by it; the caller must be able to give them.</summary>
    public IReadOnlyList<Snowflake> RoleIds { get; init; } = [];

    /// <summary>Eight letters and digits that cannot be mistaken for each other: 46 bits.</summary>
    public static string NewCode() => RandomNumberGenerator.GetString(Letters, 8);

    protected override InviteState Decide(GuildDecision guild)
    {
        Channel channel = guild.Channel(ChannelId);
        guild.Require(channel, Permissions.CreateInstantInvite);
        if (channel.Type.IsThread() || channel.Type is ChannelType.GuildCategory or ChannelType.GuildDirectory)
            throw new ApiException(ApiError.CannotExecuteOnChannelType);
        if (RoleIds.Count > 0)
        {
            guild.Require(Permissions.ManageRoles);
            foreach (Snowflake id in RoleIds)
            {
                Role role = guild.Role(id);
                if (role.Managed || id == guild.State.Id)
                    throw new ApiException(ApiError.InvalidRole);
                guild.RequireAbove(role);
            }
        }
        if (TargetType == 1 && (TargetUserId is not { } streamer || !guild.State.VoiceStates.TryGetValue(streamer, out VoiceState? voice)
            || voice.ChannelId != ChannelId))
            throw new ApiException(ApiError.InvalidFormBody, FormErrors.Of("target_user_id",
                new FormError("GUILD_INVITE_INVALID_STREAMER", "The specified user is currently not streaming in this channel")));
        if (!Unique && guild.State.Invites.Values.FirstOrDefault(i => IsSame(i, guild)) is { } known)
            return known;

        // What has expired does not count against the limit, and goes now at the latest.
        foreach (InviteState old in guild.State.Invites.Values.Where(i => !i.IsValid(guild.Now)).ToArray())
            guild.Put(new InviteRemoved(old.Code));
        if (guild.State.Invites.Count >= Limits.ChannelInvites)
            throw new ApiException(ApiError.MaxInvites);
        InviteState invite = new()
        {
            Code = Code,
            ChannelId = ChannelId,
            Inviter = guild.State.Members[guild.By.UserId]?.User,
            MaxAge = MaxAge,
            MaxUses = MaxUses,
            Temporary = Temporary,
            CreatedAt = guild.Now,
            TargetType = TargetType,
            TargetUserId = TargetUserId,
            TargetApplicationId = TargetApplicationId,
            RoleIds = RoleIds,
        };
        guild.Put(new InvitePut(invite));
        guild.Audit(AuditLogEvent.InviteCreate, null, AuditedInvite.Changes(null, invite));
        return invite;
    }

    private bool IsSame(InviteState i, GuildDecision guild) =>
        i.ChannelId == ChannelId && i.Inviter?.Id == guild.By.UserId && i.MaxAge == MaxAge && i.MaxUses == MaxUses
            && i.Temporary == Temporary
        && i.TargetType == TargetType && i.TargetUserId == TargetUserId && i.TargetApplicationId == TargetApplicationId
        && i.RoleIds.SequenceEqual(RoleIds) && i.IsValid(guild.Now);
}

/// <summary>Takes an invite back. Needs MANAGE_CHANNELS in its channel or MANAGE_GUILD. Answers with the invite.</summary>
public sealed record DeleteInvite(string Code) : GuildCommand<InviteState>
{
    protected override InviteState Decide(GuildDecision guild)
    {
        if (!guild.State.Invites.TryGetValue(Code, out InviteState? invite))
            throw new ApiException(ApiError.UnknownInvite);
        bool manages = guild.Held.Has(Permissions.ManageGuild)
            || (guild.State.FindChannel(invite.ChannelId) is { } channel
                && guild.State.PermissionsIn(channel, guild.By.UserId, guild.Now).Has(Permissions.ManageChannels));
        if (!manages)
            throw new ApiException(ApiError.MissingPermissions);
        guild.Put(new InviteRemoved(Code));
        guild.Audit(AuditLogEvent.InviteDelete, null, AuditedInvite.Changes(invite, null));
        return invite;
    }
}

/// <summary>An invite as the audit log speaks of it: channel and inviter by their ids.</summary>
internal sealed record AuditedInvite(
    string Code, Snowflake ChannelId, Snowflake? InviterId, int MaxUses, int Uses, int MaxAge, bool Temporary)
{
    public static IReadOnlyList<AuditLogChange> Changes(InviteState? before, InviteState? after) =>
        AuditChanges.Between(Of(before), Of(after), AuditedInviteJson.Default.AuditedInvite);

    private static AuditedInvite? Of(InviteState? i) =>
        i is null ? null : new(i.Code, i.ChannelId, i.Inviter?.Id, i.MaxUses, i.Uses, i.MaxAge, i.Temporary);
}

[System.Text.Json.Serialization.JsonSourceGenerationOptions(
    PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.SnakeCaseLower)]
[System.Text.Json.Serialization.JsonSerializable(typeof(AuditedInvite))]
internal sealed partial class AuditedInviteJson : System.Text.Json.Serialization.JsonSerializerContext;
