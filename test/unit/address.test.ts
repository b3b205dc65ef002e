/** The throttle's key of an address: an IPv6 network of 64 bits is one visitor, however it is written (P11). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NETWORK_BUDGETS_AT_MOST } from '../../shared/limits.ts';
import { addressOf, budgetKey, throttleKey } from '../../worker/address.ts';

const keys: [string, string][] = [
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8:1::2', '2001:db8:1:0::/64'],
  ['2001:db8:1:0:0:0:0:2', '2001:db8:1:0::/64'],
  ['2001:db8:0000:0:0:0:0:2', '2001:db8:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
];
for (const [address, key] of keys) test(`${address} ⇒ ${key}`, () => assert.equal(throttleKey(address), key));

const budgets: [string, string][] = [
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2::6', '2001:db8:1::/48 2'],
  ['2001:DB8:0001:0002:3:4:5:6', '2001:db8:1::/48 2'],
  ['2001:db8:1:6::1', '2001:db8:1::/48 2'],
  ['2001:db8:1:ff::1', '2001:db8:1::/48 3'],
  ['2001:db8:2:2::6', '2001:db8:2::/48 2'],
  ['2001:db8::1', '2001:db8:0::/48 0'],
  ['::1', '0:0:0::/48 0'],
];
for (const [address, key] of budgets)
  test(`${address} ⇒ budget of ${key}`, () => assert.equal(budgetKey(address), key));

test(`65,536 networks inside one of 48 bits ⇒ ${NETWORK_BUDGETS_AT_MOST} budgets; the addresses inside one ⇒ one`, () => {
  const networks = new Set(Array.from({ length: 65_536 }, (_, at) => budgetKey(`2001:db8:1:${at.toString(16)}::1`)));
  assert.equal(networks.size, NETWORK_BUDGETS_AT_MOST);
  const inside = new Set(Array.from({ length: 1_000 }, (_, at) => budgetKey(`2001:db8:1:2:${at.toString(16)}:a:b:c`)));
  assert.equal(inside.size, 1);
});

test('65,536 networks next to each other ⇒ as many keys; the addresses inside one ⇒ one', () => {
  const networks = new Set(Array.from({ length: 65_536 }, (_, at) => throttleKey(`2001:db8:1:${at.toString(16)}::1`)));
  assert.equal(networks.size, 65_536);
  const inside = new Set(
    Array.from({ length: 1_000 }, (_, at) => throttleKey(`2001:db8:1:2:${at.toString(16)}:a:b:c`)),
  );
  assert.equal(inside.size, 1);
});

test('only the edge’s header is the address; what a visitor forges is not read', () => {
  const headers = {
    'X-Forwarded-For': '1.2.3.4',
    Forwarded: 'for=1.2.3.4',
    'X-Real-IP': '1.2.3.4',
    'True-Client-IP': '1.2.3.4',
  };
  assert.equal(addressOf(new Request('https://a.example/', { headers })), undefined);
  assert.equal(
    addressOf(new Request('https://a.example/', { headers: { ...headers, 'CF-Connecting-IP': '5.6.7.8' } })),
    '5.6.7.8',
  );
});
