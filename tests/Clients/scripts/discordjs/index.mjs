import * as connection from './connection.mjs';
import * as guild from './guild.mjs';
import * as interactions from './interactions.mjs';
import * as messages from './messages.mjs';
import * as start from './start.mjs';
import * as tour from './tour.mjs';

export const scenarios = { ...connection, ...guild, ...interactions, ...messages, ...start, ...tour };
