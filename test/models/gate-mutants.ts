/**
 * Gates with one rule dropped: the controls of the model. Each names the rule that its loss must be caught by.
 */
import { Gate, type GateConfig } from '../../worker/gate/gate.ts';
import type { GateRule } from './gate-book.ts';
import { type MakeGate, realGate } from './gate-run.ts';

export interface GateMutant {
  name: string;
  breaks: GateRule;
  make: MakeGate;
  change?: (config: GateConfig) => GateConfig;
}

type GateClass = new (...given: ConstructorParameters<typeof Gate>) => Gate;
const of =
  (Mutant: GateClass): MakeGate =>
  (...given) =>
    new Mutant(...given);

export const gateMutants: readonly GateMutant[] = [
  {
    name: 'starts full after a restart',
    breaks: 'window',
    make: (config, memory, parked) => new Gate(config, { ...memory, leaseUntil: 0 }, parked),
  },
  {
    name: 'stores no lease',
    breaks: 'window',
    make: of(
      class extends Gate {
        override release(now: number) {
          return { ...super.release(now), needsLease: false };
        }
      },
    ),
  },
  {
    name: 'learns no limit',
    breaks: 'window',
    make: of(
      class extends Gate {
        override report(report: Parameters<Gate['report']>[0], now: number) {
          const { failure, ...rest } = report;
          const { limit: _, ...without } = failure ?? { kind: 'rate_limited' as const };
          return super.report({ ...rest, ...(failure ? { failure: without } : {}) }, now);
        }
      },
    ),
  },
  {
    name: 'counts on no jitter',
    breaks: 'window',
    make: realGate,
    change: (config) => ({ ...config, jitterSeconds: 0 }),
  },
  {
    name: 'turns nobody away and lets nobody go',
    breaks: 'deadline',
    make: of(
      class extends Gate {
        override join(request: Parameters<Gate['join']>[0], now: number) {
          return super.join({ ...request, waitMs: 24 * 3_600_000 }, now);
        }
      },
    ),
  },
  {
    name: 'oversleeps',
    breaks: 'deadline',
    make: of(
      class extends Gate {
        override wakeAt(now: number) {
          const at = super.wakeAt(now);
          return at === undefined || this.backlog.size > 0 ? at : at + 10_000;
        }
      },
    ),
  },
  {
    name: 'answers twice',
    breaks: 'answered once',
    make: of(
      class extends Gate {
        override release(now: number) {
          const released = super.release(now);
          return { ...released, answers: released.answers.flatMap((each) => [each, each]) };
        }
      },
    ),
  },
  {
    name: 'forgets whom it does not let through',
    breaks: 'answered once',
    make: of(
      class extends Gate {
        override release(now: number) {
          const released = super.release(now);
          return { ...released, answers: released.answers.filter(([, { granted }]) => granted) };
        }
      },
    ),
  },
  {
    name: 'keeps nothing for recovery and outbox',
    breaks: 'reserved share',
    make: of(
      class extends Gate {
        override join(request: Parameters<Gate['join']>[0], now: number) {
          return super.join({ ...request, class: request.class === 1 ? 1 : 5 }, now);
        }
      },
    ),
  },
  {
    name: 'does not hear of refused keys',
    breaks: 'refused key',
    make: of(
      class extends Gate {
        override report(report: Parameters<Gate['report']>[0], now: number) {
          return report.failure?.kind === 'auth' ? [] : super.report(report, now);
        }
      },
    ),
  },
  {
    name: 'makes several trials at once',
    breaks: 'one trial',
    make: realGate,
    change: (config) => ({ ...config, trialMs: 0 }),
  },
  {
    name: 'keeps what was taken out of the outbox',
    breaks: 'backlog',
    make: (...given) => {
      const gate = new Gate(...given);
      gate.backlog.unpark = () => true;
      return gate;
    },
  },
  {
    name: 'wakes everybody at once',
    breaks: 'wakes',
    make: of(
      class extends Gate {
        override release(now: number) {
          return { ...super.release(now), wakes: this.backlog.list().map(({ leadId }) => leadId) };
        }
      },
    ),
  },
  {
    name: 'wakes nobody',
    breaks: 'wakes',
    make: of(
      class extends Gate {
        override release(now: number) {
          return { ...super.release(now), wakes: [] };
        }
      },
    ),
  },
];
