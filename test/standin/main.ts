/**
 * Starts the stand-in from the command line, for `npm start` and for tests in another process:
 * `node test/standin/main.ts --port 8799 --seed 1 --settings '{"faults":{"share":0.2}}'`. `--random` draws every uncertain
 * behaviour by the seed; `--settings` is laid over it. Prints the address, the key and the seed.
 */
import { parseArgs } from 'node:util';
import { defaultSettings } from './default-settings.ts';
import { randomSettings } from './random-settings.ts';
import { startStandin } from './server.ts';
import { mergeSettings, type SettingsPatch } from './settings.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8799' },
    seed: { type: 'string', default: '1' },
    settings: { type: 'string', default: '{}' },
    random: { type: 'boolean', default: false },
  },
});

const seed = Number(values.seed);
const patch = JSON.parse(values.settings) as SettingsPatch;
const drawn = values.random ? randomSettings(seed) : {};
const settings = mergeSettings(mergeSettings(defaultSettings, drawn), patch);
const standin = await startStandin({ port: Number(values.port), seed, settings });
console.log(`stand-in for iClosed: ${standin.url} (seed ${seed}${values.random ? ', random settings' : ''})`);
console.log(`key: ${settings.keys[0]}, control: ${standin.url}/__standin/state`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void standin.close().then(() => process.exit(0));
  });
