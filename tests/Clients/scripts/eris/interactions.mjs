import { assert } from '../scenario.mjs';
import { Person } from '../person.mjs';
import { connect } from './connect.mjs';

const ephemeral = 64, loading = 128;

/** The next interaction, while somebody does something. */
async function during(t, client, deed) {
  const came = t.next(client, 'interactionCreate');
  await deed();
  const [interaction] = await came;
  return interaction;
}

export async function slashCommand(t) {
  const { client, guild } = await connect(t);
  const person = await Person.connect(t);
  await client.createCommand({
    name: 'greet', type: 1, description: 'Greets', options: [{ type: 6, name: 'whom', description: 'Whom', required: true }],
  });
  const greet = await during(t, client, () => person.invoke('greet', [{ type: 6, name: 'whom', value: guild.ownerID }]));
  assert.equal(greet.data.name, 'greet');
  assert.equal(greet.data.options[0].value, guild.ownerID);
  assert.equal(greet.data.resolved.members.get(guild.ownerID).id, guild.ownerID);
  const shown = person.hears('MESSAGE_CREATE');
  const succeeded = person.hears('INTERACTION_SUCCESS');
  await greet.createMessage('hello');
  assert.equal((await shown).content, 'hello');
  assert.equal((await succeeded).id, greet.id);
  const original = await greet.getOriginalMessage();
  assert.equal(original.content, 'hello');
  assert.equal(original.type, 20);
  assert.equal((await greet.editOriginalMessage('goodbye')).content, 'goodbye');

  const follow = person.hears('MESSAGE_CREATE', m => m.content === 'only you');
  await greet.createFollowup({ content: 'only you', flags: ephemeral });
  assert.equal((await follow).flags, ephemeral);
  await greet.deleteOriginalMessage();
  await assert.rejects(greet.getOriginalMessage(), { code: 10008 });
}

export async function deferredReply(t) {
  const { client } = await connect(t);
  const person = await Person.connect(t);
  await client.createCommand({ name: 'slow', type: 1, description: 'Takes time' });
  const slow = await during(t, client, () => person.invoke('slow'));
  const waiting = person.hears('MESSAGE_CREATE');
  await slow.defer();
  const { id, flags } = await waiting;
  assert.equal(flags, loading);
  const done = person.hears('MESSAGE_UPDATE', m => m.id === id);
  assert.equal((await slow.editOriginalMessage('done')).id, id);
  assert.equal((await done).flags, 0);
  assert.equal((await slow.createFollowup('and more')).messageReference.messageID, id);

  const hidden = await during(t, client, () => person.invoke('slow'));
  await hidden.defer(ephemeral);
  const told = person.hears('MESSAGE_UPDATE', m => m.content === 'psst');
  await hidden.editOriginalMessage('psst');
  assert.equal((await told).flags, ephemeral);
}

export async function components(t) {
  const { client, channel } = await connect(t);
  const person = await Person.connect(t);
  const message = await client.createMessage(channel.id, {
    content: 'choose',
    components: [
      { type: 1, components: [{ type: 2, style: 1, label: 'Press', custom_id: 'press' }] },
      { type: 1, components: [{ type: 3, custom_id: 'menu', options: [{ label: 'A', value: 'a' }, { label: 'B', value: 'b' }] }] },
    ],
  });
  const pressed = await during(t, client, () => person.use({ id: message.id, flags: 0 }, 2, 'press'));
  assert.equal(pressed.data.custom_id, 'press');
  assert.equal(pressed.message.id, message.id);
  const updated = person.hears('MESSAGE_UPDATE', m => m.id === message.id);
  await pressed.editParent({ content: 'pressed' });
  assert.equal((await updated).content, 'pressed');

  const chosen = await during(t, client, () => person.use({ id: message.id, flags: 0 }, 3, 'menu', ['b']));
  assert.deepEqual(chosen.data.values, ['b']);
  await chosen.deferUpdate();
  assert.equal((await chosen.editOriginalMessage({ content: 'b', components: [] })).id, message.id);
  await chosen.createFollowup({ content: 'noted', flags: ephemeral });
}

export async function modal(t) {
  const { client } = await connect(t);
  const person = await Person.connect(t);
  await client.createCommand({ name: 'form', type: 1, description: 'Asks' });
  const asked = await during(t, client, () => person.invoke('form'));
  const shown = person.hears('INTERACTION_MODAL_CREATE');
  const components = [{ type: 1, components: [{ type: 4, custom_id: 'name', label: 'Name', style: 1 }] }];
  await asked.createModal({ custom_id: 'form', title: 'Form', components });
  const form = await shown;
  assert.equal(form.title, 'Form');
  const row = { type: 1, components: [{ type: 4, custom_id: 'name', value: 'Ann' }] };
  const submitted = await during(t, client, () => person.submit(form, [row]));
  assert.equal(submitted.data.custom_id, 'form');
  assert.equal(submitted.data.components[0].components[0].value, 'Ann');
  const told = person.hears('MESSAGE_CREATE');
  await submitted.createMessage({ content: 'hello Ann', flags: ephemeral });
  assert.equal((await told).content, 'hello Ann');
}

export async function autocomplete(t) {
  const { client } = await connect(t);
  const person = await Person.connect(t);
  await client.createCommand({
    name: 'find', type: 1, description: 'Finds', options: [{ type: 3, name: 'what', description: 'What', autocomplete: true }],
  });
  const asked = await during(t, client, () => person.autocomplete('find', 'what', 'ap'));
  assert.equal(asked.data.options[0].value, 'ap');
  assert.equal(asked.data.options[0].focused, true);
  const told = person.hears('APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE');
  await asked.result([{ name: 'Apple', value: 'apple' }]);
  assert.deepEqual((await told).choices, [{ name: 'Apple', value: 'apple' }]);
  const found = await during(t, client, () => person.invoke('find', [{ type: 3, name: 'what', value: 'apple' }]));
  assert.equal(found.data.options[0].value, 'apple');
  await found.createMessage('an apple');
}
