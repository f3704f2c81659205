import { Client, Events, GatewayIntentBits, Partials } from 'discord.js';

const intents = Object.values(GatewayIntentBits).filter(bit => typeof bit === 'number');

export function newClient(t, options = {}) {
  const client = new Client({
    intents,
    partials: [Partials.Message, Partials.Channel, Partials.Reaction],
    rest: { api: `${t.url}/api` },
    ...options,
  });
  client.on(Events.Debug, line => t.log(line.slice(0, 300)));
  client.on(Events.Warn, line => t.log(`warning: ${line}`));
  client.on(Events.Error, error => t.fail(error));
  t.atEnd(() => client.destroy());
  return client;
}

/** A bot that is ready, its guild and its text channel. */
export async function connect(t, options) {
  const client = newClient(t, options);
  const ready = t.next(client, Events.ClientReady);
  await client.login(t.seed.botToken);
  await ready;
  const guild = client.guilds.cache.get(t.seed.guildId);
  return { client, guild, channel: guild?.channels.cache.get(t.seed.channelId) };
}
