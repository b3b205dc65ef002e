/**
 * Rules that a control puts in the place of the gate's own: a textbook token bucket, a gate without breakers, a gate that turns
 * nobody away.
 */
import { Backlog, type Parked } from '../../worker/gate/backlog.ts';
import { Gate, type GateConfig, type GateMemory, type GateNews } from '../../worker/gate/gate.ts';
import type { Permit, PermitRequest, Refused, Report } from '../../worker/gate/permit.ts';
import type { Endpoint } from '../../worker/iclosed/request.ts';
import type { GateRules } from './gate-host.ts';

/** N tokens at once, N more per window, and full again after every restart: so it stands in textbooks. */
export class TokenBucketGate implements GateRules {
  readonly #config: GateConfig;
  readonly memory: GateMemory;
  readonly backlog: Backlog;
  readonly #buckets = new Map<Endpoint, { tokens: number; at: number }>();
  readonly #waiting: { id: number; endpoint: Endpoint; deadline: number }[] = [];
  #nextId = 1;

  constructor(config: GateConfig, memory: GateMemory, parked: readonly Parked[]) {
    this.#config = config;
    this.memory = { ...memory };
    this.backlog = new Backlog(parked);
  }

  join({ endpoint, waitMs }: PermitRequest, now: number): { id: number } | Refused {
    const id = this.#nextId++;
    this.#waiting.push({ id, endpoint, deadline: now + waitMs });
    return { id };
  }

  lift(): void {
    // Everybody is equal here.
  }

  release(now: number): { answers: [number, Permit][]; needsLease: boolean; wakes: string[] } {
    const answers: [number, Permit][] = [];
    for (const { id, endpoint, deadline } of this.#waiting) {
      const bucket = this.#bucket(endpoint, now);
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        const limit = this.#config.rate;
        answers.push([id, { granted: true, key: 'current', isProbe: false, isWatched: false, limit }]);
      } else if (now > deadline) {
        answers.push([id, { granted: false, retryAfterSeconds: 1, reason: 'busy' }]);
      }
    }
    const answered = new Set(answers.map(([id]) => id));
    this.#waiting.splice(0, this.#waiting.length, ...this.#waiting.filter(({ id }) => !answered.has(id)));
    return { answers, needsLease: false, wakes: [] };
  }

  wakeAt(now: number): number | undefined {
    return this.#waiting.length > 0 ? now + 50 : undefined;
  }

  report(): GateNews[] {
    return [];
  }

  health(): never {
    throw new Error('nobody asks a control how it is');
  }

  #bucket(endpoint: Endpoint, now: number): { tokens: number; at: number } {
    const { points, windowSeconds } = this.#config.rate;
    let bucket = this.#buckets.get(endpoint);
    if (!bucket) {
      bucket = { tokens: points, at: now };
      this.#buckets.set(endpoint, bucket);
    }
    bucket.tokens = Math.min(points, bucket.tokens + ((now - bucket.at) / 1_000) * (points / windowSeconds));
    bucket.at = now;
    return bucket;
  }
}

/** Faults are no news to it: it never opens a breaker. */
export class BreakerlessGate extends Gate {
  override report(report: Report, now: number): GateNews[] {
    return report.failure?.kind === 'rate_limited' ? super.report(report, now) : [];
  }
}

/** Turns nobody away, however long the queue. */
export class PatientGate extends Gate {
  override join(request: PermitRequest, now: number): { id: number } | Refused {
    return super.join({ ...request, waitMs: 24 * 3_600_000 }, now);
  }
}
