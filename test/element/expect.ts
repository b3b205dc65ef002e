/**
 * Chai's `expect` as far as these tests speak it. The package's own types say that every claim may be a promise; here only what is
 * one looks like one, so that a forgotten `await` is found.
 */
import { expect as openWcExpect } from '@open-wc/testing';

type Word = 'to' | 'be' | 'and' | 'not' | 'have' | 'deep' | 'nested' | 'that';

export type Claim = { readonly [Each in Word]: Claim } & {
  equal(value: unknown): Claim;
  equals(value: unknown): Claim;
  include(part: unknown): Claim;
  contain(part: unknown): Claim;
  match(pattern: RegExp): Claim;
  length(count: number): Claim;
  property(path: string, value?: unknown): Claim;
  throw(): Claim;
};

export const expect = openWcExpect as unknown as (value: unknown, message?: string) => Claim;

/** axe finds nothing wrong with the element. */
export async function expectAccessible(element: Element, message?: string): Promise<void> {
  await openWcExpect(element, message).to.be.accessible();
}
