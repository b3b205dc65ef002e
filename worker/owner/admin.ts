/**
 * What the owner may see and do with `ADMIN_TOKEN`: the state of the gate, the list of what is undelivered or needs a person,
 * and one lead at a time. Not for browsers: no CORS, a bearer token, nothing at all without one.
 */
import { Hono } from 'hono';
import type { Env } from '../env.ts';
import { gateStub, leadStub } from '../objects.ts';
import { Problem } from '../problem.ts';

export const admin = new Hono<{ Bindings: Env }>();

admin.use(async (context, next) => {
  const given = context.req.header('authorization')?.replace(/^Bearer /, '') ?? '';
  const wanted = context.env.ADMIN_TOKEN ?? '';
  if (wanted.length < 16 || !(await isSame(given, wanted))) throw new Problem('not_found');
  await next();
});

admin.get('/health', async (context) => context.json(await gateStub(context.env).health(), 200, NO_STORE));

admin.get('/leads', async (context) => {
  const parked = await gateStub(context.env).list();
  const leads = parked.map(({ attempt, event, state, endpoint, since }) => ({
    attempt,
    event,
    state,
    endpoint,
    since,
  }));
  return context.json({ leads }, 200, NO_STORE);
});

admin.get('/leads/:attempt', async (context) => {
  const lead = await find(context.env, context.req.param('attempt'));
  return context.json((await lead.show()) ?? null, 200, NO_STORE);
});

admin.post('/leads/:attempt/retry', async (context) => {
  await (await find(context.env, context.req.param('attempt'))).retry();
  return context.json({ ok: true }, 200, NO_STORE);
});

admin.post('/leads/:attempt/forget', async (context) => {
  await (await find(context.env, context.req.param('attempt'))).erase();
  return context.json({ ok: true }, 200, NO_STORE);
});

const NO_STORE = { 'cache-control': 'no-store' };

async function find(env: Env, attempt: string) {
  const parked = await gateStub(env).find(attempt);
  if (!parked) throw new Problem('attempt_unknown');
  return leadStub(env, parked.leadId);
}

/** Compares digests, so that time says nothing about how much was right. */
async function isSame(a: string, b: string): Promise<boolean> {
  const digest = (value: string) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(value));
  const [x, y] = await Promise.all([digest(a), digest(b)]);
  return crypto.subtle.timingSafeEqual(x, y);
}
