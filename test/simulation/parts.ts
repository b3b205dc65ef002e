/**
 * Which module tries which promises.
 */
import { measureBookings } from './promises/bookings.ts';
import { measureChanges } from './promises/changes.ts';
import { measureCrashes } from './promises/crashes.ts';
import { measureCrowdLimit } from './promises/crowd-limit.ts';
import { measureDeadlines } from './promises/deadlines.ts';
import { measureFairness } from './promises/fairness.ts';
import { measureKeys } from './promises/keys.ts';
import { measureOutage } from './promises/outage.ts';
import { measureOverload } from './promises/overload.ts';
import { measureOutbox } from './promises/outbox.ts';
import { measureRepetition } from './promises/repetition.ts';
import { measureSequences } from './promises/sequences.ts';
import { measureSlots } from './promises/slots.ts';
import { measureVisits } from './promises/visits.ts';
import type { Part } from './report.ts';

export const parts: readonly Part[] = [
  { promises: ['P1'], measure: measureOutbox },
  { promises: ['P2', 'P5'], measure: measureBookings },
  { promises: ['P2', 'P5'], measure: measureChanges },
  { promises: ['P2'], measure: measureVisits },
  { promises: ['P3'], measure: measureCrashes },
  { promises: ['P4'], measure: measureRepetition },
  { promises: ['P6'], measure: measureCrowdLimit },
  { promises: ['P7'], measure: measureSlots },
  { promises: ['P7'], measure: measureOverload },
  { promises: ['P8'], measure: measureDeadlines },
  { promises: ['P9'], measure: measureOutage },
  { promises: ['P10'], measure: measureFairness },
  { promises: ['P13'], measure: measureSequences },
  { promises: ['P20'], measure: measureKeys },
];
