import {
  ActionRowBuilder, ApplicationCommandOptionType, ButtonBuilder, ButtonStyle, Events, MessageFlags, MessageType, ModalBuilder,
  StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} from 'discord.js';
import { assert } from '../scenario.mjs';
import { Person } from '../person.mjs';
import { connect } from './connect.mjs';

/** The next interaction, while somebody does something. */
async function during(t, client, deed) {
  const came = t.next(client, Events.InteractionCreate);
  await deed();
  const [interaction] = await came;
  return interaction;
}

export async function slashCommand(t) {
  const { client, guild } = await connect(t);
  const person = await Person.connect(t);
  const whom = { type: ApplicationCommandOptionType.User, name: 'whom', description: 'Whom', required: true };
  await client.application.commands.create({ name: 'greet', description: 'Greets', options: [whom] });
  const options = [{ type: 6, name: 'whom', value: guild.ownerId }];
  const greet = await during(t, client, () => person.invoke('greet', options));
  assert.equal(greet.isChatInputCommand(), true);
  assert.equal(greet.options.getUser('whom').id, guild.ownerId);
  assert.equal(greet.options.getMember('whom').id, guild.ownerId);
  assert.equal(greet.memberPermissions.has('UseApplicationCommands'), true);
  const shown = person.hears('MESSAGE_CREATE');
  const succeeded = person.hears('INTERACTION_SUCCESS');
  const { resource } = await greet.reply({ content: 'hello', withResponse: true });
  assert.equal(resource.message.content, 'hello');
  assert.equal(resource.message.type, MessageType.ChatInputCommand);
  assert.equal((await shown).id, resource.message.id);
  assert.equal((await succeeded).id, greet.id);
  assert.equal((await greet.fetchReply()).id, resource.message.id);
  await greet.editReply('goodbye');
  assert.equal((await greet.fetchReply()).content, 'goodbye');

  const follow = person.hears('MESSAGE_CREATE', m => m.content === 'only you');
  await greet.followUp({ content: 'only you', flags: MessageFlags.Ephemeral });
  assert.equal((await follow).flags, MessageFlags.Ephemeral);
  await greet.deleteReply();
  await assert.rejects(greet.fetchReply(), { code: 10008 });
}

export async function deferredReply(t) {
  const { client } = await connect(t);
  const person = await Person.connect(t);
  await client.application.commands.create({ name: 'slow', description: 'Takes time' });
  const slow = await during(t, client, () => person.invoke('slow'));
  const waiting = person.hears('MESSAGE_CREATE');
  await slow.deferReply();
  const { id, flags } = await waiting;
  assert.equal(flags, MessageFlags.Loading);
  const done = person.hears('MESSAGE_UPDATE', m => m.id === id);
  const message = await slow.editReply({ content: 'done', files: [{ attachment: Buffer.from('report'), name: 'report.txt' }] });
  assert.equal(message.id, id);
  assert.equal(message.attachments.size, 1);
  assert.equal((await done).flags, 0);
  assert.equal((await slow.followUp('and more')).reference.messageId, id);

  const hidden = await during(t, client, () => person.invoke('slow'));
  await hidden.deferReply({ flags: MessageFlags.Ephemeral });
  const told = person.hears('MESSAGE_UPDATE', m => m.content === 'psst');
  await hidden.editReply('psst');
  assert.equal((await told).flags, MessageFlags.Ephemeral);
}

export async function components(t) {
  const { client, channel } = await connect(t);
  const person = await Person.connect(t);
  const button = new ButtonBuilder().setCustomId('press').setLabel('Press').setStyle(ButtonStyle.Primary);
  const menu = new StringSelectMenuBuilder().setCustomId('menu').addOptions({ label: 'A', value: 'a' }, { label: 'B', value: 'b' });
  const rows = [button, menu].map(component => new ActionRowBuilder().addComponents(component));
  const message = await channel.send({ content: 'choose', components: rows });
  const pressed = await during(t, client, () => person.use({ id: message.id, flags: 0 }, 2, 'press'));
  assert.equal(pressed.isButton(), true);
  assert.equal(pressed.message.id, message.id);
  const updated = person.hears('MESSAGE_UPDATE', m => m.id === message.id);
  await pressed.update({ content: 'pressed' });
  assert.equal((await updated).content, 'pressed');

  const chosen = await during(t, client, () => person.use({ id: message.id, flags: 0 }, 3, 'menu', ['b']));
  assert.deepEqual(chosen.values, ['b']);
  await chosen.deferUpdate();
  assert.equal((await chosen.editReply({ content: 'b', components: [] })).id, message.id);
  await chosen.followUp({ content: 'noted', flags: MessageFlags.Ephemeral });
}

export async function modal(t) {
  const { client } = await connect(t);
  const person = await Person.connect(t);
  await client.application.commands.create({ name: 'form', description: 'Asks' });
  const asked = await during(t, client, () => person.invoke('form'));
  const shown = person.hears('INTERACTION_MODAL_CREATE');
  const input = new TextInputBuilder().setCustomId('name').setLabel('Name').setStyle(TextInputStyle.Short);
  await asked.showModal(new ModalBuilder().setCustomId('form').setTitle('Form').addComponents(new ActionRowBuilder().addComponents(input)));
  const form = await shown;
  assert.equal(form.title, 'Form');
  const row = { type: 1, components: [{ type: 4, custom_id: 'name', value: 'Ann' }] };
  const submitted = await during(t, client, () => person.submit(form, [row]));
  assert.equal(submitted.isModalSubmit(), true);
  assert.equal(submitted.fields.getTextInputValue('name'), 'Ann');
  const told = person.hears('MESSAGE_CREATE');
  await submitted.reply({ content: 'hello Ann', flags: MessageFlags.Ephemeral });
  assert.equal((await told).content, 'hello Ann');
}

export async function autocomplete(t) {
  const { client } = await connect(t);
  const person = await Person.connect(t);
  const what = { type: ApplicationCommandOptionType.String, name: 'what', description: 'What', autocomplete: true };
  await client.application.commands.create({ name: 'find', description: 'Finds', options: [what] });
  const asked = await during(t, client, () => person.autocomplete('find', 'what', 'ap'));
  assert.equal(asked.isAutocomplete(), true);
  assert.equal(asked.options.getFocused(), 'ap');
  const told = person.hears('APPLICATION_COMMAND_AUTOCOMPLETE_RESPONSE');
  await asked.respond([{ name: 'Apple', value: 'apple' }]);
  assert.deepEqual((await told).choices, [{ name: 'Apple', value: 'apple' }]);
  const found = await during(t, client, () => person.invoke('find', [{ type: 3, name: 'what', value: 'apple' }]));
  assert.equal(found.options.getString('what'), 'apple');
  await found.reply('an apple');
}
