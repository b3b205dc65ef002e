/**
 * `GET /v1/eventCalls`: the search that tells what became of an unclear booking, with the row fields seen live and every way
 * in which it may mislead: it lags, fails, ignores filters or order, and shows a local `dateTime` beside `dateTimeUTC`.
 */
import type { Call } from './call-book.ts';
import { accountSecrets } from './canaries.ts';
import { fieldById } from './custom-fields.ts';
import { eventById } from './events.ts';
import { FieldReader } from './field-reader.ts';
import { accountTimeZone, hostById } from './hosts.ts';
import { pageOf } from './paging.ts';
import { Refusal } from './refusal.ts';
import type { Answer, ApiCall, World } from './world.ts';
import { offsetMs } from './zones.ts';

type Test = (call: Call) => boolean;

const callTypes = ['scheduled_events', 'cancelled_events', 'rescheduled_events'];
const orderColumns = ['createdAt', 'dateTime', 'updatedAt', 'id'] as const;

export function searchCalls({ world, query, at }: ApiCall): Answer {
  const { search, statuses, envelope } = world.settings;
  const fields = new FieldReader(query, 'query');
  const tests = readTests(world, fields, at);
  const order = readOrder(fields);
  const page = pageOf(fields);
  fields.refuseIfAny();
  if (search.errorShare > 0 && world.random() < search.errorShare) throw new Refusal(500, 'Internal server error');

  const contactId = fields.integer('contactId');
  const rows = contactId !== undefined && !search.filterIgnored ? world.calls.ofContact(contactId) : world.calls.all();
  const found = rows.filter((call) => call.createdAt + search.lagMs <= at && tests.every((test) => test(call)));
  found.sort(search.orderIgnored ? (one, other) => one.id - other.id : order);
  const data = { eventCalls: page.of(found).map((call) => callRecord(world, call)), count: found.length };
  return { status: statuses.search, body: envelope === 'root' ? data : { data }, isCommitted: false };
}

/** A row with the fields seen in production; `email` and names at the top are the host's. */
export function callRecord(world: World, call: Call) {
  const host = hostById(call.hostId);
  const event = eventById(call.eventId);
  const contact = world.contacts.byId(call.contactId);
  const local = call.startsAt + offsetMs(accountTimeZone, call.startsAt);
  return {
    id: call.id,
    callId: call.id,
    contactId: call.contactId,
    previewId: contact?.previewId,
    userId: call.hostId,
    firstName: host?.firstName,
    lastName: host?.lastName,
    email: host?.email,
    inviteeName: [contact?.firstName, contact?.lastName].filter(Boolean).join(' '),
    inviteeEmail: contact?.email ?? null,
    phoneNumber: contact?.phoneNumber ?? null,
    location: 'GOOGLE_MEET',
    locationLink: accountSecrets.hostLocationLink,
    locationLinkInvitee: `https://meet.example/${call.previewId}`,
    dateTime: new Date(local).toISOString().slice(0, 16).replace('T', ' '),
    dateTimeUTC: new Date(call.startsAt).toISOString(),
    duration: call.durationMinutes,
    durationUnit: 'MINUTES',
    callType: 'DISCOVERY_CALL',
    eventType: event?.kind,
    allowReschedule: call.allowReschedule,
    rescheduledBy: call.rescheduledAt === null ? null : 'INVITEE',
    rescheduleReason: call.rescheduleReason,
    cancelledBy: call.cancelledAt === null ? null : 'INVITEE',
    cancelReason: call.cancelReason,
    inviteTimeZone: call.timeZone,
    userAvailabilityTimezone: host?.timeZone,
    linkPrefix: call.linkPrefix,
    name: event?.name,
    ...(world.settings.search.showsCreatedAt && { createdAt: new Date(call.createdAt).toISOString() }),
    questions: [],
    secondaryAnswers: [...call.answers].map(([fieldId, answer]) => ({
      statement: fieldById(fieldId)?.name,
      answer: [{ inputType: fieldById(fieldId)?.inputType, answer }],
    })),
    utm: [],
    task: [],
    deals: [],
    SettedClaim: null,
  };
}

function readTests(world: World, fields: FieldReader, at: number): Test[] {
  const { filterIgnored, dateFilterIgnored } = world.settings.search;
  const tests: Test[] = [];
  const among = (field: string, valueOf: (call: Call) => string) => {
    const wanted = fields
      .text(field)
      ?.split(',')
      .map((value) => value.trim().toLowerCase());
    if (wanted) tests.push((call) => wanted.includes(valueOf(call).toLowerCase()));
  };
  const since = (field: string, valueOf: (call: Call) => number, isMet: (value: number, bound: number) => boolean) => {
    const bound = readBound(fields, field);
    if (bound !== undefined && !dateFilterIgnored) tests.push((call) => isMet(valueOf(call), bound));
  };
  among('ids', (call) => String(call.id));
  among('userIds', (call) => String(call.hostId));
  among('eventIds', (call) => String(call.eventId));
  among('inviteeEmails', (call) => world.contacts.byId(call.contactId)?.email ?? '');
  const contactId = fields.integer('contactId');
  if (contactId !== undefined) tests.push((call) => call.contactId === contactId);
  since(
    'dateFrom',
    (call) => call.startsAt,
    (value, bound) => value >= bound,
  );
  since(
    'dateTo',
    (call) => call.startsAt,
    (value, bound) => value <= bound,
  );
  since(
    'createdAtStart',
    (call) => call.createdAt,
    (value, bound) => value >= bound,
  );
  since(
    'createdAtEnd',
    (call) => call.createdAt,
    (value, bound) => value <= bound,
  );
  const eventType = fields.text('eventType', { oneOf: ['PAST', 'UPCOMING', 'ALL'] });
  if (eventType === 'PAST') tests.push((call) => call.startsAt < at);
  if (eventType === 'UPCOMING') tests.push((call) => call.startsAt >= at);
  tests.push(readTypes(fields));
  return filterIgnored ? [] : tests;
}

/** Cancelled calls are found only by their type. */
function readTypes(fields: FieldReader): Test {
  const types = fields.text('types')?.split(',');
  if (!types) return (call) => call.cancelledAt === null;
  for (const type of types) if (!callTypes.includes(type)) fields.complain('types', `Invalid value '${type}'`);
  return (call) => {
    if (call.cancelledAt !== null) return types.includes('cancelled_events');
    return types.includes('scheduled_events') || (call.rescheduledAt !== null && types.includes('rescheduled_events'));
  };
}

function readBound(fields: FieldReader, field: string): number | undefined {
  const text = fields.text(field);
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  if (!Number.isNaN(instant)) return instant;
  fields.complain(field, 'Invalid date');
  return undefined;
}

function readOrder(fields: FieldReader): (one: Call, other: Call) => number {
  const column = fields.text('orderColumn', { oneOf: orderColumns });
  const direction = fields.text('orderBy', { oneOf: ['asc', 'desc'] });
  if ((column === undefined) !== (direction === undefined)) fields.complain('orderBy', 'orderBy needs orderColumn');
  const valueOf = (call: Call) => {
    switch (column) {
      case 'dateTime':
        return call.startsAt;
      case 'updatedAt':
        return call.updatedAt;
      case 'createdAt':
        return call.createdAt;
      default:
        return call.id;
    }
  };
  const sign = direction === 'desc' ? -1 : 1;
  return (one, other) => sign * (valueOf(one) - valueOf(other) || one.id - other.id);
}
