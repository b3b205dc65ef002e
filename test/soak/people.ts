/**
 * The people of the simulation, in a hurry: over real sockets every second of thinking is a second of the run.
 */
import { type Arrival, drawCrowd } from '../simulation/crowd.ts';
import { faultMix } from '../simulation/fault-mix.ts';
import { seededRandom } from '../standin/random.ts';
import { mergeSettings, type Settings } from '../standin/settings.ts';

/** They think a tenth as long as people do. */
const HURRY = 0.1;

export function drawPeople(
  seed: number,
  visitors: number,
  arriveWithinMs: number,
  behaviour: 'mixed' | 'plain' = 'mixed',
): Arrival[] {
  const drawn = drawCrowd(seededRandom(seed ^ 0xc20d), { seed, visitors, arriveWithinMs, behaviour });
  return drawn.map((arrival) => ({
    ...arrival,
    habits: { ...arrival.habits, thinksMs: arrival.habits.thinksMs * HURRY },
  }));
}

/**
 * The fault mix with faults drawn by person, so that the same people meet the same ones whenever they come, in an account whose
 * search heeds its filter: where it does not, nothing is proven before the hard end, which virtual time tries.
 */
export function personalFaults(seed: number): Settings {
  return mergeSettings(faultMix(seed), { search: { filterIgnored: false }, faults: { drawnBy: 'person' } });
}
