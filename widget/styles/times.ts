/** The month, the times of a day, the zone, and the line that books. Two columns where there is room. */
import { css } from './css.ts';

export const times = css`
  .calendar {
    gap: var(--gap) 1.9em;
  }
  .month {
    flex: 1;
  }
  [aria-disabled='true'] .icon {
    opacity: 0.35;
  }
  .grid {
    width: calc(100% + 6px);
    margin: -0.5em -3px 0;
    table-layout: fixed;
    border-spacing: 3px;
    font-size: min(1em, 5.5cqi);
  }
  th,
  .day {
    color: var(--mute);
  }
  th {
    font-size: 0.78em;
    font-weight: 500;
  }
  td {
    padding: 0;
  }
  .day {
    width: 100%;
    min-height: 2.75em;
    padding: 0;
    text-align: center;
    white-space: nowrap;
    font-size: 0.96em;
  }
  .free {
    background: var(--soft);
    color: var(--tint);
  }
  .today {
    text-decoration: underline 2px;
    text-underline-offset: 0.35em;
  }
  .part {
    margin: 0.8em 0 0.4em;
  }
  .list {
    align-content: start;
    grid-template-columns: repeat(auto-fill, minmax(5.6em, 1fr));
  }
  .list > p {
    grid-column: 1 / -1;
  }
  .heading,
  .calendar button {
    scroll-margin: 6em 0 10em;
  }
  .cta,
  .free:hover,
  [aria-pressed='true'] {
    box-shadow: inset 0 0 0 1px var(--tint);
  }
  .confirm {
    position: sticky;
    bottom: 0;
    padding: 0.9em 0;
    border-top: 1px solid var(--line);
    background: var(--paper);
  }
  .confirm p {
    display: grid;
    font-size: 0.92em;
  }
  @media (height < 26em) {
    .confirm {
      position: static;
    }
  }
  @container (min-width: 35em) {
    .calendar {
      grid-template-columns: minmax(0, 1fr) 13em;
    }
    .calendar h3 {
      min-height: 2.75em;
      align-content: center;
      line-height: 1.3;
    }
    .confirm {
      grid-template-columns: 1fr auto;
      align-items: center;
    }
    .confirm .cta {
      min-width: 13em;
    }
  }
`;
