/**
 * What an account has set up and the API only reads: events and their detail, custom fields, contact stages, users, and the
 * owner's slot troubleshooting. The detail is as talkative as the real one, canaries included.
 */
import { candidateHosts, openStarts } from './availability.ts';
import { accountId, accountSecrets } from './canaries.ts';
import { customFields, fieldRecord } from './custom-fields.ts';
import { eventDetailRecord, eventRow } from './event-detail.ts';
import { type EventType, eventById, eventByPrefix, events } from './events.ts';
import { FieldReader } from './field-reader.ts';
import { hostRecord, hosts } from './hosts.ts';
import { pageOf } from './paging.ts';
import { Refusal } from './refusal.ts';
import type { Answer, ApiCall } from './world.ts';
import { dayMs, offsetMs, parseDay } from './zones.ts';

const booleans = ['true', 'false'];

/** `GET /v1/events`. */
export function listEvents({ query }: ApiCall): Answer {
  const fields = new FieldReader(query, 'query');
  const search = fields.text('search')?.toLowerCase();
  const kind = fields.text('eventType', { oneOf: ['STRATEGY_EVENT', 'DISCOVERY_EVENT'] });
  const userId = fields.integer('userId');
  const sort = fields.text('sort', { oneOf: ['asc', 'desc'] });
  const page = pageOf(fields);
  fields.refuseIfAny();
  const found = events.filter(
    (event) =>
      (!kind || event.kind === kind) &&
      (userId === undefined || event.hostIds.includes(userId)) &&
      (!search || `${event.name} ${event.linkPrefix}`.toLowerCase().includes(search)),
  );
  if (sort) found.sort((one, other) => (sort === 'asc' ? 1 : -1) * one.name.localeCompare(other.name));
  return read({ data: page.of(found).map(eventRow) });
}

/** `GET /v1/events/detail`. */
export function eventDetail({ world, query }: ApiCall): Answer {
  const fields = new FieldReader(query, 'query');
  const id = fields.integer('id');
  const linkPrefix = fields.text('linkPrefix');
  if (id === undefined && linkPrefix === undefined) fields.complain('id', 'id or linkPrefix is required');
  fields.refuseIfAny();
  return read({ data: eventDetailRecord(eventOrRefuse(id, linkPrefix), world.settings) });
}

/** `GET /v1/fields/objects` and `GET /v1/fields/objects/all`. */
export function listFields(objectTypeRequired: boolean): (call: ApiCall) => Answer {
  const objectTypes = ['CONTACT', 'CALL', 'EVENT', 'DEAL', 'USER', 'ISCORE'];
  return ({ world, query }) => {
    const fields = new FieldReader(query, 'query');
    const objectType = fields.text('objectType', { required: objectTypeRequired, oneOf: objectTypes });
    const inputType = fields.text('inputType');
    const search = fields.text('search')?.toLowerCase();
    const identifiers = fields.text('identifiers')?.split(',');
    const inviteeQuestions = fields.text('inviteeQuestions', { oneOf: booleans });
    fields.text('showSystemFields', { oneOf: booleans });
    const page = pageOf(fields);
    const pageNumber = fields.integer('page') ?? 0;
    fields.refuseIfAny();
    const found = customFields.filter(
      (field) =>
        (!objectTypeRequired || field.objectType === objectType) &&
        (inviteeQuestions !== 'true' || field.objectType === 'CALL') &&
        (!inputType || field.inputType === inputType) &&
        (!search || field.name.toLowerCase().includes(search)) &&
        (!identifiers || identifiers.includes(field.identifier)),
    );
    const rows = page.of(found);
    const last = rows.at(-1);
    const hasMore = last !== undefined && found.at(-1) !== last;
    const data = rows.map((field) => fieldRecord(field, world.settings.detail.identifiersWrapped));
    return read({ count: found.length, data, hasMore, nextPage: hasMore ? pageNumber + 1 : null });
  };
}

/** `GET /v1/fields/contact-stage`: a bare object; the cheap probe of a key. */
export function contactStages(): Answer {
  const names = ['POTENTIAL', 'QUALIFIED', 'DISQUALIFIED', 'CUSTOMER'];
  return read({ id: 4100, name: 'Contact stage', accountId, options: names.map((name, id) => ({ id, name })) });
}

/** `GET /v1/users`. */
export function listUsers({ world, query }: ApiCall): Answer {
  if (!world.settings.keyIsAdmin) throw new Refusal(403, 'You do not have permission', { code: 'FORBIDDEN' });
  const fields = new FieldReader(query, 'query');
  const ids = fields.idList('ids');
  const page = pageOf(fields);
  fields.refuseIfAny();
  const found = hosts.filter((host) => ids.length === 0 || ids.includes(host.id));
  return read({ data: { users: page.of(found).map(hostRecord) } });
}

/** `GET /v1/events/troubleshootSlots`; the item shape is a guess. */
export function troubleshootSlots({ world, query, at }: ApiCall): Answer {
  const fields = new FieldReader(query, 'query');
  const linkPrefix = fields.text('linkPrefix', { required: true });
  const day = parseDay(fields.text('date', { required: true }) ?? '');
  const timeZone = fields.timeZone('timezone', true) ?? 'UTC';
  const selectedHost = fields.integer('selectedHost');
  if (day === undefined) fields.complain('date', 'Invalid date');
  fields.refuseIfAny();
  const event = eventOrRefuse(undefined, linkPrefix);
  const from = (day ?? 0) * dayMs - offsetMs(timeZone, (day ?? 0) * dayMs);
  const candidates = candidateHosts(event, selectedHost === undefined ? [] : [selectedHost]);
  const slots = candidates.flatMap((host) =>
    openStarts(world, event, [host], from, from + dayMs, at).map((start) => ({
      startTime: new Date(start).toISOString(),
      hostId: host.id,
      hostEmail: host.email,
      reason: accountSecrets.workflowName,
    })),
  );
  return read({ data: { slots } });
}

function eventOrRefuse(id: number | undefined, linkPrefix: string | undefined): EventType {
  const event = id === undefined ? eventByPrefix(linkPrefix ?? '') : eventById(id);
  if (!event) throw new Refusal(404, 'Event not found', { code: 'EVENT_NOT_FOUND' });
  return event;
}

function read(body: unknown): Answer {
  return { status: 200, body, isCommitted: false };
}
