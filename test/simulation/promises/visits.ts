/**
 * P2 on the screen: whatever a visitor types, corrects and presses, what is booked is what stood there at the press. The widget's own
 * conversation and session (`test/models/visit-run.ts`) before a whole Lead, at random; a visit that breaks a rule of the book ends the
 * count. Controls: a widget with a rule dropped is caught.
 */
import fc from 'fast-check';
import { newTally, visitProperty } from '../../models/visit-commands.ts';
import { visitMutants } from '../../models/visit-mutants.ts';
import { percent, type Row, type Size } from '../verdict.ts';

const SEED = 2_201;
const SIZES = { full: 100_000, short: 60 };
const CONTROLS_AT_MOST = 3_000;

export async function measureVisits(size: Size): Promise<Row[]> {
  const tally = newTally();
  const numRuns = SIZES[size];
  const run = await fc.check(visitProperty({}, tally), { numRuns, seed: SEED, endOnFailure: true });
  const caught: string[] = [];
  for (const { name, breaks, ...mutation } of visitMutants) {
    const control = await fc.check(visitProperty(mutation), {
      numRuns: CONTROLS_AT_MOST,
      seed: SEED,
      endOnFailure: true,
    });
    if (String(control.errorInstance).includes(`[${breaks}]`)) caught.push(`${name} (after ${control.numRuns})`);
  }
  const booked = tally.ends.booked ?? 0;
  return [
    {
      promise: 'P2 as shown',
      what: `${numRuns} visits with corrections, reloads, copies of the element, a bad network and mishaps, seed ${SEED}`,
      figure: {
        wanted: '0 booked otherwise than shown, or without a press; nothing typed is lost',
        measured: run.failed ? `after ${run.numRuns}: ${String(run.errorInstance)}` : `0 of ${tally.runs} visits`,
        isMet: !run.failed && tally.runs === numRuns,
      },
      opposite: {
        wanted: 'whoever goes on comes to an end, mostly to a call',
        measured: `${percent(booked, tally.runs)} end booked`,
        isMet: booked > 0.95 * tally.runs,
      },
      control: {
        wanted: `${visitMutants.length} widgets with a rule dropped are caught by it`,
        measured: `${caught.length}`,
        isMet: caught.length === visitMutants.length,
      },
      notes: [
        `ends: ${JSON.stringify(tally.ends)}`,
        ...caught.map((each) => `caught: ${each}`),
        ...(run.failed ? [String(run.counterexample)] : []),
      ],
    },
  ];
}
