/**
 * P13: command sequences that visitors, iClosed and the runtime could give two Leads (`test/models/`), each followed by an honest
 * visitor. A sequence that breaks a rule of the book ends the count. Controls: a Lead with a rule dropped is caught.
 */
import fc from 'fast-check';
import type { LeadRule } from '../../models/lead-book.ts';
import { leadProperty, newTally } from '../../models/lead-commands.ts';
import { leadMutants } from '../../models/lead-mutants.ts';
import { percent, type Row, type Size } from '../verdict.ts';

const SEED = 13_001;
const SIZES = { full: 100_000, short: 60 };
const CONTROLS_AT_MOST = 6_000;
/** What the promise speaks of; the other rules of the book are held against the same sequences. */
const RULES: readonly LeadRule[] = ['own slots', 'accepted answers', 'routed hosts', 'offered'];

export async function measureSequences(size: Size): Promise<Row[]> {
  const tally = newTally();
  const numRuns = SIZES[size];
  const run = await fc.check(leadProperty({}, tally), { numRuns, seed: SEED, endOnFailure: true });
  const controls = leadMutants.filter(({ breaks }) => RULES.includes(breaks));
  const caught: string[] = [];
  for (const { name, breaks, ...mutation } of controls) {
    const control = await fc.check(leadProperty(mutation), {
      numRuns: CONTROLS_AT_MOST,
      seed: SEED,
      endOnFailure: true,
    });
    if (String(control.errorInstance).includes(`[${breaks}]`)) caught.push(`${name} (after ${control.numRuns})`);
  }
  return [
    {
      promise: 'P13',
      what: `${numRuns} command sequences of two visitors, mishaps, evictions and jumps of the clock, seed ${SEED}`,
      figure: {
        wanted: '0 own slots and 0 bookings that may not be',
        measured: run.failed
          ? `after ${run.numRuns}: ${String(run.errorInstance)}`
          : `0 of ${tally.sends} bookings sent`,
        isMet: !run.failed && tally.runs === numRuns && tally.sends > 0,
      },
      opposite: {
        wanted: 'honest visitors among them book',
        measured: `${percent(tally.honestBooked, tally.honest)} of ${tally.honest}`,
        isMet: tally.honest > 0 && tally.honestBooked === tally.honest,
      },
      control: {
        wanted: `${controls.length} Leads with a rule dropped are caught by it`,
        measured: `${caught.length}`,
        isMet: caught.length === controls.length,
      },
      notes: [
        `${tally.booked} sequences ended with a call`,
        ...caught.map((each) => `caught: ${each}`),
        ...(run.failed ? [String(run.counterexample)] : []),
      ],
    },
  ];
}
