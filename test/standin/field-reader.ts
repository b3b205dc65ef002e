/**
 * Reads and checks the fields of a request body or query, collecting every complaint, as iClosed's validation errors list
 * them all at once. Used by the routes; knows the documented lengths and patterns, no endpoint.
 */
import { Refusal } from './refusal.ts';
import { isTimeZone } from './zones.ts';

const emailPattern = /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_'+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;
const phonePattern = /^\+?\d{5,20}$/;
const utcPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z$/;

/** Lengths from the developer site. */
export const lengths = { name: 25, email: 255, phone: 20, tag: 100 } as const;

interface TextRules {
  required?: boolean;
  maxLength?: number;
  pattern?: RegExp;
  oneOf?: readonly string[];
}

/** A reader over one body or query; `refuseIfAny` throws the 400 once all fields are read. */
export class FieldReader {
  readonly #values: Record<string, unknown>;
  readonly #source: 'body' | 'query';
  readonly #complaints: Record<string, string[]> = {};

  constructor(values: Record<string, unknown>, source: 'body' | 'query') {
    this.#values = values;
    this.#source = source;
  }

  has(field: string): boolean {
    return this.#values[field] !== undefined && this.#values[field] !== null;
  }

  complain(field: string, text: string): void {
    this.#complaints[field] ??= [];
    this.#complaints[field].push(text);
  }

  text(field: string, rules: TextRules = {}): string | undefined {
    const value = this.#values[field];
    if (value === undefined || value === null) return this.#missing(field, rules.required);
    if (typeof value !== 'string') return this.#wrong(field, 'Expected string');
    if (rules.required && value === '') return this.#wrong(field, 'Required');
    if (rules.maxLength !== undefined && value.length > rules.maxLength)
      return this.#wrong(field, `String must contain at most ${rules.maxLength} character(s)`);
    if (rules.pattern && !rules.pattern.test(value)) return this.#wrong(field, `Invalid ${field}`);
    if (rules.oneOf && !rules.oneOf.includes(value)) return this.#wrong(field, `Invalid value '${value}'`);
    return value;
  }

  email(field: string): string | undefined {
    return this.text(field, { maxLength: lengths.email, pattern: emailPattern });
  }

  phone(field: string): string | undefined {
    return this.text(field, { maxLength: lengths.phone, pattern: phonePattern });
  }

  timeZone(field: string, required = false): string | undefined {
    const value = this.text(field, { required });
    if (value !== undefined && !isTimeZone(value)) return this.#wrong(field, 'Invalid timezone');
    return value;
  }

  /** A UTC date-time with a literal Z, as milliseconds; offsets are refused. */
  instant(field: string, required = false): number | undefined {
    const value = this.text(field, { required, pattern: utcPattern });
    if (value === undefined) return undefined;
    const instant = Date.parse(value);
    return Number.isNaN(instant) ? this.#wrong(field, 'Invalid datetime') : instant;
  }

  /** A whole number: digits in a query, a JSON number in a body. */
  integer(field: string, required = false): number | undefined {
    const value = this.#values[field];
    if (value === undefined || value === null) return this.#missing(field, required);
    const number = this.#source === 'query' && /^\d+$/.test(String(value)) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) ? number : this.#wrong(field, 'Expected number');
  }

  /** Ids in one text with commas, such as `3684,3685`. */
  idList(field: string): number[] {
    const value = this.text(field);
    if (value === undefined || value.trim() === '') return [];
    const ids = value.split(',').map((id) => Number(id.trim()));
    if (ids.every((id) => Number.isSafeInteger(id) && id > 0)) return ids;
    this.complain(field, 'Expected a comma-separated list of ids');
    return [];
  }

  /** A list of objects. */
  records(field: string, required = false): Record<string, unknown>[] {
    const value = this.#values[field];
    if (value === undefined || value === null) {
      this.#missing(field, required);
      return [];
    }
    if (Array.isArray(value) && value.every(isRecord)) return value;
    this.complain(field, 'Expected array');
    return [];
  }

  /** Throws the 400 that lists every complaint. */
  refuseIfAny(): void {
    if (Object.keys(this.#complaints).length > 0)
      throw new Refusal(400, 'Validation failed', { fieldErrors: this.#complaints });
  }

  #missing(field: string, required = false): undefined {
    if (required) this.complain(field, 'Required');
  }

  #wrong(field: string, text: string): undefined {
    this.complain(field, text);
  }
}

/** An object that is not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
