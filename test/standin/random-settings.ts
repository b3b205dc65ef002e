/**
 * Draws every uncertain behaviour of iClosed from a seed: one run of the tests uses it, prints the seed, and must hold
 * whatever comes. Faults, limits and keys are not drawn; they are chosen by the test.
 */
import { pick, seededRandom } from './random.ts';
import type { SettingsPatch } from './settings.ts';

/** A patch that sets all uncertain switches; the same seed gives the same patch. */
export function randomSettings(seed: number): SettingsPatch {
  const random = seededRandom(seed ^ 0x5e7715);
  const coin = () => random() < 0.5;
  /** For behaviours under which the product must stop booking: rarer. */
  const seldom = () => random() < 0.1;
  const tiedFieldsKey = pick(random, ['customFieldEvents', 'CustomFieldEvent', 'secondaryQuestions', null] as const);
  const success = () => pick(random, [200, 201] as const);
  return {
    limit: {
      countsRefused: coin(),
      retryAfter: pick(random, ['body', 'header', 'both', 'none'] as const),
      rateHeaders: coin(),
    },
    errors: {
      family: pick(random, ['message', 'error'] as const),
      validation: pick(random, ['details', 'errors', 'text'] as const),
      code: coin(),
    },
    envelope: pick(random, ['documented', 'documented', 'single', 'data', 'root'] as const),
    idsAsStrings: coin(),
    statuses: { contacts: success(), answers: success(), eventDates: success(), calls: success(), search: success() },
    keyIsAdmin: coin(),
    detail: {
      tiedFieldsKey,
      tiedFieldsInline: coin(),
      questionTypes: pick(random, ['api', 'labels'] as const),
      options: pick(random, ['strings', 'objects', 'object'] as const),
      describesEvent: coin(),
      identifiersWrapped: coin(),
    },
    contacts: {
      upsertStatus: pick(random, ['keep', 'when_given', 'always'] as const),
      upsertOverwrites: coin(),
      upsertConflict: pick(random, ['email', 'phone'] as const),
      updateConflict: pick(random, ['refuse', 'allow'] as const),
    },
    answers: {
      questionTypeError: pick(random, ['message', 'code', 'error', 'nested'] as const),
      unknownOption: pick(random, ['accept', 'refuse'] as const),
      unknownField: pick(random, ['refuse', 'ignore'] as const),
      // An account that demands answers tells in the detail which.
      missingRequired: tiedFieldsKey === null ? 'accept' : pick(random, ['accept', 'refuse'] as const),
      conditionalUsers: pick(random, ['array', 'csv'] as const),
      rulesReadStored: coin(),
    },
    availability: {
      windowDays: pick(random, [3, 5, 7, 14, 31] as const),
      emptyAnchor: pick(random, ['passed', 'any', 'never'] as const),
      zoneIgnored: seldom(),
      pastListed: coin(),
      emptyDaysListed: coin(),
      timeForm: pick(random, ['HH:mm', 'HH:mm', 'H:mm', 'object', 'iso'] as const),
      unsorted: coin(),
      appliedHostIds: coin(),
      multiBooking: coin(),
      inactiveEvent: pick(random, ['empty', 'not_found'] as const),
    },
    calls: {
      slotTakenStatus: pick(random, [400, 404, 409, 410, 422, 200] as const),
      slotTakenBody: pick(random, ['text', 'code', 'validation'] as const),
      blockedContact: pick(random, ['refuse', 'accept'] as const),
      namesRequired: coin(),
      rescheduleAnswer: pick(random, ['message', 'eventCall'] as const),
      notMovable: pick(random, ['refuse', 'accept'] as const),
      cancelTwice: pick(random, ['refuse', 'accept'] as const),
    },
    search: {
      filterIgnored: seldom(),
      dateFilterIgnored: coin(),
      orderIgnored: seldom(),
      showsCreatedAt: coin(),
    },
  };
}
