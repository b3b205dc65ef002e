/**
 * Refusals: what a route throws when it answers with an error, and the shapes in which iClosed may write it
 * (`iclosed-api.md` section 3). Routes know the reason only; the switches decide the shape.
 */
import type { Settings } from './settings.ts';

export interface RefusalDetails {
  /** Machine word, shown only where the settings say so. */
  code?: string;
  /** Texts per field; makes it a validation error. */
  fieldErrors?: Record<string, string[]>;
  /** Exact body, where a switch decides it elsewhere. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Thrown by routes, caught by the model; never reaches a caller of the model. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: RefusalDetails;

  constructor(status: number, text: string, details: RefusalDetails = {}) {
    super(text);
    this.status = status;
    this.details = details;
  }
}

/** The body of a refusal in the family that the settings choose. */
export function refusalBody(refusal: Refusal, settings: Settings, endpoint: string): unknown {
  const { body, fieldErrors, code } = refusal.details;
  if (body !== undefined) return body;
  if (fieldErrors) return validationBody(refusal.message, fieldErrors, settings, endpoint);
  const text = settings.errors.family === 'message' ? { message: refusal.message } : { error: refusal.message };
  return settings.errors.code && code ? { ...text, code } : text;
}

function validationBody(text: string, fieldErrors: Record<string, string[]>, settings: Settings, endpoint: string) {
  const [method, path] = endpoint.split(' ');
  switch (settings.errors.validation) {
    case 'details':
      return { message: { status: 400, details: { formErrors: [], fieldErrors }, endpoint: path, method } };
    case 'errors':
      return { message: text, errors: fieldErrors };
    case 'text':
      return { message: `${text}: ${Object.values(fieldErrors).flat().join('; ')}` };
  }
}
