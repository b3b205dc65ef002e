/**
 * The only place that makes stubs of objects. Names, jurisdiction and location hint are facts of birth: changing one of them
 * leads to new, empty objects. Leads have unique ids, carried in the visitor's ticket.
 */
import type { Env } from './env.ts';

const ACCOUNT = 'default';

function within<T extends Rpc.DurableObjectBranded>(env: Env, namespace: DurableObjectNamespace<T>) {
  return env.OBJECT_JURISDICTION
    ? namespace.jurisdiction(env.OBJECT_JURISDICTION as DurableObjectJurisdiction)
    : namespace;
}

function hint(env: Env): DurableObjectNamespaceGetDurableObjectOptions {
  return env.UPSTREAM_REGION ? { locationHint: env.UPSTREAM_REGION as DurableObjectLocationHint } : {};
}

/** A Lead that does not exist until somebody writes to it. */
export function newLeadId(env: Env): string {
  return within(env, env.LEAD).newUniqueId().toString();
}

/** @throws when the id was not made by this namespace. */
export function leadStub(env: Env, leadId: string) {
  const leads = within(env, env.LEAD);
  return leads.get(leads.idFromString(leadId), hint(env));
}

export function eventStub(env: Env, event: string) {
  return within(env, env.EVENT).getByName(`event:v1:${ACCOUNT}:${event}`, hint(env));
}

export function gateStub(env: Env) {
  return within(env, env.GATE).getByName(`gate:v1:${ACCOUNT}`, hint(env));
}
