import { runCrowd } from './crowd.ts';
import { faultMix } from './fault-mix.ts';
import { doublesOf, contactFates, untrueWords, bookedAfterWithdrawal, quantile } from './judge.ts';
const seed = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 500);
const t = Date.now();
const run = await runCrowd({ seed, visitors: n, arriveWithinMs: n / 0.8 * 1000, standin: faultMix(seed), hasNextKey: true });
const ends: Record<string, number> = {};
for (const v of run.visits) { const k = typeof v.end === 'object' ? v.end.refused : String(v.end); ends[k] = (ends[k] ?? 0) + 1; }
console.log('cpu s', (Date.now() - t) / 1000, 'virtual min', (run.edge.clock.now() - run.arrivedAt.first) / 60000);
console.log(ends, 'calls', run.model.ledger.calls().length);
console.log('doubles', doublesOf(run).length, doublesOf(run).slice(0, 5), 'lost', contactFates(run).filter((f) => f.arrivedAt === undefined).map((f) => [f.visit.attempt, f.refusedForGoodAt]));
console.log('untrue', untrueWords(run).slice(0, 5), 'afterWithdraw', bookedAfterWithdrawal(run).length, 'over', run.model.ledger.overLimit());
const unclear = [...run.chronicle.stories.values()].flatMap(s => s.bookings).filter(b => b.unclearAt !== undefined);
const times = unclear.map(b => ((b.overAt ?? Infinity) - (b.firstSentAt ?? 0)) / 1000);
console.log('unclear', unclear.length, 'p50', quantile(times, .5), 'p90', quantile(times, .9), 'p99', quantile(times, .99), 'max', Math.max(...times));
console.log('gate', run.edge.gate.counts, 'logged', run.edge.logged, 'news', run.edge.news.length, '429', run.model.ledger.entries.filter(e => e.status === 429 && !e.fault).length);
const by: Record<string, number> = {}; for (const e of run.model.ledger.entries) by[e.endpoint] = (by[e.endpoint] ?? 0) + 1; console.log(by);
const show = (id: string) => { const v = run.visits.find(v => v.attempt === id)!; console.log(JSON.stringify({ ...v, habits: undefined }), v.habits, JSON.stringify(run.edge.lead(v.leadId).stored), run.chronicle.stories.get(v.leadId)?.bookings, run.sent.filter(s => s.sender === v.leadId).map(s => [s.at - v.beganAt, s.entry.endpoint, s.entry.status, s.entry.fault, s.entry.committedAt && s.entry.committedAt - v.beganAt].join(' '))); };
for (const id of process.argv.slice(4)) show(id);
if (!process.argv[4]) {
  
  const u = untrueWords(run)[0]; if (u) show(u.attempt);
  const inf = [...run.chronicle.stories.values()].find(s => s.bookings.some(b => b.unclearAt !== undefined && b.overAt === undefined)); if (inf) show(inf.leadId.slice(5));
}
