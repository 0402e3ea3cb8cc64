/**
 * Random small models that use the whole language. Each is text first (`source`), so that a failure prints as a model that
 * can be pasted into a file, and shrinks to one of a few lines.
 */
import fc from 'fast-check'
import type { Model } from '../index.ts'
import * as language from '../index.ts'
import { type Code, code, oneOf, type SlotName, slotNames, text } from './random-code.ts'
import { type Grammar, grammar } from './random-grammar.ts'
import { both, type Statement } from './random-statements.ts'

export interface RandomModel {
  readonly source: string
  readonly model: Model
}

export const randomModel: fc.Arbitrary<RandomModel> = randomModels(2, definition)

/** Models whose properties are all about whole executions, with fair actions. */
export const randomLivenessModel: fc.Arbitrary<RandomModel> = randomModels(1, livenessDefinition)

function randomModels(slotsMin: number, define: (slots: readonly SlotName[]) => Code): fc.Arbitrary<RandomModel> {
  return fc
    .shuffledSubarray([...slotNames], { minLength: slotsMin, maxLength: 2 * slotsMin })
    .chain(define)
    .map((source) => ({ source, model: compile(source), [fc.toStringMethod]: () => source }))
}

/** A whole number for any value: what random code compares and stores. */
function num(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return value === true ? 1 : 0
  return Object.keys(value).length + Object.values(value).reduce((total: number, member) => total + num(member), 0)
}

/** Whether a member can be set. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function compile(source: string): Model {
  const names = { ...language, num, isRecord }
  return new Function(...Object.keys(names), `'use strict'; return ${source}`)(...Object.values(names)) as Model
}

const optional = (arbitrary: Code, [present, absent]: readonly [number, number]): Code =>
  fc.oneof({ weight: absent, arbitrary: fc.constant('') }, { weight: present, arbitrary })

function definition(slots: readonly SlotName[]): Code {
  const written = grammar(slots)
  const actions = fc.array(action(written), { minLength: 1, maxLength: 4, size: 'max' })
  const received = slots.includes('net') ? fc.option(receive(written)) : fc.constant(null)
  const declared = fc.tuple(...slots.map((name) => declaration(name).map((slot) => `${name}: ${slot}`)))
  const properties = fc.array(property(slots, written), { maxLength: 4 })
  const m = text('2', '3')
  const likely = code`!(${bare(written.condition)} && ${bare(written.condition)})`
  const initially = optional(likely, [1, 9])
  const boundary = optional(likely, [1, 9])
  const done = optional(bare(written.condition), [1, 3])
  return fc.record({ m, declared, actions, received, properties, initially, boundary, done }).map((d) => {
    const all = [...d.actions, ...(d.received ? [d.received] : [])]
    const layout = [...d.declared, ...(slots.includes('net') ? ['sent: cell(0)'] : [])]
    const inside = all.map((each) => each.boundary).reduce(both, d.boundary)
    return [
      'defineModel({',
      "  name: 'random', about: '',",
      `  constants: { m: ${d.m} },`,
      `  state: (c) => ({ ${layout.join(', ')} }),`,
      ...(d.initially ? [`  initially: (s, c) => ${d.initially},`] : []),
      ...(inside ? [`  boundary: (s, c) => ${inside},`] : []),
      ...(d.done ? [`  done: (s, c) => ${d.done},`] : []),
      '  actions: (on, c) => ({',
      ...all.map((each, i) => `    a${i}: ${each.text},`),
      '  }),',
      '  properties: (on, c) => ({',
      ...d.properties.map((each, i) => `    p${i}: ${each},`),
      '  }),',
      '})',
    ].join('\n')
  })
}

/** The same, its properties replaced, and its actions fair as the draw has it. */
function livenessDefinition(slots: readonly SlotName[]): Code {
  const { condition } = grammar(slots)
  const test = bare(condition)
  const claim = oneOf(
    code`on.eventually('e', (s) => ${test})`,
    code`on.leadsTo('l', (s) => ${test}, (s) => ${test})`,
    code`on.alwaysEventually('a', (s) => ${test})`,
    code`on.stabilizes('s', (s) => ${test})`,
  )
  const fairness = fc.constantFrom('', " fair: 'weak',", " fair: 'strong',")
  return fc
    .tuple(
      definition(slots),
      fc.array(claim, { minLength: 1, maxLength: 4 }),
      fc.array(fairness, { minLength: 5, maxLength: 5, size: 'max' }),
    )
    .map(([source, claims, fair]) => {
      const lines = source.split('\n')
      const declared = lines
        .slice(
          0,
          lines.findIndex((line) => line.startsWith('  properties:')),
        )
        .filter((line) => !line.startsWith('  done:'))
      let action = 0
      const actions = declared.map((line) =>
        line.replace(/^( {4}a\d+: on\.(?:action\(|receive\('net', ){)/, (head) => `${head}${fair[action++]}`),
      )
      return [...actions, '  properties: (on, c) => ({', ...claims.map((each, i) => `    p${i}: ${each},`), '  }),', '})'].join('\n')
    })
}

/** Code outside actions has no arguments. */
function bare(fragment: Code): Code {
  return fragment.map(bareOf)
}

function bareOf(source: string): string {
  return source.replaceAll('$e', '0').replaceAll('$x', '0').replaceAll('$X', '0')
}

function declaration(name: SlotName): Code {
  const rec = '{ a: 0, b: { c: 0, d: [0, 1] } }'
  const elements = text('', '[0]', '[{ k: 1, v: 0 }, { v: 0, k: 1 }]', "['p', null]", '[1, 0]')
  switch (name) {
    case 'n':
      return text('cell(0)', 'cell(anyOf([0, 1]))', 'cell(1)')
    case 'mode':
      return text('cell(null)', "cell(anyOf(['a', null]))")
    case 'rec':
      return text(`cell(${rec})`, `cell(anyOf([${rec}, { b: { d: [1, 0], c: 1 }, a: 1 }]))`)
    case 'list':
      return text('cell([])', 'cell([0, 1])')
    case 'rows':
      return text('cell([{ v: 0 }, { v: 1 }])')
    case 'map':
      return text('cell({})', 'cell({ x: 1 })')
    case 'any':
      return text('cell(null)', 'cell(anyOf([null, { c: 0 }]))')
    case 'num':
      return text('cells(3, 0)', 'cells(3, (i) => i % 2)', 'cells(3, (i) => i === 1 ? anyOf([0, 1]) : 0)', 'cells(3, anyOf([0, 1]))')
    case 'node':
      return text(`cells(2, ${rec})`, `cells(2, (i) => ({ a: i, b: { c: 0, d: [0, 1] } }))`)
    case 'bag':
      return code`bag(${elements})`
    case 'bags':
      return text('bags(2)')
    case 'queue':
      return code`fifo(${elements})`
    case 'queues':
      return text('fifos(2)')
    case 'set':
      return code`set(${elements})`
    case 'sets':
      return text('sets(2)')
    case 'net': {
      const fault = (option: string): Code => text('', '', `, ${option}: 1`)
      return code`network({ nodes: ${text('2', '3')}${text('', ", order: 'fifo'")}${fault('drops')}${fault('duplicates')}${fault('partitions')} })`
    }
  }
}

const eachChoices = ['', 'ids(2)', 'ids(2)', 'ids(3)', '[[0, 1], [1, 0]]', '[1, 1]', "['p', 'qq']", '[{ p: 0 }, { q: 1 }]']

function action({ condition, statement, domain }: Grammar): fc.Arbitrary<Statement> {
  const statements = fc.array(statement, { minLength: 1, maxLength: 3, size: 'max' })
  return fc
    .record({ each: text(...eachChoices), domain: fc.option(domain), when: optional(condition, [1, 2]), statements, takes: fc.boolean() })
    .map((a) => {
      const parameters = ['s', ...(a.each ? ['e'] : []), ...(a.domain ? ['x'] : [])].join(', ')
      const e = a.each === '' ? '0' : a.each.startsWith('ids') ? 'e' : 'num(e)'
      const withEach = (source: string): string => source.replaceAll('$e', e)
      const fill = (source: string): string =>
        a.domain ? withEach(source).replaceAll('$x', 'num(x)').replaceAll('$X', 'x') : bareOf(withEach(source))
      const fields = [
        ...(a.each ? [`each: ${a.each}`] : []),
        ...(a.domain ? [`over: (${a.each ? 's, e' : 's'}) => ${bareOf(withEach(a.domain.over))}`] : []),
        ...guarded(a.statements, a.when, (source) => `(${parameters}) => ${fill(source)}`),
        `then: (${parameters}) => { ${fill([...(a.takes && a.domain?.take ? [a.domain.take] : []), ...a.statements.map((each) => each.text)].join('; '))} }`,
      ]
      return {
        text: `on.action({ ${fields.join(', ')} })`,
        guard: '',
        boundary: a.statements.map((each) => each.boundary).reduce(both, ''),
      }
    })
}

function receive({ condition, statement }: Grammar): fc.Arbitrary<Statement> {
  return fc
    .record({ when: optional(condition, [1, 2]), statements: fc.array(statement, { minLength: 1, maxLength: 3 }) })
    .map(({ when, statements }) => {
      const fill = (source: string): string =>
        `(s, to, m, from) => ${source.replaceAll('$e', 'to').replaceAll('$x', 'num(m)').replaceAll('$X', 'm')}`
      const fields = [...guarded(statements, when, fill), `then: ${fill(`{ ${statements.map((each) => each.text).join('; ')} }`)}`]
      return {
        text: `on.receive('net', { ${fields.join(', ')} })`,
        guard: '',
        boundary: statements.map((each) => each.boundary).reduce(both, ''),
      }
    })
}

function guarded(statements: readonly Statement[], when: string, fill: (source: string) => string): string[] {
  const guard = statements.map((each) => each.guard).reduce(both, when)
  return guard === '' ? [] : [`when: ${fill(guard)}`]
}

function property(slots: readonly SlotName[], { condition, expression }: Grammar): Code {
  const [test, value] = [bare(condition), bare(expression)]
  const unlikely = code`!(${test} && ${test})`
  const cells = slots.filter((name) => ['n', 'mode', 'rec', 'list', 'rows', 'map', 'any', 'num', 'node'].includes(name))
  const steps = (): Code =>
    code`on.step('changes well', '${text(...cells)}', (before, after) => num(after) ${text('>=', '!==', '<=')} num(before)${optional(text(' || `fell to ${num(after)}`'), [1, 2])})`
  return oneOf(
    code`on.always('${text('p', 'q')}', (s) => ${unlikely})`,
    code`on.always((s) => ${unlikely})`,
    code`on.always('m', (s) => ${unlikely} || \`it is \${${value}}\`)`,
    code`on.always('parts', { one: (s) => ${unlikely}, two: (s) => ${test} || 'two fails' })`,
    code`on.sometimes('often', (s) => ${test})`,
    code`on.sometimes((s) => ${test} && ${test})`,
    ...(cells.length > 0 ? [steps()] : []),
  )
}
