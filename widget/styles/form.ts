/** Fields, tiles, faults; and the bones that stand in their places before they are known. */
import { css } from './css.ts';

export const form = css`
  .contact {
    display: grid;
    gap: inherit;
    column-gap: 0.9em;
  }
  .field {
    align-content: start;
  }
  .field > label:not(.tile),
  .field > b {
    font-size: 0.9em;
    font-weight: 580;
  }
  .input {
    width: 100%;
    min-width: 0;
    min-height: 2.9em;
    border-color: var(--edge);
    background: none;
    appearance: none;
  }
  select.input {
    padding-inline-end: 2.6em;
  }
  select + .icon {
    margin-inline-start: -2.6em;
    pointer-events: none;
  }
  .input:focus-visible {
    border-color: var(--fill);
    outline-offset: 0;
  }
  [aria-invalid].input {
    border-color: var(--wrong);
    box-shadow: inset 0 0 0 1px var(--wrong);
  }
  .fault {
    color: var(--wrong);
    font-size: 0.88em;
  }
  .rating {
    display: flex;
    flex-wrap: wrap;
  }
  .rating .tile {
    padding: 0.5em;
  }
  .tile {
    min-height: 2.9em;
    font-size: 0.96em;
    line-height: 1.35;
  }
  .tile input {
    flex: none;
    width: 1.15em;
    height: 1.15em;
    accent-color: var(--fill);
  }
  .boxed p {
    flex: 1;
  }
  .field .bone {
    width: 5em;
    margin: 0.25em 0;
  }
  .field .tall {
    width: auto;
    height: 2.9em;
    margin: 0;
  }
  @container (min-width: 22em) {
    .contact {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .contact > .field:not(.half) {
      grid-column: 1 / -1;
    }
  }
  @container (min-width: 30em) {
    .tiles:not(.rating) {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`;
