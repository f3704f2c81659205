import { assert } from '../scenario.mjs';
import { Heard, checkNothingLost, postInOrder, postUnderLoad } from '../load.mjs';
import { connect } from './connect.mjs';

export async function resume(t) {
  const { client, channel } = await connect(t, { expectCuts: true });
  const heard = new Heard();
  heard.sequence = client.shards.get(0).seq;
  let resumed = 0;
  let anew = 0;
  client.on('rawWS', packet => heard.packet(packet));
  client.on('messageCreate', message => heard.message(message.content));
  client.on('shardResume', () => resumed++);
  client.on('shardReady', () => anew++);
  const cut = () => client.shards.get(0).ws.terminate();
  const cutAndWait = async () => {
    const back = t.next(client, 'shardResume');
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
  const { client, guild, channel } = await connect(t, { expectCuts: true });
  const message = await client.createMessage(channel.id, 'before the restart');
  const before = snapshot(guild);
  const back = t.next(client, 'shardReady', () => true, 30_000);
  await t.call('restart');
  await back;
  await t.until('the guild', () => client.guilds.get(guild.id)); // Eris is ready two seconds after READY, guilds or not.
  assert.deepEqual(snapshot(client.guilds.get(guild.id)), before);
  assert.equal((await client.getMessage(channel.id, message.id)).content, 'before the restart');
  await hearsAgain(t, client, channel);
}

export async function crash(t) {
  const { client, guild, channel } = await connect(t, { expectCuts: true });
  const before = snapshot(guild);
  const load = postUnderLoad(t, channel.id);
  await t.until('a load', () => load.acknowledged.length >= 300, 20_000);
  const back = t.next(client, 'shardReady', () => true, 30_000);
  await t.call('crash');
  const atCrash = load.acknowledged.length;
  await t.until('answers after the crash', () => load.acknowledged.length > atCrash + 100, 20_000);
  await load.stop();
  await back;
  await t.until('the guild', () => client.guilds.get(guild.id));
  assert.deepEqual(snapshot(client.guilds.get(guild.id)), before);
  const stored = await client.getMessages(channel.id, { limit: load.acknowledged.length * 2 + 100 });
  checkNothingLost(load.acknowledged, stored.map(m => ({ id: m.id, content: m.content })).reverse());
  await hearsAgain(t, client, channel);
}

export async function withinRateLimits(t) {
  const { client, channel } = await connect(t);
  const statuses = new Map();
  const heard = [];
  client.on('rawREST', ({ resp }) => statuses.set(resp.statusCode, (statuses.get(resp.statusCode) ?? 0) + 1));
  client.on('messageCreate', message => heard.push(message.content));
  const contents = Array.from({ length: 14 }, (_, i) => `${i}`);
  await Promise.all(contents.map(content => client.createMessage(channel.id, content)));
  await t.until('all messages', () => heard.length >= contents.length);
  assert.deepEqual(heard, contents);
  assert.deepEqual([...statuses], [[200, contents.length]], 'the headers told when to wait: no request was refused');
}

async function hearsAgain(t, client, channel) {
  const received = t.next(client, 'messageCreate', m => m.content === 'after');
  await t.owner('POST', `/channels/${channel.id}/messages`, { content: 'after' });
  await received;
}

const snapshot = guild => ({
  name: guild.name,
  owner: guild.ownerID,
  members: guild.memberCount,
  channels: guild.channels.map(c => [c.id, c.name, c.type, c.position]).sort(),
  roles: guild.roles.map(r => [r.id, r.name, r.permissions.allow, r.position]).sort(),
});
