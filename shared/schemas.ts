/**
 * What the Worker takes from a browser, checked. Known fields are copied one by one and unknown ones ignored, so that a newer
 * widget can talk to an older Worker. Never imported by the widget: visitors do not download a schema library.
 */
import { z } from 'zod';
import { ANSWER_CHARACTERS, EMAIL_CHARACTERS, NAME_CHARACTERS, WISH_CHARACTERS } from './limits.ts';
import { type LeadRequest, TRACKING_KEYS, type Tracking } from './protocol.ts';

const SHORT_TEXT = 200;
const LONG_TEXT = 2_000;
/** A little more than a field may hold, so that the sentence at the field says "too long" and not the whole request. */
const SLACK = 500;

const optionalText = (characters: number) => z.string().max(characters).optional();
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

const base = {
  v: z.literal(1),
  event: z.string().min(1).max(SHORT_TEXT),
  ticket: z.string().length(100),
  attempt: z.uuid(),
  seq: z.number().int().min(1).max(1_000),
  // What is no nonce counts as none, and is asked for.
  proof: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional()
    .catch(undefined),
};

const contact = z.object({
  name: optionalText(NAME_CHARACTERS + SLACK),
  first_name: optionalText(NAME_CHARACTERS + SLACK),
  last_name: optionalText(NAME_CHARACTERS + SLACK),
  email: optionalText(EMAIL_CHARACTERS + SLACK),
  phone: optionalText(SHORT_TEXT),
});

/** What a page tells of itself is worth keeping but never worth refusing a lead for: what does not fit is left out. */
const soft = (characters: number) => z.string().min(1).max(characters).optional().catch(undefined);
const tracking: z.ZodType<Tracking> = z.object(
  Object.fromEntries(TRACKING_KEYS.map((key) => [key, soft(500)])),
) as z.ZodType<Tracking>;
const page = z
  .object({
    url: soft(LONG_TEXT),
    referrer: soft(LONG_TEXT),
    tracking: tracking.optional().catch(undefined),
    variant: soft(100),
    timeZone: soft(64),
    locale: soft(35),
  })
  .optional()
  .catch(undefined);

const consents = z
  .record(z.string().min(1).max(SHORT_TEXT), z.string().min(1).max(LONG_TEXT))
  .refine((given) => Object.keys(given).length <= 20)
  .optional();

const answers = z
  .record(z.string().min(1).max(SHORT_TEXT), z.array(z.string().max(ANSWER_CHARACTERS + SLACK)).max(50))
  .refine((given) => Object.keys(given).length <= 60);

const wantedTime = {
  startsAt: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00(\.000)?)?Z$/),
  timeZone: z.string().min(1).max(64),
};

export const LeadRequestSchema: z.ZodType<LeadRequest> = z.discriminatedUnion('step', [
  z.object({ ...base, step: z.literal('contact'), contact, consents, page, website: optionalText(LONG_TEXT) }),
  z.object({ ...base, step: z.literal('answers'), answers, month: month.optional() }),
  z.object({ ...base, step: z.literal('slots'), month }),
  z.object({ ...base, step: z.literal('book'), ...wantedTime }),
  z.object({ ...base, step: z.literal('reschedule'), ...wantedTime }),
  z.object({ ...base, step: z.literal('wish'), text: z.string().trim().min(1).max(WISH_CHARACTERS) }),
  z.object({
    ...base,
    step: z.enum(['read', 'withdraw', 'cancel', 'calendar']),
    waiting: z.number().int().min(1).optional(),
  }),
]);

export const MonthSchema = month;
