import { assert } from '../scenario.mjs';
import { connect } from './connect.mjs';

export async function sendAndReceive(t) {
  const { client, channel } = await connect(t);
  const received = t.next(client, 'messageCreate', message => message.content === 'hello from a bot');
  const sent = await client.createMessage(channel.id, 'hello from a bot');
  const [message] = await received;
  assert.equal(message.id, sent.id);
  assert.equal(message.author.id, client.user.id);

  const fromOwner = t.next(client, 'messageCreate', message => !message.author.bot);
  const posted = await t.owner('POST', `/channels/${channel.id}/messages`, { content: 'häl😀o' });
  const [other] = await fromOwner;
  assert.equal(other.id, posted.id);
  assert.equal(other.content, 'häl😀o');
  assert.equal(other.guildID, t.seed.guildId);
  assert.equal(other.member.id, other.author.id);
}

const thumb = '👍';

export async function edit(t) {
  const { client, channel } = await connect(t);
  const message = await client.createMessage(channel.id, 'first');
  const updated = t.next(client, 'messageUpdate', now => now.id === message.id);
  const edited = await client.editMessage(channel.id, message.id, 'second');
  assert.equal(edited.content, 'second');
  assert.ok(edited.editedTimestamp >= message.timestamp);
  const [after, before] = await updated;
  assert.equal(before.content, 'first');
  assert.equal(after.content, 'second');
}

export async function react(t) {
  const { client, channel } = await connect(t);
  const message = await client.createMessage(channel.id, 'react to me');
  const added = t.next(client, 'messageReactionAdd', m => m.id === message.id);
  await client.addMessageReaction(channel.id, message.id, thumb);
  const [, emoji, reactor] = await added;
  assert.equal(emoji.name, thumb);
  assert.equal(reactor.id, client.user.id);
  await t.owner('PUT', `/channels/${channel.id}/messages/${message.id}/reactions/${encodeURIComponent(thumb)}/@me`);
  assert.equal((await client.getMessageReaction(channel.id, message.id, thumb)).length, 2);
  const fetched = await client.getMessage(channel.id, message.id);
  assert.equal(fetched.reactions[thumb].count, 2);
  assert.equal(fetched.reactions[thumb].me, true);

  const removed = t.next(client, 'messageReactionRemove', m => m.id === message.id);
  await client.removeMessageReaction(channel.id, message.id, thumb);
  assert.equal((await removed)[2], client.user.id);
  const cleared = t.next(client, 'messageReactionRemoveAll', m => m.id === message.id);
  await client.removeMessageReactions(channel.id, message.id);
  await cleared;
}

export async function history(t) {
  const { client, channel } = await connect(t);
  const ids = [];
  for (let i = 0; i < 12; i++) ids.push((await client.createMessage(channel.id, `number ${i}`)).id);
  const newest = [...ids].reverse();
  const page = async options => (await client.getMessages(channel.id, options)).map(message => message.id);
  assert.deepEqual(await page({ limit: 100 }), newest);
  assert.deepEqual(await page({ limit: 3 }), newest.slice(0, 3));
  assert.deepEqual(await page({ limit: 4, before: ids[6] }), newest.slice(6, 10));
  assert.deepEqual((await page({ limit: 4, after: ids[6] })).sort(), ids.slice(7, 11));
  assert.deepEqual((await page({ limit: 5, around: ids[6] })).sort(), ids.slice(4, 9));
  assert.equal((await client.getMessage(channel.id, ids[5])).content, 'number 5');
  await assert.rejects(client.getMessage(channel.id, t.seed.guildId), { code: 10008 });
}

export async function remove(t) {
  const { client, channel } = await connect(t);
  const message = await client.createMessage(channel.id, 'short life');
  const deleted = t.next(client, 'messageDelete', m => m.id === message.id);
  await client.deleteMessage(channel.id, message.id, 'no reason');
  await deleted;
  await assert.rejects(client.getMessage(channel.id, message.id), { code: 10008 });
}

export async function bulkDelete(t) {
  const { client, channel } = await connect(t);
  const kept = await client.createMessage(channel.id, 'kept');
  const ids = [];
  for (let i = 0; i < 5; i++) ids.push((await client.createMessage(channel.id, `${i}`)).id);
  const told = t.next(client, 'messageDeleteBulk');
  await client.deleteMessages(channel.id, ids);
  assert.deepEqual((await told)[0].map(message => message.id).sort(), ids);
  assert.deepEqual((await client.getMessages(channel.id, {})).map(message => message.id), [kept.id]);
}

export async function attachments(t) {
  const { client, channel } = await connect(t);
  const data = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 251));
  const received = t.next(client, 'messageCreate', message => message.attachments.length > 0);
  await client.createMessage(channel.id, { content: 'two files' }, [
    { file: data, name: 'data.bin' },
    { file: Buffer.from('text'), name: 'note.txt' },
  ]);
  const [message] = await received;
  const [first, second] = message.attachments;
  assert.equal(first.filename, 'data.bin');
  assert.equal(first.size, data.length);
  const response = await fetch(first.url);
  assert.equal(response.status, 200);
  assert.deepEqual(Buffer.from(await response.arrayBuffer()), data);
  assert.match(second.content_type ?? second.contentType, /^text\/plain/);
  assert.equal(await (await fetch(second.url)).text(), 'text');
}

export async function embeds(t) {
  const { client, channel } = await connect(t);
  const embed = {
    title: 'Title', description: 'Text', url: 'https://example.org/', color: 0x336699, timestamp: '2023-11-14T22:13:20.000Z',
    footer: { text: 'Foot' }, author: { name: 'Author' }, fields: [{ name: 'a', value: '1', inline: true }, { name: 'b', value: '2', inline: false }],
  };
  const received = t.next(client, 'messageCreate', message => message.embeds.length === 1);
  await client.createMessage(channel.id, { embeds: [embed] });
  const got = (await received)[0].embeds[0];
  assert.equal(got.type, 'rich');
  assert.equal(new Date(got.timestamp).getTime(), new Date(embed.timestamp).getTime());
  for (const key of ['title', 'description', 'url', 'color', 'fields']) assert.deepEqual(got[key], embed[key]);
  assert.equal(got.footer.text, 'Foot');
  assert.equal(got.author.name, 'Author');
  await assert.rejects(client.createMessage(channel.id, { embeds: [{}] }), { code: 50035 });
}

export async function reply(t) {
  const { client, channel } = await connect(t);
  const question = await t.owner('POST', `/channels/${channel.id}/messages`, { content: 'question' });
  const received = t.next(client, 'messageCreate', m => m.content === 'answer');
  await client.createMessage(channel.id, { content: 'answer', messageReference: { messageID: question.id } });
  const [answer] = await received;
  assert.equal(answer.type, 19);
  assert.equal(answer.messageReference.messageID, question.id);
  assert.equal(answer.referencedMessage.content, 'question');
}

export async function pins(t) {
  const { client, channel } = await connect(t);
  const message = await client.createMessage(channel.id, 'pin me');
  const told = t.next(client, 'channelPinUpdate', c => c.id === channel.id);
  const notice = t.next(client, 'messageCreate', m => m.type === 6);
  await client.pinMessage(channel.id, message.id);
  await told;
  assert.equal((await notice)[0].messageReference.messageID, message.id);
  assert.deepEqual((await client.getPins(channel.id)).map(m => m.id), [message.id]);
  await client.unpinMessage(channel.id, message.id);
  assert.deepEqual(await client.getPins(channel.id), []);
}

export async function typing(t) {
  const { client, channel } = await connect(t);
  const told = t.next(client, 'typingStart', c => c.id === channel.id);
  await t.owner('POST', `/channels/${channel.id}/typing`);
  assert.equal((await told)[1].id, (await t.owner('GET', '/users/@me')).id);
  await client.sendChannelTyping(channel.id);
}
