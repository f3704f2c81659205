import * as start from './start.mjs';
import * as messages from './messages.mjs';

export const scenarios = { ...start, ...messages };
