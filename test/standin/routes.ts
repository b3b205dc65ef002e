/**
 * iClosed's routes that the stand-in speaks, by method and path. A call to anything else is a 404 and stands in the ledger
 * as unexpected.
 */
import { inviteeAnswers } from './answers.ts';
import { searchCalls } from './call-search.ts';
import { bookCall, cancelCall, markSlotFree, rescheduleCall } from './calls.ts';
import { contactStages, eventDetail, listEvents, listFields, listUsers, troubleshootSlots } from './catalogue.ts';
import { addNote, contactDetail, listContacts, listNotes, updateContact, upsertContact } from './contacts.ts';
import { eventDates } from './event-dates.ts';
import type { Route } from './world.ts';

export const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET /v1/events', listEvents],
  ['GET /v1/events/detail', eventDetail],
  ['GET /v1/events/troubleshootSlots', troubleshootSlots],
  ['POST /v1/events/eventDates', eventDates],
  ['POST /v1/contacts', upsertContact],
  ['PUT /v1/contacts', updateContact],
  ['GET /v1/contacts', listContacts],
  ['GET /v1/contacts/detail', contactDetail],
  ['POST /v1/contacts/notes', addNote],
  ['GET /v1/contacts/notes', listNotes],
  ['POST /v1/fields/inviteeAnswers', inviteeAnswers],
  ['GET /v1/fields/objects', listFields(true)],
  ['GET /v1/fields/objects/all', listFields(false)],
  ['GET /v1/fields/contact-stage', contactStages],
  ['POST /v1/eventCalls', bookCall],
  ['GET /v1/eventCalls', searchCalls],
  ['PUT /v1/eventCalls/reschedule', rescheduleCall],
  ['PUT /v1/eventCalls/cancel', cancelCall],
  ['PUT /v1/eventCalls/markSlotFree', markSlotFree],
  ['GET /v1/users', listUsers],
]);
