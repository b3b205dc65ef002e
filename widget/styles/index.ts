/** All styles of the element in one constructable sheet, which every element of the page shares. */
import { form } from './form.ts';
import { frame } from './frame.ts';
import { times } from './times.ts';
import { tokens } from './tokens.ts';

const sheet = new CSSStyleSheet();
sheet.replaceSync(tokens + frame + form + times);

export const styles = [sheet];
