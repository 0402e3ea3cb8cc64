/**
 * A trace in the Informal Trace Format of Apalache and Quint (ADR 015 of Apalache): a variable for each slot or family of slots, and
 * `action`, what was done to come to the state.
 */
import type { Json, State } from '../checker/index.ts'
import { type Replay, stepText } from './replay.ts'

export function traceItf({ trace, program, states }: Replay): string {
  const { slots } = program.shape
  const variables = [...new Set(slots.map(({ family }) => family))]
  const stateOf = (state: State, i: number): object => {
    const step = trace.steps[i - 1]
    const values = variables.map((variable) => {
      const members = slots.flatMap(({ family, index, slot }, at) => {
        if (family !== variable) return []
        const isSet = slot.kind === 'accumulator' && slot.type.name === 'set'
        return [{ index, value: isSet ? { '#set': elements(state[at] as Json) } : itfValue(state[at] as Json) }]
      })
      const [only] = members
      const isFamily = members.length > 1 || only?.index !== null
      return [variable, isFamily ? { '#map': members.map(({ index, value }) => [index, value]) } : only?.value]
    })
    return {
      '#meta': { index: i },
      action: step === undefined ? 'init' : stepText(step, Number.POSITIVE_INFINITY),
      ...Object.fromEntries(values),
    }
  }
  const document = {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source: trace.model,
      description: `${trace.property}: ${trace.message}`,
    },
    vars: ['action', ...variables],
    ...(trace.loop === undefined ? {} : { loop: trace.loop }),
    states: states.map(stateOf),
  }
  return `${JSON.stringify(document, null, 1)}\n`
}

function elements(value: Json): unknown[] {
  return (value as readonly Json[]).map(itfValue)
}

/** Numbers are exact, an absent value is a variant, and names that ITF keeps for itself are told apart. */
function itfValue(value: Json): unknown {
  if (typeof value === 'number') return { '#bigint': String(value) }
  if (value === null) return { tag: 'None', value: { '#tup': [] } }
  if (Array.isArray(value)) return value.map(itfValue)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name.startsWith('#') ? `_${name}` : name, itfValue(part as Json)]))
}
