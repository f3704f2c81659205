import { Events } from 'discord.js';
import { assert } from '../scenario.mjs';
import { Heard, checkNothingLost, postInOrder, postUnderLoad } from '../load.mjs';
import { connect } from './connect.mjs';

/** The socket of the only shard: the library has no public name for it. */
const socket = client => client.ws._ws.strategy.shards.get(0).connection;

export async function resume(t) {
  const { client, channel } = await connect(t);
  const heard = new Heard();
  let resumed = 0;
  let anew = 0;
  heard.sequence = client.ws._ws.options.retrieveSessionInfo
    ? (await client.ws._ws.options.retrieveSessionInfo(0)).sequence
    : 0;
  client.on('raw', packet => heard.packet(packet));
  client.on(Events.MessageCreate, message => heard.message(message.content));
  client.on(Events.ShardResume, () => resumed++);
  client.on(Events.ShardReady, () => anew++);
  const cut = () => socket(client).terminate();
  const cutAndWait = async () => {
    const back = t.next(client, Events.ShardResume);
    cut();
    await back;
  };
  await postInOrder(t, channel.id, 200, { 20: cutAndWait, 60: cut, 100: cutAndWait, 150: cutAndWait });
  await t.until('all messages', () => heard.contents.length >= 200);
  heard.check(200);
  assert.ok(resumed >= 3, `${resumed} resumes`);
  assert.equal(anew, 0);
}

export async function restart(t) {
  const { client, guild, channel } = await connect(t, { closeTimeout: 500 });
  const message = await channel.send('before the restart');
  const before = snapshot(guild);
  const back = t.next(client, Events.ShardReady, () => true, 30_000);
  await t.call('restart');
  await back;
  assert.deepEqual(snapshot(client.guilds.cache.get(guild.id)), before);
  assert.equal((await channel.messages.fetch({ message: message.id, force: true })).content, 'before the restart');
  await hearsAgain(t, client, channel);
}

export async function crash(t) {
  const { client, guild, channel } = await connect(t, { closeTimeout: 500 });
  const before = snapshot(guild);
  const load = postUnderLoad(t, channel.id);
  await t.until('a load', () => load.acknowledged.length >= 300, 20_000);
  const back = t.next(client, Events.ShardReady, () => true, 30_000);
  await t.call('crash');
  const atCrash = load.acknowledged.length;
  await t.until('answers after the crash', () => load.acknowledged.length > atCrash + 100, 20_000);
  await load.stop();
  await back;
  assert.deepEqual(snapshot(client.guilds.cache.get(guild.id)), before);
  const stored = [];
  for (let oldest; ;) {
    const page = await channel.messages.fetch({ limit: 100, before: oldest, cache: false });
    stored.push(...[...page.values()].map(m => ({ id: m.id, content: m.content })));
    if (page.size < 100) break;
    oldest = page.lastKey();
  }
  checkNothingLost(load.acknowledged, stored.reverse());
  await hearsAgain(t, client, channel);
}

export async function withinRateLimits(t) {
  const { client, channel } = await connect(t);
  const statuses = new Map();
  const heard = [];
  client.rest.on('response', (_, response) => statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1));
  client.on(Events.MessageCreate, message => heard.push(message.content));
  const contents = Array.from({ length: 14 }, (_, i) => `${i}`);
  await Promise.all(contents.map(content => channel.send(content)));
  await t.until('all messages', () => heard.length >= contents.length);
  assert.deepEqual(heard, contents);
  assert.deepEqual([...statuses], [[200, contents.length]], 'the headers told when to wait: no request was refused');
}

async function hearsAgain(t, client, channel) {
  const received = t.next(client, Events.MessageCreate, m => m.content === 'after');
  await t.owner('POST', `/channels/${channel.id}/messages`, { content: 'after' });
  await received;
}

const snapshot = guild => ({
  name: guild.name,
  owner: guild.ownerId,
  members: guild.memberCount,
  channels: guild.channels.cache.map(c => [c.id, c.name, c.type, c.rawPosition]).sort(),
  roles: guild.roles.cache.map(r => [r.id, r.name, r.permissions.bitfield, r.rawPosition]).sort(),
});
