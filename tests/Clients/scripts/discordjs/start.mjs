import { ChannelType, PermissionFlagsBits } from 'discord.js';
import { assert } from '../scenario.mjs';
import { connect, newClient } from './connect.mjs';

export async function login(t) {
  const { client } = await connect(t);
  assert.equal(client.user.bot, true);
  assert.equal(client.application.id, t.seed.applicationId);
  assert.equal(client.isReady(), true);
}

export async function loginRefused(t) {
  const client = newClient(t);
  const [id, time] = t.seed.botToken.split('.');
  await assert.rejects(client.login(`${id}.${time}.wrongwrongwrongwrongwrongwrong`), { code: 'TokenInvalid' });
}

export async function guilds(t) {
  const { client, guild, channel } = await connect(t);
  assert.equal(client.guilds.cache.size, 1);
  assert.equal(guild.available, true);
  assert.equal(channel.type, ChannelType.GuildText);
  assert.equal(guild.roles.everyone.id, guild.id);
  assert.ok(guild.roles.highest.permissions.has(PermissionFlagsBits.Administrator));
  assert.ok(guild.members.me.roles.cache.has(guild.roles.highest.id));
  assert.equal(guild.memberCount, 2);
}
