/**
 * Booking and changing calls: create, reschedule, cancel, free the slot. Nothing is idempotent, nothing keeps a contact from
 * a second call: that is the product's work, and the ledger sees whether it did it.
 */
import { readSecondary, refuseMissing } from './answers.ts';
import { candidateHosts, freeHost } from './availability.ts';
import type { Call } from './call-book.ts';
import { callRecord } from './call-search.ts';
import type { Contact } from './contact-book.ts';
import { contactOrRefuse, upsert } from './contacts.ts';
import { type EventType, eventById, eventByPrefix } from './events.ts';
import { FieldReader, lengths } from './field-reader.ts';
import { type Host, hostById } from './hosts.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';
import type { Answer, ApiCall, World } from './world.ts';
import { minuteMs } from './zones.ts';

const takenText = 'Selected slot is not available anymore';

/** `POST /v1/eventCalls`. */
export function bookCall(call: ApiCall): Answer {
  const { world, at } = call;
  const { settings } = world;
  const fields = new FieldReader(call.body, 'body');
  const startsAt = fields.instant('dateTime', true);
  const timeZone = fields.timeZone('timeZone', true);
  const linkPrefix = fields.text('linkPrefix');
  const eventId = fields.integer('eventId');
  if (linkPrefix === undefined && eventId === undefined) fields.complain('linkPrefix', 'Required');
  const answers = readSecondary(fields, settings);
  const contactId = fields.integer('contactId');
  const person = readPerson(fields, contactId);
  const conditionalUsers = fields.idList('conditionalUsers');
  fields.idList('routingGroupIds');
  const guests = readGuests(fields);
  fields.refuseIfAny();
  const event = linkPrefix === undefined ? eventById(eventId ?? 0) : eventByPrefix(linkPrefix);
  if (!event?.isActive) throw new Refusal(404, 'Event not found', { code: 'EVENT_NOT_FOUND' });
  refuseMissing(event, answers, settings);
  const contact = contactId === undefined ? upsert(world, person, at).contact : contactOrRefuse(world, contactId);
  refuseContact(contact, settings);

  const candidates = candidateHosts(event, conditionalUsers);
  const host = freeHost(world, event, candidates, startsAt ?? 0, at);
  if (!host) return slotTaken(settings, contact);
  const booked = world.calls.add(
    {
      contactId: contact.id,
      eventId: event.id,
      linkPrefix: event.linkPrefix,
      hostId: host.id,
      startsAt: (startsAt ?? 0) + settings.calls.startShiftMinutes * minuteMs,
      durationMinutes: event.durationMinutes,
      timeZone: timeZone ?? 'UTC',
      guests,
      answers,
    },
    at,
  );
  return {
    status: settings.statuses.calls,
    body: bookingEnvelope(settings, bookingRecord(booked, event, host, contact)),
    isCommitted: true,
    contactId: contact.id,
    callId: booked.id,
  };
}

/** `PUT /v1/eventCalls/reschedule`. */
export function rescheduleCall({ world, body, at }: ApiCall): Answer {
  const { settings } = world;
  const fields = new FieldReader(body, 'body');
  const id = fields.integer('id', true);
  const startsAt = fields.instant('dateTime', true);
  const timeZone = fields.timeZone('timeZone', true);
  const reason = fields.text('rescheduleReason') ?? null;
  fields.text('notes');
  const userId = fields.integer('userId');
  readGuests(fields);
  fields.refuseIfAny();
  const call = callOrRefuse(world, id);
  if (call.cancelledAt !== null) throw new Refusal(400, 'Call is already cancelled', { code: 'CALL_CANCELLED' });
  if (!call.allowReschedule && settings.calls.notMovable === 'refuse')
    throw new Refusal(403, 'Rescheduling is not allowed for this call', { code: 'RESCHEDULE_NOT_ALLOWED' });
  const event = eventById(call.eventId);
  const contact = contactOrRefuse(world, call.contactId);
  if (!event) throw new Refusal(404, 'Event not found', { code: 'EVENT_NOT_FOUND' });
  // The same host if free then, else another one of the event; the call itself is not in its own way.
  const wasSlotFree = call.isSlotFree;
  world.calls.markSlotFree(call, true, at);
  const wanted = userId ?? call.hostId;
  const wantedHosts = [hostById(wanted), ...candidateHosts(event, [])].filter((host) => host !== undefined);
  const wantedAt = startsAt ?? 0;
  const host =
    freeHost(world, event, wantedHosts.slice(0, 1), wantedAt, at) ?? freeHost(world, event, wantedHosts, wantedAt, at);
  if (!host) {
    world.calls.markSlotFree(call, wasSlotFree, at);
    return slotTaken(settings, contact);
  }
  world.calls.move(call, wantedAt, host.id, reason, at);
  call.timeZone = timeZone ?? call.timeZone;
  const record = callRecord(world, call);
  const answer =
    settings.calls.rescheduleAnswer === 'message'
      ? { message: 'Event call rescheduled successfully', status: 200, data: record }
      : { data: { eventCall: record } };
  return { status: 200, body: answer, isCommitted: true, contactId: call.contactId, callId: call.id };
}

/** `PUT /v1/eventCalls/cancel`. */
export function cancelCall({ world, body, at }: ApiCall): Answer {
  const fields = new FieldReader(body, 'body');
  const id = fields.integer('id', true);
  const reason = fields.text('cancelReason') ?? null;
  fields.refuseIfAny();
  const call = callOrRefuse(world, id);
  if (call.cancelledAt !== null && world.settings.calls.cancelTwice === 'refuse')
    throw new Refusal(400, 'Call is already cancelled', { code: 'CALL_CANCELLED' });
  world.calls.cancel(call, reason, at);
  const eventCall = { message: 'Event call cancelled successfully', status: 200 };
  return { status: 200, body: { data: { eventCall } }, isCommitted: true, contactId: call.contactId, callId: call.id };
}

/** `PUT /v1/eventCalls/markSlotFree`. */
export function markSlotFree({ world, body, at }: ApiCall): Answer {
  const fields = new FieldReader(body, 'body');
  const id = fields.integer('id', true);
  const { isSlotFree } = body;
  if (typeof isSlotFree !== 'boolean') fields.complain('isSlotFree', 'Expected boolean');
  fields.refuseIfAny();
  const call = callOrRefuse(world, id);
  world.calls.markSlotFree(call, isSlotFree === true, at);
  const answer = { success: true, message: 'Slot updated', data: { id: call.id, isSlotFree } };
  return { status: 200, body: answer, isCommitted: true, contactId: call.contactId, callId: call.id };
}

function readPerson(fields: FieldReader, contactId: number | undefined) {
  const person = {
    email: fields.email('email'),
    phoneNumber: fields.phone('phoneNumber'),
    firstName: fields.text('firstName', { maxLength: lengths.name }),
    lastName: fields.text('lastName', { maxLength: lengths.name }),
  };
  if (contactId === undefined && !fields.has('email') && !fields.has('phoneNumber'))
    fields.complain('contactId', 'contactId, email or phoneNumber is required');
  return person;
}

function readGuests(fields: FieldReader): { email: string; name: string }[] {
  return fields.records('additionalGuests').flatMap(({ email, name }) => {
    if (typeof email === 'string' && typeof name === 'string') return [{ email, name }];
    fields.complain('additionalGuests', 'email and name are required');
    return [];
  });
}

function refuseContact(contact: Contact, settings: Settings): void {
  if (contact.blockedId !== null && settings.calls.blockedContact === 'refuse')
    throw new Refusal(403, 'This contact is blocked', { code: 'CONTACT_BLOCKED' });
  if (settings.calls.namesRequired && contact.firstName && !contact.lastName)
    throw new Refusal(400, 'Validation failed', { fieldErrors: { lastName: ['First and last name are required'] } });
}

/** The call with that id, or the 404. */
function callOrRefuse(world: World, id: number | undefined): Call {
  const call = id === undefined ? undefined : world.calls.byId(id);
  if (!call) throw new Refusal(404, 'Event call not found', { code: 'EVENT_CALL_NOT_FOUND' });
  return call;
}

function slotTaken({ calls }: Settings, contact: Contact): Answer {
  const { slotTakenStatus: status, slotTakenBody } = calls;
  if (status === 200) {
    const eventCall = { message: takenText, status: 409 };
    return { status, body: { data: { eventCall } }, isCommitted: false, contactId: contact.id };
  }
  switch (slotTakenBody) {
    case 'text':
      throw new Refusal(status, takenText);
    case 'code':
      throw new Refusal(status, takenText, { body: { code: 'SLOT_NOT_AVAILABLE' } });
    case 'validation':
      throw new Refusal(status, 'Validation failed', { fieldErrors: { dateTime: [takenText] } });
  }
}

function bookingRecord(call: Call, event: EventType, host: Host, contact: Contact) {
  return {
    startTime: new Date(call.startsAt).toISOString(),
    endTime: new Date(call.startsAt + call.durationMinutes * minuteMs).toISOString(),
    id: call.id,
    closerId: host.id,
    timeZone: call.timeZone,
    guestEmail: contact.email,
    token: call.token,
    closerName: `${host.firstName} ${host.lastName}`,
    previewId: call.previewId,
    closerEmail: host.email,
    confirmationLink: event.confirmationLink,
  };
}

function bookingEnvelope(settings: Settings, record: ReturnType<typeof bookingRecord>): unknown {
  switch (settings.envelope) {
    case 'documented':
      return { data: { eventCall: { message: 'Event call created successfully', status: 200, data: record } } };
    case 'single':
      return { data: { eventCall: record } };
    case 'data':
      return { data: record };
    case 'root':
      return record;
  }
}
