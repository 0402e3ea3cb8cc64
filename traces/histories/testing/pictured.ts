/** Operations for pictures: written by hand, and random ones. */
import fc from 'fast-check'
import type { Operation } from '../../../properties/operation.ts'
import type { Value } from '../../../properties/value.ts'

/** What was called, by whom, from which event to which; `null`: it never returned. */
export type Drawn = readonly [
  process: number | string,
  f: string,
  input: Value,
  output: Value,
  call: number,
  end: number | null,
  key?: Value | undefined,
]

export function drawn(...operations: readonly Drawn[]): Operation[] {
  return operations.map(([process, f, input, output, call, end, key], id) => ({
    id,
    process,
    key,
    f,
    input,
    output: end === null ? undefined : output,
    completion: end === null ? 'info' : 'ok',
    call,
    return: end ?? Number.POSITIVE_INFINITY,
  }))
}

const values: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, 1, 2, 'a', '日本語日本語', '\u001b[31m', 'e\u0301', [1, 2], { '\u009b2J': '\u202e' }),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

/** Up to 30 operations, some of them overlapping ones of the same process, some that never returned. */
export const arbitraryOperations: fc.Arbitrary<Operation[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom<number | string>(0, 1, 2, 10, 'client-日本', '\u001b[2J', 'a-client-with-a-long-name'),
      fc.constantFrom('read', 'write', 'cas', 'dequeue', 'a-very-long-name-of-an-operation', '\u0007'),
      values,
      values,
      fc.integer({ min: 0, max: 40 }),
      fc.option(fc.integer({ min: 1, max: 8 }), { freq: 5 }),
      fc.constantFrom<Value | undefined>(undefined, undefined, 'x', 7),
    ),
    { maxLength: 30 },
  )
  .map((all) =>
    drawn(
      ...all.map(
        ([process, f, input, output, call, took, key]): Drawn => [process, f, input, output, call, took === null ? null : call + took, key],
      ),
    ),
  )
