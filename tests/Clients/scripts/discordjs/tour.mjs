import { AttachmentBuilder, AuditLogEvent, ChannelType, Events, ForumLayoutType, GuildMember, OverwriteType, SortOrderType } from 'discord.js';
import { assert } from '../scenario.mjs';
import { connect } from './connect.mjs';

// What bots do less often, through the library's managers: each step asserts that the library has understood the answer or the event.

export async function everyEvent(t) {
  const { client, guild, channel } = await connect(t);
  const seen = new Set();
  for (const event of Object.values(Events)) client.on(event, () => seen.add(event));
  const [user, other] = await t.members(2);
  const member = await guild.members.fetch(user.user_id);

  const role = await guild.roles.create({ name: 'one' });
  await role.setName('two');
  await member.roles.add(role);
  await role.delete();
  const message = await channel.send('first');
  await message.edit('second');
  for (const emoji of ['😀', '😁', '😂']) await message.react(emoji);
  await message.reactions.resolve('😀').remove();
  await message.reactions.resolve('😁').users.remove();
  await message.reactions.removeAll();
  await message.pin();
  await message.delete();
  await channel.bulkDelete([await channel.send('1'), await channel.send('2')]);
  const thread = await channel.threads.create({ name: 'one' });
  await thread.members.add(user.user_id);
  await thread.setName('two');
  await thread.delete();
  await (await channel.createInvite()).delete();
  await (await channel.createWebhook({ name: 'one' })).delete();
  const room = await guild.channels.create({ name: 'one' });
  await room.setTopic('two');
  await room.delete();
  await channel.sendTyping();
  await guild.setName('Other name');
  await client.user.setUsername(`${client.user.username}x`);
  client.user.setStatus('dnd');
  await member.ban();
  await guild.members.unban(user.user_id);
  await guild.members.kick(other.user_id);

  const expected = [
    'ChannelCreate', 'ChannelDelete', 'ChannelPinsUpdate', 'ChannelUpdate', 'GuildAuditLogEntryCreate', 'GuildBanAdd', 'GuildBanRemove',
    'GuildMemberRemove', 'GuildMemberUpdate', 'GuildRoleCreate', 'GuildRoleDelete', 'GuildRoleUpdate', 'GuildUpdate', 'InviteCreate',
    'InviteDelete', 'MessageBulkDelete', 'MessageCreate', 'MessageDelete', 'MessageReactionAdd', 'MessageReactionRemove',
    'MessageReactionRemoveAll', 'MessageReactionRemoveEmoji', 'MessageUpdate', 'PresenceUpdate', 'ThreadCreate', 'ThreadDelete',
    'ThreadMembersUpdate', 'ThreadUpdate', 'TypingStart', 'UserUpdate', 'WebhooksUpdate',
  ];
  const missing = () => expected.filter(name => !seen.has(Events[name]));
  await t.until('every event has come', () => missing().length === 0).catch(() => assert.deepEqual(missing(), []));
}

export async function managers(t) {
  const { guild, channel } = await connect(t);
  const category = await guild.channels.create({
    name: 'Category', type: ChannelType.GuildCategory, permissionOverwrites: [{ id: guild.id, deny: ['SendMessages'] }],
  });
  const text = await guild.channels.create({ name: 'Text here', parent: category, topic: 'topic', defaultAutoArchiveDuration: 1440 });
  assert.deepEqual([text.name, text.permissionsLocked, text.defaultAutoArchiveDuration], ['text-here', true, 1440]);
  await text.setParent(null, { lockPermissions: false });
  await text.permissionOverwrites.set([{ id: guild.ownerId, allow: ['ViewChannel'], type: OverwriteType.Member }], 'anew');
  assert.equal(text.permissionOverwrites.cache.get(guild.ownerId).type, OverwriteType.Member);
  const given = (await guild.fetchAuditLogs({ type: AuditLogEvent.ChannelOverwriteCreate })).entries.first();
  assert.deepEqual([given.target.id, given.reason, given.extra.id], [text.id, 'anew', guild.ownerId]);
  assert.ok(given.extra instanceof GuildMember);
  const taken = (await guild.fetchAuditLogs({ type: AuditLogEvent.ChannelOverwriteDelete })).entries.first();
  assert.equal(taken.extra.id, guild.id);
  await text.setPosition(0);
  assert.equal((await text.clone({ name: 'clone' })).topic, 'topic');

  const forum = await guild.channels.create({
    name: 'forum', type: ChannelType.GuildForum, availableTags: [{ name: 'idea', emoji: { name: '💡' }, moderated: true }],
    defaultReactionEmoji: { name: '👍' }, defaultSortOrder: SortOrderType.CreationDate, defaultForumLayout: ForumLayoutType.GalleryView,
  });
  assert.deepEqual([forum.availableTags[0].emoji.name, forum.defaultReactionEmoji.name], ['💡', '👍']);
  assert.deepEqual([forum.defaultSortOrder, forum.defaultForumLayout], [SortOrderType.CreationDate, ForumLayoutType.GalleryView]);
  await forum.setAvailableTags([...forum.availableTags, { name: 'bug' }]);
  const post = await forum.threads.create({ name: 'post', message: { content: 'text' }, appliedTags: [forum.availableTags[1].id] });
  await post.pin();
  assert.ok(post.flags.has('Pinned'));
  await post.setArchived(true);
  assert.deepEqual([...(await forum.threads.fetchArchived()).threads.keys()], [post.id]);

  const spoiler = await channel.send({ files: [new AttachmentBuilder(Buffer.from('end'), { name: 'end.txt' }).setSpoiler()] });
  assert.equal(spoiler.attachments.first().spoiler, true);
  const forward = await (await channel.send('carry me')).forward(channel);
  assert.equal(forward.messageSnapshots.first().content, 'carry me');
  assert.equal((await forward.fetchReference()).content, 'carry me');
  await assert.rejects((await channel.send('news')).crosspost(), { status: 404 });
  const answer = channel.awaitMessages({ filter: m => m.content === 'answer', max: 1, time: 10_000, errors: ['time'] });
  await t.owner('POST', `/channels/${channel.id}/messages`, { content: 'answer' });
  const reacted = (await answer).first().awaitReactions({ max: 1, time: 10_000, errors: ['time'] });
  await t.owner('PUT', `/channels/${channel.id}/messages/${(await answer).first().id}/reactions/${encodeURIComponent('🎉')}/@me`);
  assert.equal((await reacted).first().emoji.name, '🎉');

  const once = { content: 'once', nonce: '123', enforceNonce: true };
  const [first, again] = [await channel.send(once), await channel.send(once)];
  assert.deepEqual([again.id, again.nonce], [first.id, '123']);
  const tooOld = String(BigInt(Date.now() - 15 * 86_400_000 - 1_420_070_400_000) << 22n);
  assert.deepEqual([...(await channel.bulkDelete([first.id, spoiler.id, tooOld], true)).keys()].sort(), [first.id, spoiler.id].sort());
}
