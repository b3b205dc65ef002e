/** What a form holds and what the browser's own constraints say about it, in the protocol's words. The Worker has the last word. */
import type { FieldFault } from '../../shared/problems.ts';
import type { Values } from '../fields.ts';

/**
 * Every named control with what stands in it, also where a browser has filled it without a word. Not a date or a number that is
 * half written: the browser calls it empty, and would have to forget it if that came back.
 */
export function valuesIn(form: HTMLFormElement): Values {
  const data = new FormData(form);
  const controls = [...(form.elements as Iterable<HTMLInputElement>)];
  const whole = controls.filter(({ name, validity }) => name && !validity?.badInput);
  return Object.fromEntries(whole.map(({ name }) => [name, data.getAll(name).map(String)]));
}

/** Faults of what was typed; what is missing is judged by the questions, since groups of boxes have no native rule. */
export function faultsIn(form: HTMLFormElement): Record<string, FieldFault> {
  const faults: Record<string, FieldFault> = {};
  for (const { name, validity } of form.elements as Iterable<HTMLInputElement>) {
    const { valid, valueMissing, badInput, tooLong } = validity ?? { valid: true };
    if (!valid && (!valueMissing || badInput)) faults[name] = tooLong ? 'too_long' : 'invalid';
  }
  return faults;
}
