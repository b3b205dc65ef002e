/**
 * What the runtime hands to the Worker and its objects: bindings, secrets, variables. Variables are strings as they stand in
 * `wrangler.toml`; `settings.ts` reads them and says in a sentence what is wrong with them.
 */
import type { SettingsSource } from './config/settings.ts';
import type { EventObject } from './event/object.ts';
import type { GateObject } from './gate/object.ts';
import type { LeadObject } from './lead/object.ts';

export interface Env extends SettingsSource {
  // bindings
  ASSETS: Fetcher;
  LEAD: DurableObjectNamespace<LeadObject>;
  EVENT: DurableObjectNamespace<EventObject>;
  GATE: DurableObjectNamespace<GateObject>;
  TICKET_THROTTLE: RateLimit;
  ADDRESS_THROTTLE: RateLimit;
  FREE_TICKETS: RateLimit;
  URGENT_LEADS: RateLimit;
  LEAD_THROTTLE: RateLimit;

  // secrets
  /** `iclosed_…`, from Settings → Developer. */
  ICLOSED_API_KEY?: string;
  /** The key that takes over when the first is refused. */
  ICLOSED_API_KEY_NEXT?: string;
  /** `id:base64,id:base64…`; the first signs tickets, all verify. */
  SIGNING_KEYS?: string;

  /** Opens `/admin/…`; at least 16 characters. */
  ADMIN_TOKEN?: string;
  /** https address that is told what an owner should know. */
  ALERT_WEBHOOK?: string;

  // variables beside those of `SettingsSource`
  OBJECT_JURISDICTION?: string;
  UPSTREAM_REGION?: string;
}
