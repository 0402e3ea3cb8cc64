/** The code that can be written over some of the slots. */
import fc from 'fast-check'
import { type Code, code, elements, index, oneOf, type SlotName, text } from './random-code.ts'
import { expressions } from './random-expressions.ts'
import { type Statement, statements } from './random-statements.ts'

/** What `over` returns, and the statement that takes the element out of where it came from. */
export interface Domain {
  readonly over: string
  readonly take: string
}

export interface Grammar {
  readonly expression: Code
  readonly condition: Code
  readonly statement: fc.Arbitrary<Statement>
  readonly domain: fc.Arbitrary<Domain>
}

export function grammar(slots: readonly SlotName[]): Grammar {
  const expression = expressions(slots)
  const condition = oneOf(
    code`${expression} === ${expression}`,
    code`${expression} > ${text('0', '1')}`,
    code`${expression} % 2 === 0`,
    code`${expression} < ${text('2', '3', '4')}`,
  )
  const element = elements(expression, slots.includes('rec'))
  return { expression, condition, statement: statements(slots, expression, condition, element), domain: domains(slots, expression) }
}

function domains(slots: readonly SlotName[], e: Code): fc.Arbitrary<Domain> {
  const reads = (over: Code): fc.Arbitrary<Domain> => over.map((source) => ({ over: source, take: '' }))
  const takes = (source: string, statement: string): fc.Arbitrary<Domain> => fc.constant({ over: source, take: statement })
  const of: Partial<Record<SlotName, fc.Arbitrary<Domain>[]>> = {
    rec: [reads(text('s.rec.b.d', 's.rec.b.d.map((v) => v + 1)', 'Object.keys(s.rec.b)', 'Object.values(s.rec)'))],
    list: [reads(text('s.list', '[...s.list].reverse()'))],
    rows: [reads(text('s.rows', 's.rows.filter((row) => row.v > 0)'))],
    map: [reads(text('Object.keys(s.map)', 'Object.entries(s.map)'))],
    num: [reads(text('s.num', 's.num.filter((v) => v > 0)'))],
    node: [reads(text('s.node', 's.node.map((node) => node.b)'))],
    bag: [
      takes('s.bag', 's.bag.remove($X)'),
      reads(text('[...s.bag]', '[...s.bag].filter((m) => num(m) > 0)')),
      reads(code`(${e}) > 0 ? s.bag : []`),
    ],
    bags: [takes('s.bags[$e % 2]', 's.bags[$e % 2].remove($X)'), reads(code`s.bags[${index(2, e)}]`)],
    queue: [takes('s.queue.front', 's.queue.shift()'), reads(text('s.queue', '[...s.queue.front]'))],
    queues: [takes('s.queues[$e % 2].front', 's.queues[$e % 2].shift()')],
    set: [takes('s.set', 's.set.delete($X)'), reads(text('[...s.set].map(num)'))],
    sets: [takes('s.sets[$e % 2]', 's.sets[$e % 2].delete($X)')],
    net: [reads(text('s.net.pending(0)', 's.net.pending($e % 2)'))],
  }
  return oneOf(
    reads(code`[0, (${e}) % 3]`),
    reads(code`ids((${e}) % 3)`),
    reads(code`(function* () { yield 0; yield ${e} })()`),
    ...slots.flatMap((name) => of[name] ?? []),
  )
}
