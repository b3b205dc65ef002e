/**
 * The fault mix of `promises.md` as settings of the model: a fifth of all calls fails in some way, searches lag and fail, and
 * every uncertain behaviour of iClosed is drawn from the seed.
 */
import { randomSettings } from '../standin/random-settings.ts';
import { mergeSettings, type Settings, type SettingsPatch } from '../standin/settings.ts';
import { defaultSettings } from '../standin/default-settings.ts';

/** How quickly iClosed answers when nothing is wrong. */
export const LATENCY_MS = { min: 30, max: 400 };

export function faultMix(seed: number): Settings {
  const mix: SettingsPatch = {
    latencyMs: LATENCY_MS,
    // Zones misread stop an event, which is tried elsewhere; here people shall book.
    availability: { zoneIgnored: false },
    search: { lagMs: 2_000, errorShare: 0.2 },
    faults: { share: 0.2, lateCommitAfterMs: 12_000, lateCommitSpreadMs: 25_000 },
  };
  return mergeSettings(mergeSettings(defaultSettings, randomSettings(seed)), mix);
}

/** No faults, no uncertain behaviour. */
export const calm: SettingsPatch = { latencyMs: LATENCY_MS };
