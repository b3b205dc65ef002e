/**
 * The machine's own time, as visitors of the simulation need it.
 */
import type { Clock } from '../simulation/clock.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  at: (instant, callBack) => {
    const timer = setTimeout(callBack, Math.max(0, instant - Date.now()));
    return () => clearTimeout(timer);
  },
  sleep: (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
};
