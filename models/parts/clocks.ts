/**
 * Local clocks that run at different rates. They start together, and whatever their rates, no two of them ever differ by more than
 * `drift` ticks: that is the bound on drift times the length of the run. A model keeps the readings in cells named `clock`:
 *
 *     clock: cells(c.servers, 0),
 *     ...
 *     tick: on.action(tick(c)),
 *     runAhead: on.action(runAhead(c.servers, c)),
 *
 * An interval that one clock measures as `d` ticks takes d - 2 * drift to d + 2 * drift of another one, for one may be behind
 * at its beginning and ahead at its end. Pauses of a process need nothing of their own: everybody else may act, and
 * clocks tick, between any two of its steps.
 *
 * Source: Lamport, Real time is really simple, Microsoft Research MSR-TR-2005-30 (time as a variable); Gray & Cheriton, Leases, SOSP
 * 1989, section 5 (what leases need of clocks).
 */
import { type FamilyView, type Id, ids } from '../../checker/index.ts'

export interface Time {
  /** How far two clocks may be apart, in ticks. */
  readonly drift: number
  /** The reading at which time ends, so that the space stays finite. */
  readonly ticks: number
}

interface View {
  readonly clock: FamilyView<number>
}

interface Draft {
  readonly clock: { [index: number]: number; readonly length: number }
}

/** Enabled iff no clock has come to its end: all advance by a tick. */
export function tick({ ticks }: Time): { when: (s: View) => boolean; then: (s: Draft) => void } {
  return {
    when: (s) => s.clock.every((now) => now < ticks),
    then: (s) => {
      for (const i of ids(s.clock.length)) s.clock[i] = (s.clock[i] as number) + 1
    },
  }
}

/** Enabled iff the clock is within the bound afterwards: it alone advances by a tick. */
export function runAhead(
  clocks: number,
  { drift, ticks }: Time,
): { each: readonly Id[]; when: (s: View, i: Id) => boolean; then: (s: Draft, i: Id) => void } {
  return {
    each: drift > 0 ? ids(clocks) : [],
    when: (s, i) => {
      const next = (s.clock[i] as number) + 1
      return next <= ticks && s.clock.every((other) => next - other <= drift)
    },
    then: (s, i) => {
      s.clock[i] = (s.clock[i] as number) + 1
    },
  }
}
