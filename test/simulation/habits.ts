/**
 * What one visitor will do, drawn from a seed before the visit begins. The mix is the one of `promises.md`: some double-click, use
 * two tabs, correct their address, reload, leave, follow the fallback link.
 */
import type { ContactFields } from '../../shared/protocol.ts';
import { pick, type Random } from '../standin/random.ts';

export type LeavesAt = 'answers' | 'times' | 'book' | 'pending';

export interface Habits {
  event: string;
  contact: ContactFields;
  answers: Record<string, string[]>;
  /** Between two steps. */
  thinksMs: number;
  pressesTwice: boolean;
  /** Sends the contact once more with a corrected address, before or after the answers. */
  correctsAddress?: 'before answers' | 'after answers';
  reloads: boolean;
  leavesAt?: LeavesAt;
  /** Takes the fallback link as soon as the widget says that something does not work. */
  withdraws: boolean;
  /** Which of the offered times, from 0 to 1. */
  taste: number;
  /** The time nearest to this instant instead: does not depend on how many are offered. */
  wants?: number;
}

const EVENTS = ['acme/discovery-call', 'acme/discovery-call', 'acme/strategy-session', 'acme/email-only'];

/** @param number makes the person unique in the run. */
export function drawHabits(random: Random, number: number): Habits {
  const chance = (share: number) => random() < share;
  const event = pick(random, EVENTS);
  const habits: Habits = {
    event,
    contact: personOf(number),
    answers: event === 'acme/discovery-call' ? discoveryAnswers(random) : {},
    thinksMs: 2_000 + random() * 18_000,
    pressesTwice: chance(0.1),
    reloads: chance(0.05),
    withdraws: chance(0.1),
    taste: random(),
  };
  if (chance(0.05)) habits.correctsAddress = chance(0.5) ? 'before answers' : 'after answers';
  if (chance(0.06)) habits.leavesAt = pick(random, ['answers', 'times', 'book', 'pending'] as const);
  return habits;
}

/** A visitor who does everything as it is meant. */
export function plainHabits(random: Random, number: number): Habits {
  const { event, contact, answers, thinksMs, taste } = drawHabits(random, number);
  return { event, contact, answers, thinksMs, taste, pressesTwice: false, reloads: false, withdraws: false };
}

/** The same person in a second tab: the same wish, or another time. */
export function secondTab(random: Random, first: Habits): Habits {
  const { leavesAt: _, correctsAddress: __, ...rest } = first;
  return { ...rest, taste: random() < 0.5 ? first.taste : random(), withdraws: false, reloads: false };
}

export function personOf(number: number): ContactFields {
  return {
    first_name: 'Vera',
    last_name: `Visitor ${number}`,
    email: `vera.${number}@visitors.example`,
    phone: `+1${2_025_600_000 + number}`,
  };
}

/** Most route to anybody, some to two hosts; nobody is disqualified, so that everybody may book. */
function discoveryAnswers(random: Random): Record<string, string[]> {
  const size = pick(random, ['11-50', '11-50', '201-500', '51-200']);
  const answers: Record<string, string[]> = { 'company-size': [size], 'monthly-revenue': ['$5k – $20k'] };
  if (random() < 0.5) answers.goals = ['More leads', 'Better close rate'];
  return answers;
}
