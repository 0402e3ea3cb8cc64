/**
 * What no single file can promise: imports run one way, nothing unfinished and nothing of the author's machine is left
 * in, links lead somewhere, and what is public is exported.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'

/** Each folder and the folders that it may import. */
const layers: Readonly<Record<string, readonly string[]>> = {
  checker: [],
  properties: [],
  models: ['checker', 'properties'],
  traces: ['models', 'checker', 'properties'],
  cli: ['traces', 'models', 'checker', 'properties'],
}

/** The folders that know no file, no process and no terminal, and what they therefore do without. */
const pure: readonly string[] = ['checker', 'properties', 'models']
const machinery = /^node:(child_process|dgram|fs|http|https|http2|net|readline|tty)(\/|$)/

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifest = JSON.parse(read('package.json')) as Manifest
/**
 * What users have beside the package: its dependencies and, for the modules that serve a test library, that library. The clients of
 * servers need not be there: only the replayer, which loads them when it needs them, knows them.
 */
const isInstalled = (name: string, file: string): boolean =>
  name in manifest.dependencies ||
  (name in manifest.optionalDependencies && file.startsWith('traces/replay/')) ||
  // The build puts what the page needs into it.
  (name in manifest.devDependencies && file.startsWith('traces/html/page/')) ||
  (name in (manifest.peerDependencies ?? {}) && file.startsWith(`traces/${name}`) && dirname(file) === 'traces')
const files = listFiles('.')
const sources = files.filter((file) => /\.tsx?$/.test(file))

describe('imports', () => {
  it('run one way: cli, traces, models, then checker and properties', () => {
    expect(sources.flatMap((file) => misplacedImports(file, read(file)))).toEqual([])
  })

  it.each([
    ['checker/engine/a.ts', "import type { Raft } from '../../models/raft/raft.ts'"],
    ['checker/a.test.ts', "import { raft } from '../models/index.ts'"],
    ['checker/a.ts', "export * from '../properties/index.ts'"],
    ['properties/a.ts', "import '../checker/index.ts'"],
    ['models/a/a.ts', "export const showTrace = await import('../../traces/index.ts')"],
    ['traces/a.ts', "export type Main = import('../cli/main.ts').Main"],
    ['traces/a.ts', "import '../checker/testing/reference.ts'"],
    ['cli/a.ts', "import { measure } from '../bench/measure.ts'"],
    ['cli/a.ts', "import { check } from 'counterpoint'"],
    ['cli/a.ts', "import { sortBy } from 'lodash'"],
    ['cli/a.ts', "import { expect } from 'vitest'"],
    ['checker/a.ts', "import { readFileSync } from 'node:fs'"],
  ])('of a file %s that says %s are noticed', (file, source) => {
    expect(misplacedImports(file, source)).toHaveLength(1)
  })

  it.each([
    ['cli/a.ts', "import { showTrace } from '../traces/index.ts'"],
    ['models/a/a.ts', "import { cell } from '../../checker/index.ts'"],
    ['checker/language/a.ts', "import { always } from './properties.ts'"],
    ['checker/a.test.ts', "import { reference } from './testing/reference.ts'\nimport { expect } from 'vitest'"],
    ['checker/a.ts', "import { produce } from 'immer'\nimport { memoryUsage } from 'node:process'"],
    ['cli/a.test.ts', "export const model = `import { raft } from 'counterpoint/models'`"],
  ])('of a file %s that says %s are in order', (file, source) => {
    expect(misplacedImports(file, source)).toEqual([])
  })
})

describe('the text', () => {
  const texts = files.filter((file) => file !== 'repository.test.ts' && file !== 'package-lock.json')

  it('has nothing unfinished or switched off', () => {
    expect(texts.flatMap((file) => bannedWords(file, read(file)))).toEqual([])
    expect(bannedWords('a.ts', "// TODO\nit.only('a', a)\nit.skip('b', b)")).toHaveLength(3)
    expect(bannedWords('a.ts', "// Skipped because Node 20 cannot.\nit.skip('b', b)")).toEqual([])
  })

  it('has no `any`', () => {
    expect(sources.filter((file) => nodes(file, read(file)).some(({ type }) => type === 'TSAnyKeyword'))).toEqual([])
    expect(nodes('a.ts', 'let a: any').some(({ type }) => type === 'TSAnyKeyword')).toBe(true)
  })

  it('has no path of the machine that it was written on', () => {
    const local = /(?<![\w.~)}\]])\/(?:home|root|Users|work)\/\w/
    expect(texts.filter((file) => local.test(read(file)))).toEqual([])
    expect('see /home/ada/notes').toMatch(local)
  })

  it('links to files that exist', () => {
    expect(files.filter((file) => file.endsWith('.md')).flatMap((file) => deadLinks(file, read(file)))).toEqual([])
    expect(deadLinks('docs/a.md', 'See [b](b.md#part), [c](https://example.org) and [d](../package.json).')).toEqual([
      'docs/a.md: b.md#part',
    ])
  })
})

describe('package.json', () => {
  it('has the scripts that the pages tell people to run', () => {
    const pages = files.filter((file) => file.endsWith('.md'))
    const told = pages.flatMap((file) =>
      [...read(file).matchAll(/\bnpm (?:run(?: -s)? )?(test|start|(?<=run(?: -s)? )[\w:-]+)/g)].map(([, script]) => script ?? ''),
    )
    expect(told.filter((script) => !(script in manifest.scripts))).toEqual([])
  })

  const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [] : [target.types, target.default]))

  it('exports the index of every folder that has one', () => {
    const indexes = Object.keys(layers).filter((layer) => existsSync(`${layer}/index.ts`))
    const expected = indexes.map((layer) => [layer === 'checker' ? '.' : `./${layer}`, `./dist/${layer}/index`])
    const actual = Object.entries(manifest.exports).flatMap(([path, target]) =>
      typeof target === 'string' ? [] : [[path, target.default.replace(/\.js$/, '')]],
    )
    expect(actual).toEqual(expect.arrayContaining(expected))
    for (const target of Object.values(manifest.exports))
      if (typeof target !== 'string') expect(target.types).toBe(target.default.replace(/\.js$/, '.d.ts'))
  })

  it('names only what is built from a source', () => {
    const built = [...targets, ...Object.values(manifest.bin)].map((path) => path.replace(/^\.\/dist\/(.*?)(\.d\.ts|\.js)$/, '$1.ts'))
    expect(built.filter((source) => !existsSync(source))).toEqual([])
  })

  it('names programs that say which interpreter runs them', () => {
    for (const path of Object.values(manifest.bin))
      expect(read(path.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts'))).toMatch(/^#!\/usr\/bin\/env node\n/)
  })
})

interface Node {
  readonly type: string
  readonly source?: { readonly value?: unknown } | null
}

/** The imports of a file that the rules above forbid, each in a sentence. */
function misplacedImports(file: string, source: string): string[] {
  const layer = file.split('/')[0] as string
  const allowed = layers[layer]
  if (allowed === undefined) return []
  return importSpecifiers(file, source).flatMap((specifier) => {
    const problem = specifier.startsWith('.') ? misplacedFile(normalize(join(dirname(file), specifier))) : misplacedPackage(specifier)
    return problem === null ? [] : [`${file} imports ${specifier}: ${problem}`]
  })

  function misplacedFile(path: string): string | null {
    const target = path.split('/')[0] as string
    if (target !== layer && !allowed?.includes(target)) return `${layer}/ may import ${allowed?.join(', ') || 'nothing but itself'}`
    return isForTests(path) && !isForTests(file) ? 'it is not part of the package' : null
  }

  function misplacedPackage(specifier: string): string | null {
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/')
    if (name === 'counterpoint') return 'that is what was built last, not what the sources say'
    if (specifier === 'lodash') return "Node finds no names in it; import 'lodash/name.js'"
    if (isForTests(file)) return null
    if (specifier.startsWith('node:'))
      return pure.includes(layer) && machinery.test(specifier) ? `${layer}/ knows no file and no terminal` : null
    return isInstalled(name, file) ? null : 'users do not have it installed'
  }
}

function isForTests(file: string): boolean {
  return file.endsWith('.test.ts') || file.includes('/testing/')
}

/** What a file imports or re-exports from: values and types, static and dynamic. */
function importSpecifiers(file: string, source: string): string[] {
  const importing = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType']
  return nodes(file, source).flatMap((node) =>
    importing.includes(node.type) && typeof node.source?.value === 'string' ? [node.source.value] : [],
  )
}

/** Every node of a file's syntax tree. */
function nodes(file: string, source: string): Node[] {
  const found: Node[] = []
  visit(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }, file))
  return found

  function visit(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    if ('type' in value && typeof value.type === 'string') found.push(value as Node)
    for (const child of Object.values(value)) visit(child)
  }
}

/** Unfinished work, tests that hide others, and skipped ones without a comment that says why. */
function bannedWords(file: string, text: string): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, i) => {
    const skips =
      /\b(?:describe|it|test)(?:\.\w+)*\.(?:skip|todo)\b/.test(line) && ![line, lines[i - 1] ?? ''].some((near) => near.includes('// '))
    const banned = skips || /\b(?:TODO|FIXME|XXX|HACK)\b|\b(?:describe|it|test)(?:\.\w+)*\.only\b|@ts-(?:ignore|nocheck)/.test(line)
    return banned ? [`${file}:${i + 1}: ${line.trim()}`] : []
  })
}

/** The links of a Markdown page whose files do not exist, code aside. */
function deadLinks(file: string, text: string): string[] {
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')
  const links = [...prose.matchAll(/\]\(<?([^)\s>]+)|\b(?:href|src)="([^"]+)"/g)].map(([, link, attribute]) => link ?? attribute ?? '')
  const dead = links.filter(
    (link) => !/^(?:[a-z]+:|#)/.test(link) && !existsSync(join(dirname(file), decodeURI(link.replace(/[?#].*/, '')))),
  )
  return dead.map((link) => `${file}: ${link}`)
}

/** The files that people write: not what is installed, built, measured or kept by git. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (['.git', 'node_modules', 'dist', 'coverage', 'bench/results'].includes(path)) return []
    if (entry.isDirectory()) return listFiles(path)
    return /\.(?:[cm]?[jt]sx?|jsonc?|md|ya?ml)$|^\.ci\/\w+$/.test(path) ? [path] : []
  })
}

function read(file: string): string {
  return readFileSync(file, 'utf8')
}
