/** The calendar file as browsers take it: saved from memory, or as an answer to a form where a script's file does nothing. */
import type { PATHS } from '../../../shared/protocol.ts';
import type { World } from '../../client.ts';

/** iPhones, and the browsers inside of apps: they do nothing with a file that a script has made. */
export const NO_DOWNLOADS = /iP(hone|ad|od)|; wv\)|FBA[NV]|Instagram|Line\//;
/** By then a browser has said that it may not send a form. */
const POLICY_MS = 1_000;
const REVOKED_AFTER_MS = 60_000;

export function save(file: string, world: Pick<World, 'sleep'>): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([file], { type: 'text/calendar;charset=utf-8' }));
  link.download = 'call.ics';
  link.click();
  void world.sleep(REVOKED_AFTER_MS).then(() => URL.revokeObjectURL(link.href));
}

/**
 * Such a browser hands the answer to a form to the calendar; the ticket stands in no address.
 * @param onRefused The page's policy (`form-action`) forbids it, which it says a moment later.
 */
export function post(endpoint: string, request: object, world: Pick<World, 'sleep'>, onRefused: () => void): void {
  const form = document.createElement('form');
  const field = document.createElement('input');
  Object.assign(form, { method: 'post', action: `${endpoint}/call.ics` satisfies `${string}${typeof PATHS.calendar}` });
  Object.assign(field, { type: 'hidden', name: 'request', value: JSON.stringify(request) });
  form.append(field);
  document.body.append(form);
  const heard = new AbortController();
  document.addEventListener('securitypolicyviolation', onRefused, { once: true, signal: heard.signal });
  form.submit();
  form.remove();
  void world.sleep(POLICY_MS).then(() => heard.abort());
}
