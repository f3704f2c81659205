import { assert } from '../scenario.mjs';
import { connect, newClient } from './connect.mjs';

export async function login(t) {
  const { client } = await connect(t);
  assert.equal(client.user.bot, true);
  assert.equal(client.application.id, t.seed.applicationId);
  assert.equal(client.shards.get(0).status, 'ready');
}

export async function loginRefused(t) {
  const [id, time] = t.seed.botToken.split('.');
  const client = newClient(t, { token: `${id}.${time}.wrongwrongwrongwrongwrongwrong`, autoreconnect: false });
  await assert.rejects(client.connect(), /Invalid token|401/);
}

export async function guilds(t) {
  const { client, guild, channel } = await connect(t);
  assert.equal(client.guilds.size, 1);
  assert.equal(client.unavailableGuilds.size, 0);
  assert.equal(channel.type, 0);
  assert.equal(guild.roles.get(guild.id).name, '@everyone');
  const highest = [...guild.roles.values()].sort((a, b) => b.position - a.position)[0];
  assert.ok(highest.permissions.has('administrator'));
  assert.ok(guild.members.get(client.user.id).roles.includes(highest.id));
  assert.equal(guild.memberCount, 2);
}
