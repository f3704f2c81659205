using Discord.Kernel.Persistence;
using Discord.Protocol;
using Discord.Storage;

namespace Discord.Actors.Guilds;

/// <summary>
/// The look-up rows that follow from a guild's facts: which guild owns a channel, an invite, a webhook or an emoji, and which guilds a user
/// is in. They are written in the same commit as the facts, so they can never disagree with them.
/// </summary>
internal static class GuildLookups
{
    public static void Add(List<ILookupWrite> rows, GuildState before, GuildEvent fact, Snowflake guild)
    {
        switch (fact)
        {
            case PropertiesChanged when !before.Exists:
                rows.Add(LookupWrite.Put(LookupKind.Guild, guild, guild));
                break;
            case GuildDeleted:
                Clear(rows, before, guild);
                break;
            case MemberPut put when !before.Members.Contains(put.Member.User!.Id):
                rows.Add(SetWrite.Add(SetKind.UserGuilds, put.Member.User.Id, guild));
                break;
            case MemberRemoved removed:
                rows.Add(SetWrite.Remove(SetKind.UserGuilds, removed.UserId, guild));
                break;
            case ChannelPut put when !before.Channels.ContainsKey(put.Channel.Id):
                rows.Add(LookupWrite.Put(LookupKind.ChannelOwner, put.Channel.Id, guild));
                break;
            case ChannelRemoved removed:
                rows.Add(LookupWrite.Delete(LookupKind.ChannelOwner, removed.ChannelId));
                break;
            case ThreadPut put when !before.Threads.ContainsKey(put.Thread.Id):
                rows.Add(LookupWrite.Put(LookupKind.ChannelOwner, put.Thread.Id, guild));
                break;
            case ThreadRemoved removed:
                rows.Add(LookupWrite.Delete(LookupKind.ChannelOwner, removed.ThreadId));
                break;
            case InvitePut put when !before.Invites.ContainsKey(put.Invite.Code):
                rows.Add(LookupWrite.PutUnique(LookupKind.InviteCode, put.Invite.Code, guild));
                break;
            case InviteRemoved removed:
                rows.Add(LookupWrite.Delete(LookupKind.InviteCode, removed.Code));
                break;
            case WebhookPut put when !before.Webhooks.ContainsKey(put.Webhook.Id):
                rows.Add(LookupWrite.Put(LookupKind.WebhookOwner, put.Webhook.Id, guild));
                break;
            case WebhookRemoved removed:
                rows.Add(LookupWrite.Delete(LookupKind.WebhookOwner, removed.WebhookId));
                break;
            case EmojiPut put when !before.Emojis.ContainsKey(put.Emoji.Id!.Value):
                rows.Add(LookupWrite.Put(LookupKind.EmojiOwner, put.Emoji.Id.Value, guild));
                break;
            case EmojiRemoved removed:
                rows.Add(LookupWrite.Delete(LookupKind.EmojiOwner, removed.EmojiId));
                break;
        }
    }

    private static void Clear(List<ILookupWrite> rows, GuildState state, Snowflake guild)
    {
        rows.Add(LookupWrite.Delete(LookupKind.Guild, guild));
        rows.AddRange(state.Members.All.Select(m => SetWrite.Remove(SetKind.UserGuilds, m.User!.Id, guild)));
        rows.AddRange(state.Channels.Keys.Concat(state.Threads.Keys).Select(id => LookupWrite.Delete(LookupKind.ChannelOwner, id)));
        rows.AddRange(state.Invites.Keys.Select(code => LookupWrite.Delete(LookupKind.InviteCode, code)));
        rows.AddRange(state.Webhooks.Keys.Select(id => LookupWrite.Delete(LookupKind.WebhookOwner, id)));
        rows.AddRange(state.Emojis.Keys.Select(id => LookupWrite.Delete(LookupKind.EmojiOwner, id)));
    }
}
