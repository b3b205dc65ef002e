/** Contrast as WCAG 2.2 reckons it, of what is on the screen, for a hundred accents by chance, on light and on dark paper. */
import { expect } from './expect.ts';

import { WidgetPage } from './widget-page.ts';

let shown: WidgetPage;
beforeEach(async () => {
  sessionStorage.clear();
  shown = await WidgetPage.open();
});
afterEach(() => shown.close());

const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

/** Any colour of CSS as the screen shows it. */
function pixel(color: string): number[] {
  if (!context) throw new Error('no canvas');
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = pixel(color).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** A hundred colours of sRGB, the same each time, and the hardest ones: the corners. */
function accents(): string[] {
  let seed = 20_261_126;
  const chance = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((seed / 2 ** 32) * 256);
  };
  const hex = (...parts: number[]) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  const corners = [0, 255].flatMap((red) => [0, 255].flatMap((green) => [0, 255].map((blue) => hex(red, green, blue))));
  return [...corners, ...Array.from({ length: 100 }, () => hex(chance(), chance(), chance()))];
}

function look(selector: string): CSSStyleDeclaration {
  const found = shown.root.querySelector(selector);
  if (!found) throw new Error(`no ${selector}`);
  return getComputedStyle(found);
}

/** Of `rgb(…) 0px 0px 0px 1px inset`. */
function ringColor({ boxShadow }: CSSStyleDeclaration): string {
  return boxShadow.replace(/ 0px.*$/, '');
}

/** Everything that the accent colours and that must be told from its ground, save the button's own, which has words: name, contrast, the least of it. */
function pairs(): [name: string, contrast: number, least: number][] {
  const paper = look('.card').backgroundColor;
  const button = look('.cta');
  const chosen = look('td .free[aria-pressed=true]');
  const free = look('td .free[aria-pressed=false]');
  const time = look('[part=time][aria-pressed=true]');
  const { outlineColor } = look(':focus-visible');
  return [
    ['words of the button', contrast(button.color, button.backgroundColor), 4.5],
    ['words of the chosen day', contrast(chosen.color, chosen.backgroundColor), 4.5],
    ['words of a free day', contrast(free.color, free.backgroundColor), 4.5],
    ['accent on paper', contrast(free.color, paper), 4.5],
    ['words of the chosen time', contrast(time.color, time.backgroundColor), 4.5],
    ['border of the chosen time', contrast(time.borderTopColor, paper), 3],
    ['ring of the chosen day', contrast(ringColor(chosen), paper), 3],
    ['the ring of focus', contrast(outlineColor, paper), 3],
  ];
}

it('the reckoning: black on white ⇒ 21, grey on white ⇒ 4.48, a colour on itself ⇒ 1', () => {
  expect(contrast('#000', '#fff')).to.equal(21);
  expect(contrast('#777', '#fff').toFixed(2)).to.equal('4.48');
  expect(contrast('oklch(60% 0.1 20)', 'oklch(60% 0.1 20)')).to.equal(1);
});

for (const theme of ['light', 'dark']) {
  it(`a hundred accents on ${theme} paper ⇒ words at least 4.5, borders that mean something at least 3`, async () => {
    shown.element.setAttribute('theme', theme);
    await shown.toTimes();
    await shown.press('10:00 AM');
    shown.root.querySelector<HTMLElement>('[part=time][aria-pressed=true]')?.focus();
    const worst = new Map<string, string>();
    for (const accent of accents()) {
      shown.element.style.setProperty('--iclosed-accent', accent);
      for (const [name, found, least] of pairs()) {
        if (found < least && !worst.has(name)) worst.set(name, `${accent}: ${found.toFixed(2)}`);
      }
    }
    expect([...worst].map((each) => each.join(' ')).join('\n')).to.equal('');
  });
}
