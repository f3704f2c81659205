using System.Text.Json;
using Discord.Actors.Encoders;
using Discord.Actors.Relays;
using Discord.Actors.Sessions;
using Discord.Protocol;
using Discord.Protocol.Gateway;
using Discord.Protocol.Payloads;
using static Discord.Protocol.Payloads.PayloadJson;

namespace Discord.Actors.Guilds;

/// <summary>What clients are told when a fact turns one state into the next: name, payload, intents and audience of every guild
/// event.</summary>
internal static class GuildDispatches
{
    /// <param name="shown">A channel with what its messages add to it (the newest one's id, counts).</param>
    public static IEnumerable<Relayed> Of(GuildState before, GuildEvent fact, GuildState after, Func<Channel, Channel> shown)
    {
        Snowflake guild = after.Id;
        switch (fact)
        {
            case PropertiesChanged when before.Exists:
                yield return Everyone(Json.Event(EventNames.GuildUpdate, GuildPayloads.Guild(after), Wire.Guild), GatewayIntents.Guilds);
                break;
            case GuildDeleted:
                yield return Everyone(Ids(EventNames.GuildDelete, ("id", guild)), GatewayIntents.Guilds);
                break;

            case RolePut put:
                EventName role = before.Roles.ContainsKey(put.Role.Id) ? EventNames.GuildRoleUpdate : EventNames.GuildRoleCreate;
                yield return Everyone(Nested(role, guild, "role", Json.Encode(put.Role, Wire.Role)), GatewayIntents.Guilds);
                break;
            case RoleRemoved removed:
                yield return Everyone(
                    Ids(EventNames.GuildRoleDelete, ("guild_id", guild), ("role_id", removed.RoleId)), GatewayIntents.Guilds);
                break;

            case ChannelPut put:
                EventName channel = before.Channels.ContainsKey(put.Channel.Id) ? EventNames.ChannelUpdate : EventNames.ChannelCreate;
                yield return new(
                    Json.Event(channel, shown(put.Channel), Wire.Channel), GatewayIntents.Guilds, Audience.Viewers(put.Channel))
                {
                    State = after,
                };
                break;
            case ChannelRemoved removed when before.Channels.TryGetValue(removed.ChannelId, out Channel? gone):
                yield return new(
                    Json.Event(EventNames.ChannelDelete, shown(gone), Wire.Channel), GatewayIntents.Guilds, Audience.Viewers(gone))
                {
                    State = before,
                };
                break;

            case ThreadPut put when before.Threads.ContainsKey(put.Thread.Id):
                yield return new(
                    Json.Event(EventNames.ThreadUpdate, shown(put.Thread), Wire.Channel),
                    GatewayIntents.Guilds, Audience.Viewers(put.Thread))
                {
                    State = after,
                };
                break;
            case ThreadPut put:
                yield return new(
                    Json.Event(EventNames.ThreadCreate, put.Thread with { NewlyCreated = true }, Wire.Channel),
                    GatewayIntents.Guilds, Audience.Viewers(put.Thread))
                { State = after };
                break;
            case ThreadRemoved removed when before.Threads.TryGetValue(removed.ThreadId, out ThreadState? gone):
                yield return new(ThreadDelete(gone.Channel), GatewayIntents.Guilds, Audience.Viewers(gone.Channel)) { State = before };
                break;
            case ThreadMemberPut put when after.Threads.TryGetValue(put.Member.Id, out ThreadState? thread):
                foreach (Relayed relayed in ThreadMember(before, put.Member, thread, after, shown))
                    yield return relayed;
                break;
            case ThreadMemberRemoved removed when after.Threads.TryGetValue(removed.ThreadId, out ThreadState? thread):
                // The leaver of a private thread no longer sees it, so the state before decides.
                DispatchEvent left = ThreadMembers(thread, after.Id, null, removed.UserId);
                yield return new(left, GatewayIntents.GuildMembers, Audience.Viewers(thread.Channel))
                {
                    State = before,
                    WithoutIntent = removed.UserId
                };
                break;

            case MemberPut put when before.Members.Contains(put.Member.User!.Id):
                yield return new(
                    Json.Event(EventNames.GuildMemberUpdate, put.Member with { GuildId = guild }, Wire.Member),
                    GatewayIntents.GuildMembers, Audience.Everyone)
                { WithoutIntent = put.Member.User.Id };
                break;
            case MemberPut put:
                yield return new(
                    Json.Event(EventNames.GuildMemberAdd, put.Member with { GuildId = guild }, Wire.Member),
                    GatewayIntents.GuildMembers, Audience.Everyone);
                break;
            case MemberRemoved removed when before.Members.TryGet(removed.UserId, out Member? gone):
                yield return new(
                    Nested(EventNames.GuildMemberRemove, guild, "user", Json.Encode(gone.User!, Wire.User)),
                    GatewayIntents.GuildMembers, Audience.EveryoneBut(removed.UserId));
                yield return new(Ids(EventNames.GuildDelete, ("id", guild)), GatewayIntents.Guilds, Audience.User(removed.UserId))
                {
                    State = before
                };
                break;

            case BanPut put:
                yield return Ban(EventNames.GuildBanAdd, guild, put.Ban.User);
                break;
            case BanRemoved removed when before.Bans.TryGetValue(removed.UserId, out Ban? ban):
                yield return Ban(EventNames.GuildBanRemove, guild, ban.User);
                break;

            case InvitePut put when !before.Invites.ContainsKey(put.Invite.Code) && after.FindChannel(put.Invite.ChannelId) is { } target:
                yield return new(
                    Json.Event(EventNames.InviteCreate, (put.Invite, guild), static (w, s) => WriteInvite(w, s.Invite, s.guild)),
                    GatewayIntents.GuildInvites, Audience.HoldersIn(target, Permissions.ManageChannels));
                break;
            case InviteRemoved removed when before.Invites.TryGetValue(removed.Code, out InviteState? invite)
                && before.FindChannel(invite.ChannelId) is { } target:
                yield return new(
                    Json.Event(EventNames.InviteDelete, (invite, guild), static (w, s) => WriteInviteDelete(w, s.invite, s.guild)),
                    GatewayIntents.GuildInvites, Audience.HoldersIn(target, Permissions.ManageChannels))
                { State = before };
                break;

            case WebhookPut put when put.Webhook.ChannelId is { } at:
                yield return Webhooks(after, at);
                if (before.Webhooks.TryGetValue(put.Webhook.Id, out Webhook? moved) && moved.ChannelId is { } was && was != at)
                    yield return Webhooks(after, was);
                break;
            case WebhookRemoved removed when before.Webhooks.TryGetValue(removed.WebhookId, out Webhook? gone) && gone.ChannelId is { } at:
                yield return Webhooks(before, at);
                break;

            case EmojiPut or EmojiRemoved:
                yield return Everyone(
                    Nested(EventNames.GuildEmojisUpdate, guild, "emojis", Json.Encode(GuildPayloads.Emojis(after), Wire.ListEmoji)),
                    GatewayIntents.GuildExpressions);
                break;

            case CommandPermissionsPut put:
                yield return Everyone(
                    Json.Event(EventNames.ApplicationCommandPermissionsUpdate, put.Permissions, Wire.CommandPermissions),
                    GatewayIntents.None);
                break;

            case VoiceStateChanged changed:
                Member? member = after.Members[changed.State.UserId] ?? before.Members[changed.State.UserId];
                yield return Everyone(
                    Json.Event(EventNames.VoiceStateUpdate, changed.State with { GuildId = guild, Member = member }, Wire.VoiceState),
                    GatewayIntents.GuildVoiceStates);
                break;
        }
    }

    public static Relayed AuditEntry(AuditLogEntry entry, Snowflake guild) => new(
        Json.Event(EventNames.GuildAuditLogEntryCreate, entry with { GuildId = guild }, Wire.AuditLogEntry),
        GatewayIntents.GuildModeration, Audience.Holders(Permissions.ViewAuditLog));

    private static Relayed Everyone(DispatchEvent dispatch, GatewayIntents intents) => new(dispatch, intents, Audience.Everyone);

    private static Relayed Ban(EventName name, Snowflake guild, User user) => new(
        Nested(name, guild, "user", Json.Encode(user, Wire.User)),
        GatewayIntents.GuildModeration, Audience.HoldersOfAny(Permissions.BanMembers | Permissions.ViewAuditLog));

    private static Relayed Webhooks(GuildState state, Snowflake channel) => new(
        Ids(EventNames.WebhooksUpdate, ("guild_id", state.Id), ("channel_id", channel)),
        GatewayIntents.GuildWebhooks, state.FindChannel(channel) is { } known ? Audience.Viewers(known) : Audience.Everyone)
    { State = state };

    // Joining is told to the others by THREAD_MEMBERS_UPDATE; the one who joined learns of the thread itself, and of changed settings
    // alone.
    private static IEnumerable<Relayed> ThreadMember(
        GuildState before, ThreadMember member, ThreadState thread, GuildState after, Func<Channel, Channel> shown)
    {
        if (before.Threads.TryGetValue(member.Id, out ThreadState? known) && known.Members.ContainsKey(member.UserId))
        {
            DispatchEvent update = Json.Event(EventNames.ThreadMemberUpdate, (member, after.Id), static (w, s) =>
            {
                w.WriteStartObject();
                WriteMember(w, s.member);
                w.WriteString("guild_id", s.Id.ToString());
                w.WriteEndObject();
            });
            yield return new(update, GatewayIntents.Guilds, Audience.User(member.UserId));
            yield break;
        }
        if (thread.Channel.Type == ChannelType.PrivateThread)
        {
            Channel seen = shown(thread.Channel) with { Member = member };
            yield return new(Json.Event(EventNames.ThreadCreate, seen, Wire.Channel), GatewayIntents.Guilds, Audience.User(member.UserId));
        }
        yield return ThreadJoined(after, member.Id, member.UserId);
    }

    /// <summary>THREAD_MEMBERS_UPDATE about one who is in the thread now.</summary>
    public static Relayed ThreadJoined(GuildState state, Snowflake threadId, Snowflake userId)
    {
        ThreadState thread = state.Threads[threadId];
        ThreadMember added = thread.Members[userId] with { Member = state.Members[userId] };
        return new(ThreadMembers(thread, state.Id, added, null), GatewayIntents.GuildMembers, Audience.Viewers(thread.Channel))
        {
            State = state,
            WithoutIntent = userId,
        };
    }

    private static void WriteMember(Utf8JsonWriter writer, ThreadMember member)
    {
        writer.WriteString("id", member.Id.ToString());
        writer.WriteString("user_id", member.UserId.ToString());
        writer.WriteTime("join_timestamp", member.JoinTimestamp);
        writer.WriteNumber("flags", member.Flags);
    }

    private static DispatchEvent ThreadMembers(ThreadState thread, Snowflake guild, ThreadMember? added, Snowflake? removed) =>
        Json.Event(EventNames.ThreadMembersUpdate, (thread, guild, added, removed), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("id", s.thread.Channel.Id.ToString());
            w.WriteString("guild_id", s.guild.ToString());
            w.WriteNumber("member_count", Math.Min(s.thread.Members.Count, 50));
            if (s.added is { } member)
            {
                w.WriteStartArray("added_members");
                JsonSerializer.Serialize(w, member, Wire.ThreadMember);
                w.WriteEndArray();
            }
            if (s.removed is { } user)
            {
                w.WriteStartArray("removed_member_ids");
                w.WriteStringValue(user.ToString());
                w.WriteEndArray();
            }
            w.WriteEndObject();
        });

    private static DispatchEvent ThreadDelete(Channel thread) => Json.Event(EventNames.ThreadDelete, thread, static (w, t) =>
    {
        w.WriteStartObject();
        w.WriteString("id", t.Id.ToString());
        w.WriteString("guild_id", t.GuildId!.Value.ToString());
        w.WriteString("parent_id", t.ParentId!.Value.ToString());
        w.WriteNumber("type", (int)t.Type);
        w.WriteEndObject();
    });

    private static void WriteInvite(Utf8JsonWriter w, InviteState invite, Snowflake guild)
    {
        w.WriteStartObject();
        w.WriteString("channel_id", invite.ChannelId.ToString());
        w.WriteString("code", invite.Code);
        w.WriteTime("created_at", invite.CreatedAt);
        w.WriteString("guild_id", guild.ToString());
        if (invite.Inviter is { } inviter)
        {
            w.WritePropertyName("inviter");
            JsonSerializer.Serialize(w, inviter, Wire.User);
        }
        w.WriteNumber("max_age", invite.MaxAge);
        w.WriteNumber("max_uses", invite.MaxUses);
        if (invite.TargetType is { } type)
            w.WriteNumber("target_type", type);
        w.WriteBoolean("temporary", invite.Temporary);
        w.WriteNumber("uses", invite.Uses);
        if (invite.ExpiresAt is { } expires)
            w.WriteTime("expires_at", expires);
        else
            w.WriteNull("expires_at");
        w.WriteEndObject();
    }

    private static void WriteInviteDelete(Utf8JsonWriter w, InviteState invite, Snowflake guild)
    {
        w.WriteStartObject();
        w.WriteString("channel_id", invite.ChannelId.ToString());
        w.WriteString("guild_id", guild.ToString());
        w.WriteString("code", invite.Code);
        w.WriteEndObject();
    }

    private static DispatchEvent Ids(EventName name, params (string Key, Snowflake Id)[] ids) => Json.Event(name, ids, static (w, all) =>
    {
        w.WriteStartObject();
        foreach ((string key, Snowflake id) in all)
            w.WriteString(key, id.ToString());
        w.WriteEndObject();
    });

    private static DispatchEvent Nested(EventName name, Snowflake guild, string key, byte[] json) =>
        Json.Event(name, (guild, key, json), static (w, s) =>
        {
            w.WriteStartObject();
            w.WriteString("guild_id", s.guild.ToString());
            w.WritePropertyName(s.key);
            w.WriteRawValue(s.json, skipInputValidation: true);
            w.WriteEndObject();
        });
}
