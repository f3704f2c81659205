import http from 'node:http';
import { Client } from 'eris';

/** Eris asks for HTTPS on port 443 of its domain; its agent decides how that is reached: without TLS, on the node's port. */
class PlainAgent extends http.Agent {
  constructor(port) {
    super({ keepAlive: true });
    this.protocol = 'https:';
    this.defaultPort = port;
  }
}

const intents = ['all', 'messageContent', 'autoModerationConfiguration', 'autoModerationExecution'];

export function newClient(t, { token = t.seed.botToken, ...options } = {}) {
  const { hostname, port } = new URL(t.url);
  const agent = new PlainAgent(Number(port));
  const client = new Client(`Bot ${token}`, { intents, restMode: true, rest: { domain: hostname, agent }, ...options });
  client.on('debug', line => t.log(String(line).slice(0, 300)));
  client.on('warn', line => t.log(`warning: ${line}`));
  t.atEnd(() => {
    client.disconnect({ reconnect: false });
    agent.destroy();
  });
  return client;
}

/** A bot that is ready, its guild and its text channel. Where the connection is cut, the library's telling so is no failure. */
export async function connect(t, { expectCuts = false } = {}) {
  const client = newClient(t);
  client.on('error', error => (expectCuts ? t.log(`${error}`) : t.fail(error)));
  const ready = t.next(client, 'ready');
  await client.connect();
  await ready;
  // Eris is ready two seconds after READY whether its guilds have come or not; a busy machine may take longer.
  const guild = await t.until('the guild', () => client.guilds.get(t.seed.guildId));
  return { client, guild, channel: guild.channels.get(t.seed.channelId) };
}
