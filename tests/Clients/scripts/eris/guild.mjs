import { assert } from '../scenario.mjs';
import { connect } from './connect.mjs';

const pixel = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const manageMessages = 1n << 13n;
const sendMessages = 1n << 11n;

export async function fetches(t) {
  const { client, guild } = await connect(t);
  const me = await client.getRESTUser(client.user.id);
  assert.equal(me.username, client.user.username);
  const fetched = await client.getRESTGuild(guild.id);
  assert.equal(fetched.name, guild.name);
  assert.equal(fetched.ownerID, guild.ownerID);
  const channels = await client.getRESTGuildChannels(guild.id);
  assert.deepEqual(channels.map(c => c.id).sort(), [...guild.channels.keys()].sort());
  const roles = await client.getRESTGuildRoles(guild.id);
  assert.equal(roles.length, guild.roles.size);
  assert.equal((await client.getRESTGuildMember(guild.id, client.user.id)).id, client.user.id);
}

export async function editGuild(t) {
  const { client, guild } = await connect(t);
  const told = t.next(client, 'guildUpdate');
  await client.editGuild(guild.id, { name: 'New name', icon: pixel }, 'a new look');
  const [after, before] = await told;
  assert.notEqual(before.name, 'New name');
  assert.equal(after.name, 'New name');
  assert.ok(after.icon);
  const log = await client.getGuildAuditLog(guild.id, { actionType: 1, limit: 5 });
  assert.equal(log.entries[0].user.id, client.user.id);
  assert.equal(log.entries[0].reason, 'a new look');
  assert.equal(log.entries[0].after.name, 'New name');
}

export async function channels(t) {
  const { client, guild } = await connect(t);
  const category = await client.createChannel(guild.id, 'Rooms', 4);
  const created = t.next(client, 'channelCreate', c => c.name === 'news');
  const channel = await client.createChannel(guild.id, 'news', 0, { topic: 'what is new', parentID: category.id, reason: 'needed' });
  assert.equal((await created)[0].id, channel.id);
  assert.equal(channel.parentID, category.id);

  const updated = t.next(client, 'channelUpdate', now => now.id === channel.id);
  await client.editChannel(channel.id, { name: 'old-news', topic: 'what is old', rateLimitPerUser: 5 });
  const [after, before] = await updated;
  assert.deepEqual([before.name, after.name, after.topic, after.rateLimitPerUser], ['news', 'old-news', 'what is old', 5]);

  const overwritten = t.next(client, 'channelUpdate', now => now.id === channel.id);
  await client.editChannelPermission(channel.id, guild.id, 0n, sendMessages, 0);
  const [now] = await overwritten;
  assert.equal(now.permissionOverwrites.get(guild.id).has('sendMessages'), false);
  const fetched = await client.getRESTChannel(channel.id);
  assert.equal(fetched.topic, 'what is old');
  assert.equal(fetched.permissionOverwrites.get(guild.id).deny, sendMessages);

  const voice = await client.createChannel(guild.id, 'Talk', 2, { userLimit: 4 });
  assert.equal(voice.userLimit, 4);
  const deleted = t.next(client, 'channelDelete', c => c.id === channel.id);
  await client.deleteChannel(channel.id);
  await deleted;
  await assert.rejects(client.getRESTChannel(channel.id), { code: 10003 });
}

export async function roles(t) {
  const { client, guild } = await connect(t);
  const created = t.next(client, 'guildRoleCreate');
  const role = await client.createRole(guild.id, { name: 'Helper', color: 0x123456, hoist: true, permissions: manageMessages }, 'help');
  assert.equal((await created)[1].id, role.id);
  assert.equal(role.color, 0x123456);
  const updated = t.next(client, 'guildRoleUpdate', (_, now) => now.id === role.id);
  await client.editRole(guild.id, role.id, { name: 'Great helper', mentionable: true });
  const [, now] = await updated;
  assert.deepEqual([now.name, now.mentionable, now.hoist], ['Great helper', true, true]);

  const [user] = await t.members(1);
  await guild.fetchMembers({ userIDs: [user.user_id] });
  const assigned = t.next(client, 'guildMemberUpdate', (_, m) => m.id === user.user_id && m.roles.includes(role.id));
  await client.addGuildMemberRole(guild.id, user.user_id, role.id);
  await assigned;
  assert.ok(guild.channels.get(t.seed.channelId).permissionsOf(user.user_id).has('manageMessages'));
  const unassigned = t.next(client, 'guildMemberUpdate', (_, m) => m.id === user.user_id && !m.roles.includes(role.id));
  await client.removeGuildMemberRole(guild.id, user.user_id, role.id);
  await unassigned;

  const deleted = t.next(client, 'guildRoleDelete', (_, r) => r.id === role.id);
  await client.deleteRole(guild.id, role.id);
  await deleted;
  assert.equal((await client.getRESTGuildRoles(guild.id)).some(r => r.id === role.id), false);
}

export async function members(t) {
  const { client, guild } = await connect(t);
  let joined = 0;
  client.on('guildMemberAdd', () => joined++);
  const users = await t.members(5);
  await t.until('all have joined', () => joined === 5);
  assert.equal(guild.memberCount, 7);
  assert.equal(await guild.fetchAllMembers(), 7);
  const some = await guild.fetchMembers({ userIDs: [users[1].user_id, users[3].user_id], presences: true });
  assert.deepEqual(some.map(m => m.id).sort(), [users[1].user_id, users[3].user_id].sort());
  const queried = await guild.fetchMembers({ query: users[2].username, limit: 10 });
  assert.deepEqual(queried.map(m => m.id), [users[2].user_id]);
  assert.equal((await client.getRESTGuildMembers(guild.id, { limit: 1000 })).length, 7);

  const { id } = some[0];
  const updated = t.next(client, 'guildMemberUpdate', (_, m) => m.id === id && m.nick === 'Nick');
  await client.editGuildMember(guild.id, id, { nick: 'Nick' });
  await updated;
  const until = t.next(client, 'guildMemberUpdate', (_, m) => m.id === id && m.communicationDisabledUntil > Date.now());
  await client.editGuildMember(guild.id, id, { communicationDisabledUntil: new Date(Date.now() + 60_000) }, 'calm down');
  await until;
  const left = t.next(client, 'guildMemberRemove', (_, m) => m.id === id);
  await client.kickGuildMember(guild.id, id, 'enough');
  await left;
  assert.equal(guild.memberCount, 6);
}

export async function bans(t) {
  const { client, guild, channel } = await connect(t);
  const [user] = await t.members(1);
  const posted = await t.api(user.token, 'POST', `/channels/${channel.id}/messages`, { content: 'spam' });
  const banned = t.next(client, 'guildBanAdd');
  const left = t.next(client, 'guildMemberRemove');
  await client.banGuildMember(guild.id, user.user_id, { deleteMessageSeconds: 3600, reason: 'spam' });
  assert.equal((await banned)[1].id, user.user_id);
  await left;
  await t.until('the message is gone', async () => {
    try {
      await client.getMessage(channel.id, posted.id);
      return false;
    } catch (error) {
      assert.equal(error.code, 10008);
      return true;
    }
  });
  assert.equal((await client.getGuildBan(guild.id, user.user_id)).reason, 'spam');
  assert.deepEqual((await client.getGuildBans(guild.id)).map(ban => ban.user.id), [user.user_id]);
  const invite = await t.owner('POST', `/channels/${channel.id}/invites`, {});
  await assert.rejects(t.api(user.token, 'POST', `/invites/${invite.code}`, {}), /40007/);

  const unbanned = t.next(client, 'guildBanRemove');
  await client.unbanGuildMember(guild.id, user.user_id);
  assert.equal((await unbanned)[1].id, user.user_id);
  assert.equal((await client.getGuildBans(guild.id)).length, 0);
  await t.api(user.token, 'POST', `/invites/${invite.code}`, {});
}

export async function invites(t) {
  const { client, guild, channel } = await connect(t);
  const created = t.next(client, 'inviteCreate');
  const invite = await client.createChannelInvite(channel.id, { maxAge: 3600, maxUses: 3 });
  assert.equal((await created)[1].code, invite.code);
  const fetched = await client.getInvite(invite.code);
  assert.equal(fetched.guild.id, guild.id);
  assert.equal(fetched.channel.id, channel.id);
  assert.equal((await client.getGuildInvites(guild.id)).find(i => i.code === invite.code).maxUses, 3);
  const deleted = t.next(client, 'inviteDelete');
  await client.deleteInvite(invite.code);
  assert.equal((await deleted)[1].code, invite.code);
  await assert.rejects(client.getInvite(invite.code), { code: 10006 });
}

export async function webhooks(t) {
  const { client, channel } = await connect(t);
  const told = t.next(client, 'webhooksUpdate', data => data.channelID === channel.id);
  const webhook = await client.createChannelWebhook(channel.id, { name: 'Hook', avatar: pixel });
  await told;
  assert.equal(webhook.user.id, client.user.id);
  const received = t.next(client, 'messageCreate', m => m.webhookID === webhook.id);
  const message = await client.executeWebhook(webhook.id, webhook.token, {
    content: 'from outside', username: 'Someone', embeds: [{ title: 'one' }, { title: 'two' }], wait: true,
  });
  const [heard] = await received;
  assert.equal(heard.id, message.id);
  assert.equal(heard.author.username, 'Someone');
  assert.equal(heard.embeds.length, 2);
  const edited = await client.editWebhookMessage(webhook.id, webhook.token, message.id, { content: 'changed' });
  assert.equal(edited.content, 'changed');
  assert.equal((await client.getWebhookMessage(webhook.id, webhook.token, message.id)).content, 'changed');
  await client.deleteWebhookMessage(webhook.id, webhook.token, message.id);
  await assert.rejects(client.getMessage(channel.id, message.id), { code: 10008 });
  await client.editWebhook(webhook.id, { name: 'Other' });
  assert.deepEqual((await client.getChannelWebhooks(channel.id)).map(w => w.name), ['Other']);
  await client.deleteWebhook(webhook.id);
  assert.deepEqual(await client.getChannelWebhooks(channel.id), []);
}

export async function emojis(t) {
  const { client, guild, channel } = await connect(t);
  const created = t.next(client, 'guildEmojisUpdate');
  const emoji = await client.createGuildEmoji(guild.id, { name: 'dot', image: pixel });
  assert.equal((await created)[1][0].id, emoji.id);
  const message = await client.createMessage(channel.id, 'react');
  const told = t.next(client, 'messageReactionAdd');
  await client.addMessageReaction(channel.id, message.id, `dot:${emoji.id}`);
  assert.equal((await told)[1].id, emoji.id);
  await client.editGuildEmoji(guild.id, emoji.id, { name: 'point' });
  assert.equal((await client.getRESTGuildEmoji(guild.id, emoji.id)).name, 'point');
  const deleted = t.next(client, 'guildEmojisUpdate', (_, now) => now.length === 0);
  await client.deleteGuildEmoji(guild.id, emoji.id);
  await deleted;
  assert.deepEqual(await client.getRESTGuildEmojis(guild.id), []);
}

export async function threads(t) {
  const { client, guild, channel } = await connect(t);
  const message = await client.createMessage(channel.id, 'let us talk');
  const created = t.next(client, 'threadCreate', thread => thread.name === 'talk');
  const thread = await client.createThreadWithMessage(channel.id, message.id, { name: 'talk', autoArchiveDuration: 60 });
  assert.equal((await created)[0].id, message.id);
  assert.equal(thread.id, message.id);
  const received = t.next(client, 'messageCreate', m => m.channel.id === thread.id && m.content === 'in the thread');
  await client.createMessage(thread.id, 'in the thread');
  await received;
  assert.ok((await client.getMessages(thread.id, {})).some(m => m.content === 'in the thread'));

  const loose = await client.createThread(channel.id, { name: 'loose', type: 12, autoArchiveDuration: 60 });
  const [user] = await t.members(1);
  await client.joinThread(loose.id, user.user_id);
  assert.ok((await client.getThreadMembers(loose.id)).some(m => m.id === user.user_id));
  assert.deepEqual((await client.getActiveGuildThreads(guild.id)).threads.map(x => x.id).sort(), [thread.id, loose.id].sort());

  const archived = t.next(client, 'threadUpdate', now => now.id === thread.id && now.threadMetadata.archived);
  await client.editChannel(thread.id, { archived: true });
  await archived;
  assert.deepEqual((await client.getArchivedThreads(channel.id, 'public')).threads.map(x => x.id), [thread.id]);
  const back = t.next(client, 'threadUpdate', now => now.id === thread.id && !now.threadMetadata.archived);
  await t.owner('POST', `/channels/${thread.id}/messages`, { content: 'awake' });
  await back;
  const deleted = t.next(client, 'threadDelete', gone => gone.id === loose.id);
  await client.deleteChannel(loose.id);
  await deleted;

  const forum = await client.createChannel(guild.id, 'forum', 15, { availableTags: [{ name: 'idea' }] });
  const post = await client.createThread(forum.id, {
    name: 'a post', message: { content: 'its text' }, appliedTags: [forum.availableTags[0].id], autoArchiveDuration: 60,
  });
  assert.deepEqual(post.appliedTags, [forum.availableTags[0].id]);
  assert.equal((await client.getMessage(post.id, post.id)).content, 'its text');
}

export async function directMessages(t) {
  const { client } = await connect(t);
  const owner = await t.owner('GET', '/users/@me');
  const dm = await client.getDMChannel(owner.id);
  await client.createMessage(dm.id, 'psst');
  const [mine] = await t.owner('GET', '/users/@me/channels');
  assert.equal(mine.id, dm.id);
  const received = t.next(client, 'messageCreate', m => m.channel.id === dm.id && m.author.id === owner.id);
  await t.owner('POST', `/channels/${dm.id}/messages`, { content: 'hush' });
  const [message] = await received;
  assert.equal(message.content, 'hush');
  assert.equal(message.guildID, undefined);
}
