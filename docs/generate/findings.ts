/** What only running tells a model's page: times, counterexamples and how the cells of tables came about. */
import { check, type Instance, judgeTable, type Model, type TableResult } from '../../checker/index.ts'
import { showTrace } from '../../traces/index.ts'

export interface Findings {
  /** Per instance, seconds; `null` where it was not run. */
  readonly seconds: readonly (number | null)[]
  /** Per bug that was looked for, the picture of its counterexample. */
  readonly pictures: Readonly<Record<string, string>>
  /** The tables that were judged. */
  readonly tables: Readonly<Record<string, TableResult>>
}

/** Nothing was run. */
export const nothingFound: Findings = { seconds: [], pictures: {}, tables: {} }

export interface FindOptions {
  /** Whether slow instances and tables are run, too. */
  readonly isFull: boolean
  readonly say: (what: string) => void
}

/**
 * Runs the instances and the tables of a model.
 * @throws Error where one of them is not as the model promises: a page must not say what is not so
 */
export function findings(model: Model, { isFull, say }: FindOptions): Findings {
  const isNow = ({ isSlow = false }: { readonly isSlow?: boolean }): boolean => isFull || !isSlow
  const seconds = model.instances.map((instance) => {
    if (!isNow(instance)) return null
    say(`${model.name} ${JSON.stringify(instance)}`)
    return secondsOf(model, instance)
  })
  const tables = Object.entries(model.tables).flatMap(([name, table]) => {
    if (!isNow(table)) return []
    say(`${model.name}, table ${name}`)
    const result = judgeTable(model, name)
    const wrong = result.cells.find(({ word, expected }) => word !== expected)
    if (wrong !== undefined) throw new Error(`${model.name}, table ${name}, ${wrong.row}, ${wrong.column}: ${wrong.word}`)
    return [[name, result] as const]
  })
  const slow = model.instances.flatMap((instance) => (isNow(instance) ? [] : (instance.bugs ?? [])))
  const pictures = Object.keys(model.bugs).flatMap((bug) => (slow.includes(bug) ? [] : [[bug, pictureOf(model, bug)] as const]))
  return { seconds, pictures: Object.fromEntries(pictures), tables: Object.fromEntries(tables) }
}

const pictureWidth = 100

/**
 * The shortest counterexample to the property that a known bug violates, as `check` draws it.
 * @param statesMax gives up after so many states, and returns `null`
 */
export function pictureOf(model: Model, bug: string, statesMax: number): string | null
export function pictureOf(model: Model, bug: string): string
export function pictureOf(model: Model, bug: string, statesMax = Number.POSITIVE_INFINITY): string | null {
  const { violations, limit } = check(model, { bugs: [bug], maxStates: statesMax })
  const [found] = violations
  if (found !== undefined) return showTrace(model, { ...found.trace, part: found.part }, { width: pictureWidth })
  if (limit === 'states') return null
  throw new Error(`${model.name}: the bug ${bug} violates nothing`)
}

function secondsOf(model: Model, { constants = {}, bugs = [], ...promised }: Instance): number {
  const result = check(model, { constants, bugs })
  const [violation] = result.violations
  const found = {
    expect: violation?.property ?? result.verdict,
    distinct: result.distinct,
    generated: result.generated,
    depth: violation?.depth ?? result.depth,
  }
  for (const name of ['expect', 'distinct', 'generated', 'depth'] as const) {
    const expected = promised[name]
    if (expected !== undefined && expected !== found[name])
      throw new Error(`${model.name} ${JSON.stringify({ constants, bugs })}: ${name} is ${found[name]}, and not ${expected}`)
  }
  return result.seconds
}
