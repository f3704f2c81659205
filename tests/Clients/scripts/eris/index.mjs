import * as connection from './connection.mjs';
import * as guild from './guild.mjs';
import * as messages from './messages.mjs';
import * as start from './start.mjs';

export const scenarios = { ...connection, ...guild, ...messages, ...start };
