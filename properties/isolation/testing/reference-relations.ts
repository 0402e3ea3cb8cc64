/** Relations among a handful of transactions, as boolean matrices: bit t of row s says whether (s, t) is in the relation. */
export type Relation = readonly number[]

/** @param size at most 30 */
export function relation(size: number, holds: (s: number, t: number) => boolean): Relation {
  const numbers = Array.from({ length: size }, (_, i) => i)
  return numbers.map((s) => numbers.reduce((row, t) => (holds(s, t) ? row | (1 << t) : row), 0))
}

export function has(r: Relation, s: number, t: number): boolean {
  return (((r[s] as number) >> t) & 1) === 1
}

/** R ∪ S ∪ ... */
export function union(first: Relation, ...others: readonly Relation[]): Relation {
  return first.map((row, s) => others.reduce((all, other) => all | (other[s] as number), row))
}

/** R ; S: first a step of R, then one of S. */
export function compose(r: Relation, s: Relation): Relation {
  return r.map((row) => s.reduce((all, next, middle) => ((row >> middle) & 1 ? all | next : all), 0))
}

/** R?: no step or one of R. */
export function optional(r: Relation): Relation {
  return r.map((row, s) => row | (1 << s))
}

/** R+: one step or more. */
export function closure(r: Relation): Relation {
  const longer = union(r, compose(r, r))
  return longer.every((row, s) => row === r[s]) ? r : closure(longer)
}

/** R between the members of a set only. */
export function within(r: Relation, isMember: (s: number) => boolean): Relation {
  return relation(r.length, (s, t) => isMember(s) && isMember(t) && has(r, s, t))
}

export function isIrreflexive(r: Relation): boolean {
  return r.every((row, s) => ((row >> s) & 1) === 0)
}

export function isAcyclic(r: Relation): boolean {
  return isIrreflexive(closure(r))
}
