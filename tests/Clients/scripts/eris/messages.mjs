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
