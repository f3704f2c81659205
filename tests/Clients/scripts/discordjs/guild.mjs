import { AuditLogEvent, ChannelType, Events, PermissionFlagsBits } from 'discord.js';
import { assert } from '../scenario.mjs';
import { connect } from './connect.mjs';

const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

export async function fetches(t) {
  const { client, guild } = await connect(t);
  const me = await client.users.fetch(client.user.id, { force: true });
  assert.equal(me.username, client.user.username);
  assert.equal((await guild.fetchOwner({ force: true })).id, guild.ownerId);
  const fetched = await client.guilds.fetch({ guild: guild.id, force: true });
  assert.equal(fetched.name, guild.name);
  const channels = await guild.channels.fetch();
  assert.deepEqual([...channels.keys()].sort(), [...guild.channels.cache.keys()].sort());
  const roles = await guild.roles.fetch();
  assert.equal(roles.size, guild.roles.cache.size);
}

export async function editGuild(t) {
  const { client, guild } = await connect(t);
  const told = t.next(client, Events.GuildUpdate);
  await guild.edit({ name: 'New name', icon: pixel, reason: 'a new look' });
  const [before, after] = await told;
  assert.notEqual(before.name, 'New name');
  assert.equal(after.name, 'New name');
  assert.ok(after.icon);
  const log = await guild.fetchAuditLogs({ type: AuditLogEvent.GuildUpdate, limit: 5 });
  const entry = log.entries.first();
  assert.equal(entry.executorId, client.user.id);
  assert.equal(entry.reason, 'a new look');
  assert.ok(entry.changes.some(change => change.key === 'name' && change.new === 'New name'));
}

export async function channels(t) {
  const { client, guild } = await connect(t);
  const category = await guild.channels.create({ name: 'Rooms', type: ChannelType.GuildCategory });
  const created = t.next(client, Events.ChannelCreate, c => c.name === 'news');
  const channel = await guild.channels.create({ name: 'news', topic: 'what is new', parent: category, reason: 'needed' });
  assert.equal((await created)[0].id, channel.id);
  assert.equal(channel.parentId, category.id);

  const updated = t.next(client, Events.ChannelUpdate, (_, now) => now.id === channel.id);
  await channel.edit({ name: 'old-news', topic: 'what is old', rateLimitPerUser: 5 });
  const [before, after] = await updated;
  assert.deepEqual([before.name, after.name, after.topic, after.rateLimitPerUser], ['news', 'old-news', 'what is old', 5]);

  const overwritten = t.next(client, Events.ChannelUpdate, (_, now) => now.id === channel.id);
  await channel.permissionOverwrites.edit(guild.roles.everyone, { SendMessages: false });
  await overwritten;
  assert.equal(channel.permissionsFor(guild.roles.everyone).has(PermissionFlagsBits.SendMessages), false);
  const fetched = await guild.channels.fetch(channel.id, { force: true });
  assert.equal(fetched.topic, 'what is old');
  assert.ok(fetched.permissionOverwrites.cache.get(guild.id).deny.has(PermissionFlagsBits.SendMessages));

  const voice = await guild.channels.create({ name: 'Talk', type: ChannelType.GuildVoice, userLimit: 4 });
  assert.equal(voice.userLimit, 4);
  const deleted = t.next(client, Events.ChannelDelete, c => c.id === channel.id);
  await channel.delete();
  await deleted;
  await assert.rejects(client.channels.fetch(channel.id, { force: true }), { code: 10003 });
}

export async function roles(t) {
  const { client, guild } = await connect(t);
  const created = t.next(client, Events.GuildRoleCreate);
  const role = await guild.roles.create({
    name: 'Helper', colors: { primaryColor: 0x123456 }, hoist: true, permissions: [PermissionFlagsBits.ManageMessages], reason: 'help',
  });
  assert.equal((await created)[0].id, role.id);
  assert.equal(role.colors.primaryColor, 0x123456);
  const updated = t.next(client, Events.GuildRoleUpdate, (_, now) => now.id === role.id);
  await role.edit({ name: 'Great helper', mentionable: true });
  const [, now] = await updated;
  assert.deepEqual([now.name, now.mentionable, now.hoist], ['Great helper', true, true]);

  const [user] = await t.members(1);
  const member = await guild.members.fetch(user.user_id);
  const assigned = t.next(client, Events.GuildMemberUpdate, (_, m) => m.id === user.user_id && m.roles.cache.has(role.id));
  await member.roles.add(role);
  await assigned;
  assert.ok(guild.channels.cache.get(t.seed.channelId).permissionsFor(member).has(PermissionFlagsBits.ManageMessages));
  const unassigned = t.next(client, Events.GuildMemberUpdate, (_, m) => m.id === user.user_id && !m.roles.cache.has(role.id));
  await member.roles.remove(role);
  await unassigned;

  const deleted = t.next(client, Events.GuildRoleDelete, r => r.id === role.id);
  await role.delete();
  await deleted;
  assert.equal((await guild.roles.fetch()).has(role.id), false);
}

export async function members(t) {
  const { client, guild } = await connect(t);
  let joined = 0;
  client.on(Events.GuildMemberAdd, () => joined++);
  const users = await t.members(5);
  await t.until('all have joined', () => joined === 5);
  assert.equal(guild.memberCount, 7);
  guild.members.cache.clear();
  const all = await guild.members.fetch();
  assert.equal(all.size, 7);
  guild.members.cache.clear();
  const some = await guild.members.fetch({ user: [users[1].user_id, users[3].user_id], withPresences: true });
  assert.deepEqual([...some.keys()].sort(), [users[1].user_id, users[3].user_id].sort());
  const queried = await guild.members.fetch({ query: users[2].username, limit: 10 });
  assert.deepEqual([...queried.keys()], [users[2].user_id]);

  const member = some.first();
  const updated = t.next(client, Events.GuildMemberUpdate, (_, m) => m.id === member.id && m.nickname === 'Nick');
  await member.setNickname('Nick');
  await updated;
  const until = t.next(client, Events.GuildMemberUpdate, (_, m) => m.id === member.id && m.isCommunicationDisabled());
  await member.timeout(60_000, 'calm down');
  await until;
  const left = t.next(client, Events.GuildMemberRemove, m => m.id === member.id);
  await member.kick('enough');
  await left;
  assert.equal(guild.memberCount, 6);
  assert.equal((await guild.members.fetch()).size, 6);
}

export async function bans(t) {
  const { client, guild, channel } = await connect(t);
  const [user] = await t.members(1);
  const posted = await t.api(user.token, 'POST', `/channels/${channel.id}/messages`, { content: 'spam' });
  const banned = t.next(client, Events.GuildBanAdd);
  const left = t.next(client, Events.GuildMemberRemove);
  await guild.bans.create(user.user_id, { deleteMessageSeconds: 3600, reason: 'spam' });
  assert.equal((await banned)[0].user.id, user.user_id);
  await left;
  await t.until('the message is gone', async () => {
    try {
      await channel.messages.fetch({ message: posted.id, force: true, cache: false });
      return false;
    } catch (error) {
      assert.equal(error.code, 10008);
      return true;
    }
  });
  assert.equal((await guild.bans.fetch({ user: user.user_id, force: true })).reason, 'spam');
  assert.deepEqual([...(await guild.bans.fetch()).keys()], [user.user_id]);
  const invite = await t.owner('POST', `/channels/${channel.id}/invites`, {});
  await assert.rejects(t.api(user.token, 'POST', `/invites/${invite.code}`, {}), /40007/);

  const unbanned = t.next(client, Events.GuildBanRemove);
  await guild.bans.remove(user.user_id);
  assert.equal((await unbanned)[0].user.id, user.user_id);
  assert.equal((await guild.bans.fetch()).size, 0);
  await t.api(user.token, 'POST', `/invites/${invite.code}`, {});
}

export async function invites(t) {
  const { client, guild, channel } = await connect(t);
  const created = t.next(client, Events.InviteCreate);
  const invite = await channel.createInvite({ maxAge: 3600, maxUses: 3 });
  assert.equal((await created)[0].code, invite.code);
  const fetched = await client.fetchInvite(invite.code);
  assert.equal(fetched.guild.id, guild.id);
  assert.equal(fetched.channelId, channel.id);
  const listed = await guild.invites.fetch({ cache: false });
  assert.equal(listed.get(invite.code).maxUses, 3);
  const deleted = t.next(client, Events.InviteDelete);
  await invite.delete();
  assert.equal((await deleted)[0].code, invite.code);
  await assert.rejects(client.fetchInvite(invite.code), { code: 10006 });
}

export async function webhooks(t) {
  const { client, channel } = await connect(t);
  const told = t.next(client, Events.WebhooksUpdate, c => c.id === channel.id);
  const webhook = await channel.createWebhook({ name: 'Hook', avatar: pixel });
  await told;
  assert.equal(webhook.owner.id, client.user.id);
  const received = t.next(client, Events.MessageCreate, m => m.webhookId === webhook.id);
  const message = await webhook.send({ content: 'from outside', username: 'Someone', embeds: [{ title: 'one' }, { title: 'two' }] });
  const [heard] = await received;
  assert.equal(heard.id, message.id);
  assert.equal(heard.author.username, 'Someone');
  assert.equal(heard.embeds.length, 2);
  const edited = await webhook.editMessage(message.id, { content: 'changed' });
  assert.equal(edited.content, 'changed');
  assert.equal((await webhook.fetchMessage(message.id)).content, 'changed');
  await webhook.deleteMessage(message.id);
  await assert.rejects(channel.messages.fetch({ message: message.id, force: true }), { code: 10008 });
  await webhook.edit({ name: 'Other' });
  assert.deepEqual([...(await channel.fetchWebhooks()).values()].map(w => w.name), ['Other']);
  await webhook.delete();
  assert.equal((await channel.fetchWebhooks()).size, 0);
}

export async function emojis(t) {
  const { client, guild, channel } = await connect(t);
  const created = t.next(client, Events.GuildEmojiCreate);
  const emoji = await guild.emojis.create({ attachment: pixel, name: 'dot' });
  assert.equal((await created)[0].id, emoji.id);
  const message = await channel.send('react');
  const told = t.next(client, Events.MessageReactionAdd);
  await message.react(emoji);
  assert.equal((await told)[0].emoji.id, emoji.id);
  await emoji.edit({ name: 'point' });
  assert.equal((await guild.emojis.fetch(emoji.id, { force: true })).name, 'point');
  const deleted = t.next(client, Events.GuildEmojiDelete);
  await emoji.delete();
  await deleted;
  assert.equal((await guild.emojis.fetch()).size, 0);
}

export async function threads(t) {
  const { client, guild, channel } = await connect(t);
  const message = await channel.send('let us talk');
  const created = t.next(client, Events.ThreadCreate, thread => thread.name === 'talk');
  const thread = await message.startThread({ name: 'talk', autoArchiveDuration: 60 });
  const [told, isNew] = await created;
  assert.equal(told.id, message.id);
  assert.equal(isNew, true);
  const received = t.next(client, Events.MessageCreate, m => m.channelId === thread.id && m.content === 'in the thread');
  await thread.send('in the thread');
  await received;
  assert.ok((await thread.messages.fetch()).some(m => m.content === 'in the thread'));
  assert.equal((await thread.fetchStarterMessage()).id, message.id);

  const loose = await channel.threads.create({ name: 'loose', type: ChannelType.PrivateThread });
  const [user] = await t.members(1);
  await loose.members.add(user.user_id);
  assert.ok((await loose.members.fetch()).has(user.user_id));
  assert.deepEqual([...(await guild.channels.fetchActiveThreads()).threads.keys()].sort(), [thread.id, loose.id].sort());

  const archived = t.next(client, Events.ThreadUpdate, (_, now) => now.id === thread.id && now.archived);
  await thread.setArchived(true);
  await archived;
  assert.deepEqual([...(await channel.threads.fetchArchived()).threads.keys()], [thread.id]);
  const back = t.next(client, Events.ThreadUpdate, (_, now) => now.id === thread.id && !now.archived);
  await t.owner('POST', `/channels/${thread.id}/messages`, { content: 'awake' });
  await back;
  const deleted = t.next(client, Events.ThreadDelete, gone => gone.id === loose.id);
  await loose.delete();
  await deleted;

  const forum = await guild.channels.create({ name: 'forum', type: ChannelType.GuildForum, availableTags: [{ name: 'idea' }] });
  const post = await forum.threads.create({ name: 'a post', message: { content: 'its text' }, appliedTags: [forum.availableTags[0].id] });
  assert.deepEqual(post.appliedTags, [forum.availableTags[0].id]);
  assert.equal((await post.fetchStarterMessage()).content, 'its text');
}

export async function directMessages(t) {
  const { client } = await connect(t);
  const owner = await t.owner('GET', '/users/@me');
  const dm = await (await client.users.fetch(owner.id)).createDM();
  await dm.send('psst');
  const [mine] = await t.owner('GET', '/users/@me/channels');
  assert.equal(mine.id, dm.id);
  const received = t.next(client, Events.MessageCreate, m => m.channelId === dm.id && m.author.id === owner.id);
  await t.owner('POST', `/channels/${dm.id}/messages`, { content: 'hush' });
  const [message] = await received;
  assert.equal(message.content, 'hush');
  assert.equal(message.guildId, null);
}
