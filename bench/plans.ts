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

export interface Usage {
  workerRequests: number;
  objectRequests: number;
  rows: number;
  objectMs: number;
}

/** @param bookedShare of page views that end in a booking. */
export function usageOf(views: number, bookedShare: number, view: Cost, booking: Cost): Usage {
  const bookings = Math.round(views * bookedShare);
  const sum = (what: keyof Usage) => (views - bookings) * view[what] + bookings * booking[what];
  return {
    workerRequests: sum('workerRequests'),
    objectRequests: sum('objectRequests'),
    rows: sum('rows'),
    objectMs: sum('objectMs'),
  };
}

/** The parts of the free plan that are used up, as shares; over 1 it does not hold. */
export function shareOfFree(usage: Usage): number {
  return Math.max(...(Object.keys(FREE) as (keyof Usage)[]).map((what) => usage[what] / FREE[what]));
}

const VIEWS = [1_000, 5_000, 10_000, 30_000, 100_000, 300_000];
const BOOKED_SHARE = 0.03;

/** The dearest view and the dearest booking stand for all. */
export function printPlans(counts: readonly { kind: string; cost: Cost }[]): void {
  const dearest = (kind: string) => {
    const all = counts.filter((each) => each.kind === kind).map(({ cost }) => cost);
    return all.reduce((a, b) => (b.objectRequests + b.rows > a.objectRequests + a.rows ? b : a));
  };
  const [view, booking] = [dearest('view'), dearest('booking')];
  console.log(`\nPage views a day, of which ${BOOKED_SHARE * 100} % book; each as dear as the dearest above`);
  console.log('     views   bookings   Worker requests   object requests        rows   object time   plan');
  for (const views of VIEWS) {
    const usage = usageOf(views, BOOKED_SHARE, view, booking);
    const cells = [usage.workerRequests, usage.objectRequests, usage.rows].map((each) => each.toLocaleString('en'));
    const [requests = '', objects = '', rows = ''] = cells;
    const hours = `${(usage.objectMs / 3_600_000).toFixed(1)} h`;
    const plan = shareOfFree(usage) <= 1 ? `free (${Math.round(shareOfFree(usage) * 100)} % of it)` : 'paid';
    console.log(
      `${views.toLocaleString('en').padStart(10)}${Math.round(views * BOOKED_SHARE)
        .toLocaleString('en')
        .padStart(
          11,
        )}${requests.padStart(18)}${objects.padStart(18)}${rows.padStart(12)}${hours.padStart(14)}   ${plan}`,
    );
  }
}
