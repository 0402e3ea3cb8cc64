/** Generated histories: the operations of a sequential run, stretched in time, some of them crashed, some results changed. */
import fc from 'fast-check'
import type { Operation } from '../operation.ts'
import type { Value } from '../value.ts'
import type { SequentialObject } from './brute-force-containers.ts'

export interface Recipe {
  readonly object: SequentialObject
  /** The operations by name, with what they take: a new value, an element of a few, or nothing. */
  readonly operations: Readonly<Record<string, 'new' | 'element' | 'nothing'>>
  /** New values are numbered from 1; another order than that of the numbers where it matters. */
  readonly nthValue?: (number: number) => Value
}

/** One operation before it has a time and a result. */
interface Draft {
  readonly f: string
  readonly element: number
  /** How long before and after its moment it is called and returns. */
  readonly before: number
  readonly after: number
  /** What becomes of it, mostly nothing: 1 to 3 are kinds of crashes and lost results, others change the result. */
  readonly fate: number
  readonly other: number
}

export interface Shape {
  readonly operationsMin?: number
  readonly operationsMax: number
  readonly stretch: number
  /** One in how many operations crashes, or returns something else. */
  readonly rarity: number
}

export function histories({ object, operations, nthValue = (number) => number }: Recipe, shape: Shape): fc.Arbitrary<Operation[]> {
  const draft = fc.record<Draft>({
    f: fc.constantFrom(...Object.keys(operations)),
    element: fc.integer({ min: 1, max: shape.operationsMax > 20 ? 12 : 2 }),
    before: fc.integer({ min: 0, max: shape.stretch }),
    after: fc.integer({ min: 0, max: shape.stretch }),
    fate: fc.integer({ min: 1, max: shape.rarity }),
    other: fc.integer({ min: 0, max: Math.min(4, shape.operationsMax) }),
  })
  return fc.array(draft, { minLength: shape.operationsMin ?? 0, maxLength: shape.operationsMax }).map((drafts) => {
    let state: readonly Value[] = []
    let values = 0
    const timed = drafts.map((one, i) => {
      const takes = operations[one.f]
      const input = takes === 'new' ? nthValue(++values) : takes === 'element' ? one.element : null
      const isCrashed = one.fate <= 2
      const [next, output] = object(state, one.f, input)
      // A crashed operation happened, or did not.
      if (one.fate !== 1) state = next
      const result = one.fate === 3 ? changed(output, one.other, nthValue) : output
      return {
        f: one.f,
        input,
        output: isCrashed ? undefined : result,
        isCrashed,
        from: 4 * i - one.before,
        until: 4 * i + one.after + 0.5,
      }
    })
    return placed(timed)
  })
}

interface Timed {
  readonly f: string
  readonly input: Value
  readonly output: Value | undefined
  readonly isCrashed: boolean
  readonly from: number
  readonly until: number
}

function placed(timed: readonly Timed[]): Operation[] {
  const events = timed
    .flatMap((one, i) => [
      { time: one.from, tie: i, one, isCall: true },
      { time: one.until, tie: i, one, isCall: false },
    ])
    .sort((a, b) => a.time - b.time || a.tie - b.tie)
  const calls = new Map<Timed, number>()
  const returns = new Map<Timed, number>()
  for (const [position, { one, isCall }] of events.entries()) (isCall ? calls : returns).set(one, position)
  return [...timed]
    .sort((a, b) => (calls.get(a) ?? 0) - (calls.get(b) ?? 0))
    .map((one, id) => ({
      id,
      process: id,
      key: undefined,
      f: one.f,
      input: one.input,
      output: one.output,
      completion: one.isCrashed ? 'info' : 'ok',
      call: calls.get(one) ?? 0,
      return: one.isCrashed ? Number.POSITIVE_INFINITY : (returns.get(one) ?? 0),
    }))
}

function changed(output: Value, other: number, nthValue: (number: number) => Value): Value {
  if (typeof output === 'boolean') return !output
  return other === 0 ? null : nthValue(other)
}
