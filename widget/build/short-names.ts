/**
 * Gives the widget's inner property names one letter each in what is shipped; a minifier may not, since it cannot know which names the
 * network, the browser or the page also use. The list is closed and short: names that are used most and only here. It is applied to
 * the script and to its parts alike. The build stops when a name also stands in the protocol, among the
 * texts, or is spelled as a text.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Cut, type Node, visit, withCuts } from './syntax.ts';

/**
 * Of the state, its requests and actions; of the scene and the world. Never one of the protocol, of `Storage`, of a page's own, nor what
 * a part exports. New ones at the end: what a session keeps is read by the next build, too.
 */
const INNER_NAMES = `
  view goal ask notice pick accepted faults hasOwnTimes pages sent wait masked isResuming reading readings
  quarrels cursor given hasPaged clockAheadMs bookingSince delayMs payload mayRepeat retryAfterMs problem
  hasWords say act typed leave onFree openZones chooseZone chosenZone onChange onHappening happened learn speaker withdraw
  sleep isOnline untilOnline state openHints forget claim rest world zones fired release scriptOrigin
  peek missing answer request momentText rangeText dateText timeText zoneText monthTimes isFull conversation faultWords
  monthText shownMonth noticeText stepOf isHeld announce isAstray byKey
`
  .trim()
  .split(/\s+/);

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$_';
const SHORT = new Map(INNER_NAMES.map((name, index) => [name, letters(index)]));
/** Names of fields there come from the network, or are looked up by what the network says. */
const FOREIGN = ['../../shared/protocol.ts', '../../shared/problems.ts', '../texts/en.ts'].map((file) =>
  readFileSync(path.join(import.meta.dirname, file), 'utf8'),
);

/** One letter, and the same twice where all have been given away. */
function letters(index: number): string {
  const letter = LETTERS[index % LETTERS.length] as string;
  return letter.repeat(1 + Math.floor(index / LETTERS.length));
}

/**
 * @param parse The bundler's own reading of the code.
 * @throws When a name is not an inner one after all.
 */
export function withShortNames(code: string, parse: (code: string) => unknown): string {
  const cuts: Cut[] = [];
  visit(parse(code), (node) => {
    const key = (node.type === 'MemberExpression' ? node.property : node.key) as Node | undefined;
    const spelled = [node.operator === 'in' ? node.left : undefined, key].map(textOf).find((text) => SHORT.has(text));
    if (spelled !== undefined) throw taken(spelled, 'spelled as a text');
    const short = key?.type === 'Identifier' && !node.computed && SHORT.get(key.name as string);
    if (!key || !short) return;
    cuts.push([key.start, key.end, node.shorthand ? `${short}:${String(key.name)}` : short]);
  });
  return withCuts(code, cuts);
}

/** @throws When a name also comes from the network. */
export function assertInner(names: readonly string[] = INNER_NAMES): void {
  for (const name of names) {
    if (FOREIGN.some((text) => new RegExp(`\\b${name}\\??:`).test(text))) throw taken(name, 'a name of the network');
  }
}

/** What a literal spells, in whichever quotes. */
function textOf(node: unknown): string {
  const { value, quasis } = (node ?? {}) as { value?: unknown; quasis?: { value: { cooked: string } }[] };
  return quasis?.length === 1 ? (quasis[0]?.value.cooked ?? '') : String(value);
}

function taken(name: string, as: string): Error {
  return new Error(
    `"${name}" cannot be shortened, it is also ${as}; take it from the list in widget/build/short-names.ts`,
  );
}
