/** `counterpoint explore`: walks the state space of a model in a browser. */
import { join } from 'node:path'
import { program, UserError } from '../checker/index.ts'
import { openBrowser, startExplorer, type TraceDocument } from '../traces/index.ts'
import { assigned, type Command, collect } from './command.ts'
import { exitStatus, type Io } from './io.ts'
import { loadModel } from './load-model.ts'
import { whole } from './quantities.ts'
import { quoted } from './reproduce.ts'
import { freeName, requireWritableFolder, saveTrace } from './trace-file.ts'

interface Flags {
  readonly set?: readonly string[]
  readonly bug?: readonly string[]
  readonly property?: readonly string[]
  readonly at?: string
  readonly out?: string
  readonly port?: number
  readonly open?: boolean
}

export const defineExplore: Command = (root, io, end) => {
  root
    .command('explore')
    .description('Walk the state space of a model in a browser: choose each step, see what is possible and why the rest is not.')
    .argument('<model>', 'a model that `counterpoint list` names, or a file whose default export is one (.ts, .mts, .js, .mjs)')
    .option('--set <name=value>', 'override a constant (repeatable)', collect)
    .option('--bug <name>', 'plant a known bug (repeatable); brings the constants that show it', collect)
    .option('--property <name>', 'watch only this property (repeatable)', collect)
    .option('--at <link>', 'begin where a link of the explorer leads, even if its address is no longer served')
    .option('--out <folder>', 'where the page saves traces (default: this folder)')
    .option('--port <n>', 'the port of 127.0.0.1 to listen on (default: a free one)', port)
    .option('--open', 'open the address in the browser')
    .addHelpText('after', help)
    .action(async (name: string, flags: Flags) => end(await explore(name, flags, io)))
}

const help = `
It listens on 127.0.0.1 only, and answers nobody but the page at the address that it prints. Ctrl-C ends it.

Examples:
  counterpoint explore raft
  counterpoint explore transactions --bug lost-update --open
  counterpoint explore ./my-model.ts --set nodes=3 --at 'path=0.2.1'

Exit status: 0 ended by Ctrl-C, 2 bad usage or input.`

async function explore(name: string, { set = [], bug = [], property = [], ...flags }: Flags, io: Io): Promise<number> {
  const hash = flags.at === undefined ? '' : hashOf(flags.at)
  if (flags.out !== undefined) requireWritableFolder(flags.out, io.cwd)
  const { model, file } = await loadModel(name, io.cwd)
  const constants = assigned(set)
  const [bugs, properties] = [[...new Set(bug)], [...new Set(property)]]
  const instance = program(model, { constants, bugs, properties })
  const given = [
    ...Object.entries(constants).flatMap(([constant, value]) => ['--set', `${constant}=${value}`]),
    ...bugs.flatMap((one) => ['--bug', one]),
    ...properties.flatMap((one) => ['--property', one]),
  ]
  const command = ['counterpoint', 'explore', name, ...given].map(quoted).join(' ')
  const save = (trace: TraceDocument): string => {
    const name = freeName(join(flags.out ?? '', traceName(model.name)), io.cwd)
    saveTrace(trace, name, io.cwd, file)
    return name
  }
  const explorer = await startExplorer(instance, { save, command, ...(flags.port !== undefined && { port: flags.port }) })
  const url = `${explorer.url}${hash}`
  io.stdout.write(`exploring ${model.name}; Ctrl-C ends it\n${url}\n`)
  if (flags.open === true && !(await openBrowser(url)))
    io.stderr.write('there is no program here to open a browser with; open the address yourself\n')
  let listened = (): void => {}
  await new Promise<void>((resolve) => {
    listened = io.onInterrupt(resolve)
  })
  listened()
  await explorer.close()
  return exitStatus.holds
}

/** A name that every shell and file system takes. */
function traceName(model: string): string {
  const plain = model.replace(/[^\w-]+/g, '-').replace(/^-+/, '')
  return `${plain.slice(0, 60) || 'model'}-trace.json`
}

/** The place of a link, which is all of it that outlives a server. */
function hashOf(link: string): string {
  const place = link.slice(link.indexOf('#') + 1)
  if (/(?:^|&)path=\d+(?:\.\d+)*(?:&|$)/.test(place) && /^[\w.&=~:-]*$/.test(place)) return `#${place}`
  throw new UserError(
    'bad-option',
    `--at ${quoted(link)}: is no link of the explorer; expected one that ends in #path= and numbers, such as path=0.2.1`,
  )
}

function port(text: string): number {
  const value = whole(1)(text)
  if (value < 65_536) return value
  throw new UserError('bad-option', `--port ${value}: there are ports up to 65535; name one of them`)
}
