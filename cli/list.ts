/** `counterpoint list`: what there is to check. */
import { type Bug, type Model, type PropertyKind, program, requireTables } from '../checker/index.ts'
import { type ConstantInfo, describeConstants } from '../checker/language/constants.ts'
import { models } from '../models/index.ts'
import { paint, type Rich, span, textWidth, trimEnd, visible, wrap } from '../traces/text.ts'
import type { Command } from './command.ts'
import { exitStatus, hasColours, printWidth } from './io.ts'
import { loadModel } from './load-model.ts'
import { plural } from './quantities.ts'
import type { Printing } from './summary.ts'

interface Described {
  readonly name: string
  readonly about: string
  readonly source: string
  readonly constants: readonly ConstantInfo[]
  readonly bugs: readonly ({ readonly name: string } & Bug)[]
  readonly properties: readonly { readonly name: string; readonly kind: PropertyKind; readonly sentence: string }[]
  readonly tables: readonly {
    readonly name: string
    readonly about: string
    readonly source: string
    readonly rows: readonly string[]
    readonly columns: readonly string[]
  }[]
  readonly covers: readonly string[]
  readonly omits: readonly { readonly what: string; readonly why: string }[]
}

export const defineList: Command = (root, io, end) => {
  root
    .command('list')
    .description('List the models with their constants, known bugs, properties and tables.')
    .argument('[model]', 'only this one, with what it covers and omits: a name, or a file')
    .option('--json', 'print one JSON document, and nothing else')
    .addHelpText('after', '\nExamples:\n  counterpoint list\n  counterpoint list ./my-model.ts')
    .action(async (name: string | undefined, { json }: { readonly json?: boolean }) => {
      const chosen = name === undefined ? models : [(await loadModel(name, io.cwd)).model]
      const described = chosen.map(describe)
      const printing = { width: printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }
      io.stdout.write(
        json
          ? `${JSON.stringify({ models: described }, null, 2)}\n`
          : described.map((model) => text(model, name !== undefined, printing)).join('\n'),
      )
      end(exitStatus.holds)
    })
}

function describe(model: Model): Described {
  const { properties } = program(model)
  requireTables(model)
  return {
    name: model.name,
    about: model.about,
    source: model.source,
    constants: describeConstants(model.constants),
    bugs: Object.entries(model.bugs).map(([name, bug]) => ({ name, ...bug })),
    properties: [...properties].map(([name, { kind, sentence }]) => ({ name, kind, sentence })),
    tables: Object.entries(model.tables).map(([name, { about, source = '', rows, columns }]) => ({
      name,
      about,
      source,
      rows: Object.keys(rows),
      columns: Object.keys(columns),
    })),
    covers: model.covers,
    omits: Object.entries(model.omits).map(([what, why]) => ({ what, why })),
  }
}

function text(model: Described, isWhole: boolean, { width, colour }: Printing): string {
  const sections: Rich[][] = [
    section('source', model.source === '' ? [] : [['', model.source]], width),
    section(
      'constants',
      model.constants.map(({ name, default: value, range, about }) => [name, `${value} (${range})${about === '' ? '' : `; ${about}`}`]),
      width,
    ),
    section(
      'bugs',
      model.bugs.map(({ name, about, violates }) => [name, `${about}${violates === undefined ? '' : ` (violates ${violates})`}`]),
      width,
    ),
    section(
      'properties',
      model.properties.map(({ name, kind, sentence }) => [name, `${kind}${sentence === '' ? '' : `: ${sentence}`}`]),
      width,
    ),
    section(
      'tables',
      model.tables.map(({ name, about, rows, columns }) => [
        name,
        `${about} (${plural(rows.length, 'row')}, ${plural(columns.length, 'column')})`,
      ]),
      width,
    ),
    ...(isWhole
      ? [
          sentences('covers', model.covers, width),
          sentences(
            'omits',
            model.omits.map(({ what, why }) => `${what}: ${why}`),
            width,
          ),
        ]
      : []),
  ]
  const title = wrap([span(model.name, 'bold'), span(`: ${visible(model.about)}`)], { width, indent: 2 })
  return `${[...title, ...sections.flat()].map((line) => paint(trimEnd(line), colour)).join('\n')}\n`
}

/** One below the other, each from a new line. */
function sentences(name: string, texts: readonly string[], width: number): Rich[] {
  return section(
    name,
    texts.map((text) => ['-', text]),
    width,
  )
}

/** Names to the left and what they mean beside them, or below where the name is long. */
function section(name: string, entries: readonly (readonly [string, string])[], width: number): Rich[] {
  const margin = 14
  const column = Math.min(Math.max(0, ...entries.map(([entry]) => textWidth(entry) + 2)), 24)
  const lines = entries.flatMap(([entry, about]): Rich[] => {
    const meaning = wrap([span(visible(about))], { width: width - margin - column })
    const beside = textWidth(entry) + 2 <= column || entry === ''
    const first: Rich = [span(visible(entry).padEnd(column)), ...((beside ? meaning[0] : undefined) ?? [])]
    return [first, ...meaning.slice(beside ? 1 : 0).map((line) => [span(' '.repeat(column)), ...line])]
  })
  return lines.map((line, i) => [span(`  ${(i === 0 ? name : '').padEnd(margin - 2)}`, 'dim'), ...line])
}
