/**
 * The element's public interface as its class says it: the tags of the class's JSDoc, and the public members with their own. Read
 * by a few patterns over our one file rather than by a parser of TypeScript, and strict: a tag that is not understood is an error.
 */

export interface Named {
  name: string;
  description: string;
}
export interface Typed extends Named {
  /** As written between braces; empty where none is. */
  type: string;
}
export interface Defaulted extends Named {
  /** Undefined where the tag names none. */
  fallback: string | undefined;
}
export interface Member extends Named {
  kind: 'method' | 'property';
  /** Of a property, as declared. */
  type: string;
  isReadOnly: boolean;
}

export interface PublicInterface {
  className: string;
  tagName: string;
  description: string;
  attributes: Typed[];
  slots: Named[];
  events: Typed[];
  parts: Named[];
  properties: Defaulted[];
  members: Member[];
}

/** What the platform calls, not the page. */
const LIFECYCLE = /^(constructor|connectedCallback|disconnectedCallback|attributeChangedCallback|adoptedCallback)$/;

/** @param source The file of the class. @throws Error that names what is not understood. */
export function publicInterface(source: string): PublicInterface {
  const found =
    /\/\*\*((?:(?!\*\/)[\s\S])*@tagname(?:(?!\*\/)[\s\S])*)\*\/\s*export class (\w+)[^{]*\{([\s\S]*?)\n\}/.exec(source);
  if (!found) throw new Error('No class with a @tagname');
  const [, comment = '', className = '', body = ''] = found;
  const [description = '', ...tags] = linesOf(comment).split(/\n(?=@)/);
  const made: PublicInterface = {
    className,
    tagName: '',
    description: oneLine(description),
    attributes: [],
    slots: [],
    events: [],
    parts: [],
    properties: [],
    members: membersOf(body),
  };
  for (const tag of tags) read(oneLine(tag), made);
  return made;
}

function read(tag: string, made: PublicInterface): void {
  const [, kind = '', rest = ''] = /^@(\w+)\s*(.*)$/.exec(tag) ?? [];
  const [, type = '', words = ''] = /^(?:\{([^}]*)\}\s*)?(.*)$/.exec(rest) ?? [];
  const [, name = '', description = ''] = /^(.*?)\s*(?:^|\s)-\s+(.*)$/.exec(words) ?? [];
  if (kind === 'tagname') made.tagName = words;
  else if (!description) throw new Error(`Not understood: ${tag}`);
  else if (kind === 'attr') made.attributes.push({ name, type, description });
  else if (kind === 'slot') made.slots.push({ name, description });
  else if (kind === 'fires') made.events.push({ name, type, description });
  else if (kind === 'csspart') made.parts.push({ name, description });
  else if (kind === 'cssprop') {
    const [, bare = name, fallback] = /^\[([^=\]]+)(?:=(.*))?\]$/.exec(name) ?? [];
    made.properties.push({ name: bare, description, fallback });
  } else throw new Error(`Not understood: ${tag}`);
}

/** Methods, getters and fields that have a comment, are not static and have no `#`. */
function membersOf(body: string): Member[] {
  const pattern =
    /\n {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}(?!static|private|protected)(get |readonly )?(\w+)(\(|\??:\s*([^;={]+))/g;
  const members: Member[] = [];
  for (const [, comment = '', prefix, name = '', after = '', declared = ''] of body.matchAll(pattern)) {
    if (LIFECYCLE.test(name)) continue;
    const isGetter = prefix === 'get ';
    const returned = isGetter ? new RegExp(`get ${name}\\(\\): ([^{]+)\\{`).exec(body)?.[1] : declared;
    members.push({
      kind: after === '(' && !isGetter ? 'method' : 'property',
      name,
      type: (returned ?? '').trim(),
      isReadOnly: prefix !== undefined,
      description: oneLine(linesOf(comment)),
    });
  }
  return members;
}

function linesOf(comment: string): string {
  return comment.replace(/^\s*\* ?/gm, '').trim();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
