/**
 * Time without beginning or end: a state holds what is left on each timer instead of readings of clocks, so that a system that runs
 * for ever has finitely many states. Timers run by local clocks of different rates, no two of which ever differ by more than `drift`
 * ticks since they started together. Of each clock the state knows how far it is ahead of the slowest:
 *
 *     ahead: cells(c.servers, 0),
 *     ...
 *     tick: on.action(tick(timers)),
 *     runAhead: on.action(runAhead(timers)),
 *
 * An interval that one clock measures as `d` ticks takes d - 2 * drift to d + 2 * drift of another one, for one may be behind
 * at its beginning and ahead at its end. Where a model needs an order of moments, such as timestamps, readings (clocks.ts) are simpler.
 *
 * Source: as for clocks.ts; timers that are counted down in place of times: Lamport, Real time is really simple, MSR-TR-2005-30, section 2.
 */
import { type FamilyView, type Id, ids } from '../../checker/index.ts'

export interface Timers<V, D> {
  readonly clocks: number
  /** How far two clocks may be apart, in ticks. */
  readonly drift: number
  /** Whether time may pass now: not while something is to happen at once. */
  readonly mayPass: (s: V) => boolean
  /** A tick of clock i: counts down the timers that run by it. */
  readonly advance: (s: D, i: Id) => void
}

interface View {
  readonly ahead: FamilyView<number>
}

interface Draft {
  readonly ahead: { [index: number]: number; readonly length: number }
}

/** Enabled iff time may pass: all clocks advance by a tick. Time does not stand still for ever where it may pass. */
export function tick<V, D>({
  clocks,
  mayPass,
  advance,
}: Timers<V, D>): {
  fair: 'weak'
  when: (s: V) => boolean
  then: (s: D) => void
} {
  return {
    fair: 'weak',
    when: mayPass,
    then: (s) => {
      for (const i of ids(clocks)) advance(s, i)
    },
  }
}

/** Enabled iff time may pass and the clock is within the bound afterwards: it alone advances by a tick. */
export function runAhead<V extends View, D extends Draft>({
  clocks,
  drift,
  mayPass,
  advance,
}: Timers<V, D>): { each: readonly Id[]; when: (s: V, i: Id) => boolean; then: (s: D, i: Id) => void } {
  return {
    each: drift > 0 ? ids(clocks) : [],
    when: (s, i) => s.ahead[i] < drift && mayPass(s),
    then: (s, i) => {
      s.ahead[i] = (s.ahead[i] as number) + 1
      const all = ids(clocks).map((clock) => s.ahead[clock] as number)
      const slowest = Math.min(...all)
      all.forEach((ahead, clock) => {
        s.ahead[clock] = ahead - slowest
      })
      advance(s, i)
    },
  }
}
