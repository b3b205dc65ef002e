/**
 * The contact routes: upsert by e-mail or phone, update by id, detail, list and notes. What an upsert changes on somebody
 * who is known already is a switch, since nobody has written it down. Filters of the list beyond `search` and `statuses` are
 * accepted and ignored.
 */
import type { Contact, NewContact } from './contact-book.ts';
import { fieldById } from './custom-fields.ts';
import { accountId } from './canaries.ts';
import { FieldReader, lengths } from './field-reader.ts';
import { pageOf } from './paging.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';
import type { Answer, ApiCall, World } from './world.ts';

const writableStatuses = ['POTENTIAL', 'QUALIFIED', 'DISQUALIFIED'] as const;

/** `POST /v1/contacts`. */
export function upsertContact(call: ApiCall): Answer {
  const { world, at } = call;
  const fields = new FieldReader(call.body, 'body');
  const given = {
    email: fields.email('email'),
    phoneNumber: fields.phone('phoneNumber'),
    firstName: fields.text('firstName', { maxLength: lengths.name }),
    lastName: fields.text('lastName', { maxLength: lengths.name }),
    status: fields.text('status', { oneOf: writableStatuses }),
    tag: fields.text('tag', { maxLength: lengths.tag }),
    joinedAt: fields.instant('joinedTime'),
    linkPrefix: fields.text('linkPrefix'),
    utm: fields.text('utm'),
    country: fields.text('country', { pattern: /^[A-Za-z]{2}$/ }),
    timeZone: fields.timeZone('timeZone'),
    ipAddress: fields.text('ipAddress'),
    referrerUrl: fields.text('referrerUrl'),
  };
  if (!fields.has('email') && !fields.has('phoneNumber')) fields.complain('email', 'Email or phone number is required');
  fields.refuseIfAny();
  const { contact, wasKnown } = upsert(world, given, at);
  return {
    status: world.settings.statuses.contacts,
    body: contactEnvelope(world.settings, contact),
    isCommitted: true,
    contactId: contact.id,
    extraDelayMs: wasKnown ? world.settings.knownContactDelayMs : 0,
  };
}

/** Finds or creates; also used by a booking that carries contact fields in place of an id. */
export function upsert(
  world: World,
  given: { [K in keyof NewContact]: NewContact[K] | undefined },
  at: number,
): { contact: Contact; wasKnown: boolean } {
  const { upsertConflict, upsertOverwrites, upsertStatus } = world.settings.contacts;
  const byEmail = world.contacts.byEmail(given.email);
  const byPhone = world.contacts.byPhone(given.phoneNumber);
  const known = upsertConflict === 'email' ? (byEmail ?? byPhone) : (byPhone ?? byEmail);
  const fields = withoutUndefined(given);
  if (!known) return { contact: world.contacts.add(fields, at), wasKnown: false };

  const { status, ...rest } = fields;
  const changes: NewContact = upsertOverwrites ? rest : {};
  // An identity that belongs to somebody else stays with that person.
  if (byEmail && byEmail !== known) delete changes.email;
  if (byPhone && byPhone !== known) delete changes.phoneNumber;
  if (upsertStatus === 'always') changes.status = status ?? 'POTENTIAL';
  if (upsertStatus === 'when_given' && status) changes.status = status;
  world.contacts.change(known, changes, at);
  return { contact: known, wasKnown: true };
}

/** `PUT /v1/contacts`. */
export function updateContact(call: ApiCall): Answer {
  const { world, at } = call;
  const fields = new FieldReader(call.body, 'body');
  const id = fields.integer('id', true);
  const changes = withoutUndefined({
    email: fields.email('email'),
    phoneNumber: fields.phone('phoneNumber'),
    firstName: fields.text('firstName', { maxLength: lengths.name }),
    lastName: fields.text('lastName', { maxLength: lengths.name }),
    status: fields.text('status', { oneOf: writableStatuses }),
    referrerUrl: fields.text('referrerUrl'),
  });
  fields.email('secondary_email');
  fields.phone('secondary_phoneNumber');
  fields.refuseIfAny();
  const contact = contactOrRefuse(world, id);
  const namesake = world.contacts.byEmail(changes.email);
  if (namesake && namesake !== contact && world.settings.contacts.updateConflict === 'refuse')
    throw new Refusal(400, 'Contact with this email already exists', { code: 'CONTACT_ALREADY_EXISTS' });
  world.contacts.change(contact, changes, at);
  return {
    status: 200,
    body: contactEnvelope(world.settings, contact),
    isCommitted: true,
    contactId: contact.id,
  };
}

/** `GET /v1/contacts/detail`. */
export function contactDetail({ world, query }: ApiCall): Answer {
  const fields = new FieldReader(query, 'query');
  const id = fields.integer('contactId', true);
  fields.text('includeUtms', { oneOf: ['true', 'false'] });
  fields.refuseIfAny();
  const contact = contactOrRefuse(world, id);
  const associations = [...contact.answers].map(([fieldId, answer]) => ({
    customField: { identifier: fieldById(fieldId)?.identifier },
    CustomFieldAnswer: [{ answer: answer.length === 1 ? answer[0] : answer }],
  }));
  const data = {
    ...contactRecord(contact),
    CustomFieldAssociation: associations,
    ...(query.includeUtms === 'true' && { utms: contact.utm ? [contact.utm] : [] }),
  };
  return { status: 200, body: { data }, isCommitted: false, contactId: contact.id };
}

/** `GET /v1/contacts`. */
export function listContacts({ world, query }: ApiCall): Answer {
  const fields = new FieldReader(query, 'query');
  const search = fields.text('search')?.toLowerCase();
  const statuses = fields.text('statuses')?.split(',');
  const page = pageOf(fields);
  fields.refuseIfAny();
  const found = world.contacts.all().filter((contact) => {
    if (statuses && !statuses.includes(contact.status)) return false;
    if (!search) return true;
    const texts = [contact.email, contact.phoneNumber, `${contact.firstName ?? ''} ${contact.lastName ?? ''}`];
    return texts.some((text) => text?.toLowerCase().includes(search));
  });
  const contacts = page.of(found).map(contactRecord);
  return { status: 200, body: { data: { count: found.length, contacts } }, isCommitted: false };
}

/** `POST /v1/contacts/notes`. */
export function addNote({ world, body, at }: ApiCall): Answer {
  const fields = new FieldReader(body, 'body');
  const id = fields.integer('contactId', true);
  const note = fields.text('note', { required: true });
  fields.refuseIfAny();
  const contact = contactOrRefuse(world, id);
  const added = { id: contact.notes.length + 1, note: note ?? '', createdAt: at };
  contact.notes.push(added);
  return { status: 200, body: { data: noteRecord(contact, added) }, isCommitted: true, contactId: contact.id };
}

/** `GET /v1/contacts/notes`. */
export function listNotes({ world, query }: ApiCall): Answer {
  const fields = new FieldReader(query, 'query');
  const id = fields.integer('contactId', true);
  const page = pageOf(fields);
  fields.refuseIfAny();
  const contact = contactOrRefuse(world, id);
  const data = page.of(contact.notes).map((note) => noteRecord(contact, note));
  return { status: 200, body: { count: contact.notes.length, data }, isCommitted: false, contactId: contact.id };
}

/** The contact with that id, or the 404. */
export function contactOrRefuse(world: World, id: number | undefined): Contact {
  const contact = id === undefined ? undefined : world.contacts.byId(id);
  if (!contact) throw new Refusal(404, 'Contact not found', { code: 'CONTACT_NOT_FOUND' });
  return contact;
}

/** A contact in the shape of the booking guide. */
export function contactRecord(contact: Contact) {
  return {
    id: contact.id,
    accountId,
    userId: null,
    email: contact.email,
    firstName: contact.firstName,
    lastName: contact.lastName,
    status: contact.status,
    phoneNumber: contact.phoneNumber,
    previewId: contact.previewId,
    tagId: contact.tag ? 7 : null,
    blockedByRecaptcha: false,
    joinedTime: new Date(contact.joinedAt).toISOString(),
    country: contact.country,
    timeZone: contact.timeZone,
    ipAddress: contact.ipAddress,
    blockedId: contact.blockedId,
    referrerUrl: contact.referrerUrl,
    createdAt: new Date(contact.createdAt).toISOString(),
    updatedAt: new Date(contact.updatedAt).toISOString(),
    deletedAt: null,
  };
}

function contactEnvelope(settings: Settings, contact: Contact): unknown {
  const record = contactRecord(contact);
  switch (settings.envelope) {
    case 'documented':
    case 'single':
      return { data: { contact: record } };
    case 'data':
      return { data: record };
    case 'root':
      return record;
  }
}

function noteRecord(contact: Contact, note: Contact['notes'][number]) {
  return { ...note, contactId: contact.id, createdAt: new Date(note.createdAt).toISOString() };
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(fields: T): Defined<T> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept as Defined<T>;
}
