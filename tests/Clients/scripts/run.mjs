// Runs scenarios of one client library. Lines of JSON come in and go out:
//   in  {id, scenario, url, seed, limit}       out {id} when it succeeded, {id, error} when not
//   out {id, call, number, argument}           in  {id, number, result|error}: the scenario asks its test for something
import { createInterface } from 'node:readline';
import { Scenario } from './scenario.mjs';

const { scenarios } = await import(`./${process.argv[2]}/index.mjs`);
const running = new Map();
const send = message => process.stdout.write(`${JSON.stringify(message)}\n`);

async function run({ id, scenario: name, ...options }) {
  const scenario = new Scenario({ id, send, ...options });
  running.set(id, scenario);
  try {
    if (!scenarios[name]) throw new Error(`${process.argv[2]} has no scenario ${name}`);
    await scenario.within(scenarios[name](scenario));
    scenario.check();
    send({ id });
  } catch (error) {
    send({ id, error: scenario.describe(error) });
  } finally {
    await scenario.end();
    running.delete(id);
  }
}

// A rejection that nobody awaits is a fault of the scenario or the library: it fails every scenario that runs, and none silently.
process.on('unhandledRejection', error => running.forEach(scenario => scenario.fail(error)));
process.on('uncaughtException', error => running.forEach(scenario => scenario.fail(error)));

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.scenario) run(message);
  else running.get(message.id)?.answer(message);
}
process.exit(0);
