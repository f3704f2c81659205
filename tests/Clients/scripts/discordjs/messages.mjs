import { AttachmentBuilder, EmbedBuilder, Events, MessageType } from 'discord.js';
import { assert } from '../scenario.mjs';
import { connect } from './connect.mjs';

export async function sendAndReceive(t) {
  const { client, channel } = await connect(t);
  const received = t.next(client, Events.MessageCreate, message => message.content === 'hello from a bot');
  const sent = await channel.send('hello from a bot');
  const [message] = await received;
  assert.equal(message.id, sent.id);
  assert.equal(message.author.id, client.user.id);

  const fromOwner = t.next(client, Events.MessageCreate, message => !message.author.bot);
  const posted = await t.owner('POST', `/channels/${channel.id}/messages`, { content: 'häl😀o' });
  const [other] = await fromOwner;
  assert.equal(other.id, posted.id);
  assert.equal(other.content, 'häl😀o');
  assert.equal(other.guildId, t.seed.guildId);
  assert.equal(other.member.id, other.author.id);
}

export async function edit(t) {
  const { client, channel } = await connect(t);
  const message = await channel.send('first');
  const updated = t.next(client, Events.MessageUpdate, (_, now) => now.id === message.id);
  const edited = await message.edit('second');
  assert.equal(edited.content, 'second');
  assert.ok(edited.editedTimestamp >= message.createdTimestamp);
  const [before, after] = await updated;
  assert.equal(before.content, 'first');
  assert.equal(after.content, 'second');
}

export async function react(t) {
  const { client, channel } = await connect(t);
  const message = await channel.send('react to me');
  const added = t.next(client, Events.MessageReactionAdd, reaction => reaction.message.id === message.id);
  const reaction = await message.react('👍');
  const [told, user] = await added;
  assert.equal(told.emoji.name, '👍');
  assert.equal(user.id, client.user.id);
  await t.owner('PUT', `/channels/${channel.id}/messages/${message.id}/reactions/${encodeURIComponent('👍')}/@me`);
  const users = await reaction.users.fetch();
  assert.equal(users.size, 2);
  const fetched = await channel.messages.fetch({ message: message.id, force: true });
  assert.equal(fetched.reactions.cache.get('👍').count, 2);
  assert.equal(fetched.reactions.cache.get('👍').me, true);

  const removed = t.next(client, Events.MessageReactionRemove, r => r.message.id === message.id);
  await reaction.users.remove(client.user.id);
  assert.equal((await removed)[1].id, client.user.id);
  const cleared = t.next(client, Events.MessageReactionRemoveAll, m => m.id === message.id);
  await message.reactions.removeAll();
  await cleared;
}

export async function history(t) {
  const { channel } = await connect(t);
  const ids = [];
  for (let i = 0; i < 12; i++) ids.push((await channel.send(`number ${i}`)).id);
  const newest = [...ids].reverse();
  const page = async options => [...(await channel.messages.fetch({ cache: false, ...options })).keys()];
  assert.deepEqual(await page({ limit: 100 }), newest);
  assert.deepEqual(await page({ limit: 3 }), newest.slice(0, 3));
  assert.deepEqual(await page({ limit: 4, before: ids[6] }), newest.slice(6, 10));
  assert.deepEqual((await page({ limit: 4, after: ids[6] })).sort(), ids.slice(7, 11));
  assert.deepEqual((await page({ limit: 5, around: ids[6] })).sort(), ids.slice(4, 9));
  const one = await channel.messages.fetch({ message: ids[5], force: true });
  assert.equal(one.content, 'number 5');
  await assert.rejects(channel.messages.fetch({ message: t.seed.guildId, force: true }), { code: 10008 });
}

export async function remove(t) {
  const { client, channel } = await connect(t);
  const message = await channel.send('short life');
  const deleted = t.next(client, Events.MessageDelete, m => m.id === message.id);
  await message.delete();
  await deleted;
  await assert.rejects(channel.messages.fetch({ message: message.id, force: true }), { code: 10008 });
}

export async function bulkDelete(t) {
  const { client, channel } = await connect(t);
  const kept = await channel.send('kept');
  const ids = [];
  for (let i = 0; i < 5; i++) ids.push((await channel.send(`${i}`)).id);
  const told = t.next(client, Events.MessageBulkDelete);
  await channel.bulkDelete(ids);
  const [messages] = await told;
  assert.deepEqual([...messages.keys()].sort(), ids);
  assert.deepEqual([...(await channel.messages.fetch({ cache: false })).keys()], [kept.id]);
}

export async function attachments(t) {
  const { client, channel } = await connect(t);
  const data = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 251));
  const received = t.next(client, Events.MessageCreate, message => message.attachments.size > 0);
  await channel.send({
    content: 'two files',
    files: [
      new AttachmentBuilder(data, { name: 'data.bin', description: 'bytes' }),
      new AttachmentBuilder(Buffer.from('text'), { name: 'note.txt' }),
    ],
  });
  const [message] = await received;
  const [first, second] = message.attachments.values();
  assert.equal(first.name, 'data.bin');
  assert.equal(first.description, 'bytes');
  assert.equal(first.size, data.length);
  const response = await fetch(first.url);
  assert.equal(response.status, 200);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), data);
  assert.match(second.contentType, /^text\/plain/);
  assert.equal(await (await fetch(second.url)).text(), 'text');
  const edited = await message.edit({ attachments: [second] });
  assert.deepEqual([...edited.attachments.keys()], [second.id]);
}

export async function embeds(t) {
  const { client, channel } = await connect(t);
  const embed = new EmbedBuilder()
    .setTitle('Title').setDescription('Text').setURL('https://example.org/').setColor(0x336699).setTimestamp(1_700_000_000_000)
    .setFooter({ text: 'Foot' }).setAuthor({ name: 'Author' }).addFields({ name: 'a', value: '1', inline: true }, { name: 'b', value: '2' });
  const received = t.next(client, Events.MessageCreate, message => message.embeds.length === 1);
  await channel.send({ embeds: [embed] });
  const [message] = await received;
  const got = message.embeds[0];
  assert.ok(got.equals(embed.data), JSON.stringify(got.data));
  assert.equal(got.data.type, 'rich');
  await assert.rejects(channel.send({ embeds: [{}] }), { code: 50035 });
}

export async function reply(t) {
  const { client, channel } = await connect(t);
  const question = await t.owner('POST', `/channels/${channel.id}/messages`, { content: 'question' });
  const message = await channel.messages.fetch(question.id);
  const received = t.next(client, Events.MessageCreate, m => m.content === 'answer');
  await message.reply('answer');
  const [answer] = await received;
  assert.equal(answer.type, MessageType.Reply);
  assert.equal(answer.reference.messageId, question.id);
  assert.equal(answer.mentions.repliedUser.id, question.author.id);
  assert.equal((await answer.fetchReference()).content, 'question');
}

export async function pins(t) {
  const { client, channel } = await connect(t);
  const message = await channel.send('pin me');
  const told = t.next(client, Events.ChannelPinsUpdate, c => c.id === channel.id);
  const notice = t.next(client, Events.MessageCreate, m => m.type === MessageType.ChannelPinnedMessage);
  await message.pin();
  await told;
  assert.equal((await notice)[0].reference.messageId, message.id);
  const { items, hasMore } = await channel.messages.fetchPins();
  assert.deepEqual(items.map(item => item.message.id), [message.id]);
  assert.equal(hasMore, false);
  assert.ok(items[0].pinnedTimestamp >= message.createdTimestamp - 1000);
  await message.unpin();
  assert.equal((await channel.messages.fetchPins()).items.length, 0);
}

export async function typing(t) {
  const { client, channel } = await connect(t);
  const told = t.next(client, Events.TypingStart, typing => typing.channel.id === channel.id);
  await t.owner('POST', `/channels/${channel.id}/typing`);
  assert.equal((await told)[0].user.id, (await t.owner('GET', '/users/@me')).id);
  await channel.sendTyping();
}
