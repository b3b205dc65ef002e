/** What the tests may know of the environment: nothing that opens or configures anything. */

const SECRET = /(^|_)(KEYS?|TOKENS?|SECRETS?|PASSWORDS?|CREDENTIALS?)(_|$)/i;
const OURS = /^(ICLOSED|CLOUDFLARE|CF|WRANGLER)_/i;

/**
 * The environment without keys, tokens and the like, without anything for iClosed, Cloudflare and wrangler, and without the
 * settings in `names`; wrangler is told to keep to itself.
 */
export function cleanEnvironment(env: NodeJS.ProcessEnv, names: Iterable<string>): NodeJS.ProcessEnv {
  const settings = new Set(['PORT', ...names]);
  const kept = Object.entries(env).filter(([name]) => !settings.has(name) && !SECRET.test(name) && !OURS.test(name));
  return {
    ...Object.fromEntries(kept),
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    TZ: 'UTC',
  };
}
