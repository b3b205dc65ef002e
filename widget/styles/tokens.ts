/**
 * Colours, sizes and what is taken from the page. One accent gives all shades: `--fill` is the accent, darkened where white on it
 * would be hard to read; `--on` is white or near black by its lightness (.72 in OKLCH); `--tint` is the accent as text on paper. With these limits
 * text keeps 4.5 : 1 for every accent; edges of fields, the ring of focus and what marks a choice keep 3 : 1. `all: initial` stops what a page's styles would hand down.
 */
import { css } from './css.ts';

export const tokens = css`
  /* Sizes that follow the container have no width of their own, so one is given where a page would shrink the widget to fit. */
  :host {
    display: block;
    width: -webkit-fill-available;
    min-width: 0;
  }
  :host([mode='popup']) {
    display: contents;
  }
  :host([hidden]),
  .closed {
    display: none;
  }
  .root {
    all: initial;
    display: block;
    color-scheme: inherit;
    visibility: inherit;
    --accent: var(--iclosed-accent, var(--brand-accent, oklch(53% 0.2 264)));
    --radius: var(--iclosed-radius, var(--brand-radius, 11px));
    --gap: calc(1em * var(--iclosed-density, 1));
    --paper: var(--iclosed-paper, light-dark(#fff, #15181f));
    --ink: var(--iclosed-ink, light-dark(#171b26, #e9ebf0));
    --fill: oklch(from var(--accent) calc(min(l, 0.53) + clamp(0, (l - 0.72) * 999, 1) * (l - min(l, 0.53))) c h);
    --on: oklch(from var(--accent) calc(1 - clamp(0, (l - 0.72) * 999, 1) * 0.83) 0 h);
    --tint: light-dark(oklch(from var(--accent) min(l, 0.48) c h), oklch(from var(--accent) max(l, 0.78) calc(c * 0.75) h));
    --mute: color-mix(in oklab, var(--ink) 68%, var(--paper));
    --line: color-mix(in oklab, var(--ink) 13%, var(--paper));
    --edge: color-mix(in oklab, var(--ink) 48%, var(--paper));
    --field: color-mix(in oklab, var(--ink) 3%, var(--paper));
    --soft: color-mix(in oklab, var(--tint) 9%, var(--paper));
    --wrong: light-dark(#b3261e, #ff9d94);
    max-width: var(--iclosed-width, 56em);
    margin: auto;
    position: relative;
    container-type: inline-size;
    contain-intrinsic-width: 18em;
    color: var(--ink);
    font: var(--iclosed-font-size, max(16px, 1rem)) / 1.5 none;
    font-family: var(--iclosed-font, inherit);
    overflow-wrap: anywhere;
  }
  .light {
    color-scheme: light;
  }
  .dark {
    color-scheme: dark;
  }
  * {
    box-sizing: border-box;
  }
  button,
  h2,
  h3,
  h4,
  p {
    all: unset;
    display: block;
    box-sizing: border-box;
  }
  b,
  h3,
  .heading,
  .title,
  .cta,
  .mono,
  .free,
  .big ::slotted(a) {
    font-weight: 650;
  }
  a,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    margin: 0;
  }
  button:not([aria-disabled='true']),
  .tile,
  select {
    cursor: pointer;
  }
  :focus-visible,
  [type='date']:focus-within,
  .tile:has(input:focus-visible) {
    outline: 3px solid var(--tint);
    outline-offset: 2px;
  }
  ::slotted(a:focus-visible) {
    outline: 3px solid var(--tint) !important;
  }
  .heading,
  .tile input {
    outline: none;
  }
  .icon {
    width: 1.1em;
    height: 1.1em;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.7;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .back:dir(rtl),
  .on:dir(rtl) {
    scale: -1 1;
  }
  .spoken,
  .trap {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .spinner {
    width: 1em;
    height: 1em;
    flex: none;
    border: 2px solid;
    border-top-color: transparent;
    border-radius: 50%;
    animation: turn 0.8s linear infinite;
  }
  .bone {
    height: 0.9em;
    background: var(--line);
  }
  .bone,
  .waiting tbody {
    animation: fade 1s infinite alternate;
  }
  .flow,
  .notice {
    animation: fade 0.2s;
  }
  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }
  @keyframes fade {
    from {
      opacity: 0.3;
    }
  }
  @media (prefers-reduced-motion) {
    * {
      animation: none !important;
    }
  }
  @media (forced-colors: active) {
    .cta,
    .free,
    .progress i,
    .big ::slotted(a) {
      border: 1px solid;
    }
    .done,
    [aria-pressed='true'] {
      forced-color-adjust: none;
      background: Highlight !important;
      color: HighlightText !important;
    }
  }
`;
