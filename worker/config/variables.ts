/**
 * What each variable and secret of the Worker means, for `docs/configuration.md`. Read by scripts and tests only, never by the Worker;
 * a test compares the names with `Env`. `settings.ts` reads them, `wrangler.toml` holds the variables.
 */

export interface Variable {
  /** Variables stand in `wrangler.toml`, secrets never. */
  kind: 'variable' | 'secret';
  /** What may be written, in Markdown. */
  values: string;
  /** What counts where nothing is written, in Markdown. */
  fallback: string;
  description: string;
}

export const VARIABLES: Readonly<Record<string, Variable>> = {
  ALLOWED_ORIGINS: {
    kind: 'variable',
    values: 'JSON list, such as `["example.com", "https://shop.example.org"]`',
    fallback: "the Worker's own pages only",
    description:
      'Websites that may show the widget. `example.com` means `https://example.com` and `https://www.example.com`; other subdomains are written one by one.',
  },
  EVENTS: {
    kind: 'variable',
    values: 'JSON, the inner object of `events.json`',
    fallback: '`{}`',
    description: 'Merged over `events.json`, field by field; for tests and small sites.',
  },
  ICLOSED_API_URL: {
    kind: 'variable',
    values: '`https://public.api.iclosed.io`, another https host of `api.iclosed.io`, or an address on loopback',
    fallback: '`https://public.api.iclosed.io`',
    description: 'Where iClosed answers.',
  },
  ICLOSED_RATE: {
    kind: 'variable',
    values: 'calls per seconds, such as `20/10s` or `20/1s`',
    fallback: '`20/10s`',
    description:
      'How many calls iClosed allows your account per endpoint. Its documents disagree between 10 seconds and 1 second; the default is the careful one.',
  },
  ICLOSED_RATE_SHARE: {
    kind: 'variable',
    values: 'number above 0, at most 1',
    fallback: '`1`',
    description: "The part of that limit which is the Worker's; less where other programs use the same account.",
  },
  ICLOSED_API_KEY_EXPIRES: {
    kind: 'variable',
    values: 'a day, such as `2027-06-30`',
    fallback: 'nobody is told',
    description: 'When the API key expires: `ALERT_WEBHOOK` is told 14 days before.',
  },
  SLOT_TIME_ZONE: {
    kind: 'variable',
    values: 'IANA zone',
    fallback: '`UTC`',
    description: 'The zone in which iClosed is asked for times. UTC has no hour that exists twice.',
  },
  OBJECT_JURISDICTION: {
    kind: 'variable',
    values: '`eu`, `us`, `fedramp`, `fedramp-high`',
    fallback: 'anywhere',
    description:
      'Where Cloudflare keeps what the Worker writes down. Decide before the first visitor: another value later begins with empty objects, and what waits in the old ones is out of reach.',
  },
  UPSTREAM_REGION: {
    kind: 'variable',
    values: '`wnam`, `enam`, `sam`, `weur`, `eeur`, `apac`, `apac-ne`, `apac-se`, `oc`, `afr`, `me`',
    fallback: 'near the first visitor',
    description:
      'Where Cloudflare shall put objects when they are made: a hint, best near iClosed. Objects that exist stay where they are.',
  },
  ICLOSED_API_KEY: {
    kind: 'secret',
    values: '`iclosed_…`',
    fallback: 'nothing can be booked',
    description: 'The API key, from iClosed, Settings → Developer.',
  },
  ICLOSED_API_KEY_NEXT: {
    kind: 'secret',
    values: '`iclosed_…`',
    fallback: 'none',
    description: 'The key that takes over when iClosed refuses the first, so that keys are changed without a pause.',
  },
  SIGNING_KEYS: {
    kind: 'secret',
    values: '`id:base64`, several with commas between: id 0 to 255, at least 32 random bytes',
    fallback: 'nothing can be booked; the first `npm run deploy` makes one',
    description:
      "Sign the visitors' tickets: the first signs, all are accepted. To change one, put the new one before it and take the old one away when its manage links may end.",
  },
  ADMIN_TOKEN: {
    kind: 'secret',
    values: 'text of at least 16 characters',
    fallback: '`/admin/…` is closed',
    description: 'Opens `/admin/health` and `npm run leads`.',
  },
  ALERT_WEBHOOK: {
    kind: 'secret',
    values: 'https address, of Slack, Teams, Discord or anything that takes JSON',
    fallback: 'nobody is told',
    description:
      'Is told what an owner should know: a key that is refused or expires, iClosed away, a lead that waits or was refused, a booking that needs a person, an event without times. Never personal data.',
  },
};
