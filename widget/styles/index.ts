/** All styles of the element in one constructable sheet, which every element of the page shares. */
import { form } from './form.ts';
import { frame } from './frame.ts';
import { times } from './times.ts';
import { tokens } from './tokens.ts';

let sheet: CSSStyleSheet | undefined;

/** Made when the first picture needs it. */
export function styles(): CSSStyleSheet[] {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(tokens + frame + form + times);
  }
  return [sheet];
}
