/**
 * Style sheets of pages that a widget must survive, each in the manner of something that is out there; and how things look: the
 * computed values that a visitor would notice, of every element in a tree.
 */
import type { Page } from 'playwright-core';

export const HOST_STYLES: Readonly<Record<string, string>> = {
  'a reboot with form styles': `
    *,::before,::after{box-sizing:border-box}
    body{margin:0;font-size:1.125rem;line-height:1.8;color:#495057;text-align:center;-webkit-text-size-adjust:100%}
    h1,h2,h3,h4{margin:0 0 .5rem;font-weight:500;line-height:1.2;color:#c00}
    p{margin:0 0 1rem} table{caption-side:bottom;border-collapse:collapse} th{text-align:left}
    label{display:inline-block;margin-bottom:.5rem} button{border-radius:0;text-transform:none}
    input,button,select,textarea{margin:0;font-family:monospace;font-size:11px;line-height:3}
    [type=button],button{-webkit-appearance:button} [role=button]{cursor:pointer}
    .row{display:flex;flex-wrap:wrap;margin:0 -15px}.row>*{width:100%;padding:0 15px}
    .card{border:3px dashed red;padding:3rem}.title{display:none}.time,.day,.main,.field{float:left;color:lime}`,
  'a preflight': `
    *,::before,::after,::backdrop{box-sizing:border-box;margin:0;padding:0;border:0 solid}
    html{line-height:1.15;tab-size:4} h1,h2,h3,h4{font-size:inherit;font-weight:inherit}
    a{color:inherit;text-decoration:inherit} ol,ul{list-style:none}
    img,svg,video{display:block;vertical-align:middle} img,video{max-width:100%;height:auto}
    button,input,select,textarea{font:inherit;letter-spacing:inherit;color:inherit;border-radius:0;background-color:transparent;opacity:1}
    table{text-indent:0;border-color:inherit;border-collapse:collapse} [hidden]{display:none!important}`,
  'a blog theme': `
    body{font:italic 300 21px/2.1 Georgia,serif;color:#333;word-spacing:4px;hyphens:auto;text-indent:2em}
    .entry-content>*,main>*{max-width:600px;margin-inline:auto} main a{border-bottom:3px solid;box-shadow:inset 0 -1px 0 currentColor}
    main button,main input[type=text],main input[type=email],main select{width:100%!important;padding:22px!important;background:#eee!important;border:4px double #999!important;font-size:10px!important}
    main table{width:100%;margin:0 0 3em} main td,main th{padding:1em;border:1px solid} main h2{font-size:48px;border-bottom:1px solid}
    main label{display:block;font-weight:900;text-transform:uppercase} ::selection{background:red}`,
  'a page that unsets everything': '* { all: unset } head, script, style { display: none }',
  'capitals, wide letters, content boxes':
    '* { box-sizing: content-box; letter-spacing: 2px; text-transform: uppercase; text-shadow: 1px 1px red; white-space: nowrap; cursor: crosshair; pointer-events: auto; user-select: none }',
  'important buttons and inputs': `
    button{all:revert!important;background:red!important;display:block!important;position:absolute!important;min-width:300px!important}
    input,select,textarea{display:none!important} label,p,div,span{color:red!important;font-size:40px!important} svg{width:300px!important;height:300px!important}`,
  'a root of ten pixels': 'html { font-size: 62.5% } body { font-size: 1.6rem }',
  'a page from right to left': 'html { direction: rtl } body { text-align: right; writing-mode: horizontal-tb }',
  'a black page that does not say so':
    'html, body { background: #000; color: #fff } body { font-weight: 700; -webkit-text-fill-color: #ff0; color: #fff }',
  'variables by our own names':
    ':root { --accent: red; --radius: 99px; --gap: 9em; --paper: #000; --ink: #111; --fill: lime; --on: lime; --line: lime; --edge: lime; --mute: lime; --soft: lime; --brand-radius: initial }',
  'a transformed, filtered, transparent frame of columns':
    'main { display: grid; grid-template-columns: minmax(0, 1fr); transform: translateZ(0); filter: none; perspective: 500px; columns: auto; list-style: square; quotes: none; tab-size: 1 }',
};

const LOOKS = `
  width height display position float visibility opacity
  box-sizing direction color background-color border-top-color border-top-width border-top-style
  border-top-left-radius padding-top padding-left margin-top margin-left outline-style box-shadow
  text-shadow font-size font-weight font-style line-height letter-spacing word-spacing
  text-transform text-align text-indent white-space text-decoration-line cursor user-select
  pointer-events -webkit-text-fill-color
`
  .trim()
  .split(/\s+/);

/** One line for each element of the widget: what it is, then how it looks. */
export function lookOfWidget(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ looks, root }) => {
      const all = [...(document.querySelector(root)?.shadowRoot?.querySelectorAll('*') ?? [])];
      const isClock = (element: Element) => element.closest('p.row.mute') !== null; // its words change with the minute
      return all
        .filter((element) => !isClock(element))
        .map((element) => {
          const style = getComputedStyle(element);
          const values = looks.map((name) => `${name}: ${style.getPropertyValue(name)}`);
          return [`${element.localName}.${element.getAttribute('class') ?? ''}`, ...values].join('; ');
        });
    },
    { looks: LOOKS, root: 'iclosed-booking' },
  );
}

/** The same of the page's own elements. */
export function lookOfPage(page: Page): Promise<string[]> {
  return page.evaluate((looks) => {
    const own = [...document.querySelectorAll('html, body, body :not(iclosed-booking, iclosed-booking *, script)')];
    return own.map((element) => {
      const style = getComputedStyle(element);
      return [element.localName, ...looks.map((name) => `${name}: ${style.getPropertyValue(name)}`)].join('; ');
    });
  }, LOOKS);
}

/** What differs, readable: `button.cta: color: red ≠ blue`. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  if (before.length !== after.length) return [`${before.length} elements ≠ ${after.length}`];
  return before.flatMap((line, index) => {
    const [name, ...values] = line.split('; ');
    const others = after[index]?.split('; ').slice(1) ?? [];
    return values.flatMap((value, at) => (value === others[at] ? [] : [`${name}: ${value} ≠ ${others[at]}`]));
  });
}
