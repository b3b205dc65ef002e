/**
 * Parts: what most visits never need, built from `widget/parts/` into the folder of its build (`/v/<build>/<part>.js`) and loaded by
 * `import()` when it is wanted. A part imports nothing; it is handed the `Kit`. It may be missing (a blocker, a policy, a dead
 * network): whoever loads one says what happens without it.
 */
import type { html } from 'lit/html.js';
import { PART_LIMIT_MS, PART_PAUSE_MS } from '../shared/limits.ts';
import type { World } from './client.ts';
import type * as ends from './parts/ends.ts';
import type * as hints from './parts/hints.ts';
import type * as arPlaces from './parts/places-ar.ts';
import type * as dePlaces from './parts/places-de.ts';
import type * as esPlaces from './parts/places-es.ts';
import type * as frPlaces from './parts/places-fr.ts';
import type * as itPlaces from './parts/places-it.ts';
import type * as nlPlaces from './parts/places-nl.ts';
import type * as ptPlaces from './parts/places-pt.ts';
import type * as popup from './parts/popup.ts';
import type * as ar from './parts/texts-ar.ts';
import type * as de from './parts/texts-de.ts';
import type * as es from './parts/texts-es.ts';
import type * as fr from './parts/texts-fr.ts';
import type * as it from './parts/texts-it.ts';
import type * as nl from './parts/texts-nl.ts';
import type * as pt from './parts/texts-pt.ts';
import type * as work from './parts/work.ts';
import type * as zones from './parts/zones.ts';

/** Every part by the name of its file. */
export interface Parts {
  ends: typeof ends;
  hints: typeof hints;
  'places-ar': typeof arPlaces;
  'places-de': typeof dePlaces;
  'places-es': typeof esPlaces;
  'places-fr': typeof frPlaces;
  'places-it': typeof itPlaces;
  'places-nl': typeof nlPlaces;
  'places-pt': typeof ptPlaces;
  popup: typeof popup;
  'texts-ar': typeof ar;
  'texts-de': typeof de;
  'texts-es': typeof es;
  'texts-fr': typeof fr;
  'texts-it': typeof it;
  'texts-nl': typeof nl;
  'texts-pt': typeof pt;
  work: typeof work;
  zones: typeof zones;
}
export type PartName = keyof Parts;

/** What views in parts are handed. */
export interface Kit {
  html: typeof html;
}

/** Name of this build's folder; the build writes it in place of these eight letters. */
export const BUILD = 'thebuild';

/**
 * Loads a part, a second time if need be: from where the script came, which is another place than the Worker where somebody serves
 * the script himself. The second address differs in any case and each time, since some browsers remember a failure.
 * @returns Undefined when it could not be had.
 */
export async function loadPart<Name extends PartName>(
  world: World,
  name: Name,
  endpoint: string,
  scriptOrigin = endpoint,
): Promise<Parts[Name] | undefined> {
  const path = `/v/${BUILD}/${name}.js`;
  const part = await inTime<Parts[Name]>(world, endpoint + path);
  if (part) return part;
  await world.sleep(PART_PAUSE_MS);
  return inTime(world, `${scriptOrigin}${path}?${world.now()}`);
}

async function inTime<Part>(world: World, address: string): Promise<Part | undefined> {
  const loaded = world.load(address).catch(() => undefined);
  return Promise.race([loaded, world.sleep(PART_LIMIT_MS)]) as Promise<Part | undefined>;
}
