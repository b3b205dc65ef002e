/**
 * Reads what `worker/witnessed.ts` says: the Leads' stories for the judge, the state in which each Lead is, and who still has
 * something to do. Other lines of the Worker's log are counted by what they say.
 */
import type { StoredLead } from '../../worker/lead/keeper.ts';
import type { BookingRow } from '../../worker/lead/record.ts';
import { Chronicle } from '../simulation/chronicle.ts';

/** Longer than an unclear booking rests between two looks. */
const SOON_MS = 70_000;

export class Witness {
  readonly chronicle = new Chronicle();
  /** The Worker's own log, by `what`. */
  readonly logged = new Map<string, number>();
  /** Calls to iClosed that the Worker heard nothing of. */
  readonly unheard = new Set<string>();
  readonly #leads = new Map<string, { due: number | undefined; state: string }>();

  readonly hears = (line: string): void => {
    const said = parsed(line);
    if (said?.what === undefined) return;
    this.logged.set(said.what, (this.logged.get(said.what) ?? 0) + 1);
    if (said.what === 'soak_unheard') this.unheard.add((said as { call?: string }).call ?? '');
    if (said.what !== 'soak_stored') return;
    const { record, at, due } = said as { record: StoredLead['record']; at: number; due?: number };
    this.chronicle.witness({ record, changedAt: at }, at);
    this.#leads.set(record.leadId, { due, state: stateOf(record.booking) });
  };

  /**
   * Leads that do something soon. What iClosed refuses this person for good is tried for days, ever more seldom; that is not
   * waited for.
   */
  get busy(): string[] {
    const soon = Date.now() + SOON_MS;
    return [...this.#leads].filter(([, { due }]) => due !== undefined && due < soon).map(([leadId]) => leadId);
  }

  /** Leads by the state of their booking, of those that are not finished. */
  get byState(): Map<string, string[]> {
    const byState = new Map<string, string[]>();
    for (const [leadId, { due, state }] of this.#leads) {
      if (due === undefined) continue;
      const leads = byState.get(state);
      if (leads) leads.push(leadId);
      else byState.set(state, [leadId]);
    }
    return byState;
  }
}

function stateOf(booking: BookingRow | undefined): string {
  if (!booking) return 'before booking';
  return booking.isParked ? 'WANTED, parked' : booking.state;
}

function parsed(line: string): { what?: string } | undefined {
  try {
    return JSON.parse(line) as { what?: string };
  } catch {
    return undefined;
  }
}
