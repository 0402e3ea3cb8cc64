/**
 * Local clocks that advance at rates of their own, and the timers that run by them. Nobody sees real time, so what counts is how fast
 * one clock may be by another one. The model's ticks are those of the slowest rate there is: all clocks advance by them, and a faster one
 * runs ahead by a tick of its own now and then, at most once in `driftEvery` ticks. Rates within r of real time are that for
 * driftEvery = (1 - r) / 2r. A rate may change from tick to tick, so that what clocks differ by grows with time, up to that and no faster:
 * while one clock advances by n ticks, another one does by at most n + floor(n / driftEvery) + 1, the last because readings are whole.
 *
 * Time has no beginning or end: a state holds what is left on each timer instead of readings, so that a system that runs for ever has
 * finitely many states.
 *
 *     steady: cells(c.servers, 0),
 *     ...
 *     tick: on.action(tick(clocks)),
 *     runAhead: on.action(runAhead(clocks)),
 *
 * Pauses of a process need nothing of their own: everybody else may act, and clocks tick, between any two of its steps.
 *
 * Source: Gray & Cheriton, Leases, SOSP 1989, section 5 (what leases need of clocks); timers that are counted down in place of times:
 * Lamport, Real time is really simple, Microsoft Research MSR-TR-2005-30, section 2.
 */
import { type FamilyView, type Id, ids } from '../../checker/index.ts'

export interface Clocks<V, D> {
  readonly clocks: number
  /** In how many ticks a clock may gain one on another; 0 for never. */
  readonly driftEvery: number
  /** Whether time may pass now: not while something is to happen at once. */
  readonly mayPass: (s: V) => boolean
  /** Whether a timer runs by clock i. Where none does, nobody can tell whether it runs ahead. */
  readonly isUsed: (s: V, i: Id) => boolean
  /** A tick of clock i: counts down the timers that run by it. */
  readonly advance: (s: D, i: Id) => void
}

/** For how many ticks each clock may not run ahead. */
interface View {
  readonly steady: FamilyView<number>
}

interface Draft {
  readonly steady: { [index: number]: number; readonly length: number }
}

/** Enabled iff time may pass: all clocks advance by a tick. Time does not stand still for ever where it may pass. */
export function tick<V, D extends Draft>({
  clocks,
  mayPass,
  advance,
}: Clocks<V, D>): {
  fair: 'weak'
  when: (s: V) => boolean
  then: (s: D) => void
} {
  return {
    fair: 'weak',
    when: mayPass,
    then: (s) => {
      for (const i of ids(clocks)) {
        s.steady[i] = Math.max(0, (s.steady[i] as number) - 1)
        advance(s, i)
      }
    },
  }
}

/** Enabled iff time may pass, the clock is used, and it has not run ahead within `driftEvery` ticks: it alone advances by a tick. */
export function runAhead<V extends View, D extends Draft>({
  clocks,
  driftEvery,
  mayPass,
  isUsed,
  advance,
}: Clocks<V, D>): { each: readonly Id[]; when: (s: V, i: Id) => boolean; then: (s: D, i: Id) => void } {
  return {
    each: driftEvery > 0 ? ids(clocks) : [],
    when: (s, i) => s.steady[i] === 0 && isUsed(s, i) && mayPass(s),
    then: (s, i) => {
      s.steady[i] = driftEvery
      advance(s, i)
    },
  }
}

/**
 * For how many ticks of its own clock one may rely on what another one has granted for `granted` ticks of its clock, reckoning with a
 * tick gained in `every` (0: none): the most ticks such that the other clock is over no sooner. That is granted / (1 + 1 / every).
 */
export function reckoned(granted: number, every: number): number {
  return every === 0 ? granted : Math.floor((granted * every) / (every + 1))
}
