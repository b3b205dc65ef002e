/**
 * Every behaviour of the stand-in that can be chosen, with its default and a sentence. What `iclosed-api.md` is not sure
 * about is a switch here; the default is the likelier reading. Merged over by `startStandin`, by the control route
 * `POST /__standin/settings` and by `randomSettings`.
 */
import type { FaultKind } from './faults.ts';

export interface Settings {
  /** Accepted keys; all belong to the one account. The ledger names a key by its index here. */
  keys: string[];
  /** Answered like an unknown key, also when listed in `keys`. */
  revokedKeys: string[];
  /** Answered "API key expired", also when listed in `keys`. */
  expiredKeys: string[];
  /** A key of a non-admin is refused on `GET /v1/users`. */
  keyIsAdmin: boolean;
  /** False: every route answers 403, as for a plan without the API. */
  planAllowsApi: boolean;

  limit: {
    /** Calls per endpoint (path and verb) within the window. */
    points: number;
    windowSeconds: number;
    /** False: nothing is refused, the ledger still counts. */
    enforced: boolean;
    /** True: a call answered with 429 uses up a point too. */
    countsRefused: boolean;
    /** Where a 429 says how long to wait. */
    retryAfter: 'body' | 'header' | 'both' | 'none';
    /** Whether answers carry `RateLimit-*`. */
    rateHeaders: boolean;
  };

  errors: {
    /** `{message}` as probed live, or `{error}` as the help article says. */
    family: 'message' | 'error';
    /** Shape of a 400 about fields: an object in `message`, a text beside `errors`, or a text alone. */
    validation: 'details' | 'errors' | 'text';
    /** Whether a `code` accompanies errors. */
    code: boolean;
  };

  /** Depth of answers: as documented (`data.eventCall.data`), `data.eventCall`, `data`, or the bare object. */
  envelope: 'documented' | 'single' | 'data' | 'root';
  /** Numeric ids are sent as strings. */
  idsAsStrings: boolean;
  /** HTTP status of each successful write or POST read; any 2xx is possible. */
  statuses: { contacts: number; answers: number; eventDates: number; calls: number; search: number };
  /** Every answer waits so long, drawn evenly. */
  latencyMs: { min: number; max: number };
  /** An upsert that meets a known person takes so much longer. */
  knownContactDelayMs: number;

  detail: {
    /** Name of the array that ties account-wide fields to the event; null: the detail does not tell. */
    tiedFieldsKey: string | null;
    /** Whether a tied field carries its own description. */
    tiedFieldsInline: boolean;
    /** Types of invitee questions as the write endpoint wants them, or as the product's pages label them. */
    questionTypes: 'api' | 'labels';
    /** Shape of `options` of an invitee question. */
    options: 'strings' | 'objects' | 'object';
    /** Whether duration and description are in the detail. */
    describesEvent: boolean;
    /** Every identifier of a field is wrapped in double braces (some always are). */
    identifiersWrapped: boolean;
  };

  contacts: {
    /** What an upsert does to the status of a known contact. */
    upsertStatus: 'keep' | 'when_given' | 'always';
    /** Whether an upsert changes names and the other identity of a known contact. */
    upsertOverwrites: boolean;
    /** Which identity wins when e-mail and phone belong to two contacts. */
    upsertConflict: 'email' | 'phone';
    /** Whether a PUT may give a contact an e-mail that another one has. */
    updateConflict: 'refuse' | 'allow';
  };

  answers: {
    /** Where `INVALID_INVITEE_QUESTION_TYPE` stands in the 400. */
    questionTypeError: 'message' | 'code' | 'error' | 'nested';
    /** An option text that the field does not have (or that is archived). */
    unknownOption: 'accept' | 'refuse';
    /** A field that the account does not have. */
    unknownField: 'refuse' | 'ignore';
    /** A required field of the event that was left out, here and when booking. */
    missingRequired: 'accept' | 'refuse';
    /** `conditionalUsers` as numbers or as one text with commas. */
    conditionalUsers: 'array' | 'csv';
    /** Rules also look at answers stored earlier for the contact. */
    rulesReadStored: boolean;
  };

  availability: {
    /** Days that one answer covers, from `currentDate` on. */
    windowDays: number;
    /** No time later than this from now is open. */
    horizonDays: number;
    /** When the answer is empty although later days are open: the anchor day's times have passed; it has none; never. */
    emptyAnchor: 'passed' | 'any' | 'never';
    /** True: days and times are in the account's zone whatever was asked. */
    zoneIgnored: boolean;
    /** Times of today that have passed are still listed. */
    pastListed: boolean;
    /** Days without times appear with an empty list. */
    emptyDaysListed: boolean;
    /** How one time is written. */
    timeForm: 'HH:mm' | 'H:mm' | 'object' | 'iso';
    /** Times of a day in no order. */
    unsorted: boolean;
    /** Whether the newer `appliedHostIds` is in the answer. */
    appliedHostIds: boolean;
    /** Share of half hours in which a host is busy with other things. */
    busyShare: number;
    /** A booked time stays listed and may be booked again. */
    multiBooking: boolean;
    /** A deactivated event: no times, or not found. */
    inactiveEvent: 'empty' | 'not_found';
  };

  calls: {
    /** HTTP status when the time is no longer free; 200 means that only the inner status tells. */
    slotTakenStatus: 400 | 404 | 409 | 410 | 422 | 200;
    /** Body then: a sentence, a code alone, or the shape of a validation error. */
    slotTakenBody: 'text' | 'code' | 'validation';
    /** Booking for somebody on the account's block list. */
    blockedContact: 'refuse' | 'accept';
    /** Booking for a contact with a first but no last name is refused. */
    namesRequired: boolean;
    /** Shape of the answer to a reschedule. */
    rescheduleAnswer: 'message' | 'eventCall';
    /** Moving a call whose `allowReschedule` is false. */
    notMovable: 'refuse' | 'accept';
    /** Cancelling a call for the second time. */
    cancelTwice: 'refuse' | 'accept';
    /** Minutes that the booked start differs from what was asked; anything but 0 plays an account that misreads zones. */
    startShiftMinutes: number;
  };

  search: {
    /** A call is found only so long after it was created. */
    lagMs: number;
    /** Share of searches answered with 500. */
    errorShare: number;
    /** All filters are ignored: everybody's calls are returned. */
    filterIgnored: boolean;
    /** Only the filters on dates are ignored. */
    dateFilterIgnored: boolean;
    /** `orderBy` and `orderColumn` are ignored: oldest first. */
    orderIgnored: boolean;
    /** Whether rows carry `createdAt` (not among the fields seen live). */
    showsCreatedAt: boolean;
  };

  faults: {
    /** Share of calls that meet a fault, from 0 to 1. */
    share: number;
    /**
     * What a draw depends on: the calls before it, or only seed, endpoint, person and how many calls there were about that
     * person; then the same people meet the same faults in whatever order they come.
     */
    drawnBy: 'arrival' | 'person';
    /** Faults are drawn for these endpoints only; null: for all. */
    endpoints: string[] | null;
    /** Weight of each kind among them; missing means 0. */
    kinds: Partial<Record<FaultKind, number>>;
    /** The key that `key_refused` hits, by its index. */
    refusedKeyIndex: number;
    /** `late_commit`: commits this long after arrival … */
    lateCommitAfterMs: number;
    /** … plus up to this, drawn evenly. */
    lateCommitSpreadMs: number;
    /** `slow`: answers after up to this, drawn evenly. */
    slowMs: number;
  };

  /** From `from` to `to` (ms of the stand-in's clock) no call gets through. */
  outage: { from: number; to: number; how: 'reset' | 'hang' | 'error' } | null;
}

/** Part of the settings, at any depth; lists are replaced, not merged. */
export type SettingsPatch = Patch<Settings>;

type Patch<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Patch<T[K]> : T[K];
};

/**
 * A copy of `base` with the patch laid over it.
 * @throws TypeError that names a setting which does not exist, so that a typing error does not pass as a run without faults.
 */
export function mergeSettings(base: Settings, patch: SettingsPatch): Settings {
  return mergeInto(base, patch, 'settings') as Settings;
}

/** Settings whose keys are open: any key may be added. */
const openRecords = new Set(['settings.faults.kinds']);

function mergeInto(base: unknown, patch: unknown, path: string): unknown {
  if (!isRecord(base) || !isRecord(patch)) return structuredClone(patch);
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(base, key) && !openRecords.has(path)) throw new TypeError(`no such setting: ${path}.${key}`);
    merged[key] = mergeInto(base[key], value, `${path}.${key}`);
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
