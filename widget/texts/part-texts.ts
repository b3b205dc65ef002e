/** The words that only parts say: each part brings its English ones, the part of a language those of all. */
import type { words as ends } from '../parts/ends.ts';
import type { words as hints } from '../parts/hints.ts';
import type { words as popup } from '../parts/popup.ts';
import type { words as zones } from '../parts/zones.ts';

export type PartTexts = typeof ends & typeof zones & typeof hints & typeof popup;
export type PartTextKey = keyof PartTexts;
