/**
 * Installs the package from its tarball into an empty project, outside of this repository, and uses it there as people
 * do: the binary, the library from JavaScript, its types, a model of their own, and the examples. Leaves no files behind.
 *
 * Usage: tsx .ci/tarball-check.ts [FILE.tgz]; without a file it packs one.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'counterpoint-tarball-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const project = join(work, 'project')
const installed = join(project, 'node_modules/counterpoint')
cpSync(join(root, '.ci/consumer'), project, { recursive: true })
cpSync(join(root, 'examples'), join(project, 'examples'), { recursive: true })
writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n')

step('the package installs from its tarball', () => {
  const tarball = process.argv[2] === undefined ? pack() : resolve(process.argv[2])
  run('npm', ['install', '--no-audit', '--no-fund', tarball])
})

step('it holds the build, its sources, the manual and the licence, and nothing else', () => {
  const files = listFiles(installed)
  const strangers = files.filter(
    (file) => !/^(?:dist|checker|properties|models|traces|cli|docs)\/|^(?:LICENSE|README\.md|package\.json)$/.test(file),
  )
  expectNone('files that no user needs', [...strangers, ...files.filter((file) => /\.test\.|\/testing\/|\/fixtures\//.test(file))])
  expectNone(
    'missing files',
    [
      'LICENSE',
      'README.md',
      'package.json',
      'docs/README.md',
      'dist/cli/main.js',
      'dist/checker/index.d.ts',
      'dist/traces/html/page/page.js',
    ].filter((file) => !files.includes(file)),
  )
  const sources = files.filter((file) => file.endsWith('.ts') && !file.startsWith('dist/'))
  // The page of reports is bundled, from sources that no user needs.
  const built = files.filter((file) => /^dist\/.*\.js$/.test(file) && !file.startsWith('dist/traces/html/page/'))
  expectNone(
    'sources that were not built',
    sources.filter((file) => !built.includes(`dist/${file.replace(/\.ts$/, '.js')}`)),
  )
  expectNone(
    'remains of sources that are gone',
    built.filter((file) => !sources.includes(file.replace(/^dist\/(.*)\.js$/, '$1.ts'))),
  )
  expectNone(
    'maps to sources that are not there',
    files.filter((file) => file.endsWith('.map')).filter((file) => !mapsToFiles(join(installed, file))),
  )
  expectNone(
    'programs that cannot be run',
    process.platform !== 'win32' && !(statSync(join(installed, 'dist/cli/main.js')).mode & 0o100) ? ['dist/cli/main.js'] : [],
  )
})

step('the binary says its version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expectEqual('version', counterpoint(['--version']).trim(), version)
})

step('the binary checks a model of the package', () => {
  const result = checkJson(['two-phase-commit', '--set', 'resourceManagers=3'])
  expectEqual('verdict', result.verdict, 'holds')
  expectEqual('distinct states, as published', result.distinct, 288)
})

step('the binary checks a model of the user, and shows and replays what is wrong with it', () => {
  expectEqual('verdict', checkJson(['my-model.ts']).verdict, 'holds')
  expectEqual('verdict', checkJson(['my-model.ts', '--bug', 'no-test', '--out', 'trace.json'], 1).verdict, 'violated')
  counterpoint(['show', 'trace.json'])
  counterpoint(['replay', 'trace.json'], 1)
})

step('the binary checks a model of the user in a project that is not of ES modules', () => {
  const folder = join(project, 'commonjs')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{}\n')
  cpSync(join(project, 'my-model.ts'), join(folder, 'my-model.ts'))
  expectEqual('verdict', checkJson(['commonjs/my-model.ts']).verdict, 'holds')
})

step('the library works in plain JavaScript', () => run(process.execPath, ['use.js']))

for (const unchecked of ['true', 'false']) {
  const compile = ['--project', '.', '--noUncheckedIndexedAccess', unchecked]
  const nodeTypes = ['--lib', 'ES2022', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')]
  step(`the types work in a strict project, noUncheckedIndexedAccess ${unchecked}`, () => tsc(compile))
  step(`they work with the types of Node instead of the browser's, noUncheckedIndexedAccess ${unchecked}`, () =>
    tsc([...compile, ...nodeTypes]),
  )
}

const peers = ['vitest', 'fast-check', 'typescript', '@types/node']
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && existsSync(join(root, 'examples', entry.name, 'package.json')),
)

step('the binary runs the example nodes of Maelstrom, and finds the one that is wrong', () => {
  const node = (name: string): string[] => [
    'maelstrom',
    '--bin',
    `examples/maelstrom/${name}.mjs`,
    '--schedules',
    '2',
    '--workload',
    'lin-kv',
  ]
  counterpoint(node('lin-kv-proxy'), 0)
  counterpoint(node('lin-kv-cached'), 1)
})

// Only now, so that all of the above has worked without them.
step('the examples install beside it', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...peers.map((name) => `${name}@${devDependencies[name]}`)])
  for (const { name } of examples) expectNone(`packages that ${name} needs and has not`, missingPackages(join(project, 'examples', name)))
})

for (const { name } of examples) {
  const cwd = join(project, 'examples', name)
  step(`the example ${name} has the types of what it uses`, () => run('npx', ['--no-install', 'tsc', '--project', '.'], 0, cwd))
  step(`the example ${name} finds what it is there to find`, () => run('npm', ['test', '--', '--testTimeout=60000'], 0, cwd))
}

function step(claim: string, check: () => unknown): void {
  try {
    check()
    console.log(`ok: ${claim}`)
  } catch (error) {
    console.error(`not ok: ${claim}\n${error instanceof Error ? error.message : error}`)
    process.exit(1)
  }
}

function pack(): string {
  run('npm', ['pack', '--silent', '--pack-destination', work], 0, root)
  const [name = ''] = readdirSync(work).filter((file) => file.endsWith('.tgz'))
  return join(work, name)
}

function checkJson(args: readonly string[], status = 0): { readonly verdict: string; readonly distinct: number } {
  return JSON.parse(counterpoint(['check', ...args, '--json'], status)) as { verdict: string; distinct: number }
}

function counterpoint(args: readonly string[], status = 0): string {
  return run('npx', ['--no-install', 'counterpoint', ...args], status)
}

function tsc(args: readonly string[]): void {
  run(join(root, 'node_modules/.bin/tsc'), args)
}

/** Runs a command, in the project unless told otherwise, and returns what it printed. */
function run(command: string, args: readonly string[], status = 0, cwd = project): string {
  const ended = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (ended.status === status) return ended.stdout
  const how = ended.error?.message ?? `exit status ${ended.status ?? ended.signal}, not ${status}`
  throw new Error(`${[command, ...args].join(' ')}: ${how}\n${ended.stdout}${ended.stderr}`)
}

function expectNone(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${what}: ${found.join(', ')}`)
}

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what}: ${String(expected)} is expected, and is ${String(actual)}`)
}

/** What a project depends on that is not installed where it is looked for. */
function missingPackages(folder: string): string[] {
  const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }
  return Object.keys(devDependencies).filter((name) => !existsSync(join(project, 'node_modules', name, 'package.json')))
}

function mapsToFiles(map: string): boolean {
  const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: readonly string[] }
  return sources.every((source) => existsSync(join(dirname(map), source)))
}

function listFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
