/**
 * Control routes for tests in another process, under `/__standin/`: `GET ledger`, `GET state`, `POST settings` (a patch),
 * `POST reset` (`{seed?, settings?}`), `POST fault` (a queued fault). They are no part of iClosed and reach no ledger.
 */
import { faultKinds, type QueuedFault } from './faults.ts';
import { isRecord } from './field-reader.ts';
import type { StandinModel } from './model.ts';
import type { StandinRequest } from './request.ts';
import type { SettingsPatch } from './settings.ts';

export const controlPrefix = '/__standin/';

/** Answers one control call; a mistake in it is a 400 with a sentence. */
export function answerControl(model: StandinModel, request: StandinRequest): { status: number; body: unknown } {
  try {
    const body: unknown = request.body ? JSON.parse(request.body) : {};
    if (!isRecord(body)) throw new TypeError('the body must be a JSON object');
    switch (`${request.method} ${request.path.slice(controlPrefix.length)}`) {
      case 'GET ledger':
        return { status: 200, body: model.ledger };
      case 'GET state':
        return { status: 200, body: model.state() };
      case 'POST settings':
        model.change(body as SettingsPatch);
        return { status: 200, body: model.settings };
      case 'POST reset':
        model.reset(body as { seed?: number; settings?: SettingsPatch });
        return { status: 200, body: model.state() };
      case 'POST fault':
        model.queueFault(readFault(body));
        return { status: 200, body: model.state().queuedFaults };
      default:
        return { status: 404, body: { error: `no control route ${request.method} ${request.path}` } };
    }
  } catch (problem) {
    return { status: 400, body: { error: problem instanceof Error ? problem.message : String(problem) } };
  }
}

function readFault({ kind, endpoint, times, delayMs }: Record<string, unknown>): QueuedFault {
  const known = faultKinds.find((one) => one === kind);
  if (!known) throw new TypeError(`kind must be one of ${faultKinds.join(', ')}`);
  return {
    kind: known,
    ...(typeof endpoint === 'string' && { endpoint }),
    ...(typeof times === 'number' && { times }),
    ...(typeof delayMs === 'number' && { delayMs }),
  };
}
