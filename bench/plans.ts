/**
 * Page views a day → what they use up and which plan of Cloudflare holds them. The limits are the published ones of November 2026
 * (developers.cloudflare.com: workers/platform/limits, durable-objects/platform/pricing).
 */
import type { Cost } from './costs.ts';

/** Workers Free, a day. */
export const FREE = {
  workerRequests: 100_000,
  objectRequests: 100_000,
  rows: 100_000,
  /** 13,000 GB-s at 128 MB an object. */
  objectMs: (13_000 / 0.128) * 1_000,
} as const;

/** What is kept of a booking whose call is ten days ahead, until nothing is left (`test/unit/keeping-cost.test.ts`). */
const KEEPING = { workerRequests: 0, objectRequests: 20, rows: 21, objectMs: 0 } as const;

export type Usage = Record<keyof typeof FREE, number>;

/** @param bookedShare of page views that end in a booking. */
export function usageOf(views: number, bookedShare: number, view: Cost, booking: Cost): Usage {
  const bookings = Math.round(views * bookedShare);
  const sum = (what: keyof Usage) => (views - bookings) * view[what] + bookings * (booking[what] + KEEPING[what]);
  return {
    workerRequests: sum('workerRequests'),
    objectRequests: sum('objectRequests'),
    rows: sum('rows'),
    objectMs: sum('objectMs'),
  };
}

/** The part of the free plan that is used up first, as a share; over 1 it does not hold. */
export function shareOfFree(usage: Usage): number {
  return Math.max(...(Object.keys(FREE) as (keyof Usage)[]).map((what) => usage[what] / FREE[what]));
}

const VIEWS = [1_000, 5_000, 10_000, 20_000, 30_000, 100_000];
const BOOKED_SHARE = 0.03;

/** The dearest view and the dearest booking that was counted stand for all: in a crowd, copies are shared and it costs less. */
export function printPlans(flow: string, views: readonly Cost[], bookings: readonly Cost[]): void {
  const dearest = (costs: readonly Cost[]) =>
    costs.reduce((a, b) => (b.objectRequests + b.rows > a.objectRequests + a.rows ? b : a));
  const [view, booking] = [dearest(views), dearest(bookings)];
  console.log(`\n${flow}: page views a day, of which ${BOOKED_SHARE * 100} % book a call ten days ahead`);
  console.log('     views   bookings   Worker requests   object requests        rows   object time   plan');
  for (const count of VIEWS) {
    const usage = usageOf(count, BOOKED_SHARE, view, booking);
    const figures = [usage.workerRequests, usage.objectRequests, usage.rows].map((each) => each.toLocaleString('en'));
    const [requests = '', objects = '', rows = ''] = figures;
    const share = shareOfFree(usage);
    const plan = share <= 1 ? `free, ${Math.round(share * 100)} % of it` : 'paid';
    const cells = [
      count.toLocaleString('en').padStart(10),
      Math.round(count * BOOKED_SHARE)
        .toLocaleString('en')
        .padStart(11),
      requests.padStart(18),
      objects.padStart(18),
      rows.padStart(12),
      `${(usage.objectMs / 3_600_000).toFixed(1)} h`.padStart(14),
    ];
    console.log(`${cells.join('')}   ${plan}`);
  }
}
