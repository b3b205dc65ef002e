/** How the ends speak to the Worker: steps that nobody else asks for. */
import type { LeadState, PATHS, PublicEvent, Step } from '../../../shared/protocol.ts';
import type { Result, send, World } from '../../client.ts';
import type { Conversation } from '../../conversation.ts';
import type { Wait } from '../../state.ts';

export interface TellKit {
  world: World;
  /** The Worker's origin. */
  endpoint: string;
  send: typeof send;
}

/**
 * @param limit Gives up when it is aborted; without it the request is repeated as often as any.
 * @param isVisits With the visit's ticket, also where the booking has its own.
 */
export type Tell = (
  step: Step,
  said: object,
  seq: number,
  limit?: AbortSignal,
  isVisits?: boolean,
) => Promise<Result<LeadState>>;

/** With the booking's own ticket where there is one. */
export function teller({ world, endpoint, send }: TellKit, of: Conversation): Tell {
  return (step, said, seq, limit = new AbortController().signal, isVisits = false) => {
    const { event, booking, ticket } = of.state;
    const ask = { id: step, step, seq, payload: JSON.stringify(said) };
    const own = isVisits ? undefined : booking?.manage;
    const body = of.request(event as PublicEvent, (own ?? ticket) as string, ask);
    // Nobody waits for a look.
    const onWait = (wait?: Wait) => {
      if (step !== 'read' || !wait || wait.code === 'offline') of.act({ type: 'wait', wait });
    };
    const url: `${string}${typeof PATHS.lead}` = `${endpoint}/api/v1/lead`;
    return send(world, url, body, limit, onWait);
  };
}
