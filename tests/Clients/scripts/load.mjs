import { assert } from './scenario.mjs';

/** Messages `m0`, `m1`, … one after the other, with something done before some of them. Resolves to their ids. */
export async function postInOrder(t, channelId, count, before = {}) {
  const ids = [];
  for (let i = 0; i < count; i++) {
    await before[i]?.();
    ids.push((await t.owner('POST', `/channels/${channelId}/messages`, { content: `m${i}` })).id);
  }
  return ids;
}

/** What a client heard of {@link postInOrder}, checked at the end: everything, once, in order; `s` without gaps. */
export class Heard {
  contents = []; sequence = 0; gaps = [];

  message(content) {
    if (/^m\d+$/.test(content)) this.contents.push(content);
  }

  packet({ op, s, t }) {
    if (op !== 0) return;
    if (t === 'READY') this.sequence = 0;
    if (s !== this.sequence + 1) this.gaps.push(`${this.sequence} -> ${s} (${t})`);
    this.sequence = s;
  }

  check(count) {
    assert.deepEqual(this.contents, Array.from({ length: count }, (_, i) => `m${i}`));
    assert.deepEqual(this.gaps, []);
  }
}

/**
 * Posts with many requests at once until stopped. Failures are counted, not thrown: the server is killed meanwhile. `acknowledged` has
 * {id, content} in the order of the answers.
 */
export function postUnderLoad(t, channelId, posters = 8) {
  const load = { acknowledged: [], failed: 0, stopped: false };
  async function post(poster) {
    for (let i = 0; !load.stopped; i++) {
      const content = `p${poster} ${i}`;
      try {
        const message = await t.owner('POST', `/channels/${channelId}/messages`, { content });
        load.acknowledged.push({ id: message.id, content });
      } catch (error) {
        load.failed++;
        t.log(`${content}: ${error.message} ${error.cause?.code ?? ''}`);
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }
  const done = Promise.all(Array.from({ length: posters }, (_, poster) => post(poster)));
  load.stop = () => {
    load.stopped = true;
    return done;
  };
  return load;
}

/** Every acknowledged message is in the channel once; ids rise; each poster's messages are in its order. `stored` is oldest first. */
export function checkNothingLost(acknowledged, stored) {
  const byId = new Map(stored.map(message => [message.id, message.content]));
  assert.equal(byId.size, stored.length, 'no id twice');
  for (const { id, content } of acknowledged) assert.equal(byId.get(id), content, `the acknowledged ${content} (${id}) is there`);
  assert.equal(new Set(stored.map(message => message.content)).size, stored.length, 'no content twice');
  const last = new Map();
  let previous = 0n;
  for (const { id, content } of stored) {
    assert.ok(BigInt(id) > previous, 'ids rise');
    previous = BigInt(id);
    const [poster, number] = content.split(' ');
    assert.ok((last.get(poster) ?? -1) < Number(number), `${content} after ${last.get(poster)}`);
    last.set(poster, Number(number));
  }
}
