/** What the build's own steps share: a walk through the bundler's reading of some code, and cuts into that code. */

export type Node = { type: string; start: number; end: number; [key: string]: unknown };

/** What stands from `start` to `end` becomes `text`. */
export type Cut = [start: number, end: number, text: string];

/** Shows every node of a tree, the outer ones first. */
export function visit(node: unknown, see: (node: Node) => void): void {
  if (Array.isArray(node)) for (const each of node) visit(each, see);
  else if (node && typeof node === 'object' && 'type' in node) {
    see(node as Node);
    for (const value of Object.values(node)) visit(value, see);
  }
}

/** @param cuts in any order; none may lie in another. */
export function withCuts(code: string, cuts: readonly Cut[]): string {
  let text = code;
  for (const [start, end, instead] of [...cuts].sort(([a], [b]) => b - a))
    text = text.slice(0, start) + instead + text.slice(end);
  return text;
}
