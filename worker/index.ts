/**
 * The Worker's entry: the app and the three objects. `wrangler.toml` names the classes.
 */
import { app, sayFaults } from './app.ts';
import type { Env } from './env.ts';

export { EventObject } from './event/object.ts';
export { GateObject } from './gate/object.ts';
export { LeadObject } from './lead/object.ts';

let hasSpoken = false;

export default {
  fetch(request, env, context) {
    if (!hasSpoken) {
      hasSpoken = true;
      try {
        sayFaults(env);
      } catch (error) {
        console.log(JSON.stringify({ what: 'setup_fault', sentence: String(error) }));
      }
    }
    return app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;
