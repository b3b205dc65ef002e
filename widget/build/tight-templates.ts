/**
 * Takes the white space out of `html` and `css` templates at build: runs of it become one blank, or nothing between tags and around
 * CSS signs. And refuses what the cut Lit (`small-lit.ts`) does not understand, so that a template works everywhere or nowhere.
 */
import type { Plugin } from 'vite';
import { type Cut, visit, withCuts } from './syntax.ts';

export function tightTemplates(): Plugin {
  return {
    name: 'tight-templates',
    transform: {
      order: 'post',
      handler(code, id) {
        if (!id.includes('/widget/')) return null;
        const cuts: Cut[] = [];
        visit(this.parse(code), (node) => {
          const tag = (node.tag as { name?: string } | undefined)?.name;
          if (node.type !== 'TaggedTemplateExpression' || (tag !== 'html' && tag !== 'css')) return;
          const { quasis } = node.quasi as { quasis: { start: number; end: number; value: { raw: string } }[] };
          if (tag === 'html') {
            const fault = faultIn(quasis.map(({ value }) => value.raw));
            if (fault) this.error(`${id}: ${fault}`);
          }
          for (const { start, value } of quasis) {
            const at = code.indexOf(value.raw, start);
            const text = tag === 'css' ? tightCss(value.raw) : tightHtml(value.raw);
            cuts.push([at, at + value.raw.length, text]);
          }
        });
        return cuts.length > 0 ? { code: withCuts(code, cuts), map: null } : null;
      },
    },
  };
}

/** What is wrong with a template: an expression is a whole value without quotes (`name=${…}`), or stands between tags. */
export function faultIn(pieces: readonly string[]): string | undefined {
  let text = '';
  for (const piece of pieces.slice(0, -1)) {
    text += piece;
    const isInTag = text.lastIndexOf('<') > text.lastIndexOf('>');
    const isValue = /\S=$/.test(piece);
    if (isInTag !== isValue || (isInTag && !/\s[.?@]?[\w-]+=$/.test(text)))
      return `an expression after ${piece.slice(-30)} is neither a whole value nor between tags`;
    if (/<(script|style|textarea|title)\b[^>]*>[^<]*$/.test(text))
      return `an expression inside the text of ${piece.slice(-30)}`;
    text += isValue ? 'x' : '';
  }
  return undefined;
}

/** Broken lines beside tags go, those inside tags become a blank; values that need no quotes lose them. */
export function tightHtml(text: string): string {
  return text
    .replace(/>\s*\n\s*/g, '>')
    .replace(/\s*\n\s*(?=[<>])/g, '')
    .replace(/^\s*\n\s*$/, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/="([\w-]+)"/g, '=$1');
}

/** Without comments, white space and quotes that nothing needs. */
export function tightCss(text: string): string {
  return text
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,<>]) ?/g, '$1')
    .replace(/='([a-z][\w-]*)'/g, '=$1')
    .replace(/: (?=[^:{}]*[;}])/g, ':')
    .replace(/(?<![\w.])0\./g, '.')
    .replace(/;}/g, '}')
    .trim();
}
