/**
 * `npm run zones`: promise P22 in full, every zone of `Intl.supportedValuesOf('timeZone')` against the machine's tzdata.
 * `-- --folder <zoneinfo>` judges by another release, `-- --record` writes the rules that the suite's slice is judged by.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { judge, type Verdict } from './judge.ts';
import { FIRST_YEAR, LAST_YEAR, readRules, releaseOf, ZONEINFO } from './tzdata.ts';

/** Set back at midnight, by half an hour and by two hours, quarter and half offsets, changes with the moon, a day line, none. */
const SLICE = [
  'Africa/Cairo',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Pacific/Apia',
  'Pacific/Chatham',
  'UTC',
];
const FAULTS_SHOWN = 20;

const { values } = parseArgs({
  options: { folder: { type: 'string', default: ZONEINFO }, record: { type: 'boolean', default: false } },
});
const { folder } = values;
if (values.record) record();
else process.exit(report(readRules(Intl.supportedValuesOf('timeZone'), folder).map((rule) => judge(rule))));

function record(): void {
  const file = path.join(import.meta.dirname, '../recorded/zones.json');
  const recorded = { tzdata: releaseOf(folder), rules: readRules(SLICE, folder) };
  writeFileSync(file, `${JSON.stringify(recorded, undefined, 2)}\n`);
}

/** @returns The exit code. */
function report(verdicts: readonly Verdict[]): number {
  const sum = (count: (verdict: Verdict) => number) => verdicts.reduce((all, verdict) => all + count(verdict), 0);
  const faults = verdicts.flatMap((verdict) => verdict.faults);
  const others = verdicts.filter(({ otherRelease }) => otherRelease.length > 0);
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.error(fault);
  console.log(
    `Platform: tz ${process.versions.tz}, ICU ${process.versions.icu}; judged by tzdata ${releaseOf(folder)}.`,
  );
  console.log(
    `${verdicts.length} zones, ${sum(({ changes }) => changes)} changes of the clock ${FIRST_YEAR}–${LAST_YEAR}, ${sum(({ instants }) => instants)} instants, ${faults.length} shown or booked wrong.`,
  );
  console.log(
    `Of another release, and therefore not judged: ${sum(({ otherRelease }) => otherRelease.length)} instants`,
  );
  for (const { zone, otherRelease } of others) {
    console.log(`  ${zone}: ${otherRelease.length}, from ${otherRelease[0]} to ${otherRelease.at(-1)}`);
  }
  return faults.length > 0 ? 1 : 0;
}
