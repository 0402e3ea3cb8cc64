/** What operations do to the state of a specification, as far as is known how they ended. */
import type { Operation } from '../operation.ts'
import type { Outcome, Spec } from '../spec.ts'
import { equal, type Value } from '../value.ts'
import { type Plain, type Process, plainOf } from './monitor.ts'

/** An operation that has been called. */
export interface Call {
  readonly process: Process
  readonly f: string
  readonly input: Plain
}

/** How an operation ended. */
export type Ending = { readonly ok: Value } | 'fail'

/** What is known of how an operation that has taken effect can end. */
export type Must =
  | { readonly return: Plain }
  /** It took the specification from one state to the other, and may return whatever does. */
  | { readonly from: Plain; readonly to: Plain }
  | 'succeed'
  | 'fail'

/** A state that an operation leads to, and what it must return to have done so. */
export interface Accepted {
  readonly state: Plain
  /** `null` where what it does depends on what it returns, and nobody knows that yet. */
  readonly must: Must | null
}

export class Effects {
  readonly #spec: Spec
  /** Whether operations can fail as the specification says, or only by not happening. */
  readonly #observesFailures: boolean

  constructor(spec: Spec, observesFailures: boolean) {
    this.#spec = spec
    this.#observesFailures = observesFailures
  }

  /** Where an operation can lead that has ended so, will end, or will never. */
  of(state: Plain, call: Call, ending: Ending | 'unknown' | 'crashed'): Accepted[] {
    const output = typeof ending === 'object' ? ending.ok : undefined
    const seen = { output: false }
    const completion = typeof ending === 'object' ? 'ok' : ending === 'fail' ? 'fail' : 'info'
    const given: Operation = {
      ...operationOf(call, completion),
      get output() {
        seen.output = true
        return output
      },
    }
    const result = this.#spec.operations[call.f]?.(state, call.input as never, given) ?? []
    const outcomes = typeof result === 'string' ? [] : ([result].flat() as readonly Outcome[])
    return outcomes.flatMap((outcome): Accepted[] => {
      const { completes = 'ok', returns } = outcome
      const to = outcome.state === undefined ? state : plainOf(outcome.state)
      if (completes === 'fail') return this.#canFail(ending) ? [{ state: to, must: 'fail' }] : []
      if (ending === 'fail') return []
      if (output !== undefined) return matches(returns, output) ? [{ state: to, must: 'succeed' }] : []
      if (seen.output) return [{ state: to, must: null }]
      if (typeof returns === 'function') return [{ state: to, must: { from: state, to } }]
      return [{ state: to, must: returns === undefined ? 'succeed' : { return: plainOf(returns) } }]
    })
  }

  /** An observed failure of an operation that is open is possible; one that crashed did not fail. */
  #canFail(ending: Ending | 'unknown' | 'crashed'): boolean {
    return this.#observesFailures && (ending === 'fail' || ending === 'unknown')
  }
}

/** The operation for the functions of specifications, and for sentences. */
export function operationOf({ process, f, input }: Call, completion: Operation['completion'], output?: Value): Operation {
  return { id: 0, process, key: undefined, f, input, output, completion, call: 0, return: Number.POSITIVE_INFINITY }
}

function matches(returns: Outcome['returns'], output: Value): boolean {
  if (returns === undefined) return true
  return typeof returns === 'function' ? returns(output) : equal(returns, output)
}
