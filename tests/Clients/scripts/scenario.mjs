import assert from 'node:assert/strict';

/** One running scenario: where the server is, who may do what, how to wait, and what to undo at the end. */
export class Scenario {
  #id; #send; #limit; #calls = new Map(); #numbers = 0; #undo = []; #log = []; #failed;

  constructor({ id, send, url, seed, limit }) {
    this.#id = id;
    this.#send = send;
    this.#limit = limit;
    this.url = url;
    this.seed = seed;
    this.failure = new Promise((_, reject) => { this.#failed = reject; });
    this.failure.catch(() => {});
  }

  /** Asks the test. */
  call(name, argument) {
    const number = ++this.#numbers;
    this.#send({ id: this.#id, call: name, number, argument });
    return new Promise((resolve, reject) => this.#calls.set(number, { resolve, reject }));
  }

  answer({ number, result, error }) {
    const { resolve, reject } = this.#calls.get(number);
    this.#calls.delete(number);
    if (error) reject(new Error(error));
    else resolve(result);
  }

  /** Remembers a step: told when the scenario fails. */
  log(line) {
    this.#log.push(line);
    if (this.#log.length > 60) this.#log.shift();
  }

  fail(error) { this.#failed(error); }

  atEnd(undo) { this.#undo.push(undo); }

  async end() {
    for (const undo of this.#undo.reverse()) {
      try { await undo(); } catch (error) { this.log(`at end: ${error}`); }
    }
  }

  describe(error) {
    const more = error?.rawError ?? error?.response;
    return `${error?.stack ?? error}${more ? `\n${JSON.stringify(more)}` : ''}\n${this.#log.map(line => `  | ${line}`).join('\n')}`;
  }

  /** The promise, within the scenario's time; the first failure that is told ends it too. */
  async within(promise, what = 'the scenario', limit = this.#limit) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what}: not within ${limit} ms`)), limit);
    });
    try {
      return await Promise.race([promise, late, this.failure]);
    } finally {
      clearTimeout(timer);
    }
  }

  check() {
    assert.equal(this.#calls.size, 0, 'the test has answered everything');
  }

  /** The next event of this name that is accepted: its arguments. Arm it before what causes the event. */
  next(emitter, event, accept = () => true, limit = 10_000) {
    let listener;
    const came = new Promise((resolve, reject) => {
      listener = (...args) => {
        try {
          if (accept(...args)) resolve(args);
        } catch (error) {
          reject(error);
        }
      };
      emitter.on(event, listener);
    });
    const done = this.within(came, `the event ${event}`, limit).finally(() => emitter.off(event, listener));
    done.catch(() => {}); // It fails where it is awaited, be that later.
    return done;
  }

  /** Asks again until the answer is truthy: for what no event tells. */
  async until(what, condition, limit = 10_000) {
    const end = Date.now() + limit;
    while (true) {
      const result = await condition();
      if (result) return result;
      if (Date.now() > end) throw new Error(`${what}: not within ${limit} ms`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** A request of the API without any library: what user accounts do here. */
  async api(token, method, path, body) {
    const response = await fetch(`${this.url}/api/v10${path}`, {
      method,
      headers: { authorization: token, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** The owner of the guild, a user account. */
  owner(method, path, body) { return this.api(this.seed.userToken, method, path, body); }

  /** New user accounts that have joined the guild: {user_id, username, token}. */
  async members(count, name = 'member') {
    const { code } = await this.owner('POST', `/channels/${this.seed.channelId}/invites`, {});
    return Promise.all(Array.from({ length: count }, async () => {
      const user = await this.call('createUser', name);
      await this.api(user.token, 'POST', `/invites/${code}`, {});
      return user;
    }));
  }
}

export { assert };
