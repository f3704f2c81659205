namespace Discord.Actors.Sessions;

/// <summary>Every dispatch this server sends. Add one here, then where the change happens (docs/recipes/add-a-gateway-event.md).</summary>
public static class EventNames
{
    public static readonly EventName Ready = new("READY");
    public static readonly EventName ReadySupplemental = new("READY_SUPPLEMENTAL");
    public static readonly EventName Resumed = new("RESUMED");
    public static readonly EventName RateLimited = new("RATE_LIMITED");

    public static readonly EventName GuildCreate = new("GUILD_CREATE");
    public static readonly EventName GuildUpdate = new("GUILD_UPDATE");
    public static readonly EventName GuildDelete = new("GUILD_DELETE");
    public static readonly EventName GuildAuditLogEntryCreate = new("GUILD_AUDIT_LOG_ENTRY_CREATE");
    public static readonly EventName GuildBanAdd = new("GUILD_BAN_ADD");
    public static readonly EventName GuildBanRemove = new("GUILD_BAN_REMOVE");
    public static readonly EventName GuildEmojisUpdate = new("GUILD_EMOJIS_UPDATE");
    public static readonly EventName GuildMemberAdd = new("GUILD_MEMBER_ADD");
    public static readonly EventName GuildMemberRemove = new("GUILD_MEMBER_REMOVE");
    public static readonly EventName GuildMemberUpdate = new("GUILD_MEMBER_UPDATE");
    public static readonly EventName GuildMembersChunk = new("GUILD_MEMBERS_CHUNK");
    public static readonly EventName GuildRoleCreate = new("GUILD_ROLE_CREATE");
    public static readonly EventName GuildRoleUpdate = new("GUILD_ROLE_UPDATE");
    public static readonly EventName GuildRoleDelete = new("GUILD_ROLE_DELETE");

    public static readonly EventName ChannelCreate = new("CHANNEL_CREATE");
    public static readonly EventName ChannelUpdate = new("CHANNEL_UPDATE");
    public static readonly EventName ChannelDelete = new("CHANNEL_DELETE");
    public static readonly EventName ChannelPinsUpdate = new("CHANNEL_PINS_UPDATE");
    public static readonly EventName ChannelRecipientAdd = new("CHANNEL_RECIPIENT_ADD");
    public static readonly EventName ChannelRecipientRemove = new("CHANNEL_RECIPIENT_REMOVE");
    public static readonly EventName ThreadCreate = new("THREAD_CREATE");
    public static readonly EventName ThreadUpdate = new("THREAD_UPDATE");
    public static readonly EventName ThreadDelete = new("THREAD_DELETE");
    public static readonly EventName ThreadListSync = new("THREAD_LIST_SYNC");
    public static readonly EventName ThreadMemberUpdate = new("THREAD_MEMBER_UPDATE");
    public static readonly EventName ThreadMembersUpdate = new("THREAD_MEMBERS_UPDATE");

    public static readonly EventName InviteCreate = new("INVITE_CREATE");
    public static readonly EventName InviteDelete = new("INVITE_DELETE");
    public static readonly EventName WebhooksUpdate = new("WEBHOOKS_UPDATE");
    public static readonly EventName ApplicationCommandPermissionsUpdate = new("APPLICATION_COMMAND_PERMISSIONS_UPDATE");
    public static readonly EventName InteractionCreate = new("INTERACTION_CREATE");

    public static readonly EventName MessageCreate = new("MESSAGE_CREATE");
    public static readonly EventName MessageUpdate = new("MESSAGE_UPDATE");
    public static readonly EventName MessageDelete = new("MESSAGE_DELETE");
    public static readonly EventName MessageDeleteBulk = new("MESSAGE_DELETE_BULK");
    public static readonly EventName MessageReactionAdd = new("MESSAGE_REACTION_ADD");
    public static readonly EventName MessageReactionRemove = new("MESSAGE_REACTION_REMOVE");
    public static readonly EventName MessageReactionRemoveAll = new("MESSAGE_REACTION_REMOVE_ALL");
    public static readonly EventName MessageReactionRemoveEmoji = new("MESSAGE_REACTION_REMOVE_EMOJI");
    public static readonly EventName TypingStart = new("TYPING_START");

    public static readonly EventName PresenceUpdate = new("PRESENCE_UPDATE");
    public static readonly EventName UserUpdate = new("USER_UPDATE");
    public static readonly EventName VoiceStateUpdate = new("VOICE_STATE_UPDATE");
    public static readonly EventName VoiceServerUpdate = new("VOICE_SERVER_UPDATE");

    // User accounts.
    public static readonly EventName MessageAck = new("MESSAGE_ACK");
    public static readonly EventName ChannelPinsAck = new("CHANNEL_PINS_ACK");
    public static readonly EventName UserSettingsUpdate = new("USER_SETTINGS_UPDATE");
    public static readonly EventName UserSettingsProtoUpdate = new("USER_SETTINGS_PROTO_UPDATE");
    public static readonly EventName UserGuildSettingsUpdate = new("USER_GUILD_SETTINGS_UPDATE");
    public static readonly EventName UserNoteUpdate = new("USER_NOTE_UPDATE");
    public static readonly EventName SessionsReplace = new("SESSIONS_REPLACE");
    public static readonly EventName RelationshipAdd = new("RELATIONSHIP_ADD");
    public static readonly EventName RelationshipUpdate = new("RELATIONSHIP_UPDATE");
    public static readonly EventName RelationshipRemove = new("RELATIONSHIP_REMOVE");
    public static readonly EventName InteractionSuccess = new("INTERACTION_SUCCESS");
    public static readonly EventName InteractionFailure = new("INTERACTION_FAILURE");
    public static readonly EventName InteractionModalCreate = new("INTERACTION_MODAL_CREATE");
    public static readonly EventName AutocompleteResponse = new("APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE");
}
