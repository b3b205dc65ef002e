/**
 * `npm run soak`: the promises over real sockets, the real Worker in workerd in front of the stand-in for iClosed, at full size.
 * `npm run soak -- P3 ledger` runs only those; `--short` the sizes of the suite. Takes about half an hour.
 */
import { report } from '../simulation/report.ts';
import { parts } from './parts.ts';

await report(parts, process.argv.slice(2));
