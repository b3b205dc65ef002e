/** Links that a visitor may be sent to: what is hostile is undefined, what an owner writes is kept (P18). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLoopback, safeLink } from '../../worker/config/links.ts';

const hostile: unknown[] = [
  // other schemes
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  '  javascript:alert(1)',
  '\tjavascript:alert(1)',
  '\u0001javascript:alert(1)',
  '\u00a0javascript:alert(1)',
  'java\nscript:alert(1)',
  'java\tscript:alert(1)',
  'java\u0000script:alert(1)',
  'javascript://example.com/%0aalert(1)',
  'javascript:1/alert(1)',
  'javascript:443/x.com',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD4=',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  'blob:https://example.com/0f0f',
  'about:blank',
  'ftp://example.com/x',
  'ws://example.com/',
  'wss://example.com/',
  'intent://example.com#Intent;end',
  'mailto:a@example.com',
  'tel:+15551234567',
  'tel:15551234567',
  'view-source:https://example.com/',
  'x-custom.scheme+1://example.com/',
  // not https
  'http://example.com/',
  'HTTP://example.com/',
  'http://www.google.com',
  'http://localhost.evil.com/',
  'http://127.0.0.1.evil.com/',
  'http://evil.com/127.0.0.1',
  'http://128.0.0.1/',
  'http://10.0.0.1/',
  'http://[::2]/',
  'http://0.0.0.0/',
  // credentials
  'https://user@example.com/',
  'https://user:word@example.com/',
  'https://:word@example.com/',
  'https://example.com@evil.com/',
  'https://example.com:443@evil.com/',
  'https://example.com%2f@evil.com/',
  'user@example.com',
  'user:word@example.com',
  'http://user@localhost/',
  // slashes and backslashes
  '//evil.com',
  '///evil.com',
  '/\\evil.com',
  '\\\\evil.com',
  'https:\\\\evil.com',
  'https:/evil.com',
  'https:evil.com',
  'https://evil.com\\@example.com',
  '/path',
  '/',
  // control characters, quotes, blanks
  'https://example.com/\u0000',
  'https://example.com/\u007f',
  'https://example.com/\u0085',
  'https://example.com/a b',
  'https://example.com/\r\nset-cookie:a',
  'https://example.com/"onmouseover="alert(1)',
  'https://example.com/<script>',
  'https://exa mple.com/',
  'https://example.com/\u2028x',
  // no host that could be meant
  'https://intranet/',
  'intranet',
  'https://intranet./',
  'https://',
  'https://.',
  'https://[fe80::1]/',
  'https://%00.com/',
  'https://exa%23mple.com/',
  'https://256.256.256.256/',
  'https://example.com:99999/',
  '?x=1',
  '#x',
  '',
  '   ',
  `https://example.com/${'a'.repeat(2_000)}`,
  // not even text
  undefined,
  null,
  42,
  true,
  {},
  ['https://example.com/'],
  { toString: () => 'https://example.com/' },
  new URL('https://example.com/'),
];
for (const link of hostile) {
  test(`${JSON.stringify(link)?.slice(0, 80)} ⇒ undefined`, () => {
    assert.equal(safeLink(link), undefined);
  });
}

test('there are at least 60 hostile links', () => assert.ok(new Set(hostile).size >= 60));

const good: [string, string][] = [
  ['www.google.com', 'https://www.google.com/'],
  ['example.com', 'https://example.com/'],
  ['example.com/thanks?x=1#y', 'https://example.com/thanks?x=1#y'],
  ['https://example.com', 'https://example.com/'],
  ['https://example.com/thanks', 'https://example.com/thanks'],
  ['HTTPS://EXAMPLE.com/Thanks', 'https://example.com/Thanks'],
  ['  https://example.com/  ', 'https://example.com/'],
  ['https://example.com:8443/x', 'https://example.com:8443/x'],
  ['example.com:8443/x', 'https://example.com:8443/x'],
  ['https://a.b.c.example.co.uk/', 'https://a.b.c.example.co.uk/'],
  ['https://example.com/?next=https://other.com/a:b@c', 'https://example.com/?next=https://other.com/a:b@c'],
  ['https://example.com/?javascript:alert(1)', 'https://example.com/?javascript:alert(1)'],
  ['https://example.com/%E2%9C%93', 'https://example.com/%E2%9C%93'],
  ['https://example.com/✓', 'https://example.com/%E2%9C%93'],
  ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ["https://example.com/it's", "https://example.com/it's"],
  ['https://93.184.216.34/', 'https://93.184.216.34/'],
  ['http://localhost:8787/done', 'http://localhost:8787/done'],
  ['http://127.0.0.1:8787/', 'http://127.0.0.1:8787/'],
  ['http://[::1]:3000/', 'http://[::1]:3000/'],
  ['https://localhost/', 'https://localhost/'],
];
for (const [link, kept] of good) {
  test(`${link} ⇒ ${kept}`, () => assert.equal(safeLink(link), kept));
}

const hosts: [string, boolean][] = [
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['[::1]', true],
  ['localhost.evil.com', false],
  ['evil-localhost', false],
  ['127.0.0.1.evil.com', false],
  ['128.0.0.1', false],
  ['1127.0.0.1', false],
  ['[::2]', false],
];
for (const [host, loopback] of hosts) {
  test(`${host} ⇒ ${loopback ? 'loopback' : 'not loopback'}`, () => assert.equal(isLoopback(host), loopback));
}
