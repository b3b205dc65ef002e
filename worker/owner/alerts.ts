/**
 * What the owner is told without asking: one message per cause and day, one when it is over. Pure; the gate keeps the rows and
 * sends what `due` returns. A subject is an event, an endpoint or an attempt: never personal data.
 */
export const ALERT_CAUSES = [
  'key_refused',
  'key_expiring',
  'iclosed_away',
  'lead_undelivered',
  'lead_refused',
  'booking_unclear',
  'booking_differs',
  'zone_mismatch',
  'event_unavailable',
  'no_times',
] as const;
export type AlertCause = (typeof ALERT_CAUSES)[number];

export interface AlertRow {
  cause: AlertCause;
  subject: string;
  since: number;
  /** The cause must last until then before anybody is told. */
  tellAt: number;
  saidAt?: number;
  overAt?: number;
  isOverSaid?: true;
  /** The webhook did not take it so often, and is tried again then. */
  failures?: number;
  retryAt?: number;
}

export interface AlertMessage {
  cause: AlertCause;
  subject: string;
  isOver: boolean;
  text: string;
}

const DAY_MS = 86_400_000;
/** Pauses between two tries of a webhook: doubled each time. */
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 15 * 60_000;

/** How long a cause lasts before it is worth a message. */
const PATIENCE_MS: Partial<Record<AlertCause, number>> = { iclosed_away: 60_000, lead_undelivered: 10 * 60_000 };

/** Causes that happen once and have no end. */
const ONCE: readonly AlertCause[] = ['lead_refused', 'booking_unclear', 'booking_differs'];

const TEXTS: Record<AlertCause, { on: (subject: string) => string; over: (subject: string) => string }> = {
  key_refused: {
    on: () =>
      'iClosed refuses the API key. Leads are kept; put a new key in with `npx wrangler secret put ICLOSED_API_KEY`.',
    over: () => 'iClosed takes the API key again.',
  },
  key_expiring: {
    on: (subject) => `The API key expires on ${subject}. Make a new one and put it in as ICLOSED_API_KEY_NEXT.`,
    over: () => 'The API key no longer expires soon.',
  },
  iclosed_away: {
    on: () =>
      'iClosed has not answered for over a minute. Visitors are told that their details are safe; leads are kept.',
    over: () => 'iClosed answers again; what was kept is being delivered.',
  },
  lead_undelivered: {
    on: () => 'A lead has been waiting to reach iClosed for over ten minutes. See `npm run leads -- list`.',
    over: () => 'No lead has been waiting for long any more.',
  },
  lead_refused: {
    on: (subject) => `iClosed refused a lead for good. See \`npm run leads -- show ${subject}\`.`,
    over: () => '',
  },
  booking_unclear: {
    on: (subject) =>
      `A visitor wanted a time and it needs a person to decide. See \`npm run leads -- show ${subject}\`.`,
    over: () => '',
  },
  booking_differs: {
    on: (subject) => `A confirmed booking is not in iClosed any more. See \`npm run leads -- show ${subject}\`.`,
    over: () => '',
  },
  zone_mismatch: {
    on: (subject) =>
      `Times of ${subject} are not in the zone that was asked for. Nothing is booked there; its link is shown.`,
    over: (subject) => `Times of ${subject} are in the right zone again.`,
  },
  event_unavailable: {
    on: (subject) => `${subject} is missing or deactivated at iClosed; visitors see its link.`,
    over: (subject) => `${subject} can be booked again.`,
  },
  no_times: {
    on: (subject) => `${subject} has no free time in the next 14 days.`,
    over: (subject) => `${subject} has free times again.`,
  },
};

export class Alerts {
  readonly #rows = new Map<string, AlertRow>();

  constructor(rows: readonly AlertRow[]) {
    for (const row of rows) this.#rows.set(keyOf(row.cause, row.subject), row);
  }

  get rows(): AlertRow[] {
    return [...this.#rows.values()];
  }

  /** The cause holds. @returns true when that is news. */
  raise(cause: AlertCause, subject: string, now: number): boolean {
    const key = keyOf(cause, subject);
    const known = this.#rows.get(key);
    if (known && known.overAt === undefined) return false;
    // Back within a day of the last message: not a second one.
    const saidAt = known?.saidAt;
    const tellAt = Math.max(now + (PATIENCE_MS[cause] ?? 0), saidAt === undefined ? 0 : saidAt + DAY_MS);
    this.#rows.set(key, { cause, subject, since: now, tellAt, ...(saidAt === undefined ? {} : { saidAt }) });
    return true;
  }

  /** The cause holds no more. @returns true when that is news. */
  clear(cause: AlertCause, subject: string, now: number): boolean {
    const row = this.#rows.get(keyOf(cause, subject));
    if (!row || row.overAt !== undefined) return false;
    this.#rows.set(keyOf(cause, subject), { ...row, overAt: now });
    return true;
  }

  /** What is to be said now; a message counts as said with `said`. */
  due(now: number): AlertMessage[] {
    const messages: AlertMessage[] = [];
    for (const row of this.#rows.values()) {
      const { cause, subject } = row;
      const at = dueAt(row);
      if (at === undefined || now < at) continue;
      const isOver = row.overAt !== undefined;
      messages.push({ cause, subject, isOver, text: TEXTS[cause][isOver ? 'over' : 'on'](subject) });
    }
    return messages;
  }

  said(message: AlertMessage, now: number): void {
    const key = keyOf(message.cause, message.subject);
    const row = this.#rows.get(key);
    if (!row) return;
    const { failures: _, retryAt: __, ...rest } = row;
    if (message.isOver) this.#rows.set(key, { ...rest, isOverSaid: true });
    else this.#rows.set(key, { ...rest, saidAt: now });
  }

  /** The webhook did not take it. */
  failed(message: AlertMessage, now: number): void {
    const key = keyOf(message.cause, message.subject);
    const row = this.#rows.get(key);
    if (!row) return;
    const failures = (row.failures ?? 0) + 1;
    const pause = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    this.#rows.set(key, { ...row, failures, retryAt: now + pause });
  }

  /** Rows that are over and a day old say nothing any more. */
  forget(now: number): void {
    for (const [key, { overAt, saidAt, since, cause }] of this.#rows) {
      const last = Math.max(overAt ?? 0, saidAt ?? 0, since);
      const isDone = overAt !== undefined || (ONCE.includes(cause) && saidAt !== undefined);
      if (isDone && now - last > DAY_MS) this.#rows.delete(key);
    }
  }

  /** When `due` may have something new to say. */
  nextDue(): number | undefined {
    const times = this.rows.map(dueAt).filter((at) => at !== undefined);
    return times.length > 0 ? Math.min(...times) : undefined;
  }
}

/** When there is something to say of it: that it holds, or that what was said is over. */
function dueAt({ cause, saidAt, overAt, since, tellAt, isOverSaid, retryAt = 0 }: AlertRow): number | undefined {
  const isSaid = saidAt !== undefined && saidAt >= since;
  if (overAt === undefined) return isSaid ? undefined : Math.max(tellAt, retryAt);
  return isSaid && !isOverSaid && !ONCE.includes(cause) ? Math.max(overAt, retryAt) : undefined;
}

function keyOf(cause: AlertCause, subject: string): string {
  return `${cause}|${subject}`;
}
