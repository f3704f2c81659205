import { EventEmitter } from 'node:events';
import WebSocket from 'ws';

/** A user account at the gateway, as a person's client is: what it does with applications, and what it is told. Dispatches are events. */
export class Person extends EventEmitter {
  #t; #token; #socket; #sequence = null; #nonces = 0;

  static async connect(t, token = t.seed.userToken) {
    const person = new Person();
    person.#t = t;
    person.#token = token;
    const ready = t.next(person, 'READY');
    person.#socket = new WebSocket(`${t.url.replace(/^http/, 'ws')}/?v=9&encoding=json`);
    person.#socket.on('message', data => person.#receive(JSON.parse(data)));
    person.#socket.on('error', error => t.fail(error));
    t.atEnd(() => person.#socket.close(1000));
    const [{ session_id }] = await ready;
    person.sessionId = session_id;
    return person;
  }

  /** The next event of this name: its data. */
  async hears(event, accept = () => true) {
    const [data] = await this.#t.next(this, event, accept);
    return data;
  }

  /** Invokes a command, as the client's command index has it. */
  async invoke(name, options = [], type = 2) {
    const index = await this.#api('GET', `/guilds/${this.#t.seed.guildId}/application-command-index`);
    const command = index.application_commands.find(c => c.name === name);
    const { id, version, type: kind } = command;
    return this.#interact(type, { id, version, name, type: kind, options, attachments: [] });
  }

  /** Asks for choices of an option. */
  autocomplete(name, option, value, type = 3) {
    return this.invoke(name, [{ type, name: option, value, focused: true }], 4);
  }

  /** Presses a button, or chooses values in a menu. */
  use(message, component_type, custom_id, values) {
    return this.#interact(3, { component_type, custom_id, values }, { message_id: message.id, message_flags: message.flags });
  }

  /** Submits a modal that was shown. */
  submit({ id, custom_id }, components) {
    return this.#interact(5, { id, custom_id, components });
  }

  #interact(type, data, more = {}) {
    const { applicationId: application_id, guildId: guild_id, channelId: channel_id } = this.#t.seed;
    const nonce = `person-${++this.#nonces}`;
    return this.#api('POST', '/interactions', {
      type, application_id, guild_id, channel_id, session_id: this.sessionId, data, nonce, ...more,
    });
  }

  #api(method, path, body) { return this.#t.api(this.#token, method, path, body); }

  #receive({ op, d, s, t }) {
    this.#sequence = s ?? this.#sequence;
    if (op === 10) {
      const timer = setInterval(() => this.#send(1, this.#sequence), d.heartbeat_interval);
      this.#t.atEnd(() => clearInterval(timer));
      this.#send(2, { token: this.#token, capabilities: 16381, properties: { os: 'linux', browser: 'person', device: '' } });
    } else if (op === 0) {
      this.emit(t, d);
    }
  }

  #send(op, d) { this.#socket.send(JSON.stringify({ op, d })); }
}
