/**
 * One call as it stands at iClosed, by its number: among the live ones, else among the cancelled. Used by the nightly look, by
 * whoever opens a manage link, and before and after a change.
 */
import type { Outcome, Urgency } from '../gate/through.ts';
import { readCallSearch, type SeenCall, searchCall } from '../iclosed/call-search.ts';
import type { UpstreamCall } from '../iclosed/request.ts';

export type Look =
  | { kind: 'seen'; call: SeenCall }
  /** Not even among the cancelled. */
  | { kind: 'missing' }
  | { kind: 'failed'; outcome: Exclude<Outcome<unknown>, { ok: true }> };

type Ask = (call: UpstreamCall, urgency: Urgency) => Promise<Outcome<unknown>>;

const UNREADABLE: Extract<Look, { kind: 'failed' }> = {
  kind: 'failed',
  outcome: { ok: false, failure: { kind: 'unreadable', certain: false, text: '' } },
};

export async function lookAtCall(ask: Ask, callId: number, urgency: Urgency): Promise<Look> {
  let isProven = true;
  for (const isCancelled of [false, true]) {
    for (let page = 0, found: ReturnType<typeof readCallSearch> = 'further'; found === 'further'; page += 1) {
      const outcome = await ask(searchCall(callId, isCancelled, page), urgency);
      if (!outcome.ok) return { kind: 'failed', outcome };
      found = readCallSearch(outcome.value, callId, page);
      if (found === 'unreadable') return UNREADABLE;
      if (found === 'unproven') isProven = false;
      if (typeof found === 'object')
        return { kind: 'seen', call: { ...found, isCancelled: isCancelled || found.isCancelled } };
    }
  }
  return isProven ? { kind: 'missing' } : UNREADABLE;
}
