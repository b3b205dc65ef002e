/**
 * Which module tries which promises over real sockets.
 */
import type { Part } from '../simulation/report.ts';
import { measureBookings } from './promises/bookings.ts';
import { measureCrashes } from './promises/crashes.ts';
import { measureKeys } from './promises/keys.ts';
import { measureOutage } from './promises/outage.ts';
import { measureSameLedger } from './promises/same-ledger.ts';

export const parts: readonly Part[] = [
  { promises: ['P1'], measure: measureOutage },
  { promises: ['P2', 'P4'], measure: measureBookings },
  { promises: ['P3'], measure: measureCrashes },
  { promises: ['P20'], measure: measureKeys },
  { promises: ['ledger'], measure: measureSameLedger },
];
