/** What iClosed takes as an e-mail address, of the visitor and of guests. Pure. */
import { EMAIL_CHARACTERS } from '../../shared/limits.ts';

/** iClosed's rule for addresses: ASCII, a few signs, no dot at the start or twice, a real top-level domain. */
export const EMAIL =
  /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]+(?<!\.)@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;

/** Whether iClosed would take it. */
export function isEmail(text: string): boolean {
  return text.length <= EMAIL_CHARACTERS && EMAIL.test(text);
}
