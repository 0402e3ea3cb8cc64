/** `counterpoint verify`: judges recorded histories. */
import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import kebabCase from 'lodash/kebabCase.js'
import { suggest } from '../checker/errors.ts'
import { UserError } from '../checker/index.ts'
import {
  aboutIsolation,
  aboutLevel,
  type FailReading,
  type IsolationLevel,
  isHistoryError,
  isolationLevelOf,
  isolationLevels,
  keyOf,
  type LevelName,
  levelBases,
  levelNames,
  type OracleVerdict,
  type Reading,
  type Spec,
  specs,
  type Value,
  type WorkloadName,
  workloads,
} from '../properties/index.ts'
import {
  type AnyVerdict,
  anyDocument,
  cycleGraph,
  formats,
  historyKind,
  jsonText,
  levelVerdicts,
  reportHtml,
  type TransactionModel,
  type VerifyFileOptions,
  type VerifyTransactionsOptions,
  verdictReport,
  verifyFile,
  verifyTransactionsFile,
  verifyWorkloadFile,
  worstVerdict,
} from '../traces/index.ts'
import { paint, span, trimEnd, visible, wrap } from '../traces/text.ts'
import type { Command } from './command.ts'
import { exitStatus, hasColours, type Io, printWidth } from './io.ts'
import { loadSpec } from './load-spec.ts'
import { progressLine, silentProgress } from './progress.ts'
import { counted, duration, size, sized, whole } from './quantities.ts'
import { quoted } from './reproduce.ts'
import { defaultTime, verifyCommand } from './reproduce-verify.ts'
import { requireApart, requireWritable, saveText } from './trace-file.ts'
import { anyText, fileLine, filesText } from './verdicts.ts'

/** A level of single operations or of transactions, or that of workloads, which have an invariant instead. */
type Level = LevelName | IsolationLevel | 'invariant' | 'all'

interface Flags {
  readonly model?: string
  readonly level?: Level
  readonly format?: keyof typeof formats
  readonly initial?: Value
  readonly fail?: Reading['fail']
  readonly nil?: Reading['nil']
  readonly neverWritten?: Reading['neverWritten']
  readonly ties?: 'concurrent' | 'sequential'
  readonly versions?: 'sequential' | 'linearizable'
  readonly anomalies?: boolean
  readonly negativeBalances?: true
  readonly independent?: boolean
  readonly k?: number
  readonly delta?: number
  readonly quiet?: number
  readonly algorithm: 'auto' | 'general'
  readonly stream?: boolean
  readonly time: number
  readonly memory?: number
  readonly json?: boolean
  readonly out?: string
  readonly graph?: string
  readonly html?: string
}

export const defineVerify: Command = (root, io, end) => {
  root
    .command('verify')
    .description('Judge recorded histories: were they consistent, and if not, why?')
    .argument(
      '<file...>',
      'histories: Jepsen EDN, JSON, JSONL and logs, Porcupine, LiMo, PolyLin, Plume, AWDIT or our own JSON, also packed by gzip',
    )
    .optionsGroup('What to judge by:')
    .option('--model <name>', 'a specification (see below), or a file whose default export is one; by default what the file says')
    .option('--level <name>', 'a level (see below), or `all`; by default linearizable, and of transactions serializable', requireLevel)
    .option('--k <n>', 'how many of the latest writes a read may return (k-atomic, bounded-staleness)', whole(1))
    .option('--delta <duration>', 'how stale a read may be (bounded-staleness), such as 20ms', duration)
    .option('--quiet <duration>', 'how long after the last write reads must agree (eventual)', duration)
    .optionsGroup('How to read what histories leave open (by default as the format means it):')
    .addOption(new Option('--format <name>', 'instead of what the file looks like').choices(Object.keys(formats)))
    .option('--initial <json>', 'the state at the start', json)
    .option('--fail <meaning>', 'did-not-happen or observed; or of one operation, such as cas=observed (repeatable)', failReading)
    .addOption(new Option('--nil <meaning>', 'a read of nil: it returned nil, or nobody knows what').choices(['value', 'unknown']))
    .addOption(new Option('--never-written <meaning>', 'reads of values that nothing wrote').choices(['violation', 'ignored']))
    .addOption(new Option('--ties <meaning>', 'intervals that touch at a point of time').choices(['concurrent', 'sequential']))
    .addOption(
      new Option('--versions <assumption>', 'of rw-register: each key by itself is so, which orders its writes').choices([
        'sequential',
        'linearizable',
      ]),
    )
    .option('--negative-balances', 'accounts of a bank may be overdrawn (invariant)')
    .option('--independent', 'values are tuples [key value] of several objects')
    .option('--no-independent', 'values are never such tuples')
    .optionsGroup('Limits (reaching one makes the verdict unknown):')
    .addOption(new Option('--time <duration>', 'for each file and level, such as 30s, 5m').argParser(duration).default(defaultTime, '1m'))
    .option('--memory <size>', 'for the configurations of a search, such as 500m, 4g', size)
    .addOption(
      new Option('--algorithm <name>', 'general: search alone, without the fast procedures of some types')
        .choices(['auto', 'general'])
        .default('auto'),
    )
    .option('--stream', 'judge while reading, without holding the history (the default for large files)')
    .option('--no-stream', 'hold the whole history')
    .optionsGroup('What to print:')
    .option('--anomalies', 'of transactions: everything that was found, whatever the level')
    .option('--json', 'print the result as one JSON document, and nothing else')
    .option('--out <file>', 'write the evidence there, as the same JSON document')
    .option('--graph <file>', 'of transactions: draw the cycle that violates the level, for Graphviz (.dot) or Mermaid (.mmd)', graphFile)
    .option('--html <file>', 'write a page that draws the history and what was found: one file that needs nothing else')
    .addHelpText('after', details)
    .action(async (files: readonly string[], flags: Flags) => end(await runVerify(files, flags, io)))
}

const workloadNames = Object.keys(workloads) as WorkloadName[]

/** What transactions are of, where their reads show the order of the writes, and where they do not. */
const transactionModels: readonly string[] = ['list-append', 'rw-register'] satisfies readonly TransactionModel[]

const aboutInvariant =
  'reads of a bank keep its total, those of a counter its bounds, a set keeps what was acknowledged, and no two reads see two writes in opposite orders (long-fork) (Jepsen)'

const details = `
${helpText(`Models: ${[...specs.keys()].join(', ')}; of transactions: ${transactionModels.join(', ')}; with an invariant: ${workloadNames.join(', ')}.`, 2)}
Levels:
${levelNames
  .map((level) => levelHelp(level, aboutLevel(level)))
  .join('')
  .trimEnd()}
${levelHelp('invariant', aboutInvariant)}
Isolation levels of transactions; each also as strong-session-... (sessions
count as ordered) and strong-... (real time counts; strict-serializable):
${isolationLevels
  .filter((level) => !level.startsWith('str'))
  .map((level) => levelHelp(level, aboutIsolation(level)))
  .join('')
  .trimEnd()}

Examples:
  counterpoint verify history.edn --model cas-register --initial 0
  counterpoint verify logs/*.log --level linearizable
  counterpoint verify queue.jsonl --model queue --level all
  counterpoint verify transactions.edn --level snapshot-isolation
  counterpoint verify bank.edn --model bank --level invariant
  counterpoint verify h.json --model ./my-spec.ts --json | jq .evidence.sentence

Exit status, of several files the worst: 1 violated, 2 bad usage or input,
3 unknown, 0 holds. Ctrl-C ends it at once (130), after the lines of the files
that were judged; --out is then not written.`

function levelHelp(level: string, about: string): string {
  return helpText(`  ${level.padEnd(20)} ${about}`, 23)
}

function helpText(text: string, indent: number): string {
  return wrap([span(text)], { width: 80, indent })
    .map((line) => `${paint(trimEnd(line), false)}\n`)
    .join('')
}

async function runVerify(files: readonly string[], flags: Flags, io: Io): Promise<number> {
  requireUse(flags)
  requireKept(files, flags, io.cwd)
  const isNamed = flags.model !== undefined && !transactionModels.includes(flags.model) && !isOfWorkload(flags)
  const spec = isNamed ? await loadSpec(flags.model as string, io.cwd) : undefined
  if (flags.out !== undefined) requireWritable(flags.out, io.cwd)
  if (flags.graph !== undefined) requireWritable(flags.graph, io.cwd, '--graph')
  if (flags.html !== undefined) requireWritable(flags.html, io.cwd, '--html')
  const printing = { width: printWidth(io.stdout), colour: hasColours(io.stdout, io.env) }
  const progress = flags.json ? silentProgress() : progressLine(io.stderr, 'bfs', io.now ?? (() => performance.now()))
  const found: AnyVerdict[] = []
  const failures: string[] = []
  for (const file of files) {
    try {
      const onProgress = (share: number, events: number): void =>
        progress.say(`${file}: ${Math.floor(100 * share)} % read, ${counted(events)} events`)
      const onStage = (stage: string): void => progress.say(`${file}: ${stage}`)
      found.push(judged(resolve(io.cwd, file), file, flags, spec, { onProgress, onStage }))
      progress.clear()
    } catch (error) {
      progress.clear()
      if (!isHistoryError(error)) throw error
      // Of several files, one that cannot be read does not hide what the others show.
      failures.push(error.message)
      if (files.length === 1) throw error
      io.stderr.write(`error: ${visible(error.message)}\n`)
      continue
    }
    const last = found.at(-1) as AnyVerdict
    if (!flags.json && files.length > 1) io.stdout.write(fileLine(last, printing, io.stdout.isTTY))
  }
  const document = files.length === 1 ? anyDocument(found[0] as AnyVerdict) : manyDocument(found, failures)
  if (flags.json) io.stdout.write(jsonText(document))
  else if (files.length > 1) io.stdout.write(filesText(found, failures.length, printing))
  else io.stdout.write(anyText(found[0] as AnyVerdict, printing, { hint: hint(flags), anomalies: flags.anomalies === true }))
  if (flags.out !== undefined) saveText(jsonText(document), flags.out, io.cwd)
  if (!flags.json && flags.out !== undefined) io.stdout.write(`evidence: ${quoted(flags.out)}\n`)
  if (flags.graph !== undefined) saveGraph(found[0] as AnyVerdict, flags.graph, flags, io)
  if (flags.html !== undefined) {
    const [file = ''] = files
    saveText(reportHtml(verdictReport(found[0] as AnyVerdict, verifyCommand(file, flags))), flags.html, io.cwd, '--html')
    if (!flags.json) io.stdout.write(`open ${quoted(flags.html)} in a browser\n`)
  }
  return statusOf(found, failures)
}

/** A picture of what holds would be empty: none is written then, and that is said. */
function saveGraph(found: AnyVerdict, file: string, { json }: Flags, io: Io): void {
  const graph = 'kind' in found && found.kind === 'transactions' ? cycleGraph(found, /\.mmd$/.test(file) ? 'mermaid' : 'dot') : null
  if (graph !== null) saveText(graph, file, io.cwd, '--graph')
  if (!json) io.stdout.write(graph === null ? `no graph: nothing is violated by a cycle\n` : `graph: ${quoted(file)}\n`)
}

/** By what the flags name, and else by what is in the file. */
function judged(
  path: string,
  file: string,
  flags: Flags,
  spec: Spec | undefined,
  { onProgress, onStage }: Required<Pick<VerifyTransactionsOptions, 'onProgress' | 'onStage'>>,
): AnyVerdict {
  if (isOfWorkload(flags)) return judgedByInvariant(path, file, flags, onProgress)
  const { level, model, format } = flags
  const isolation = isolationLevels.find((one) => one === level)
  const consistency = levelNames.find((one) => one === level)
  const isTransactions =
    model !== undefined
      ? spec === undefined
      : (isolation !== undefined && isolation !== 'causal') ||
        ((consistency === undefined || consistency === 'causal') &&
          historyKind(path, { file, ...(format && { format }) }) === 'transactions')
  if (!isTransactions) {
    if (isolation !== undefined && consistency === undefined)
      throw new UserError(
        'bad-option',
        `--level ${isolation}: is for transactions (${transactionModels.join(', ')}); the model is ${spec?.name}`,
      )
    refuseOf(flags, ['versions', 'anomalies', 'graph'], 'histories of transactions')
    refuseOf(flags, ['negativeBalances'], '--level invariant')
    const levels = level === 'all' ? levelNames : [consistency ?? 'linearizable']
    return verifyFile(path, { ...optionsOf(flags), file, levels, ...(spec && { spec }), onProgress })
  }
  if (level !== undefined && level !== 'all' && isolation === undefined)
    throw new UserError(
      'bad-option',
      `--level ${level}: is not for transactions; their levels are ${levelBases.join(', ')} and their variants, all`,
    )
  refuseOf(flags, ['fail', 'nil', 'ties', 'independent', 'stream'], 'histories of single operations')
  refuseOf(flags, ['negativeBalances'], '--level invariant')
  const { initial, limits, reading } = optionsOf(flags)
  return verifyTransactionsFile(path, {
    ...defined({ format, initial, versions: flags.versions, neverWritten: reading?.neverWritten, limits }),
    ...(flags.anomalies ? { anomalies: true } : {}),
    ...(model === undefined ? {} : { model: model as TransactionModel }),
    levels: level === 'all' ? isolationLevels : [isolation ?? 'serializable'],
    file,
    onProgress,
    onStage,
  })
}

/** A long fork has no other level; of the others there are specifications too. */
function isOfWorkload({ model, level }: Flags): boolean {
  return level === 'invariant' || model === 'long-fork'
}

function judgedByInvariant(path: string, file: string, flags: Flags, onProgress: VerifyTransactionsOptions['onProgress']): AnyVerdict {
  const { model, level, format, independent, initial, negativeBalances } = flags
  const named = workloadNames.find((name) => name === model)
  if (model !== undefined && named === undefined)
    throw new UserError('bad-option', `--level invariant: is for ${workloadNames.join(', ')}; the model is ${model}`)
  if (level !== undefined && level !== 'invariant' && level !== 'all')
    throw new UserError(
      'bad-option',
      `--level ${level}: is not for long-fork, which has an invariant; as transactions it is of rw-register`,
    )
  refuseOf(flags, ['fail', 'nil', 'neverWritten', 'ties', 'versions', 'stream', 'memory', 'anomalies', 'graph'], 'other levels')
  return verifyWorkloadFile(path, {
    ...defined({ model: named, format, independent, initial, negativeBalances, onProgress }),
    file,
  })
}

function refuseOf(flags: Flags, names: readonly (keyof Flags)[], what: string): void {
  const given = names.find((name) => flags[name] !== undefined)
  if (given !== undefined) throw new UserError('bad-option', `--${kebabCase(given)}: is for ${what}; leave it out`)
}

function statusOf(found: readonly AnyVerdict[], failures: readonly string[]): number {
  const verdict = found.length === 0 ? 'holds' : worstOf(found)
  if (verdict === 'violated') return exitStatus.violated
  if (failures.length > 0) return exitStatus.badInput
  return verdict === 'unknown' ? exitStatus.inconclusive : exitStatus.holds
}

/** Of each file the worst of its levels that apply; a file to which none applies is not known to be right. */
function worstOf(found: readonly AnyVerdict[]): OracleVerdict {
  return worstVerdict(found.map((one) => worstVerdict(levelVerdicts(one))))
}

function manyDocument(found: readonly AnyVerdict[], errors: readonly string[]): object {
  const verdict = worstOf(found)
  return {
    verdict: verdict === 'holds' && errors.length > 0 ? 'unknown' : verdict,
    files: found.map(anyDocument),
    errors,
  }
}

function optionsOf(flags: Flags): VerifyFileOptions {
  const { format, ties, independent, stream, algorithm, initial, k, fail, nil, neverWritten, delta, quiet, memory } = flags
  return {
    ...defined({ format, ties, independent, stream, algorithm, initial, k }),
    ...defined({ deltaNs: delta && delta * nanosecondsAMillisecond, quietNs: quiet && quiet * nanosecondsAMillisecond }),
    reading: defined({ fail, nil, neverWritten }),
    limits: { seconds: flags.time / 1000, ...defined({ megabytes: memory && memory / 2 ** 20 }) },
  }
}

const nanosecondsAMillisecond = 1e6

function defined<T extends object>(options: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>
  }
}

/** The levels that an option is for; with another it would be ignored without a word. */
const usedBy = {
  k: ['k-atomic', 'bounded-staleness'],
  delta: ['bounded-staleness'],
  quiet: ['eventual'],
} as const satisfies Partial<Record<keyof Flags, readonly LevelName[]>>

function requireUse(flags: Flags): void {
  for (const [name, levels] of Object.entries(usedBy) as [keyof typeof usedBy, readonly string[]][])
    if (flags[name] !== undefined && flags.level !== 'all' && !levels.includes(flags.level ?? 'linearizable'))
      throw new UserError(
        'bad-option',
        `--${name}: is for --level ${levels.join(' and ')}${flags.level === undefined ? '; name one of them, or leave it out' : `, and says nothing to ${flags.level}`}`,
      )
}

/** What is written must not take the place of a history. */
function requireKept(files: readonly string[], flags: Flags, cwd: string): void {
  for (const flag of ['out', 'graph', 'html'] as const) {
    const path = flags[flag]
    if (path !== undefined && files.some((file) => resolve(cwd, file) === resolve(cwd, path)))
      throw new UserError('bad-file', `--${flag} ${path}: is the history itself, which would be lost; name another file`)
  }
  requireApart(
    (['out', 'graph', 'html'] as const).map((flag) => [`--${flag}`, flags[flag]] as const),
    cwd,
  )
  for (const flag of ['graph', 'html'] as const)
    if (flags[flag] !== undefined && files.length > 1) throw new UserError('bad-option', `--${flag}: is of one history; name one file`)
}

/** Where the verdict is unknown. */
function hint({ time, memory }: Flags): string {
  return `raise --time (now ${time / 1000} s) or --memory (now ${memory === undefined ? '1 GiB' : sized(memory)}), or judge a part of the history`
}

function requireLevel(name: string): Level {
  const level = name === 'all' || name === 'invariant' ? name : (levelNames.find((one) => one === name) ?? isolationLevelOf(name))
  if (level !== null) return level
  const near = /, did you mean .*/.exec(suggest(name, [...levelNames, 'invariant', 'all', ...isolationLevels]))?.[0]
  // What is near to none gets the names without their variants.
  throw new InvalidArgumentError(
    `There is no such level${near ?? `; the levels are ${levelNames.join(', ')}, invariant, all; of transactions ${levelBases.join(', ')}.`}`,
  )
}

function graphFile(path: string): string {
  if (/\.(dot|gv|mmd)$/.test(path)) return path
  throw new InvalidArgumentError('Expected a file name that ends in .dot or .gv (Graphviz) or .mmd (Mermaid).')
}

function json(text: string): Value {
  try {
    const value = JSON.parse(text) as Value
    // Not finite: 1e999.
    keyOf(value)
    return value
  } catch {
    throw new InvalidArgumentError(`Expected JSON, such as 0, null, "text" or {"x": 0}.`)
  }
}

function failReading(text: string, previous: Reading['fail']): Reading['fail'] {
  const [, f, meaning] = /^(?:([^=]+)=)?(did-not-happen|observed)$/.exec(text) ?? []
  if (meaning === undefined)
    throw new InvalidArgumentError('Expected did-not-happen, observed, or a meaning of one operation, such as cas=observed.')
  if (previous !== undefined && (f === undefined || typeof previous === 'string'))
    throw new InvalidArgumentError('A meaning for all operations stands alone; name each operation, as in cas=observed, or none.')
  if (f === undefined) return meaning as FailReading
  return { ...(typeof previous === 'object' ? previous : {}), [f]: meaning as FailReading }
}
