/**
 * `npm run simulate`: every promise that virtual time can try, at full size, as a table; ends with an error when a figure is
 * missed or a control does not fail. `npm run simulate -- P2 P6` runs only those; `--short` the sizes of the suite.
 */
import { parts } from './parts.ts';
import { report } from './report.ts';

await report(parts, process.argv.slice(2));
