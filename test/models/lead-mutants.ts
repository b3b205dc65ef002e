/**
 * Leads with one rule dropped, by wrapping what they are given: the controls of the model. Each names the rule that its loss must
 * be caught by.
 */
import type { Endpoint, UpstreamCall } from '../../worker/iclosed/request.ts';
import type { LeadSurroundings } from '../simulation/lead-host.ts';
import type { LeadInput } from '../../worker/lead/steps.ts';
import type { Life } from '../simulation/life.ts';
import { description } from '../unit/lead-records.ts';
import type { LeadRule } from './lead-book.ts';
import type { LeadMutation } from './lead-run.ts';

export interface LeadMutant extends LeadMutation {
  name: string;
  breaks: LeadRule;
}

type Ask = ReturnType<LeadSurroundings['askAs']>;

/** The way to iClosed, changed. */
function asking(change: (ask: Ask) => Ask): LeadMutation['lead'] {
  return (surroundings) => ({ ...surroundings, askAs: (life: Life) => change(surroundings.askAs(life)) });
}

const BOOK: Endpoint = 'POST /v1/eventCalls';

/** A 2xx with other words in its data. */
function rewriting(
  endpoint: Endpoint,
  change: (data: Record<string, unknown>) => Record<string, unknown>,
): LeadMutation['lead'] {
  return asking((ask) => async (call, urgency, beforeSend) => {
    const outcome = await ask(call, urgency, beforeSend);
    if (!outcome.ok || call.endpoint !== endpoint) return outcome;
    const { data } = outcome.value as { data: Record<string, unknown> };
    return { ok: true, value: { data: change(data) } };
  });
}

function isWithdrawal({ request }: LeadInput): boolean {
  return request.step === 'withdraw';
}

function withBody(call: UpstreamCall, change: Record<string, unknown>): UpstreamCall {
  return { ...call, body: { ...(call.body as object), ...change } };
}

export const leadMutants: readonly LeadMutant[] = [
  {
    name: 'sends a booking again when no answer came',
    breaks: 'proof between sends',
    lead: asking((ask) => async (call, urgency, beforeSend) => {
      const outcome = await ask(call, urgency, beforeSend);
      const isLost = !outcome.ok && outcome.failure !== undefined && !outcome.failure.certain;
      return isLost && call.endpoint === BOOK ? ask(call, urgency) : outcome;
    }),
  },
  {
    name: 'writes nothing ahead of a send',
    breaks: 'proof between sends',
    lead: asking((ask) => (call, urgency) => ask(call, urgency)),
  },
  {
    name: 'believes a search that ignored its filter',
    breaks: 'proof between sends',
    lead: rewriting('GET /v1/eventCalls', ({ eventCalls }) => ({
      eventCalls: (eventCalls as { contactId: number }[]).filter(({ contactId }) => contactId >= 7),
    })),
  },
  {
    name: 'does not hear that the visitor took the link',
    breaks: 'withdrawn',
    input: (input) => (isWithdrawal(input) && !('waiting' in input.request) ? undefined : input),
  },
  {
    name: 'does not hear that the visitor went back',
    breaks: 'as pressed',
    input: (input) => (isWithdrawal(input) && 'waiting' in input.request ? undefined : input),
  },
  {
    name: 'takes answers that are incomplete or invented',
    breaks: 'own slots',
    input: (input) => {
      const questions = description.public.questions.map(({ id, label }) => ({
        id,
        label,
        required: false,
        type: 'text' as const,
      }));
      return { ...input, description: { ...input.description, public: { ...input.description.public, questions } } };
    },
  },
  {
    name: 'takes everybody for qualified',
    breaks: 'own slots',
    lead: rewriting('POST /v1/fields/inviteeAnswers', (data) => ({ ...data, isDisqualified: false })),
  },
  {
    name: 'books whoever asks',
    breaks: 'accepted answers',
    lead: (surroundings) => ({
      ...surroundings,
      ...rewriting('POST /v1/fields/inviteeAnswers', (data) => ({ ...data, isDisqualified: false }))?.(surroundings),
      // The times are looked up and, unless they are the honest ones', not shown, so that the send is what is caught.
      slots: async (hosts, month) => {
        const answer = await surroundings.slots(hosts, month);
        return answer.ok && hosts === '' ? { ok: true, page: { ...answer.page, slots: [] } } : answer;
      },
      claim: async (request) => {
        const answer = await surroundings.claim(request);
        return answer.ok ? answer : { ok: false, code: answer.code };
      },
      alternatives: async () => ({}),
    }),
  },
  {
    name: 'claims for nobody',
    breaks: 'one call',
    lead: (surroundings) => {
      let nobody = 1_000;
      return { ...surroundings, claim: (request) => surroundings.claim({ ...request, contactId: nobody++ }) };
    },
  },
  {
    name: 'is told that every time is taken',
    breaks: 'honest visitors book',
    lead: (surroundings) => ({ ...surroundings, claim: async () => ({ ok: false, code: 'slot_taken' }) }),
  },
  {
    name: 'books any host',
    breaks: 'routed hosts',
    lead: asking(
      (ask) => (call, urgency, beforeSend) =>
        ask(call.endpoint === BOOK ? withBody(call, { conditionalUsers: '' }) : call, urgency, beforeSend),
    ),
  },
  {
    name: 'asks no Event whether the time was offered',
    breaks: 'offered',
    lead: (surroundings) => ({ ...surroundings, claim: async () => ({ ok: true }) }),
  },
  {
    name: 'shows times of hosts whom routing did not choose',
    breaks: 'own slots',
    lead: (surroundings) => ({ ...surroundings, slots: (_hosts, month) => surroundings.slots('5', month) }),
  },
  {
    name: 'forgets with its object that it has booked',
    breaks: 'final',
    lead: (surroundings) => ({
      ...surroundings,
      found: ({ record, ...rest }) => {
        const { booking, ...others } = record;
        return { ...rest, record: booking?.state === 'CONFIRMED' ? others : record };
      },
    }),
  },
  {
    name: 'sets no alarm',
    breaks: 'armed',
    lead: (surroundings) => ({ ...surroundings, hasOutbox: false }),
  },
  {
    name: 'takes any answer to a send for a booking',
    breaks: 'told booked',
    lead: asking((ask) => async (call, urgency, beforeSend) => {
      const outcome = await ask(call, urgency, beforeSend);
      if (outcome.ok || outcome.failure === undefined || call.endpoint !== BOOK) return outcome;
      return { ok: true, value: { data: { eventCall: { status: 200, data: { id: 1 } } } } };
    }),
  },
  {
    name: 'pauses without end after a fault',
    breaks: 'comes to an end',
    lead: (surroundings) => ({ ...surroundings, random: () => 1e6 }),
  },
];
