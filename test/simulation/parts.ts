/**
 * Which module tries which promises.
 */
import { measureBookings } from './promises/bookings.ts';
import { measureOutbox } from './promises/outbox.ts';
import type { Row, Size } from './verdict.ts';

export interface Part {
  promises: readonly string[];
  measure(size: Size): Promise<Row[]>;
}

export const parts: readonly Part[] = [
  { promises: ['P1'], measure: measureOutbox },
  { promises: ['P2', 'P5'], measure: measureBookings },
];
