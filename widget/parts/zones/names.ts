/**
 * What the visitor's language calls the places of the list otherwise than `places.ts`: a part of each language, asked for when the list is
 * opened, from where the list came. `Vienna=Wien, Madrid=Madri/Madrid`: by one name or several. English needs none.
 */
import type { World } from '../../client.ts';
import type { Parts } from '../../parts.ts';
import type { Language } from '../../texts/languages.ts';

const HAS_NAMES: Record<Language, true> = { ar: true, de: true, es: true, fr: true, it: true, nl: true, pt: true };

/**
 * Asked for once: without it the places keep their English names.
 * @param address Of the part of the list.
 * @returns Nothing for a language that needs none, and where they could not be had.
 */
export async function loadPlaceNames(locale: string, world: Pick<World, 'load'>, address: string): Promise<string> {
  const language = locale.slice(0, 2) as Language;
  if (!HAS_NAMES[language]) return '';
  try {
    const part = await world.load(address.replace(/[^/]*$/, `places-${language}.js`));
    return (part as Parts[`places-${Language}`]).places;
  } catch {
    return '';
  }
}
