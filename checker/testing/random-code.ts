/**
 * Random fragments of model code, as text: text keeps a failing model readable, as it prints as a model that can be pasted
 * into a file. `$e` and `$x` stand for the `each` and `over` arguments as numbers, `$X` for the latter as it is.
 */
import fc from 'fast-check'

export type Code = fc.Arbitrary<string>

export const slotNames = [
  'n',
  'mode',
  'rec',
  'list',
  'rows',
  'map',
  'any',
  'num',
  'node',
  'bag',
  'bags',
  'queue',
  'queues',
  'set',
  'sets',
  'net',
] as const
export type SlotName = (typeof slotNames)[number]

/** Template strings over arbitraries: code that reads like the code that it makes. */
export function code(parts: TemplateStringsArray, ...holes: Code[]): Code {
  return fc.tuple(...holes).map((texts) => parts.reduce((all, part, i) => `${all}${texts[i - 1]}${part}`))
}

export function oneOf<T>(...choices: fc.Arbitrary<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...choices)
}

export const text = (...choices: string[]): Code => fc.constantFrom(...choices)

/** An index below `count`: most often the one of the process that acts. */
export function index(count: number, e: Code): Code {
  return fc.oneof(
    { weight: 4, arbitrary: text(`$e % ${count}`) },
    { weight: 2, arbitrary: text('0', '1') },
    { weight: 1, arbitrary: code`(${e}) % ${text(String(count))}` },
  )
}

/** A number that is stored. */
export function small(e: Code): Code {
  return oneOf(code`(${e}) % c.m`, code`(${e} + 1) % c.m`, text('1', '$e % c.m', '$x % c.m'))
}

/** Messages and elements: equal ones may be written with their keys in another order. */
export function elements(e: Code, withRec: boolean): Code {
  const v = small(e)
  const plain = [v, code`{ k: ${v}, v: 0 }`, code`{ v: 0, k: ${v} }`, code`[${v}]`, text("'p'", 'null', '$X')]
  return withRec ? oneOf(...plain, text('s.rec.b')) : oneOf(...plain)
}
