/** The card: the panel with whom and what, the bar of steps, notices, buttons, the ends, the way out. Space comes from gaps. */
import { css } from './css.ts';

export const frame = css`
  .card,
  .aside,
  .main,
  .flow,
  .field,
  .tiles,
  .calendar,
  .list,
  .confirm {
    display: grid;
    gap: 0.5em;
    min-width: 0;
  }
  .main,
  .flow {
    gap: calc(var(--gap) * 1.1);
  }
  .row,
  .tile,
  .notice,
  .fault {
    display: flex;
    align-items: center;
    gap: 0.4em 0.6em;
  }
  .logo,
  .cta,
  .small,
  .quiet,
  .turn,
  .day,
  .bone,
  .tile,
  .input,
  .notice,
  .boxed,
  .big ::slotted(a) {
    border-radius: var(--radius);
  }
  .boxed,
  .tile,
  .input {
    border: 1px solid var(--line);
    padding: 0.6em 0.8em;
  }
  .card {
    gap: 0;
    background: var(--paper);
    border: var(--iclosed-border, 1px solid var(--line));
    border-radius: calc(var(--radius) * 1.6);
    box-shadow: var(--iclosed-shadow, 0 1px 2px #0b132b0d, 0 18px 44px -18px #0b132b33);
  }
  .aside {
    grid-template-columns: auto 1fr auto;
    align-items: center;
    gap: 0.5em 0.8em;
    padding: 1.1em 1.25em;
    border-bottom: 1px solid var(--line);
  }
  .aside > :not(.facts, .logo, .logo + *) {
    grid-column: 1 / -1;
  }
  .logo,
  .turn {
    display: grid;
    place-items: center;
    width: 44px;
    height: 44px;
    object-fit: contain;
  }
  .mono,
  .free[aria-pressed='true'] {
    background: var(--fill);
    color: var(--on);
  }
  .icon ~ .icon {
    margin-inline-start: 0.8em;
  }
  .aside .icon {
    margin-inline-end: 0.5em;
    vertical-align: -0.15em;
  }
  .mute,
  .quiet,
  .exit {
    font-weight: 400;
    color: var(--mute);
    font-size: 0.88em;
  }
  .title {
    font-size: 1.08em;
    line-height: 1.3;
  }
  .main {
    align-content: start;
    padding: calc(var(--gap) * 1.25) 1.25em;
  }
  .progress i {
    flex: 1;
    height: 4px;
    border-radius: 4px;
    background: var(--line);
  }
  .progress .done {
    background: var(--tint);
  }
  .heading {
    font-size: 1.2em;
    line-height: 1.3;
  }
  .heading,
  h3,
  #zone,
  .aside p {
    text-wrap: balance;
  }
  .more {
    margin-top: -0.7em;
    font-size: 0.96em;
    white-space: pre-line;
  }
  .cta,
  .small,
  .quiet,
  .big ::slotted(a) {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-height: 2.9em;
    padding: 0.5em 1em;
    text-align: center;
  }
  .cta {
    min-height: 3.1em;
    background: var(--fill);
    color: var(--on);
    text-decoration: none;
  }
  .big ::slotted(a) {
    min-height: 3.1em;
    padding: 0.5em 1em !important;
    background: var(--fill) !important;
    color: var(--on) !important;
    text-decoration: none !important;
  }
  .cta:hover {
    filter: brightness(1.08);
  }
  .small {
    border: 1px solid var(--edge);
    background: var(--paper);
  }
  .quiet {
    justify-self: center;
  }
  .quiet:hover,
  .small:hover,
  .turn:hover {
    background: var(--field);
  }
  [aria-pressed='true'],
  .tile:has(:checked) {
    border-color: var(--tint);
    background: var(--soft);
    color: var(--tint);
  }
  .text,
  .exit:not(.big) ::slotted(a) {
    display: inline-block;
    flex: none;
    min-height: 24px;
    color: var(--ink);
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .notice,
  .fault {
    align-items: start;
  }
  .notice {
    padding: 0.75em 0.95em;
    background: var(--soft);
    font-size: 0.94em;
  }
  .notice .icon,
  .fault .icon {
    margin-top: 0.2em;
  }
  .notice p + * {
    margin-top: 0.4em;
  }
  .end > .cta {
    justify-self: stretch;
  }
  .end {
    align-content: center;
    justify-items: start;
  }
  .end > .icon {
    width: 3.25em;
    height: 3.25em;
    padding: 0.8em;
    border-radius: 50%;
    background: var(--soft);
    color: var(--tint);
  }
  .end .heading {
    font-size: 1.32em;
  }
  .big {
    font-size: 1em;
  }
  .floating {
    position: fixed;
    inset: auto 1em 1em auto;
    z-index: 9999;
    container-type: normal;
    font-weight: 650;
  }
  @container (min-width: 52em) {
    .card:has(.aside) {
      grid-template-columns: 16.5em 1fr;
    }
    .aside {
      display: block;
      padding: calc(var(--gap) * 1.8) 1.6em;
      border: 0;
      border-start-start-radius: inherit;
      border-end-start-radius: inherit;
      background: var(--field);
    }
    .aside > * {
      margin-bottom: 0.9em;
    }
    .title {
      font-size: 1.32em;
    }
    .main {
      padding: calc(var(--gap) * 1.8) 1.9em;
      min-height: 29em;
    }
    .end {
      max-width: 30em;
    }
    .big ::slotted(a),
    .big slot > a,
    .end .cta,
    .exit .cta {
      display: inline-flex;
      justify-self: start;
      min-width: 14em;
    }
  }
`;
